/** A part of a migration, with what it is for as a comment above it. */
export function section(title: string, statements: string[]): string {
  return [title.replaceAll(/^/gm, "-- "), ...statements].join("\n\n");
}
