import type { Table } from "~/report/cards";
import { ScrollBox } from "./scroll-box";
import styles from "./table.module.css";

/** A table of numbers. It scrolls within its box, with the keyboard too, and keeps its first row and column in sight. */
export function DataTable({ label, table: { headings, rows } }: { label: string; table: Table }) {
  return (
    <ScrollBox label={label}>
      <table className={`${styles.table} ${styles.long}`}>
        <thead>
          <tr>
            {headings.map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...cells]) => (
            <tr key={first}>
              <th scope="row">{first}</th>
              {cells.map((cell, index) => (
                <td key={headings[index + 1]} data-shape>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
