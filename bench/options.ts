import { parseArgs } from "node:util";

/** How much data there is. `large` holds for the whale and the three sizes of row 5, which take longest to make. */
export type Sizes = {
  shops: number;
  requests: number;
  submissions: number;
  events: number;
  whaleRequests: number;
  growthRows: number[];
  fleetShops: number;
  fleetMarks: number;
  markedDays: number;
  lateChanges: number;
  newRows: number;
  bulkRows: number;
  /** Rows of a host that takes the daily analytics. */
  hostRows: number;
};

export type Options = {
  scale: number;
  largeScale: number;
  only: Set<string> | null;
  rounds: number;
  /** Rounds of the rows whose alternatives take longest. */
  longRounds: number;
  json: string;
};

const defaultLargeScale = 0.2;

/**
 * `--scale 0.1` takes a tenth of all sizes, `--full` (or `--scale 1`) all of them. Without either the whale and the sizes
 * of row 5 are a fifth of theirs and the rest is full, so that all of it fits two cores and a quarter of an hour.
 *
 * @throws Error that says what is allowed.
 */
export function parseOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      scale: { type: "string" },
      full: { type: "boolean", default: false },
      only: { type: "string" },
      rounds: { type: "string", default: "3" },
      json: { type: "string", default: "bench/results/latest.json" },
    },
  });
  const given = values.scale ?? (values.full ? "1" : undefined);
  const scale = Number(given ?? 1);
  const rounds = Number(values.rounds);
  if (!(scale > 0 && scale <= 1)) throw new Error("--scale must be a number above 0 and at most 1.");
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds must be a whole number of at least 1.");
  return {
    scale,
    largeScale: given === undefined ? defaultLargeScale : scale,
    only: values.only ? new Set(values.only.split(",")) : null,
    rounds,
    longRounds: Math.ceil(rounds / 3),
    json: values.json,
  };
}

export function toSizes({ scale, largeScale }: Options): Sizes {
  const part = (full: number, least = 1) => Math.max(least, Math.round(full * scale));
  const large = (full: number) => Math.round(full * largeScale);
  return {
    shops: part(2_000, 20),
    requests: part(4_000_000),
    submissions: part(1_500_000),
    events: part(500_000),
    whaleRequests: large(10_000_000),
    growthRows: [1_000_000, 5_000_000, 20_000_000].map(large),
    fleetShops: part(100_000),
    fleetMarks: part(60_000),
    markedDays: part(10_000, 500),
    lateChanges: part(1_000, 50),
    newRows: part(10_000, 200),
    bulkRows: part(100_000, 10_000),
    hostRows: part(2_000_000),
  };
}
