/** The text without the space around it, or null where nobody would see any. */
export function toVisibleText(text: string | null): string | null {
  return text !== null && /[\p{L}\p{N}\p{P}\p{S}]/u.test(text) ? text.trim() : null;
}
