import type { Table } from "~/report/cards";
import type { CsvTable } from "~/report/csv";
import type { Days } from "~/report/steps";
import { CsvButton } from "./csv-button";
import { DataTable } from "./data-table";
import styles from "./report.module.css";
import { saveTable } from "./save-file";
import { useOpened } from "./use-opened";

type DetailsTableProps = { summary: string; label: string; table: Table; toFile: (days: Days) => CsvTable };

/**
 * A table below its summary, closed at first, and the same as a file. Its rows are not in the page until it is opened, and
 * stay from then on.
 */
export function DetailsTable({ summary, label, table, toFile }: DetailsTableProps) {
  const { details, wasOpened, onToggle } = useOpened();
  return (
    <details ref={details} className={styles.details} onToggle={onToggle}>
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
