import pg from "pg";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { WrongSession } from "~/database/session-check.server";
import { makeSessionGate } from "~/database/session-gate.server";
import { waitFor } from "../support/wait";

const url = process.env.DATABASE_URL ?? "";

// One connection stands for all that a pooler gives: its settings change although no new one is made.
const changes: Record<string, { wrong: string; right: string; named: RegExp }> = {
  TimeZone: { wrong: "set TimeZone = 'Asia/Kathmandu'", right: "set TimeZone = 'UTC'", named: /set TimeZone = 'UTC'/ },
  DateStyle: { wrong: "set DateStyle = 'SQL, DMY'", right: "set DateStyle = 'ISO'", named: /set DateStyle = 'ISO'/ },
  isolation: {
    wrong: "set default_transaction_isolation = 'repeatable read'",
    right: "set default_transaction_isolation = 'read committed'",
    named: /set default_transaction_isolation = 'read committed'/,
  },
  schema: {
    wrong: "create schema elsewhere; create table elsewhere.shops (id text); set search_path = elsewhere, public",
    right: "drop schema elsewhere cascade",
    named: /shops of the schema "public" can't be seen.*set search_path = "public"/,
  },
  "string literals": {
    wrong: "set standard_conforming_strings = off",
    right: "set standard_conforming_strings = on",
    named: /set standard_conforming_strings = on/,
  },
};

let passedMs = 0;

beforeEach(() => {
  passedMs = 0;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => now() + passedMs);
});

afterEach(() => vi.restoreAllMocks());

test.for(Object.keys(changes))(
  "a session whose %s changes is refused after a minute, and taken within a second of the cure",
  async (name) => {
    const { wrong = "", right = "", named = /./ } = changes[name] ?? {};
    const pool = new pg.Pool({ connectionString: url, max: 1, options: "-c TimeZone=UTC" });
    onTestFinished(() => pool.end());
    const gate = makeSessionGate("primary", undefined);
    const client = await pool.connect();
    await gate.admit(client);
    client.release();
    await pool.query(wrong);
    await gate.pass(pool);

    passedMs += 61_000;
    const error = await waitFor("the gate to refuse", () =>
      gate.pass(pool).then(
        () => null,
        (thrown: unknown) => thrown,
      ),
    );
    expect(error).toBeInstanceOf(WrongSession);
    expect((error as WrongSession).message).toMatch(named);
    await pool.query(right);
    await expect(gate.pass(pool)).rejects.toThrow(named);
    passedMs += 1_001;
    await gate.pass(pool);
  },
);
