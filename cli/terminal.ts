import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Where a command writes. Results go to stdout, and all that is said beside them to stderr. */
export type Terminal = {
  isJson: boolean;
  /** The result: one JSON document with --json, else these lines. */
  print: (result: unknown, toLines: () => string[]) => void;
  /** A line for whoever watches. */
  say: (line: string) => void;
  /** Colours a text of a result, where a person sees it and wants colours. */
  paint: (style: Style, text: string) => string;
};

/** A command's terminal: this process's own streams. */
export function makeTerminal({ isJson }: { isJson: boolean }): Terminal {
  const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR && !isJson;
  return {
    isJson,
    print(result, toLines) {
      const text = isJson ? JSON.stringify(result, null, 2) : toLines().join("\n");
      process.stdout.write(`${text}\n`);
    },
    say(line) {
      // On a terminal a progress bar may be on the line.
      process.stderr.write(`${process.stderr.isTTY ? "\r\u001b[2K" : ""}${line}\n`);
    },
    paint: (style, text) => (isColoured ? styleText(style, text) : text),
  };
}

/** A reader that has seen enough, such as "head", closes the pipe: that is no fault of the command's. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
    throw error;
  });
}
