import { useEffect, useRef, useState } from "react";
import type { Table } from "~/report/cards";
import { DataTable } from "./data-table";
import styles from "./report.module.css";

type DetailsTableProps = { summary: string; label: string; table: Table };

/** A table below its summary, closed at first. Its rows are not in the page until it is opened, and stay from then on. */
export function DetailsTable({ summary, label, table }: DetailsTableProps) {
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
      {wasOpened && <DataTable label={label} table={table} />}
    </details>
  );
}
