/**
 * How likely it is, where things happen at one unchanged rate, that the later days have so few of them as they have:
 * from 0 to 1. The conditional test of two Poisson counts: given their sum, the later one is binomial, with the later
 * days' share of all days.
 *
 * Przyborowski, J. and Wilenski, H. (1940). Homogeneity of results in testing samples from Poisson series.
 * Biometrika 31, 313–323.
 */
export function toChanceOfFall(later: Observed, earlier: Observed): number {
  return toLowerTail(later.count, later.count + earlier.count, later.days / (later.days + earlier.days));
}

/** A count of whole things, and over how many days it was taken. */
export type Observed = { count: number; days: number };

/** A term this much smaller than the sum changes no digit of it. */
const negligible = 1e-17;

/**
 * The chance of at most `most` successes in `trials` of chance `share`, summed exactly. From the term at `most` down, each
 * is made from the one above; where most of the chance lies below, the other side is summed, so that no term is lost.
 */
function toLowerTail(most: number, trials: number, share: number): number {
  if (most >= trials) return 1;
  if (most >= trials * share) return 1 - toLowerTail(trials - most - 1, trials, 1 - share);
  const odds = (1 - share) / share;
  let term = Math.exp(toLogChance(most, trials, share));
  let sum = term;
  for (let count = most; count > 0 && term > sum * negligible; count -= 1) {
    term *= (count / (trials - count + 1)) * odds;
    sum += term;
  }
  return sum;
}

/** The logarithm of the chance of exactly `count` successes. */
function toLogChance(count: number, trials: number, share: number): number {
  const ways = toLogFactorial(trials) - toLogFactorial(count) - toLogFactorial(trials - count);
  return ways + count * Math.log(share) + (trials - count) * Math.log1p(-share);
}

/** The log-gamma function of n + 1: by Stirling's series, which is exact to the last digits from 16 on. */
function toLogFactorial(n: number): number {
  if (n < 16) return Math.log(Array.from({ length: n }, (_, index) => index + 1).reduce((a, b) => a * b, 1));
  const square = n * n;
  const rest = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / n;
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + rest;
}
