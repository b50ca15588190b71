import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { toErrorMessage } from "~/services/rollup/error.server";
import { findFreePort } from "../setup/server";

function thrownBy(work: () => unknown): Promise<unknown> {
  return Promise.resolve()
    .then(work)
    .then(
      () => expect.fail("Nothing was thrown."),
      (error: unknown) => error,
    );
}

describe("the message of an error", () => {
  test("says why a fetch failed", async () => {
    const port = await findFreePort();
    const refused = await thrownBy(() => fetch(`http://127.0.0.1:${port}/secret`));
    expect(toErrorMessage(refused)).toBe(`fetch failed: connect ECONNREFUSED 127.0.0.1:${port}`);
    const unknown = await thrownBy(() => fetch("http://no-such-host.invalid/secret"));
    expect(toErrorMessage(unknown)).toMatch(/^fetch failed: getaddrinfo E[A-Z_]+ no-such-host\.invalid$/);
  });

  test("says why none of several addresses could be reached", async () => {
    const port = await findFreePort();
    const refused = await thrownBy(() => fetch(`http://localhost:${port}`));
    expect(toErrorMessage(refused)).toMatch(new RegExp(`^fetch failed: .*ECONNREFUSED 127\\.0\\.0\\.1:${port}`));
  });

  test("says that a connection was cut", async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as { port: number };
    const cut = await thrownBy(() => fetch(`http://127.0.0.1:${port}`));
    server.close();
    expect(toErrorMessage(cut)).toMatch(/^fetch failed: (other side closed|read ECONNRESET)$/);
  });

  test("has each cause once, and ends where causes go round", () => {
    const inner = new Error("disk is full");
    const outer = new Error("could not save: disk is full", { cause: inner });
    expect(toErrorMessage(outer)).toBe("could not save: disk is full");
    const round = new Error("a") as Error & { cause?: unknown };
    round.cause = new Error("b", { cause: round });
    expect(toErrorMessage(round)).toBe("a: b");
  });

  test("is one line, and never empty", () => {
    expect(toErrorMessage(new Error("first\nlast"))).toBe("last");
    expect(toErrorMessage(Object.assign(new Error(""), { code: "ECONNRESET" }))).toBe("ECONNRESET");
    expect(toErrorMessage(new TypeError(""))).toBe("TypeError");
    expect(toErrorMessage(new AggregateError([new Error("one"), new Error("two"), new Error("one")]))).toBe("one, two");
    expect(toErrorMessage("words")).toBe("words");
    expect(toErrorMessage(undefined)).toBe("");
  });

  test("names the fields of a row that are not as they should be, without their values", () => {
    const { error } = z
      .object({ list: z.array(z.object({ at: z.number() })) })
      .safeParse({ list: [{ at: "private" }] });
    expect(toErrorMessage(error)).toMatch(/^list\.0\.at: /);
    expect(toErrorMessage(error)).not.toContain("private");
  });
});
