import { toHostCheck } from "../../app/services/rollup/definition/host-check-sql";
import type { Step } from "../../app/services/rollup/install/step";
import { toLedgerEntry } from "./ledger";
import type { Installed } from "./run";

/** All steps with their SQL, to be read. It can be run by hand too, step by step, with ranges for the slices. */
export function toPlanText({ definition, app, steps, migration }: Installed): string {
  const check = toHostCheck(definition, { ...app?.needs, isFirst: true, makesIndexesAnew: true });
  return [
    `-- The host's schema is checked first: reads alone.\n\n${check}`,
    ...steps.map((step, index) => `-- ${index + 1}/${steps.length} ${step.name}: ${describe(step)}.\n\n${toSql(step)}`),
    `-- In the transaction of the last step, where Prisma keeps its ledger.\n${toLedgerEntry(migration)}`,
  ].join("\n\n");
}

function describe(step: Step): string {
  switch (step.kind) {
    case "statements":
      return "one transaction, no lock that readers or writers of the host's wait for";
    case "column":
      return `one transaction with a time limit for its lock; readers and writers of ${step.table} wait for it`;
    case "triggers":
      return `one transaction with a time limit for its lock; writers of ${step.table} wait for it`;
    case "index":
      return "in no transaction, beside readers and writers";
    case "slices":
      return `one transaction for every ${step.size} or more of ${step.table}.${step.key}`;
  }
}

function toSql(step: Step): string {
  return step.kind === "slices" ? step.toSql({ from: ":after", to: ":up_to" }) : step.sql;
}
