import type { ClientBase } from "pg";
import { planOnce } from "~/services/rollup/plan-once";

// A statement that has a name is parsed and planned once in a session of the server. Behind a pooler that gives each
// transaction another session it would be unknown there. Such a pooler makes up the process id with which it greets its
// client, so a session whose own id is the one of the greeting is this connection's alone.

type Query = (...args: unknown[]) => unknown;

/** Names of statements, the same on all connections. */
const names = new Map<string, string>();

function toName(text: string): string {
  const name = names.get(text) ?? `plan_${names.size + 1}`;
  names.set(text, name);
  return name;
}

/** Lets a new connection keep the plans of the statements that ask for it, where it is a session of its own. */
export async function keepPlans(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  if (rows[0]?.pid !== Reflect.get(client, "processID")) return;
  const { prototype } = client.constructor as { prototype: { query: Query } };
  const named: Query = (first, ...others) =>
    prototype.query.call(client, isToKeep(first) ? { ...first, name: toName(first.text) } : first, ...others);
  Reflect.set(client, "query", named);
}

function isToKeep(query: unknown): query is { text: string } {
  const text = typeof query === "object" && query !== null ? Reflect.get(query, "text") : undefined;
  return typeof text === "string" && text.startsWith(planOnce);
}
