/** Numbers from 0 up to, and not including, 1. */
export type Random = () => number;

/** A source of random numbers that gives the same ones for the same seed: mulberry32 over an FNV-1a hash of `seed`. */
export function seedRandom(seed: string): Random {
  let state = 0x811c9dc5;
  for (const char of seed) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** True with the given chance, from 0 to 1. */
export function isLucky(random: Random, chance: number): boolean {
  return random() < chance;
}

/** A wait with this mean: most are short, a few are long, as people's answers are. */
export function drawWait(random: Random, meanMs: number): number {
  return Math.round(-Math.log(1 - random()) * meanMs);
}

/** An index below `length`. With a `lean` above 1 the first ones come more often, as bestsellers do. */
export function drawIndex(random: Random, length: number, lean: number): number {
  return Math.floor(random() ** lean * length);
}

/** One of the items, each as likely as the next. */
export function drawItem<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

/** One of the keys, each as likely as its weight says. */
export function drawWeighted<Key extends string>(random: Random, weights: Record<Key, number>): Key {
  const entries = Object.entries<number>(weights) as [Key, number][];
  let left = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  throw new Error(`No key of ${JSON.stringify(weights)} was drawn: weights must be above 0.`);
}
