/** SQL without comments and blanks: what a hand may change without changing what it does. */
export function toBareSql(sql: string): string {
  return sql
    .replaceAll(/^\s*--.*$/gm, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
