import type { DayCounts } from "~/services/rollup/read/read.server";
import { type MetricName, metricNames, metrics } from "~/testimonial-rollup";
import type { Table } from "./cards";
import { toCsv } from "./csv";
import { toDayText, toNumberText } from "./text";

const headings = ["Day (UTC)", ...metricNames.map((name) => metrics[name].label)];

/** Each day with its counts, the latest first. */
export function toDailyTable(series: DayCounts<MetricName>[]): Table {
  const rows = series.map((day) => [toDayText(day.date), ...metricNames.map((name) => toNumberText(day[name]))]);
  return { headings, rows: rows.reverse() };
}

/** The same days as a file, the earliest first: days as YYYY-MM-DD, counts as plain numbers. */
export function toDailyCsv(series: DayCounts<MetricName>[]): string {
  return toCsv([headings, ...series.map((day) => [day.date, ...metricNames.map((name) => day[name])])]);
}
