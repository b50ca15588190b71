import type fc from "fast-check";
import type { App } from "./app";
import type { Change, StoredRow } from "./check";
import type { Figures } from "./figures";
import type { ModelShop, World } from "./world";
import type { Session, Writer } from "./writer";

/** A write: what is done to the database is done to the model as well. `false`: there was nothing to do it to. */
export type WriteStep = {
  kind: string;
  write: (world: World, session: Session) => Promise<boolean>;
};

/** Something that the app does, or that happens to it. */
export type AppStep = {
  kind: string;
  run: (context: Context) => Promise<Outcome | false>;
};

export type Step = WriteStep | AppStep;

/** What a step acts on. */
export type Context = {
  world: World;
  app: App;
  writer: Writer;
  figures: Figures;
  /** The daily rows as they were after the step before. */
  stored: Map<string, StoredRow>;
  /** What was done so far, line by line, for whoever looks for a fault. */
  lines: string[];
};

/** What must be true of the daily rows after a step, apart from what must always be true. */
export type Outcome = {
  /** How many rows the app says it wrote and deleted. */
  change?: Change;
  /** Shops, and the days of theirs, whose rows must be exact. */
  exact?: { shops: ModelShop[]; isMeant: (day: string) => boolean };
};

/** Makes random writes of one kind from random plans. */
export function toStep<Plan>(
  kind: string,
  plans: fc.Arbitrary<Plan>,
  write: (world: World, session: Session, plan: Plan) => Promise<boolean>,
): fc.Arbitrary<WriteStep> {
  return plans.map((plan) => ({ kind, write: (world, session) => write(world, session, plan) }));
}

/** The same for what the app does. */
export function toAppStep<Plan>(
  kind: string,
  plans: fc.Arbitrary<Plan>,
  run: (context: Context, plan: Plan) => Promise<Outcome | false>,
): fc.Arbitrary<AppStep> {
  return plans.map((plan) => ({ kind, run: (context) => run(context, plan) }));
}
