const unstorable = /[\0\p{Cs}]/u;

/** True for a text that PostgreSQL can hold: it has neither NUL nor half a character in it. */
export function isStorable(text: string): boolean {
  return !unstorable.test(text);
}

/** The first `length` characters of a text, with U+FFFD in the place of each that PostgreSQL can't hold. */
export function toStorable(text: string, length: number): string {
  const start = Array.from(text.slice(0, 2 * length)).slice(0, length);
  return start.map((character) => (unstorable.test(character) ? "\ufffd" : character)).join("");
}
