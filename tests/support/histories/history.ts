import fc from "fast-check";
import * as edits from "./edit-steps";
import * as inserts from "./insert-steps";
import { runInHaste, runRollup, runTwice, verify } from "./job-steps";
import { installAgain, redactCustomer, redactShop, uninstall } from "./merchant-steps";
import { cancelRebuild, dryRun, rebuild, restart } from "./rebuild-steps";
import { purge, seal, unseal } from "./seal-steps";
import { deleteShop, remakeShop, renameShop, truncate } from "./shop-steps";
import * as statuses from "./status-steps";
import type { Step, WriteStep } from "./step";
import { toTransactionStep } from "./transaction-steps";

const insert = weigh<WriteStep>([
  [3, inserts.insertRequest],
  [3, inserts.insertEvent],
  [3, inserts.insertSubmission],
  [3, inserts.bulkInsert],
]);

const write = weigh<WriteStep>([
  [12, insert],
  [2, inserts.copyIn],
  [10, edits.editInstant],
  [3, edits.shiftInstants],
  [4, edits.moveRow],
  [2, edits.moveShop],
  [3, statuses.changeStatus],
  [2, statuses.withdrawApproval],
  [2, statuses.changeMedia],
  [2, statuses.changeRating],
  [4, statuses.editEvent],
  [4, edits.deleteRow],
  [1, edits.deleteRows],
  [1, edits.renameRow],
  [1, deleteShop],
  [1, renameShop],
  [1, truncate],
]);

const anyStep = weigh<Step>([
  [110, write],
  [12, toTransactionStep(write)],
  [24, runRollup],
  [5, runTwice],
  [5, runInHaste],
  [8, rebuild],
  [4, cancelRebuild],
  [4, dryRun],
  [6, verify],
  [7, seal],
  [3, unseal],
  [4, purge],
  [4, redactCustomer],
  [1, redactShop],
  [3, uninstall],
  [3, installAgain],
  [3, remakeShop],
  [1, restart],
]);

/** A random history: some rows to begin with, then anything. */
export const history: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.array(insert, { minLength: 1, maxLength: 5 }),
    fc.array(anyStep, { minLength: 2, maxLength: 20, size: "max" }),
  )
  .map(([opening, rest]) => [...opening, ...rest]);

function weigh<Value>(options: [number, fc.Arbitrary<Value>][]): fc.Arbitrary<Value> {
  return fc.oneof(...options.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}
