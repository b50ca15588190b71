/** The share of `part` in `whole`, or null where there is nothing to divide by. */
export function toShare(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
