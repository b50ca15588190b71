import { type Definition, listMetrics } from "~/services/rollup/definition/rollup";

type Counts = Record<string, number> | null;
type Day = { shopId: string; date: string; stored: Counts; live: Counts };

/** One figure of a day that is stored otherwise than the source tables say. `left`: it is so after the repair, too. */
type ChangeRow = {
  shopId: string;
  date: string;
  figure: string;
  stored: number;
  live: number;
  left: boolean;
};

/** `isAll` is false where there is more than the list, of which the ledger keeps the first days. */
export type Changes = { rows: ChangeRow[]; isAll: boolean };

const maxRows = 200;

/** The figures that a verification found wrong, or that a dry run would change, from the report in the ledger. */
export function toChangeRows(definition: Definition, report: unknown): Changes {
  const {
    before,
    examples,
    after = [],
    drifted = 0,
  } = (report ?? {}) as Record<string, never> & {
    before?: Day[];
    examples?: Day[];
    after?: Day[];
    drifted?: number;
  };
  const days = before ?? examples ?? [];
  const left = new Set(after.map(toKey));
  const rows = days.flatMap((day) => toFigures(definition, day, left.has(toKey(day))));
  return { rows: rows.slice(0, maxRows), isAll: rows.length <= maxRows && days.length >= drifted };
}

function toFigures(definition: Definition, { shopId, date, stored, live }: Day, left: boolean): ChangeRow[] {
  return listMetrics(definition).flatMap(([name, { label }]) => {
    const [was, is] = [stored?.[name] ?? 0, live?.[name] ?? 0];
    return was === is ? [] : [{ shopId, date, figure: label, stored: was, live: is, left }];
  });
}

function toKey({ shopId, date }: Day): string {
  return `${date} ${shopId}`;
}
