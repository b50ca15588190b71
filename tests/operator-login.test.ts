import { afterEach, describe, expect, test, vi } from "vitest";
import { secrets } from "~/env.server";
import { setPageHeaders } from "~/http/page-headers.server";
import { loader as openDashboard } from "~/routes/app._index";
import * as overview from "~/routes/operator._index";
import * as drift from "~/routes/operator.drift";
import * as logoutRoute from "~/routes/operator.logout";
import * as privacy from "~/routes/operator.privacy._index";
import * as privacyRequest from "~/routes/operator.privacy.$requestId";
import * as privacyData from "~/routes/operator.privacy_.$requestId_.data";
import * as rebuild from "~/routes/operator.rebuild";
import * as runs from "~/routes/operator.runs._index";
import * as run from "~/routes/operator.runs.$runId";
import * as seals from "~/routes/operator.seals";
import * as loginRoute from "~/routes/operator_.login";
import { testEnv } from "./setup/settings";
import { call, operator } from "./support/call";
import { logIn, openSession, sameSite } from "./support/operator";
import { signOperatorCookie } from "./support/operator-session";
import { fingerprintTables } from "./support/refusal";
import { browser, signSessionToken } from "./support/session-token";

const pages = { overview, runs, run, rebuild, drift, seals, privacy, privacyRequest, privacyData };
const params = { runId: "none", requestId: "none" };
const given = [...secrets.admin];

afterEach(() => {
  secrets.admin.splice(0, secrets.admin.length, ...given);
  vi.useRealTimers();
});

async function isOpen(cookie: string): Promise<boolean> {
  const response = await call(overview as never, "/operator", { headers: { Cookie: cookie } });
  return response.status === 200;
}

describe("the login of the operator's page", () => {
  test("opens a session for the admin token, by a cookie of this path alone that holds no token", async () => {
    const response = await logIn(testEnv.ADMIN_TOKEN);
    expect([response.status, response.headers.get("Location")]).toEqual([303, "/operator"]);
    const cookie = response.headers.get("Set-Cookie") ?? "";
    expect(cookie.split("; ").slice(1).toSorted()).toEqual(
      ["HttpOnly", "Max-Age=43200", "Path=/operator", "SameSite=Strict", "Secure"].toSorted(),
    );
    const [value = ""] = cookie.split(";");
    for (const text of [value, decodeURIComponent(value), Buffer.from(value.slice(9), "base64").toString()]) {
      expect(text).not.toContain(testEnv.ADMIN_TOKEN);
    }
    expect(await isOpen(value)).toBe(true);
  });

  test("leads back to the page that was asked for, and to no other site", async () => {
    const lead = async (to: string) => {
      const body = new URLSearchParams({ token: testEnv.ADMIN_TOKEN, to });
      const response = await call(loginRoute as never, "/operator/login", { method: "POST", headers: sameSite, body });
      return response.headers.get("Location");
    };
    const asked = await call(runs as never, "/operator/runs?kind=seal", {});
    const address = new URL(asked.headers.get("Location") ?? "", "https://app.example.com");
    expect([asked.status, address.pathname]).toEqual([303, "/operator/login"]);
    expect(await lead(address.searchParams.get("to") ?? "")).toBe("/operator/runs?kind=seal");
    for (const to of [
      "https://evil.example.com/operator",
      "//evil.example.com/operator",
      "/app",
      "/operators",
      "\\\\evil",
    ]) {
      expect(await lead(to)).toBe("/operator");
    }
  });

  test("is without Secure where the browser speaks http, and with it behind a proxy that speaks https", async () => {
    const open = async (headers: Record<string, string>) => {
      const init = { method: "POST", headers, body: new URLSearchParams({ token: testEnv.ADMIN_TOKEN }) };
      const response = await call(loginRoute as never, "http://localhost:3000/operator/login", init);
      return response.headers.get("Set-Cookie") ?? "";
    };
    const origin = { Origin: "http://localhost:3000" };
    expect(await open(origin)).not.toContain("Secure");
    expect(await open({ ...origin, "X-Forwarded-Proto": "https" })).toContain("Secure");
  });

  test("refuses a wrong token with 401, every token after ten wrong ones, and lets in again a minute later", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 3_600_000);
    for (const token of ["wrong", testEnv.CRON_SECRET, `${testEnv.ADMIN_TOKEN}x`, testEnv.ADMIN_TOKEN.slice(1)]) {
      const response = await logIn(token);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ error: "This is not the admin token." });
      expect(response.headers.get("Set-Cookie")).toBe(null);
    }
    for (let wrong = 0; wrong < 6; wrong += 1) await logIn("wrong");
    const locked = await logIn(testEnv.ADMIN_TOKEN);
    expect([locked.status, locked.headers.get("Retry-After")]).toEqual([429, "60"]);
    vi.setSystemTime(Date.now() + 60_000);
    expect((await logIn(testEnv.ADMIN_TOKEN)).status).toBe(303);
  });

  test("is closed with 503 where no admin token is set, whatever cookie there is", async () => {
    const cookie = await openSession();
    secrets.admin.splice(0, 2, undefined, undefined);
    const page = await call(loginRoute as never, "/operator/login");
    expect([page.status, (await page.json()).isConfigured]).toEqual([503, false]);
    expect((await logIn("")).status).toBe(503);
    expect(await isOpen(cookie)).toBe(false);
  });
});

describe("a session of the operator's page", () => {
  test("ends when its token is replaced, and not while the token is one of two", async () => {
    const cookie = await openSession();
    const next = "another-admin-token-0123456789";
    secrets.admin.splice(0, 2, next, testEnv.ADMIN_TOKEN);
    expect(await isOpen(cookie)).toBe(true);
    const [ofNext, late] = [await openSession(next), await openSession(testEnv.ADMIN_TOKEN)];
    secrets.admin.splice(0, 2, next, undefined);
    const open = [await isOpen(cookie), await isOpen(late), await isOpen(ofNext)];
    expect(open).toEqual([false, false, true]);
  });

  test("ends after 12 hours", async () => {
    const cookie = await openSession();
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 12 * 3_600_000 - 60_000);
    expect(await isOpen(cookie)).toBe(true);
    vi.setSystemTime(Date.now() + 60_001);
    expect(await isOpen(cookie)).toBe(false);
  });

  test("can't be made by anyone: not of another's signature, of the token itself, or of a merchant's token", async () => {
    const cookie = await openSession();
    expect(await isOpen(signOperatorCookie())).toBe(true);
    const [content] = cookie.split(".");
    const forged = [
      `${content}.`,
      `${content}`,
      `${cookie}x`,
      `operator=${testEnv.ADMIN_TOKEN}`,
      "operator=",
      "operator=%",
    ];
    for (const value of forged) expect([value, await isOpen(value)]).toEqual([value, false]);
    const merchant = { Authorization: `Bearer ${signSessionToken("acme.myshopify.com")}`, "User-Agent": browser };
    for (const headers of [merchant, operator]) {
      expect((await call(overview as never, "/operator", { headers })).status).toBe(303);
    }
  });

  test("opens no page of a merchant's", async () => {
    const request = new Request("https://app.example.com/app", {
      headers: { Cookie: await openSession(), "User-Agent": browser },
    });
    const thrown = await openDashboard({ request, params: {}, context: {} }).catch((error: unknown) => error);
    expect((thrown as Response).headers.get("Location")).toBe("/auth/login");
  });

  test("is ended by logging out", async () => {
    const response = await call(logoutRoute as never, "/operator/logout", { method: "POST", headers: sameSite });
    expect(response.headers.get("Set-Cookie")).toMatch(/^operator=[^;]*; Max-Age=0; Path=\/operator/);
  });
});

test.for(Object.entries(pages))("the page %s shows nothing and does nothing without a session", async ([, route]) => {
  const before = await fingerprintTables();
  for (const method of "action" in route ? ["GET", "POST"] : ["GET"]) {
    const response = await call(route as never, "/operator/any", { method, headers: sameSite, params });
    expect([response.status, await response.text()]).toEqual([303, ""]);
  }
  expect(await fingerprintTables()).toEqual(before);
});

const formPages = Object.entries(pages).filter(([, route]) => "action" in route);

test.for(formPages)("the page %s takes no form of another site, or of none", async ([, route]) => {
  const before = await fingerprintTables();
  const body = new URLSearchParams({
    intent: "rebuild",
    fromDate: "2026-01-01",
    toDate: "2026-01-02",
    before: "2026-01-01",
  });
  const cookie = { Cookie: await openSession() };
  const senders: Record<string, string>[] = [
    {},
    { Origin: "null" },
    { Origin: "https://evil.example.com" },
    { Origin: "https://app.example.com.evil.com" },
    { ...sameSite, "Sec-Fetch-Site": "cross-site" },
    { ...sameSite, "Sec-Fetch-Site": "same-site" },
  ];
  for (const sender of senders) {
    const headers = { ...cookie, ...sender };
    const response = await call(route as never, "/operator/any", { method: "POST", headers, body, params });
    expect([sender, response.status]).toEqual([sender, 403]);
  }
  expect(await fingerprintTables()).toEqual(before);
});

test("no frame, no cache and no search engine holds a page of the operator's, whatever its address says", () => {
  for (const path of ["/operator", "/operator/login?shop=acme.myshopify.com", "/OPERATOR/none?_data=x"]) {
    const headers = new Headers();
    setPageHeaders(new Request(`https://app.example.com${path}`), headers, "abc");
    const policy = headers.get("Content-Security-Policy") ?? "";
    expect(policy).toMatch(/^frame-ancestors 'none'; /);
    expect(policy).toContain("default-src 'none'; script-src 'self' 'nonce-abc';");
    expect(Object.fromEntries(headers)).toMatchObject({
      "cache-control": "no-store",
      "x-frame-options": "DENY",
      "x-robots-tag": "noindex, nofollow",
    });
  }
});
