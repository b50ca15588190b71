import { fileURLToPath } from "node:url";
import express, { type Express, type Request, type Response, Router } from "express";
import { signSessionToken } from "../session-token";
import { mainShop } from "../shops";
import type { Site } from "../site";
import { drawPicture } from "./catalogue";
import { toAppPath, toFrameAddress, tokenLifetimeSeconds } from "./frame-address";
import { adaptFrameAnswers, cdnPath } from "./frame-answers";
import { toLanguage } from "./languages";
import { renderAdminPage, renderWaitingPage } from "./page";
import { describeMarks, findShop, readShopState } from "./shop-state";
import { simulations } from "./simulate";

const browserFiles = fileURLToPath(new URL("./browser", import.meta.url));

/** Whether the shops are there to be looked at. */
export type Readiness = { isReady: boolean };

type Handler = (request: Request, response: Response) => Promise<void> | void;

/** Puts the stand-in for the Shopify admin in front of the app, at /admin. It is a part of the demo alone. */
export function mountAdmin(app: Express, site: Site, readiness: Readiness): void {
  app.get("/", (request, response, next) => {
    if (request.query.shop) next();
    else response.redirect("/admin");
  });
  app.use("/admin", createAdminRouter(site, readiness));
  app.use(adaptFrameAnswers);
}

function createAdminRouter(site: Site, readiness: Readiness): Router {
  const router = Router();
  router.use("/assets", express.static(browserFiles));
  router.use(cdnPath.replace("/admin", ""), createCdnRouter());
  router.use((_request, response, next) => {
    response.setHeader("Cache-Control", "no-store");
    if (readiness.isReady) next();
    else response.status(503).setHeader("Refresh", "2").type("html").send(renderWaitingPage());
  });
  router.get("/", handle(showPage(site)));
  router.get("/open", ({ query }, response) => {
    const plan = findShop(query.shop) ?? mainShop;
    response.redirect(toFrameAddress(site, plan, toLanguage(query.locale), String(query.path)));
  });
  router.get("/session-token", giveSessionToken(site));
  router.post("/install", express.urlencoded({ extended: false }), (request, response) => {
    const { domain } = findShop(request.body.shop) ?? mainShop;
    response.redirect(303, `/admin?shop=${domain}&locale=${toLanguage(request.body.locale)}&install=1`);
  });
  router.post("/simulate/:name", express.json(), handle(simulate(site)));
  return router;
}

/** What pages load from Shopify's CDN: App Bridge is the demo's own, pictures are drawn, fonts are the system's. */
function createCdnRouter(): Router {
  const router = Router();
  router.get("/shopifycloud/app-bridge.js", (_request, response) =>
    response.sendFile("app-bridge.js", { root: browserFiles }),
  );
  router.get("/demo/:number(\\d+).svg", ({ params }, response) => {
    response.type("svg").send(drawPicture(Number(params.number)));
  });
  router.get("*.css", (_request, response) => response.type("css").send(""));
  return router;
}

function showPage(site: Site): Handler {
  return async ({ query }, response) => {
    const plan = findShop(query.shop) ?? mainShop;
    const state = await readShopState(site, plan);
    // Opening the frame is what installs: its first request exchanges the session token.
    const isInstalled = state.isInstalled || query.install === "1";
    const [locale, path] = [toLanguage(query.locale), toAppPath(query.path, site.origin)];
    response
      .type("html")
      .send(renderAdminPage({ ...state, isInstalled }, { locale, path, adminToken: site.adminToken }));
  };
}

/** A token for the frame. Tests ask for one that has expired, with a lifetime below zero. */
function giveSessionToken(site: Site): Handler {
  return ({ query }, response) => {
    const plan = findShop(query.shop);
    const lifetimeSeconds = Number(query.lifetime ?? tokenLifetimeSeconds);
    if (plan && Number.isInteger(lifetimeSeconds)) {
      response.json({ token: signSessionToken({ ...site, domain: plan.domain, lifetimeSeconds }) });
    } else {
      response.status(404).json({ error: "There is no such shop or no such lifetime." });
    }
  };
}

/** Takes JSON alone, which a page of another origin can't send. */
function simulate(site: Site): Handler {
  return async ({ params, body }, response) => {
    const run = simulations[params.name ?? ""];
    const plan = findShop(body?.shop);
    if (!run || !plan) {
      response.status(404).json({ error: "There is no such simulation or no such shop." });
      return;
    }
    const message = await run(site, plan, new Date());
    const state = await readShopState(site, plan);
    response.json({ message, isInstalled: state.isInstalled, marks: describeMarks(state) });
  };
}

function handle(handler: Handler): Handler {
  return async (request, response) => {
    try {
      await handler(request, response);
    } catch (error) {
      response.status(500).json({ error: error instanceof Error ? error.message : String(error) });
    }
  };
}
