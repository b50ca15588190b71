/** @throws Error where a name could not stand in SQL as it is. */
export function requireName(path: string, name: string): void {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(name)) return;
  throw new Error(
    `${path} is ${JSON.stringify(name)}; it must be a lower-case SQL name of at most 63 letters, digits and underscores.`,
  );
}

/** @throws Error where a name is none of `names`. */
export function requireOneOf(path: string, name: string, names: string[]): void {
  if (names.includes(name)) return;
  throw new Error(`${path} is ${JSON.stringify(name)}; it must be one of ${names.join(", ")}.`);
}
