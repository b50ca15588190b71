import { expect } from "vitest";
import { askHealth } from "../http";
import { waitFor } from "../wait";
import type { Held } from "./gate";
import type { Point } from "./points";
import type { Scene } from "./scene";

export type Fault = {
  name: string;
  /** False where nothing of the kind can happen. */
  canHit: (point: Point) => boolean;
  /** Lets it happen to what is held; `answer` settles when the caller has an answer or has lost the server. */
  strike: (scene: Scene, held: Held, answer: Promise<unknown>) => Promise<void>;
};

/** What a session that was ended leaves behind is gone from the server only a moment later. */
async function untilGone(scene: Scene, pid: number): Promise<void> {
  await waitFor("the session to be gone", async () => {
    const sessions = await scene.query("select from pg_stat_activity where pid = $1", [pid]);
    return sessions.length === 0;
  });
}

export const cutConnection: Fault = {
  name: "a lost socket",
  canHit: () => true,
  async strike(scene, held) {
    held.cut();
    await untilGone(scene, held.backendPid);
  },
};

export const terminateBackend: Fault = {
  name: "pg_terminate_backend",
  canHit: () => true,
  async strike(scene, held) {
    await scene.query("select pg_terminate_backend($1)", [held.backendPid]);
    await untilGone(scene, held.backendPid);
    held.release();
  },
};

const timeOutStatement: Fault = {
  name: "a statement timeout",
  // A statement that is done can't time out any more, and a commit is none of those that do.
  canHit: ({ moment, statements }) => moment === "before" && statements.at(-1)?.test("COMMIT") === false,
  async strike(_, held) {
    held.timeOut();
  },
};

export const crashDatabase: Fault = {
  name: "a stop of the database",
  canHit: () => true,
  async strike(scene, held, answer) {
    await scene.database.crash();
    held.cut();
    await answer;
    const health = await askHealth(scene.server);
    expect(health.status).toBe(503);
    expect(health.body.database).toMatchObject({ ok: false, reachable: false });
    await scene.database.start();
  },
};

export const killServer: Fault = {
  name: "kill -9",
  canHit: () => true,
  async strike(scene, held) {
    await scene.server.kill("SIGKILL");
    held.cut();
    await untilGone(scene, held.backendPid);
    await scene.letLeasesPass();
    await scene.startServer();
  },
};

export const faults = [cutConnection, terminateBackend, timeOutStatement, crashDatabase, killServer];
