const intervalMs = { terminal: 100, pipe: 5_000 };

/** Shows how far a command is: on a terminal in one line that changes, else in a line now and then, where it takes that long. */
export function makeProgressLine(write: (line: string) => void): { show: (text: string) => void; end: () => void } {
  const { isTTY } = process.stdout;
  let shownAt = isTTY ? Number.NEGATIVE_INFINITY : performance.now();
  let isShown = false;
  return {
    show(text) {
      if (performance.now() - shownAt < (isTTY ? intervalMs.terminal : intervalMs.pipe)) return;
      shownAt = performance.now();
      isShown = isTTY;
      if (isTTY) process.stdout.write(`\r\u001b[2K${text}`);
      else write(text);
    },
    end() {
      if (isShown) process.stdout.write("\r\u001b[2K");
      isShown = false;
    },
  };
}
