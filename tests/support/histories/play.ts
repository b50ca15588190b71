import {
  expectReadsExact,
  expectSame,
  expectStoredExact,
  expectTouchedOnlyWhereChanged,
  readStored,
  unchanged,
} from "./check";
import { countStep } from "./figures";
import { insertShop } from "./shop-steps";
import { expectSourcesAsInModel } from "./sources";
import type { Context, Outcome, Step } from "./step";
import { makeWorld, type World } from "./world";
import type { Session, Writer } from "./writer";

export type Stage = Omit<Context, "world" | "stored" | "lines">;

const shopCount = 3;
let played = 0;

/**
 * Plays a history in an empty database, and compares after each step. Throws at the first difference; the error lists
 * what was done up to it.
 */
export async function playHistory(stage: Stage, steps: Step[]): Promise<void> {
  const today = getToday();
  const lines: string[] = [];
  try {
    await play(stage, steps, today, lines);
  } catch (error) {
    // A history that midnight fell into meant two days by "today".
    if (today !== getToday()) return playHistory(stage, steps);
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${lines.join("\n")}\n\n${message}`, { cause: error });
  }
}

function getToday(): string {
  return new Date().toISOString().slice(0, 10);
}

async function play(stage: Stage, steps: Step[], today: string, lines: string[]): Promise<void> {
  played += 1;
  const world = makeWorld(today, `h${played}`, shopCount);
  await stage.writer.execute(
    `truncate shops, shop_products, testimonial_requests, testimonial_request_events, testimonial_submissions,
       testimonial_daily_analytics, rollup_marks, rollup_runs, rollup_shops, rollup_troubles, "Session"`,
  );
  for (const shop of world.shops) await insertShop(stage.writer, shop);
  const context: Context = {
    ...stage,
    world,
    stored: new Map(),
    lines,
    writer: listen(stage.writer, lines),
    // A restart puts another life of the app in its place, for the writer and for the histories to come as well.
    get app() {
      return stage.app;
    },
    set app(app) {
      stage.app = app;
    },
  };
  for (const [index, step] of steps.entries()) await takeStep(context, step, index);
  await expectSourcesAsInModel(context);
  stage.figures.histories += 1;
}

async function takeStep(context: Context, step: Step, index: number): Promise<void> {
  context.lines.push(`${index + 1}. ${step.kind}`);
  const before = structuredClone(context.world);
  const outcome = "run" in step ? await step.run(context) : await takeWrite(context, step);
  if (outcome === false) {
    context.lines.push("  there is nothing to do it to");
    return;
  }
  countStep(context.figures, step.kind);
  await check(context, before, outcome, index);
}

async function takeWrite(context: Context, step: Extract<Step, { write: unknown }>): Promise<Outcome | false> {
  const isDone = await step.write(context.world, context.writer);
  return isDone && { change: unchanged };
}

/** What must be true after every step, and what this one promised. */
async function check(context: Context, before: World, outcome: Outcome, index: number): Promise<void> {
  const { app, world, figures } = context;
  const after = await readStored(app);
  const known = (stored: Context["stored"]) => withoutGone(stored, before, world);
  const change = expectTouchedOnlyWhereChanged(known(context.stored), known(after), figures);
  context.stored = after;
  if (outcome.change) expectSame("the rows written and deleted", change, outcome.change, figures);
  if (outcome.exact) {
    expectStoredExact(context, after, outcome.exact.shops, outcome.exact.isMeant);
    await expectSourcesAsInModel(context);
  }
  await expectReadsExact(context, index);
}

/**
 * The rows but those of shops that are gone. Where a shop is deleted by a transaction whose snapshot is older than a run, the
 * rows of that run stay until the next one.
 */
function withoutGone(stored: Context["stored"], before: World, now: World): Context["stored"] {
  const gone = new Set(before.shops.filter(({ key }) => now.shops[key]?.state === "gone").map((shop) => shop.id));
  return new Map([...stored].filter(([, row]) => !gone.has(row.shopId)));
}

/** The same writer, that notes down what it does. */
function listen(writer: Writer, lines: string[]): Writer {
  const listenTo = (session: Session): Session => ({
    execute(sql) {
      lines.push(`  ${sql}`);
      return session.execute(sql);
    },
    copy(target, rows) {
      lines.push(`  copy ${target}: ${rows.join("; ")}`);
      return session.copy(target, rows);
    },
  });
  return {
    ...listenTo(writer),
    transact(level, work) {
      lines.push(`  begin isolation level ${level}`);
      return writer.transact(level, (session) => work(listenTo(session)));
    },
    close: () => writer.close(),
  };
}
