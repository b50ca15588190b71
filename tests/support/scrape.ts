/** A scrape in Prometheus' text format: what each sample's name, with its labels as they stand, is. */
export type Scrape = Map<string, number>;

export function parseScrape(text: string): Scrape {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(" ");
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

/** The names of all metrics of a scrape, those without a sample among them. */
export function listMetricNames(text: string): string[] {
  return [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = ""]) => name);
}

/** By how much each sample has grown that has: those that are new by all of their value. */
export function getGrowth(before: Scrape, after: Scrape): Record<string, number> {
  const grown = [...after].map(([name, value]): [string, number] => [name, value - (before.get(name) ?? 0)]);
  return Object.fromEntries(grown.filter(([, by]) => by > 0));
}
