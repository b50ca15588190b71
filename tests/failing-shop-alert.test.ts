import { expect, onTestFinished, test } from "vitest";
import { rollup } from "~/rollup.server";
import { alertFailing, alertMended } from "~/services/rollup/health/failing-shop-alert.server";
import { listenForAlerts } from "./support/alerts";

const toFailing = (number: number) => ({ shopId: `shop-${number}`, reason: `error ${number}` });

async function hear(alert: () => Promise<void>): Promise<unknown[]> {
  const alerts = await listenForAlerts();
  onTestFinished(async () => void (await alerts.close()));
  await alert();
  return alerts.received;
}

test("the alert names the shops that began to fail, with their errors, and promises no more than that days are counted live", async () => {
  expect(await hear(() => alertFailing(rollup.engine, [1, 3].map(toFailing)))).toEqual([
    {
      text:
        "Daily analytics: the recount fails for shop-1 (error 1), shop-3 (error 3). " +
        "Their marks wait, and their marked days are counted live until it succeeds.",
    },
  ]);
});

test("the alert of more than ten shops names ten and counts the others", async () => {
  const many = Array.from({ length: 12 }, (_, index) => toFailing(index + 1));
  const [{ text }] = (await hear(() => alertFailing(rollup.engine, many))) as [{ text: string }];
  expect(text).toContain("shop-9 (error 9), shop-10 (error 10) and 2 more. Their marks wait");
  expect(text).not.toContain("shop-11");
});

test("another alert says which shops are right again", async () => {
  expect(await hear(() => alertMended(rollup.engine, ["shop-1", "shop-2"]))).toEqual([
    { text: "Daily analytics: the recount succeeds again for shop-1, shop-2." },
  ]);
});
