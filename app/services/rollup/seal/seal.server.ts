import { z } from "zod";
import type { Day } from "../day";
import { DefinitionNotCurrent, getFingerprint, storedFingerprint } from "../definition/state.server";
import { type Engine, perEngine, type Statements } from "../engine.server";
import type { FailedShop } from "../jobs/ledger.server";
import { hasMarks } from "../marks/marked-sql";
import { queryRows } from "../query.server";
import { addShops, lockGiven, transactionOptions } from "../recount/lock.server";
import { allDays, compareCounts } from "../verify/compare.server";
import { type Scope, toOpenScopes } from "./sealed";
import { isIntact, sealSchema, selectSeals, writeSeal } from "./seals.server";

/** How many shops were sealed, how many of their days were not sealed before, and the shops that stay as they were. */
type Sealing = { shops: number; days: number; refusals: FailedShop[] };

type SealOptions = {
  /** Whether to say what would be sealed, and seal nothing. */
  dryRun: boolean;
  /** Runs in the same transaction: it commits with the seals or not at all. */
  afterwards: (tx: Statements, sealing: Sealing) => Promise<void>;
};

/**
 * Seals the days of these shops before a day, where they are right: one statement compares them with their source rows and
 * takes the checksum of the same snapshot, which the next one writes down. Nobody else can write the shops' daily rows
 * meanwhile, for that takes the same lock. Shops without a day there are passed over: an import may bring them some.
 *
 * A shop is refused whose days differ, are marked, or whose last recount has failed.
 *
 * @throws DefinitionNotCurrent where the database has another definition than this code.
 */
export async function sealShops(
  engine: Engine,
  shopIds: string[],
  before: Day,
  { dryRun, afterwards }: SealOptions,
): Promise<void> {
  await addShops(engine, shopIds);
  await engine.db.$transaction(async (tx) => {
    const locked = await lockGiven(engine, tx, shopIds);
    const sealing: Sealing = { shops: 0, days: 0, refusals: [] };
    for (const scope of toOpenScopes(locked.sealed, locked.shopIds, { from: allDays.from, until: before })) {
      for (const candidate of await judge(engine, tx, scope)) {
        const { shopId, asked, found, fingerprint } = candidate;
        if (fingerprint !== getFingerprint(engine)) throw new DefinitionNotCurrent();
        const error = describeObstacle(candidate);
        if (error !== null) sealing.refusals.push({ shopId, error });
        if (error !== null || asked.rows === 0) continue;
        if (!dryRun) await writeSeal(engine, tx, shopId, { until: before, ...asked });
        sealing.shops += 1;
        sealing.days += asked.rows - found.rows;
      }
    }
    await afterwards(tx, sealing);
  }, transactionOptions);
}

const candidateSchema = sealSchema.extend({
  isMarked: z.boolean(),
  fingerprint: z.string().nullable(),
  differing: z.number(),
  firstDiffering: z.string().nullable(),
});

type Candidate = z.infer<typeof candidateSchema>;

function judge(engine: Engine, tx: Statements, { shopIds, range }: Scope): Promise<Candidate[]> {
  return queryRows(engine, candidateSchema, judgeStatement(engine), { shopIds, ...range }, tx);
}

/** Why a shop can't be sealed, as a sentence, or null where it can. */
function describeObstacle(candidate: Candidate): string | null {
  const { isFailing, isMarked, differing, firstDiffering } = candidate;
  if (!isIntact(candidate)) return "Its sealed rows are not as they were sealed.";
  if (isFailing) return "It is failing: its last recount or comparison did not succeed.";
  if (isMarked) return "Some of these days are marked: they wait for a run.";
  if (differing === 0) return null;
  const days = differing === 1 ? "1 day differs" : `${differing} days differ`;
  return `${days} from the source rows, the first of them ${firstDiffering}: a verification mends that.`;
}

/** Of each of :shopIds, beside its seal: whether days from :from up to :until are marked, and how many differ. */
const judgeStatement = perEngine((engine) => {
  const [from, until] = [":from::date", ":until::date"];
  const differing = (column: string) => `(select d.${column} from differing d where d.shop_id = r.shop_id)`;
  return `${compareCounts(engine, { withSealed: true })},
differing as materialized (
  select c.shop_id, count(*)::int as days, min(c.date) as first_day
  from compared c
  where c.differs
  group by c.shop_id
)
${selectSeals(engine, {
  isMarked: hasMarks(engine, "r.shop_id", { days: `m.date >= ${from} and m.date < ${until}`, from, until }),
  differing: `coalesce(${differing("days")}, 0)`,
  firstDiffering: `to_char(${differing("first_day")}, 'YYYY-MM-DD')`,
  fingerprint: storedFingerprint(engine),
})}`;
});
