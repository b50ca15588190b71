import type { HostNeeds } from "./host-needs";
import type { ScanIndex } from "./index-sql";
import { section } from "./section";

/** A trigger, the table that it is on, and the statement that creates it. */
export type Trigger = { name: string; table: string; sql: string };

/** Values that rows of a source get which have none: `set` and `where` as an update has them. */
export type Fill = { table: string; set: string; where: string };

/**
 * What an app does in the first migration beside what its definition says. In parts, so that an install on a live
 * database can take them one by one: columns, what fills them, what keeps them filled, and indexes of the app's own.
 */
export type AppPart = {
  title: string;
  needs: HostNeeds;
  columns: { table: string; column: string; sql: string }[];
  fills: Fill[];
  functions: string[];
  triggers: Trigger[];
  /** `use`: what an index is for. */
  indexes: (ScanIndex & { use: string })[];
};

/** The app's part as a section of the migration. */
export function toAppSection({ title, columns, fills, functions, triggers, indexes }: AppPart): string {
  return section(title, [
    ...columns.map(({ sql }) => sql),
    ...fills.map(
      ({ table, set, where }) => `update ${table}\nset ${set}\nwhere ${where.replaceAll(" and ", "\n  and ")};`,
    ),
    ...functions,
    ...triggers.map(({ sql }) => sql),
    ...indexes.map(({ use, sql }) => `-- ${use}\n${sql}`),
  ]);
}
