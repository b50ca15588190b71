/** True for a text that PostgreSQL can hold: it has neither NUL nor half a character in it. */
export function isStorable(text: string): boolean {
  return !/[\0\p{Cs}]/u.test(text);
}
