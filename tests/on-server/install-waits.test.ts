import { expect, test } from "vitest";
import { expectInstalled, installOn, makeLiveHost, runCommand, startCommand } from "../support/live-host";
import { waitFor } from "../support/wait";

// An install beside transactions of the host's that stay open.

test("waits with patience for a long transaction of the host's, and no writer waits for long behind it", async () => {
  const host = await makeLiveHost();
  const holder = await host.connect();
  await holder.query("begin");
  await holder.query("insert into testimonial_requests (shop_id) values ('shop-1')");
  const lines: string[] = [];
  const install = installOn(host.url, { lockTimeoutMs: 200, report: (line) => lines.push(line) });
  const writer = await host.connect();
  await writer.query("set lock_timeout = '5s'");
  const waits: number[] = [];
  await waitFor("several tries", async () => {
    const startedAt = performance.now();
    await writer.query("insert into testimonial_requests (shop_id, sent_at) values ('shop-2', '2025-07-01')");
    waits.push(performance.now() - startedAt);
    return lines.filter((line) => line.includes("lets others go first")).length >= 3;
  });
  expect(lines).toContainEqual(
    expect.stringMatching(/waits for \d+ \(idle in transaction.*insert into testimonial_requests/),
  );
  expect(Math.max(...waits)).toBeLessThan(3_000);

  // A second install is refused meanwhile, as a program and in its exit code.
  expect(await runCommand(host.url)).toMatchObject({
    code: 1,
    text: expect.stringContaining("Another install is at work"),
  });
  await holder.query("commit");
  await install;
  await expectInstalled(host.query);
}, 60_000);

test("passes over rows that the host holds, and comes back for them", async () => {
  const host = await makeLiveHost();
  const holder = await host.connect();
  const lines: string[] = [];
  const install = installOn(host.url, {
    report: (line) => lines.push(line),
    // What holds them must not keep the column from being added.
    onStep: async (step) => {
      if (step.name !== "2 triggers on testimonial_submissions") return;
      await holder.query("begin");
      await holder.query("select from testimonial_submissions where shop_id = 'shop-1' for update");
    },
  });
  await waitFor("a line about them", async () => lines.some((line) => /waits for \d+ rows that other/.test(line)));
  await holder.query("commit");
  await install;
  await expectInstalled(host.query);
});

test("stops at Ctrl-C after the statement at work, says so, and goes on when it is called again", async () => {
  const host = await makeLiveHost();
  const holder = await host.connect();
  await holder.query("begin");
  await holder.query("insert into testimonial_requests (shop_id) values ('shop-1')");
  const command = startCommand(host.url, "--lock-timeout", "200");
  let said = "";
  command.child.stdout?.on("data", (text) => {
    said += text;
    if (said.includes("lets others go first") && !command.child.killed) command.child.kill("SIGINT");
  });
  await expect(command).rejects.toMatchObject({
    code: 130,
    stdout: expect.stringContaining("the same command goes on from here"),
  });
  await holder.query("commit");
  expect(await runCommand(host.url)).toMatchObject({ code: 0, text: expect.stringContaining("it goes on") });
  await expectInstalled(host.query);
}, 60_000);
