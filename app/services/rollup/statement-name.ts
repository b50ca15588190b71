/** In a trace's list a longer name tells nothing more. */
const maxLength = 120;

const written = /\b(insert into|update|delete from|truncate)\s+([a-z_][\w.]*)/gi;
const read = /\b(?:from|join)\s+([a-z_][\w.]*)/gi;

/**
 * A short name of a statement, made of constants of the code alone: what it does to which of `tables`, as in
 * "delete rollup_marks" or "select testimonial_requests". Of one that writes, its writes in their order; of one that reads,
 * the first table.
 */
export function toStatementName(sql: string, tables: ReadonlySet<string>): string {
  const verb = /[a-z]+/i.exec(sql)?.[0].toLowerCase() ?? "statement";
  const writes = [...sql.matchAll(written)].flatMap(([, words = "", table = ""]) =>
    tables.has(table) ? [`${words.split(" ")[0]?.toLowerCase()} ${table}`] : [],
  );
  if (writes.length > 0) return [...new Set(writes)].join(", ").slice(0, maxLength);
  const table = [...sql.matchAll(read)].map(([, name = ""]) => name).find((name) => tables.has(name));
  const reads = verb === "with" ? "select" : verb;
  return table ? `${reads} ${table}` : reads;
}
