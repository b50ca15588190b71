import type { ReactNode } from "react";
import styles from "./operator.module.css";

/** A column: numbers stand at the right, texts wrap. */
export type Column = { title: string; kind?: "number" | "text" };

type TableProps = {
  label: string;
  columns: Column[];
  rows: { key: string; cells: ReactNode[] }[];
  /** What stands there instead where there are no rows. */
  empty: string;
};

/** A table. On a narrow screen it scrolls within its box, by the keyboard too. */
export function Table({ label, columns, rows, empty }: TableProps) {
  if (rows.length === 0) return <p className={styles.quiet}>{empty}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard.
    <section className={styles.scroll} aria-label={label} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map(({ title, kind }) => (
              <th key={title} scope="col" className={toClass(kind)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {columns.map(({ title, kind }, index) => (
                <td key={title} className={toClass(kind)}>
                  {cells[index]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function toClass(kind: Column["kind"]): string | undefined {
  return kind ? styles[kind] : styles.cell;
}
