import type { DayCounts } from "~/services/rollup/read/read.server";
import { type MetricName, metricNames } from "~/testimonial-rollup";
import type { Locale } from "~/texts/locale";
import type { Table } from "./cards";
import { toCsv } from "./csv";

/** Each day with its counts, the latest first. */
export function toDailyTable(locale: Locale, series: DayCounts<MetricName>[]): Table {
  const rows = series.map((day) => [
    locale.formatDay(day.date),
    ...metricNames.map((name) => locale.formatNumber(day[name])),
  ]);
  return { headings: toHeadings(locale), rows: rows.reverse() };
}

/** The same days as a file, the earliest first: days as YYYY-MM-DD, counts as plain numbers. */
export function toDailyCsv(locale: Locale, series: DayCounts<MetricName>[]): string {
  const rows = series.map((day) => [day.date, ...metricNames.map((name) => day[name])]);
  return toCsv([toHeadings(locale), ...rows]);
}

function toHeadings({ texts }: Locale): string[] {
  return [texts.tables.day, ...metricNames.map((name) => texts.metrics[name].label)];
}
