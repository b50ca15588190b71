import type { TopItem } from "~/components/top-list";
import type { Locale } from "~/texts/locale";
import type { CsvRow, CsvTable } from "./csv";
import type { Line, Point } from "./figure";
import type { FunnelPart } from "./funnel";
import type { Part } from "./media";
import type { Days } from "./steps";

/** The figures of the cards over their days, a column each. */
export function toCardsCsv(locale: Locale, cards: { label: string; line: Line }[], days: Days): CsvTable {
  const columns = cards.map(({ label, line }) => ({ label, points: line.points }));
  return toFile("cards", days, toPointRows(locale, columns));
}

/** A line of the trend, and beside each of its days the one that it is compared with. */
export function toTrendCsv(locale: Locale, line: Line, days: Days): CsvTable {
  const { texts } = locale;
  const rows = toPointRows(locale, [{ label: line.label, points: line.points }]);
  if (!line.before) return toFile(`trend-${line.key}`, days, rows);
  const { points } = line.before;
  const isDaily = areDays(line.points);
  const headings = isDaily ? [texts.trend.dayBefore] : [texts.files.fromBefore, texts.files.toBefore];
  const before = [
    [...headings, texts.trend.figureBefore(line.label)],
    // There may be fewer days before.
    ...line.points.map((_, index) => [...toDayCells(points[index] ?? null, isDaily), points[index]?.value ?? null]),
  ];
  return toFile(
    `trend-${line.key}`,
    days,
    rows.map((row, index) => [...row, ...(before[index] ?? [])]),
  );
}

/** The stages of one funnel. */
export function toFunnelCsv({ texts: { funnel } }: Locale, { name, rows }: FunnelPart, days: Days): CsvTable {
  return toFile(`funnel-${name}`, days, [
    [funnel.stage, funnel.count, funnel.ofFirst, funnel.ofPrevious],
    ...rows.map(({ label, raw }) => [label, raw.count, raw.ofFirst, raw.ofPrevious]),
  ]);
}

/** The testimonials by what they hold. */
export function toMediaCsv({ texts: { media } }: Locale, parts: Part[], days: Days): CsvTable {
  return toFile("media", days, [
    [media.testimonialsWith, media.count, media.share],
    ...parts.map(({ label, count, share }) => [label, count, share]),
  ]);
}

/** The products with most testimonials. Names and ids are texts of the host. */
export function toTopCsv({ texts: { topProducts } }: Locale, items: TopItem[], days: Days): CsvTable {
  return toFile("top-products", days, [
    [topProducts.heading, topProducts.productId, topProducts.count],
    ...items.map(({ label, source, count }) => [label, source, count]),
  ]);
}

/** `part`: of the page, in letters that any system takes in the name of a file. */
function toFile(part: string, { from, to }: Days, rows: CsvRow[]): CsvTable {
  return { fileName: `${part}_${from}_${to}.csv`, rows };
}

/** Lines over the same days, one column each. Weeks have their first and their last day. */
function toPointRows({ texts: { tables, files } }: Locale, columns: { label: string; points: Point[] }[]): CsvRow[] {
  const points = columns[0]?.points ?? [];
  const isDaily = areDays(points);
  return [
    [...(isDaily ? [tables.day] : [files.from, files.to]), ...columns.map(({ label }) => label)],
    ...points.map((point, index) => [
      ...toDayCells(point, isDaily),
      ...columns.map((column) => column.points[index]?.value ?? null),
    ]),
  ];
}

function areDays(points: Point[]): boolean {
  return points.every(({ from, to }) => from === to);
}

function toDayCells(point: Point | null, isDaily: boolean): CsvRow {
  return isDaily ? [point?.from ?? null] : [point?.from ?? null, point?.to ?? null];
}
