import { type CountName, cohortNames, countNames, metricNames } from "~/testimonial-rollup";
import type { Locale } from "~/texts/locale";
import type { Table } from "./cards";
import { toCsv } from "./csv";
import { listRates, toValue } from "./figures";
import { type Step, type StepColumns, type StepCounts, toSteps } from "./steps";

/** Each day with its seven counts, the latest first. */
export function toDailyTable(locale: Locale, days: StepColumns | null): Table {
  const rows = listDays(days).map(({ to, counts }) => [
    locale.formatDay(to),
    ...metricNames.map((name) => locale.formatNumber(counts[name] ?? 0)),
  ]);
  return {
    headings: [locale.texts.tables.day, ...metricNames.map((name) => locale.texts.metrics[name].label)],
    rows: rows.reverse(),
  };
}

/**
 * The same days as a file, the earliest first, with what has become of what was sent and submitted on each, the rates of
 * that, and the totals in the last row: days as YYYY-MM-DD, counts as plain numbers, rates as shares of 1.
 */
export function toDailyCsv(locale: Locale, days: StepColumns | null): string {
  const { tables, metrics, cohorts } = locale.texts;
  const rates = listRates(locale);
  const headings = [
    tables.day,
    ...metricNames.map((name) => metrics[name].label),
    ...cohortNames.map((name) => cohorts[name].label),
    ...rates.map((rate) => rate.label),
  ];
  const toRow = (first: string, counts: StepCounts) => [
    first,
    ...countNames.map((name) => counts[name] ?? 0),
    ...rates.map((rate) => toPlainRate(toValue(rate, counts))),
  ];
  const steps = listDays(days);
  return toCsv([headings, ...steps.map(({ to, counts }) => toRow(to, counts)), toRow(tables.total, sumSteps(steps))]);
}

function listDays(days: StepColumns | null): Step[] {
  return days ? toSteps(days) : [];
}

function sumSteps(steps: Step[]): StepCounts {
  const sum = (name: CountName) => steps.reduce((total, { counts }) => total + (counts[name] ?? 0), 0);
  return Object.fromEntries(countNames.map((name) => [name, sum(name)]));
}

/** Six digits say more than any count of a shop does. */
function toPlainRate(rate: number | null): number | string {
  return rate === null ? "" : Number(rate.toFixed(6));
}
