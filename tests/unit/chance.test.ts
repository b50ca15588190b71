import { describe, expect, test } from "vitest";
import { toChanceOfFall } from "~/report/chance";

// The oracle sums whole numbers: of n trials with chance 1/5, C(n, k) · 4^(n − k) of 5^n ways lead to k successes.

function sumWays(most: number, trials: number): bigint {
  let ways = 1n;
  let sum = 0n;
  for (let count = 0; count <= most; count += 1) {
    sum += ways * 4n ** BigInt(trials - count);
    ways = (ways * BigInt(trials - count)) / BigInt(count + 1);
  }
  return sum;
}

/** A quotient of whole numbers too large for floats, to 15 digits and more. */
function divide(part: bigint, whole: bigint): number {
  const shift = 2n ** BigInt(Math.max(0, whole.toString(2).length - part.toString(2).length) + 60);
  return Number((part * shift) / whole) / Number(shift);
}

function toChance(recent: number, before: number): number {
  return toChanceOfFall({ count: recent, days: 7 }, { count: before, days: 28 });
}

describe("the chance of a fall between a week and four", () => {
  test("is that of few trials, by hand", () => {
    expect(toChance(0, 1)).toBeCloseTo(4 / 5, 14);
    expect(toChance(0, 2)).toBeCloseTo(16 / 25, 14);
    expect(toChance(1, 1)).toBeCloseTo(24 / 25, 14);
    expect(toChance(1, 2)).toBeCloseTo((64 + 48) / 125, 14);
    expect(toChance(0, 0)).toBe(1);
    expect(toChance(5, 0)).toBe(1);
  });

  test.each([
    [0, 80],
    [3, 80],
    [5, 100],
    [20, 80],
    [19, 81],
    [40, 80],
    [60, 400],
    [61, 399],
    [150, 1_000],
    [420, 2_000],
    [700, 3_300],
  ])("of %d after %d is the exact sum of binomial terms", (recent, before) => {
    const exact = divide(sumWays(recent, recent + before), 5n ** BigInt(recent + before));
    expect(Math.abs(toChance(recent, before) / exact - 1)).toBeLessThan(1e-10);
  });

  test("is stable for counts of millions", () => {
    const half = (count: number, other: number) => toChanceOfFall({ count, days: 7 }, { count: other, days: 7 });
    // Of an odd number of fair trials, just half of all ways have the fewer successes.
    expect(half(5_000_000, 5_000_001)).toBeCloseTo(0.5, 6);
    // Of an even number, half of the middle term more: 1 / sqrt(pi * n / 2), to the first order.
    expect(half(5_000_000, 5_000_000)).toBeCloseTo(0.5 + 0.5 / Math.sqrt(Math.PI * 5_000_000), 6);
    // Three standard deviations below the mean, of which there are 0.00135 in the limit.
    const trials = 10_000_000;
    const recent = trials / 5 - 3 * Math.round(Math.sqrt(trials * 0.16));
    expect(toChance(recent, trials - recent) / 0.001_35).toBeCloseTo(1, 1);
    expect(toChance(0, 8_000_000)).toBe(0);
    expect(toChance(8_000_000, 0)).toBe(1);
    expect(toChance(4_000_000, 4_000_000)).toBe(1);
  });
});
