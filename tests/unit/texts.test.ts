import { describe, expect, test } from "vitest";
import { toDailyCsv } from "~/report/daily";
import { toFailureText } from "~/report/failure";
import { toChange } from "~/report/figure";
import { listRates, listTrendFigures } from "~/report/figures";
import { toFreshnessText } from "~/report/freshness";
import { toProblemText } from "~/report/range-problem";
import { toSubmissionItems } from "~/report/submissions";
import type { Day } from "~/services/rollup/day";
import { metricNames, metrics } from "~/testimonial-rollup";
import { de } from "~/texts/de";
import { en } from "~/texts/en";
import { english, getLocale, toLocaleTag } from "~/texts/locale";
import { loadPolarisTexts } from "~/texts/polaris.server";
import { listEntries } from "../support/catalogue";
import { compare, makeDays } from "../support/report-numbers";

const german = getLocale("de");

/** As people type it: a space that does not break is a space. */
const typed = (text: string) => text.replaceAll("\u00a0", " ");

describe("the catalogue", () => {
  const entries = listEntries(en);
  const translated = new Map(listEntries(de).map(({ path, text }) => [path, text]));

  test("has every text in both languages, and none that is empty", () => {
    expect(entries.length).toBeGreaterThan(100);
    expect([...translated.keys()].sort()).toEqual(entries.map(({ path }) => path).sort());
    for (const { path, text } of [...entries, ...listEntries(de)]) {
      expect(text.trim(), path).toBe(text);
      expect(text, path).not.toMatch(/^$|undefined|NaN|\[object| {2}/);
    }
  });

  test("is German in German, but for what both languages call the same", () => {
    const same = entries.filter(({ path, text }) => translated.get(path) === text).map(({ path }) => path);
    expect(same).toEqual([
      "range.issue",
      "latest.mediaTypes.video",
      "latest.mediaTypes.text",
      "media.video",
      "media.text",
      "trend.point",
    ]);
  });

  test("puts in all that English puts in", () => {
    const countFillings = (text = "") => text.split("7").length;
    for (const { path, text } of entries) {
      expect(countFillings(translated.get(path)), path).toBe(countFillings(text));
    }
  });

  test("has the definition's own words for the metrics in English", () => {
    for (const name of metricNames) {
      expect(en.metrics[name]).toEqual({ label: metrics[name].label, says: metrics[name].counts });
    }
  });

  test("has a plural where English has one", () => {
    expect([en, de].map(({ range }) => [range.days(1, "1"), range.days(2, "2")])).toEqual([
      ["1 day", "2 days"],
      ["1 Tag", "2 Tage"],
    ]);
    expect([1, 2].map((count) => de.change.ofFirst("Unverändert", count, String(count)))).toEqual([
      "Unverändert, am ersten Tag",
      "Unverändert, in den ersten 2 Tagen",
    ]);
    expect([1, 2].map((count) => en.today.sent(count, String(count)))).toEqual(["1 request sent", "2 requests sent"]);
    expect([1, 2].map((count) => en.next.waiting(count, String(count)))).toEqual([
      "1 testimonial waits for moderation.",
      "2 testimonials wait for moderation.",
    ]);
  });
});

describe("a locale's formats", () => {
  test.each([
    ["en", "1,234,567", "12.3%", "1.2M", "Mar 5, 2026", "Mar 1 – Mar 5, 2026", "Mar 2026", "Mar 5, 14:05 UTC"],
    ["en-GB", "1,234,567", "12.3%", "1.2m", "5 Mar 2026", "1 Mar – 5 Mar 2026", "Mar 2026", "5 Mar, 14:05 UTC"],
    [
      "de",
      "1.234.567",
      "12,3 %",
      "1,2 Mio.",
      "5. März 2026",
      "1. März – 5. März 2026",
      "März 2026",
      "5. März, 14:05 UTC",
    ],
    [
      "de-AT",
      "1 234 567",
      "12,3 %",
      "1,2 Mio.",
      "5. März 2026",
      "1. März – 5. März 2026",
      "März 2026",
      "5. März, 14:05 UTC",
    ],
    [
      "de-CH",
      "1'234'567",
      "12.3%",
      "1.2 Mio.",
      "5. März 2026",
      "1. März – 5. März 2026",
      "März 2026",
      "5. März, 14:05 UTC",
    ],
  ])("of %s are those of its region", (tag, number, percent, compact, day, days, month, instant) => {
    const locale = getLocale(tag);
    expect(
      [
        locale.formatNumber(1_234_567),
        locale.formatPercent(0.1234),
        locale.formatCompact(1_234_567),
        locale.formatDay("2026-03-05"),
        locale.formatDays("2026-03-01", "2026-03-05"),
        locale.formatMonth("2026-03-05"),
        locale.formatInstant("2026-03-05T14:05:09.000Z"),
      ].map(typed),
    ).toEqual([number, percent, compact, day, days, month, instant]);
  });

  test("say a dash for no share, both years of days in two, and one day once", () => {
    expect(german.formatPercent(null)).toBe("–");
    expect(german.formatDays("2025-12-30", "2026-01-02")).toBe("30. Dez. 2025 – 2. Jan. 2026");
    expect(german.formatDays("2026-01-02", "2026-01-02")).toBe("2. Jan. 2026");
  });

  test("are made once", () => {
    expect(getLocale("de")).toBe(german);
    expect(getLocale("en")).toBe(english);
  });
});

describe("the locale in an address", () => {
  test.each([
    ["de", "de"],
    ["DE", "de"],
    ["de-AT", "de-AT"],
    ["de_at", "de-AT"],
    ["de-Latn-CH-1996-u-nu-arab-x-y", "de-CH"],
    ["en-GB-u-ca-buddhist", "en-GB"],
    ["de-ZZ", "de"],
    ["en", "en"],
  ])("%j is %s, by language and region", (value, tag) => {
    expect(toLocaleTag(value)).toBe(tag);
  });

  test.each([
    null,
    "",
    "fr",
    "pt-BR",
    "ar",
    "x",
    "-",
    "de-",
    "de\0",
    "d e",
    "../de",
    "<script>",
    "constructor",
    "__proto__",
    "root",
    "und",
    "😀",
    "\ud800",
    `de-${"a-".repeat(40)}`,
    "x".repeat(100_000),
  ])("%j is English", (value) => {
    expect(toLocaleTag(value)).toBe("en");
  });

  test("asks for one of few, whatever regions it makes up", () => {
    const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
    const regions = letters.flatMap((first) => letters.map((second) => first + second));
    const tags = new Set(regions.flatMap((region) => [toLocaleTag(`de-${region}`), toLocaleTag(`en-${region}`)]));
    expect(tags.size).toBeLessThan(150);
  });
});

test("Polaris's own words come along in German, and not in English, which it has", async () => {
  expect(await loadPolarisTexts("en-GB")).toBeNull();
  expect(await loadPolarisTexts("de-AT")).toMatchObject({ Polaris: { Pagination: { next: "Weiter" } } });
});

function rate(sentClicked: number, requestsSent: number) {
  return { sentClicked, requestsSent };
}

describe("in German", () => {
  const [clickRate] = listRates(german);
  const [sent] = listTrendFigures(german);
  if (!clickRate || !sent) throw new Error("There are no figures.");

  test.each([
    [sent, { requestsSent: 112 }, { requestsSent: 100 }, "Um 12,0 % gestiegen"],
    [sent, { requestsSent: 50 }, { requestsSent: 100 }, "Um 50,0 % gesunken"],
    [sent, { requestsSent: 10_001 }, { requestsSent: 10_000 }, "Um weniger als 0,1 % gestiegen"],
    [sent, { requestsSent: 100 }, { requestsSent: 3 }, "Davor 3"],
    [sent, { requestsSent: 100 }, { requestsSent: 100 }, "Unverändert"],
    [clickRate, rate(20, 80), rate(20, 40), "Um 25,0 Prozentpunkte gesunken"],
    [clickRate, rate(1, 4), rate(1, 2), "Davor 1 von 2"],
    [clickRate, rate(1, 4), rate(0, 0), "Davor keine"],
  ])("a change is said in words (%#)", (figure, current, previous, text) => {
    expect(typed(toChange(german, figure, compare(current, previous)).text)).toBe(text);
  });

  test("what can't be compared yet is said in words", () => {
    const nothing = { events: null, sent: null, submitted: null };
    const { events } = compare({}, {}).compared;
    const ripening = { sent: 9, submitted: 1 };
    const texts = [nothing, { ...nothing, events }].map((compared) =>
      typed(toChange(german, clickRate, { compared, ripening }).text),
    );
    expect(texts).toEqual(["Nichts zum Vergleichen", "Noch offen: Die meisten Antworten kommen innerhalb von 9 Tagen"]);
  });

  test("freshness, a failure and a wrong day are sentences", () => {
    const freshness = { asOf: "2026-06-15T14:05:09.000Z", liveDays: 1_200, oldestMark: null, lastRunAt: null };
    expect(toFreshnessText(german, { ...freshness, sealedUntil: "2026-03-01" as Day })).toBe(
      "Tage sind UTC-Tage. 1.200 Tage werden neu gezählt; die Zahlen enthalten sie bereits. Stand: 14:05 UTC. Tage vor dem 1. März 2026 sind versiegelt, ihre Zahlen ändern sich nicht mehr.",
    );
    const days = { from: "2026-03-01", to: "2026-03-05" };
    const asOf = "2026-03-05T05:41:09.000Z";
    const remains = { state: "ready" as const, days, asOf, isOfOtherDays: true, failedAt: asOf };
    expect(toFailureText(german, remains)).toEqual({
      title: "Die gewählten Tage konnten nicht geladen werden",
      text: "Unten stehen weiterhin die Zahlen für 1. März – 5. März 2026, Stand 05:41 UTC. Nichts ist verloren, und diese Seite versucht es weiter.",
    });
    expect(toProblemText(german, { code: "noDay", first: "1970-01-01" as Day, today: "2026-03-05" as Day })).toBe(
      "Wählen Sie einen Tag zwischen dem 1. Jan. 1970 und heute, dem 5. März 2026.",
    );
  });

  test("the words that a host stores are translated where they are known, and else stay", () => {
    const row = { mediaType: "photo", rating: 4.25, status: "approved", headline: " Ⅳ ", submittedAt: null };
    const rows = [row, { ...row, mediaType: "audio", status: "on hold" }, { ...row, status: "constructor", rating: 9 }];
    expect(
      toSubmissionItems(german, rows).map(({ type, status, rating }) => [type, status.text, rating?.text]),
    ).toEqual([
      ["Foto", "Freigegeben", "4,3 von 5 Sternen"],
      ["Audio", "On hold", "4,3 von 5 Sternen"],
      ["Foto", "Constructor", undefined],
    ]);
  });

  test("the file has German headings over plain numbers", () => {
    const [headings = "", day, total] = toDailyCsv(german, makeDays(1, "2026-06-15", { requestsSent: 1_234 })).split(
      "\r\n",
    );
    const first = ["Tag (UTC)", "Gesendete Anfragen", "Angeklickte Anfragen", "Einreichungen", "Freigegeben"];
    const last = ["Klickrate", "Einreichungsrate", "Freigaberate"];
    expect(headings.split(",").slice(0, 5)).toEqual(first);
    expect(headings.split(",").slice(-3)).toEqual(last);
    const numbers = `1234,${Array(19).fill("0").join(",")},0,0,`;
    expect([day, total]).toEqual([`2026-06-15,${numbers}`, `Summe,${numbers}`]);
  });
});
