import pg from "pg";
import { withConnection } from "../../setup/server";

export type Session = Parameters<Parameters<typeof withConnection>[1]>[0];

/** A connection to the test's database apart from the app's, and like those without JIT, which takes longer than the statements. */
export function withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
  return withConnection(process.env.DATABASE_URL ?? "", async (session) => {
    await session.query("set jit = off");
    return work(session);
  });
}

export function isDeadlock(error: unknown): boolean {
  return hasCode(error, "40P01");
}

/** True of what a transaction may meet above read committed, and is to be tried again after. */
export function isSerializationFailure(error: unknown): boolean {
  return hasCode(error, "40001");
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof pg.DatabaseError && error.code === code;
}
