import type { Engine } from "../engine.server";

// What a process has one of for each rollup, kept across hot reloads: what a reloaded module begins takes the place of what
// the module before began. The engine's name tells rollups apart, since a reloaded module has another engine.

const held = globalThis as typeof globalThis & { rollupTasks?: Map<string, () => void> };

/** Ends what was begun under this name, and keeps `end` for what is begun now. */
export function hold(engine: Engine, name: string, end: () => void): void {
  release(engine, name);
  held.rollupTasks ??= new Map();
  held.rollupTasks.set(toKey(engine, name), end);
}

/** Ends what was begun under this name, if anything was. */
export function release(engine: Engine, name: string): void {
  const key = toKey(engine, name);
  held.rollupTasks?.get(key)?.();
  held.rollupTasks?.delete(key);
}

function toKey(engine: Engine, name: string): string {
  return `${engine.name} ${name}`;
}
