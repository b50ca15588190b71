import { readdirSync, readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { z } from "zod";
import { apiVersion } from "~/shopify.server";

const subscriptionSchema = z.strictObject({
  uri: z.string(),
  topics: z.array(z.string()).default([]),
  compliance_topics: z.array(z.string()).default([]),
  include_fields: z.array(z.string()).optional(),
});

const text = readFileSync("shopify.app.toml", "utf8");

const app = z
  .object({
    client_id: z.never("the CLI takes a file with a client_id, even an empty one, as linked to an app").optional(),
    name: z.string().max(30),
    application_url: z.url(),
    embedded: z.literal(true),
    access_scopes: z.strictObject({ scopes: z.string() }),
    auth: z.never("no route takes part in an OAuth redirect").optional(),
    webhooks: z.object({ api_version: z.string(), subscriptions: z.array(subscriptionSchema) }),
  })
  .parse(parse(text));

const { subscriptions } = app.webhooks;

test("webhooks come in the API version that the app calls", () => {
  expect(app.webhooks.api_version).toBe(apiVersion);
});

test("the app asks for the scopes it needs and no more, by managed installation", () => {
  expect(app.access_scopes).toEqual({ scopes: "read_products" });
});

test("each subscription leads to the route of its topic, and each route has a subscription", () => {
  for (const { uri, topics, compliance_topics } of subscriptions) {
    expect([...topics, ...compliance_topics].map((topic) => `/webhooks/${topic}`)).toEqual([uri]);
  }
  const routes = readdirSync("app/routes").filter((file) => file.startsWith("webhooks."));
  const uris = routes.map((file) => `/${file.replace(/\.ts$/, "").replaceAll(".", "/")}`);
  expect(uris.sort()).toEqual(subscriptions.map((subscription) => subscription.uri).sort());
});

test("Shopify's mandatory compliance topics are subscribed to as such", () => {
  const topics = subscriptions.flatMap((subscription) => subscription.compliance_topics);
  expect(topics.sort()).toEqual(["customers/data_request", "customers/redact", "shop/redact"]);
});

test("the file says which commands complete it, and what is to be put in before", () => {
  const comments = text
    .split("\n")
    .filter((line) => line.startsWith("#"))
    .join("\n");
  for (const words of ["shopify app config link", "shopify app deploy", "application_url", "SHOPIFY_APP_URL"]) {
    expect(comments).toContain(words);
  }
});

test("the CLI finds how to start the app, and a route for the uninstall that it sends", () => {
  const web = parse(readFileSync("shopify.web.toml", "utf8"));
  expect(web).toMatchObject({ roles: ["frontend", "backend"], webhooks_path: "/webhooks/app/uninstalled" });
  expect(web.commands).toEqual({
    predev: "npx prisma generate",
    dev: "npx prisma migrate deploy && npm exec remix vite:dev",
  });
});
