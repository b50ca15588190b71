/** What was played and compared so far. */
export type Figures = { histories: number; comparisons: number; steps: Map<string, number> };

export function makeFigures(): Figures {
  return { histories: 0, comparisons: 0, steps: new Map() };
}

export function countStep(figures: Figures, kind: string): void {
  figures.steps.set(kind, (figures.steps.get(kind) ?? 0) + 1);
}

/** The figures as lines to print. */
export function describeFigures(title: string, figures: Figures): string {
  const kinds = [...figures.steps].sort(([, a], [, b]) => b - a);
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  return [
    `${title}: ${figures.histories} histories, ${total} steps, ${figures.comparisons} comparisons, 0 differences`,
    ...kinds.map(([kind, count]) => `  ${`${count}`.padStart(7)} ${kind}`),
    "",
  ].join("\n");
}
