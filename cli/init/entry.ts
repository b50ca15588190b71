const importLine = 'import { rollup } from "./rollup.server";';
const startLines =
  "// Turns the schedule on and goes on with what was cut off. SIGTERM and SIGINT stop it.\nrollup.start();";

/** What an app's entry.server gets: the import after its last one, and the call below. As it is where it has both. */
export function addStart(text: string): string {
  if (/\brollup\.start\(\)/.test(text)) return text;
  const imports = [...text.matchAll(/^import\b[^;]*?["'][^"']+["'];?[ \t]*$/gm)];
  const last = imports.at(-1);
  const end = last ? last.index + last[0].length : 0;
  return `${text.slice(0, end)}${end > 0 ? "\n" : ""}${importLine}\n\n${startLines}${end > 0 ? "" : "\n"}${text.slice(end)}`;
}
