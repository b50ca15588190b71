/** True in this share of all calls. */
export function isLucky(share: number): boolean {
  return Math.random() < share;
}

/** A whole number from `min` to `max`, both included. */
export function pickNumber(min: number, max: number): number {
  return min + Math.floor(Math.random() * (max - min + 1));
}

export function pick<T>(items: readonly T[]): T {
  return items[pickNumber(0, items.length - 1)] as T;
}

/** Up to `count` different items, in their order. */
export function pickInOrder<T>(items: readonly T[], count: number): T[] {
  const chosen = new Set(Array.from({ length: count }, () => pickNumber(0, items.length - 1)));
  return items.filter((_, index) => chosen.has(index));
}
