/** A text of a catalogue as it may be shown, and where it stands. */
export type Entry = { path: string; text: string };

/** Stands for what is put into a text; it is a number, too, on which a plural may depend. */
const filling = "7";

/** All texts of a catalogue; of those that something is put into, one. */
export function listEntries(catalogue: unknown, path = ""): Entry[] {
  if (typeof catalogue === "string") return [{ path, text: catalogue }];
  if (typeof catalogue === "function") return [{ path, text: catalogue(...Array(catalogue.length).fill(filling)) }];
  return Object.entries(catalogue as object).flatMap(([name, part]) =>
    listEntries(part, path ? `${path}.${name}` : name),
  );
}

/** The words of texts, in small letters. */
export function toWords(texts: string[]): Set<string> {
  return new Set(
    texts
      .join(" ")
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [],
  );
}
