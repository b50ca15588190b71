import type { Pool } from "pg";

/** Connections of a pool, and how many statements wait for one. */
export type PoolState = { pool: string; max: number; active: number; idle: number; waiting: number };

// Prisma makes its pools by itself, with the first statement, and shows them to nobody.

const pools = new Map<string, { pool: Pool; max: number }>();

/** Keeps a pool for metrics. Its client's next one takes its place. */
export function notePool(name: string, pool: Pool, max: number): void {
  pools.set(name, { pool, max });
}

/** The pools that have been opened. Empty on the embedded database, which has one connection. */
export function readPools(): PoolState[] {
  return [...pools].map(([name, { pool, max }]) => ({
    pool: name,
    max,
    active: pool.totalCount - pool.idleCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
  }));
}
