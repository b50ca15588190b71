import { SingleBar } from "cli-progress";
import { formatDuration } from "./formats";

const intervalMs = { terminal: 100, pipe: 5_000 };

/** How far some work is: `text` comes after the numbers, and `etaMs` is how long it takes still, where that is known. */
export type Step = { done: number; total: number; unit: string; etaMs?: number | null; text?: string };

export type Progress = { show: (step: Step) => void; end: () => void };

/**
 * Shows on stderr how far a command is: on a terminal as a bar, else in a line every few seconds, where it takes that long.
 */
export function makeProgress(say: (line: string) => void): Progress {
  return process.stderr.isTTY ? makeBar() : makeLines(say);
}

function makeBar(): Progress {
  const toText = makeStepText();
  let bar: SingleBar | undefined;
  return {
    show(step) {
      bar ??= start(step);
      bar.setTotal(step.total);
      bar.update(step.done, { step: toText(step) });
    },
    end() {
      bar?.stop();
      bar = undefined;
    },
  };
}

function start({ total, done }: Step): SingleBar {
  const bar = new SingleBar({
    format: "[{bar}] {percentage}%  {step}",
    barCompleteChar: "=",
    barIncompleteChar: " ",
    barsize: 24,
    fps: 1_000 / intervalMs.terminal,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    // The command has handlers of its own.
    gracefulExit: false,
  });
  bar.start(total, done, { step: "" });
  return bar;
}

function makeLines(say: (line: string) => void): Progress {
  const toText = makeStepText();
  let shownAt = performance.now();
  return {
    show(step) {
      const text = toText(step);
      if (performance.now() - shownAt < intervalMs.pipe) return;
      shownAt = performance.now();
      say(text);
    },
    end: () => undefined,
  };
}

/** The rate is of what was done since the first step shown: a resumed rebuild has done the rest at another time. */
function makeStepText(): (step: Step) => string {
  let first: { done: number; at: number } | undefined;
  return (step) => {
    first ??= { done: step.done, at: performance.now() };
    const seconds = (performance.now() - first.at) / 1_000;
    return toStepText(step, seconds >= 1 ? (step.done - first.done) / seconds : 0);
  };
}

/** A step as a line. `perSecond` is 0 where the rate is not known yet. */
export function toStepText({ done, total, unit, etaMs, text }: Step, perSecond: number): string {
  return [
    `${done.toLocaleString("en")} of ${total.toLocaleString("en")} ${unit}`,
    ...(perSecond > 0 ? [`${perSecond.toLocaleString("en", { maximumSignificantDigits: 2 })} a second`] : []),
    ...(etaMs == null ? [] : [`about ${formatDuration(etaMs)} left`]),
    ...(text ? [text] : []),
  ].join(", ");
}
