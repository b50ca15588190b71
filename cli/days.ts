import { addDays, type Day, firstDay, isDay, lastDay, toDay } from "../app/services/rollup/day";
import { optionError } from "./cli-error";

const allowed = `a day as YYYY-MM-DD, from ${firstDay} to ${lastDay}, or today, yesterday, or days ago as -7d`;

/**
 * The day that an option names.
 *
 * @throws CliError that names the option, its value and what is allowed.
 */
export function toGivenDay(field: string, value: string | undefined, today = toDay(new Date())): Day {
  if (value === "today") return today;
  if (value === "yesterday") return addDays(today, -1);
  const [, ago] = /^-(\d{1,5})d$/.exec(value ?? "") ?? [];
  const day = ago === undefined ? value : addDays(today, -Number(ago));
  if (day === undefined || !isDay(day)) throw optionError(field, value, allowed);
  return day;
}

/** Both ends of a range, inclusive, as the API takes them. */
export function toGivenDays({ from, to }: { from?: string; to?: string }): { fromDate: Day; toDate: Day } {
  return { fromDate: toGivenDay("--from", from), toDate: toGivenDay("--to", to) };
}
