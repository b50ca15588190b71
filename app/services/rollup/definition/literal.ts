/** A value as SQL text. Values are constants of the code, but a quote in one must not end it. */
export function toLiteral(value: string | number | boolean): string {
  if (typeof value === "string") {
    if (value.includes("\\") || value.includes("\0")) {
      throw new Error(`A condition has the text ${JSON.stringify(value)}; it must have no backslash and no NUL.`);
    }
    return `'${value.replaceAll("'", "''")}'`;
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new Error(`A condition has the number ${value}; it must be finite.`);
  }
  return String(value);
}

/** The same for statements in which ":name" stands for a parameter: no text of a condition looks like one. */
export function toValueSql(value: string | number | boolean): string {
  const literal = toLiteral(value);
  return typeof value === "string" && /:[a-z]/i.test(value) ? `U&${literal.replaceAll(":", "\\003A")}` : literal;
}
