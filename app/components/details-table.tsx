import { useEffect, useRef, useState } from "react";
import type { Table } from "~/report/cards";
import type { CsvTable } from "~/report/csv";
import type { Days } from "~/report/csv-tables";
import { CsvButton } from "./csv-button";
import { DataTable } from "./data-table";
import styles from "./report.module.css";
import { saveTable } from "./save-file";

type DetailsTableProps = { summary: string; label: string; table: Table; toFile: (days: Days) => CsvTable };

/**
 * A table below its summary, closed at first, and the same as a file. Its rows are not in the page until it is opened, and
 * stay from then on.
 */
export function DetailsTable({ summary, label, table, toFile }: DetailsTableProps) {
  const details = useRef<HTMLDetailsElement>(null);
  const [wasOpened, setWasOpened] = useState(false);

  function keepOpened(): void {
    if (details.current?.open) setWasOpened(true);
  }

  // It may have been opened before the page's script was there to hear of it.
  useEffect(keepOpened, []);

  return (
    <details ref={details} className={styles.details} onToggle={keepOpened}>
      <summary>{summary}</summary>
      {wasOpened && (
        <>
          <CsvButton table={label} save={(days) => saveTable(toFile(days))} />
          <DataTable label={label} table={table} />
        </>
      )}
    </details>
  );
}
