import { expect, onTestFinished, test } from "vitest";
import { alertFailedShops } from "~/services/rollup/alert.server";
import { listenForAlerts } from "./support/alerts";

const toFailed = (number: number) => ({ shopId: `shop-${number}`, error: `error ${number}` });

async function alert(...args: Parameters<typeof alertFailedShops>): Promise<unknown[]> {
  const alerts = await listenForAlerts();
  onTestFinished(async () => void (await alerts.close()));
  await alertFailedShops(...args);
  return alerts.received;
}

test("the alert names the shops that began to fail, with their errors, and promises no more than that days are counted live", async () => {
  const received = await alert([1, 2, 3].map(toFailed), [toFailed(2)]);
  expect(received).toEqual([
    {
      text:
        "Daily analytics: the recount fails for shop-1 (error 1), shop-3 (error 3). " +
        "Their marks wait, and their marked days are counted live until it succeeds.",
    },
  ]);
});

test("the alert of more than ten shops names ten and counts the others", async () => {
  const many = Array.from({ length: 12 }, (_, index) => toFailed(index + 1));
  const [{ text }] = (await alert(many, [])) as [{ text: string }];
  expect(text).toContain("shop-9 (error 9), shop-10 (error 10) and 2 more. Their marks wait");
  expect(text).not.toContain("shop-11");
});

test("no alert is raised for shops that failed in the last run, too", async () => {
  expect(await alert([1, 2].map(toFailed), [toFailed(2), toFailed(1)])).toEqual([]);
});
