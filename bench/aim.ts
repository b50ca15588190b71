/** What a row aims at, and how its two numbers are put into one. */
export type Aim = { text: string; judge: (ours: number, alternative: number) => { ratio: string; isMet: boolean } };

function toTimes(value: number): string {
  return `${value >= 100 ? Math.round(value) : value.toFixed(2)} ×`;
}

/** Ours takes at most `limit` times as long. */
export function atMost(limit: number): Aim {
  return {
    text: `at most ${limit} ×`,
    judge: (ours, alternative) => ({ ratio: toTimes(ours / alternative), isMet: ours / alternative <= limit }),
  };
}

/** The alternative takes at least `limit` times as long. */
export function fasterBy(limit: number): Aim {
  return {
    text: `${limit} × faster`,
    judge: (ours, alternative) => ({
      ratio: `${toTimes(alternative / ours)} faster`,
      isMet: alternative / ours >= limit,
    }),
  };
}

/** Ours takes at most `limit` milliseconds longer. */
export function atMostMsAbove(limit: number): Aim {
  return {
    text: `at most ${limit} ms above`,
    judge: (ours, alternative) => ({
      ratio: `${(ours - alternative).toFixed(1)} ms above`,
      isMet: ours - alternative <= limit,
    }),
  };
}

/** Ours takes at most `limit` percent longer. */
export function atMostSlower(limit: number): Aim {
  return {
    text: `at most ${limit} % slower`,
    judge: (ours, alternative) => {
      const percent = 100 * (ours / alternative - 1);
      return { ratio: `${percent.toFixed(1)} % slower`, isMet: percent <= limit };
    },
  };
}

/** Ours does at least this share of the alternative's requests a second. */
export function atLeastShare(limit: number): Aim {
  return {
    text: `at least ${limit} of it`,
    judge: (ours, alternative) => ({ ratio: (ours / alternative).toFixed(2), isMet: ours / alternative >= limit }),
  };
}

/** Ours stays below `limit`, whatever the alternative. */
export function below(limit: number, unit: string): Aim {
  return {
    text: `under ${limit} ${unit}`,
    judge: (ours, alternative) => ({ ratio: toTimes(ours / alternative), isMet: ours < limit }),
  };
}
