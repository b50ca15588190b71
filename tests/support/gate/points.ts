import type { Place } from "./gate";

export type Action = "run" | "rebuild" | "verify" | "seal" | "redact";
export type Point = Place & { action: Action; name: string };

type Step = { action: Action; name: string; statements: RegExp[]; moments?: Place["moment"][] };

const openRun = /^insert into rollup_runs/;
const takeLease = /^update rollup_runs set lease_owner = /;
const markDrift = /^with live as .*, repair as /;
const findDrift = /^with live as (?!.*, repair as )/;
const recountWindow = /, compared as materialized .* on conflict/;
const takeMarks = /^with days as materialized .* delete from rollup_marks/;
const recountMarked = /^with days as materialized .* unnest\(\$1::text\[\], \$2::date\[\]\) .* on conflict/;
const recount = /on conflict \(shop_id, date\) do update/;
const judge = /, differing as materialized /;
const writeSeal = /^update rollup_shops r set sealed_until = /;
const moveCursor = /^update rollup_runs set cursor = \$1::text, done = /;
const closeRun = /^update rollup_runs set status = \$1::text, shops = /;
const deleteShop = /^DELETE FROM "public"."shops"/;
const commit = /^COMMIT$/;

/** Each step at which a fault can hit, on both of its sides where they differ. */
const steps: Step[] = [
  { action: "run", name: "opening the ledger's row", statements: [openRun] },
  {
    action: "run",
    name: "locking the shops of recent days",
    statements: [/limit \$3::int for no key update of r skip locked\) l$/],
    moments: ["after"],
  },
  { action: "run", name: "the recount of recent days", statements: [recountWindow] },
  { action: "run", name: "the commit of recent days", statements: [recountWindow, commit] },
  { action: "run", name: "listing the marked shops", statements: [/^with recursive marked/], moments: ["before"] },
  {
    action: "run",
    name: "locking the shops",
    statements: [/order by r\.shop_id for no key update of r skip locked\) l$/],
    moments: ["after"],
  },
  { action: "run", name: "taking the marks", statements: [takeMarks] },
  { action: "run", name: "the recount", statements: [recountMarked] },
  { action: "run", name: "the commit of the recount", statements: [recountMarked, commit] },
  { action: "run", name: "closing the run", statements: [closeRun] },

  { action: "rebuild", name: "opening it", statements: [/pg_advisory_xact_lock/], moments: ["after"] },
  { action: "rebuild", name: "the commit of opening it", statements: [openRun, commit] },
  { action: "rebuild", name: "taking the lease", statements: [takeLease] },
  { action: "rebuild", name: "locking a shop", statements: [/\) for no key update\) l$/], moments: ["after"] },
  { action: "rebuild", name: "the recount", statements: [recount] },
  { action: "rebuild", name: "moving the cursor", statements: [moveCursor] },
  { action: "rebuild", name: "the commit of a shop", statements: [moveCursor, commit] },
  { action: "rebuild", name: "closing it", statements: [closeRun] },

  { action: "verify", name: "comparing", statements: [markDrift] },
  { action: "verify", name: "the commit of the repair", statements: [recount, commit] },
  { action: "verify", name: "comparing again", statements: [findDrift] },
  { action: "verify", name: "closing it", statements: [closeRun] },

  { action: "seal", name: "opening it", statements: [/pg_advisory_xact_lock/], moments: ["after"] },
  { action: "seal", name: "the commit of opening it", statements: [openRun, commit] },
  { action: "seal", name: "taking the lease", statements: [takeLease] },
  { action: "seal", name: "locking a shop", statements: [/\) for no key update\) l$/], moments: ["after"] },
  { action: "seal", name: "the comparison", statements: [judge] },
  { action: "seal", name: "the seal", statements: [writeSeal] },
  { action: "seal", name: "moving the cursor", statements: [moveCursor] },
  { action: "seal", name: "the commit of a shop", statements: [moveCursor, commit] },
  { action: "seal", name: "closing it", statements: [closeRun] },

  { action: "redact", name: "deleting the sessions", statements: [/^DELETE FROM "public"."Session"/] },
  { action: "redact", name: "locking the shop", statements: [/ for update$/], moments: ["after"] },
  { action: "redact", name: "deleting the shop", statements: [deleteShop] },
  { action: "redact", name: "erasing its runs", statements: [/^update rollup_runs r set cursor/], moments: ["after"] },
  {
    action: "redact",
    name: "erasing its marks",
    statements: [/^delete from rollup_marks m where/],
    moments: ["after"],
  },
  { action: "redact", name: "the commit", statements: [deleteShop, commit] },
];

export const points: Point[] = steps.flatMap(({ moments = ["before", "after"], ...step }) =>
  moments.map((moment) => ({ ...step, moment })),
);

/** The point by its words, as they are in the names of the tests. */
export function getPoint(action: Action, moment: Place["moment"], name: string): Point {
  const point = points.find((each) => each.action === action && each.moment === moment && each.name === name);
  if (!point) throw new Error(`There is no point ${moment} ${name} of a ${action}.`);
  return point;
}
