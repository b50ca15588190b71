import { describe, expect, test } from "vitest";
import { parseEnv } from "~/env.server";

const secret = "a-secret-of-enough-characters";

/** The sentence that the start stops with. */
function sentenceOf(source: Record<string, string>): string {
  try {
    parseEnv(source);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("The environment was accepted.");
}

describe("the environment", () => {
  test("with nothing set has defaults that serve", () => {
    expect(parseEnv({})).toEqual({
      NODE_ENV: "development",
      LOG_LEVEL: "info",
      LOG_TO: "stdout",
      PORT: 3000,
      KEEP_ALIVE_TIMEOUT_MS: 100_000,
      DATABASE_POOL_SIZE: 10,
      EMBEDDED_DATA_DIR: ".data/pglite",
      ROLLUP_BATCH_SHOPS: 100,
      ROLLUP_BATCH_DAYS: 2000,
      ROLLUP_CONCURRENCY: 2,
      ROLLUP_SHARDED: false,
      ROLLUP_BUDGET_MS: 20_000,
      LEDGER_RETENTION_DAYS: 90,
      VERIFY_ALERT_PERCENT: 1,
      VERIFY_ALERT_RECORDS: 100,
      HEALTH_MAX_RUN_AGE_MINUTES: 1560,
      HEALTH_MAX_VERIFY_AGE_MINUTES: 3000,
      HEALTH_MAX_MARK_AGE_MINUTES: 1560,
      HEALTH_MAX_REPLICA_LAG_SECONDS: 300,
    });
  });

  test("a variable that is empty counts as unset, each of them", () => {
    const names = Object.keys(parseEnv({}));
    const others = [
      "HOST",
      "DATABASE_URL",
      "DATABASE_REPLICA_URL",
      "CRON_SECRET",
      "CRON_SECRET_PREVIOUS",
      "ADMIN_TOKEN",
      "ADMIN_TOKEN_PREVIOUS",
      "ROLLUP_CRON",
      "ALERT_WEBHOOK_URL",
      "SEAL_AFTER_DAYS",
    ];
    const shopify = ["SHOPIFY_API_KEY", "SHOPIFY_API_SECRET", "SHOPIFY_APP_URL", "SCOPES", "SHOP_CUSTOM_DOMAIN"];
    const empty = Object.fromEntries([...names, ...others, ...shopify].map((name) => [name, ""]));
    expect(parseEnv(empty)).toEqual(parseEnv({}));
  });

  test("values that are right are taken", () => {
    const given = {
      PORT: "8080",
      DATABASE_URL: "postgres://user:pass@db.example.com/app?sslmode=require",
      CRON_SECRET: secret,
      ROLLUP_CRON: "*/10 * * * *",
      VERIFY_ALERT_PERCENT: "0.5",
      VERIFY_ALERT_RECORDS: "0",
      SHOPIFY_API_KEY: "key",
      SHOPIFY_API_SECRET: "shh",
      SHOPIFY_APP_URL: "https://app.example.com",
      UNKNOWN: "is none of ours",
    };
    expect(parseEnv(given)).toMatchObject({
      PORT: 8080,
      DATABASE_URL: given.DATABASE_URL,
      CRON_SECRET: secret,
      ROLLUP_CRON: given.ROLLUP_CRON,
      VERIFY_ALERT_PERCENT: 0.5,
      VERIFY_ALERT_RECORDS: 0,
    });
    expect(parseEnv(given)).not.toHaveProperty("UNKNOWN");
  });
});

test.for(["127.0.0.1", "::1", "0.0.0.0", "localhost", "app-1.internal.example.com"])("HOST can be %s", (host) => {
  expect(parseEnv({ HOST: host }).HOST).toBe(host);
});

test("a HOST that is a URL, as the Shopify CLI sets it, counts as unset", () => {
  expect(parseEnv({ HOST: "https://some-tunnel.trycloudflare.com" }).HOST).toBe(undefined);
});

describe("a wrong value is named in a sentence that says what is allowed", () => {
  const port = "PORT must be a whole number from 0 to 65535";
  const cases: [string, string[], string][] = [
    ["PORT", ["-1", "65536", "http", "3.5", " ", "0x1F", "1e3", "Infinity", "true"], port],
    ["HOST", ["a b", "[::1]", "-", "localhost:3000", "//x", "1.2.3.4/8"], "HOST must be the IP address or the name"],
    [
      "KEEP_ALIVE_TIMEOUT_MS",
      ["0", "999", "3600001", "65s"],
      "KEEP_ALIVE_TIMEOUT_MS must be a whole number from 1000 to 3600000",
    ],
    ["NODE_ENV", ["staging", "Production", " "], "NODE_ENV must be one of development, test, production"],
    ["LOG_LEVEL", ["verbose", "INFO"], "LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent"],
    [
      "DATABASE_URL",
      ["mysql://db", "db.example.com", " ", "file:./dev.db"],
      "DATABASE_URL must be a URL that starts with",
    ],
    ["DATABASE_POOL_SIZE", ["1", "1001", "ten"], "DATABASE_POOL_SIZE must be a whole number from 2 to 1000"],
    [
      "SHOPIFY_APP_URL",
      ["app.example.com", "ftp://x", " https://app.example.com", "https://app.example.com\n"],
      "SHOPIFY_APP_URL must be a URL that starts with",
    ],
    ["SHOPIFY_APP_URL", ["http://app.example.com"], "SHOPIFY_APP_URL must start with https://"],
    [
      "SHOPIFY_APP_URL",
      [
        "https://app.example.com/app",
        "https://app.example.com/?x",
        "https://app.example.com#",
        "https://u:p@app.example.com",
      ],
      "SHOPIFY_APP_URL must be no more than a scheme and a host",
    ],
    [
      "SHOPIFY_API_KEY",
      [" key", "key\n", "k y"],
      "SHOPIFY_API_KEY must be visible ASCII without blanks or line breaks",
    ],
    ["SHOPIFY_API_SECRET", ["shh\n", "shh\r", "\tshh"], "SHOPIFY_API_SECRET must be visible ASCII without blanks"],
    [
      "SCOPES",
      ["read_products write_products", "read_products,", "read-products", "products"],
      "SCOPES must be scopes with commas between them",
    ],
    [
      "SHOP_CUSTOM_DOMAIN",
      ["https://shop.example.com", "shop.example.com/", "Shop.example.com", "shop", ".example.com", "a.*"],
      "SHOP_CUSTOM_DOMAIN must be a domain",
    ],
    ["EMBEDDED_DATA_DIR", [" ", "data ", "\ndata"], "EMBEDDED_DATA_DIR must be a path without blanks"],
    [
      "CRON_SECRET",
      ["short", "fifteen-letters", "with a line\nbreak in it", "ein-längeres-Geheimnis", " ".repeat(20)],
      "CRON_SECRET must",
    ],
    ["ADMIN_TOKEN", ["short", `${secret} `], "ADMIN_TOKEN must"],
    ["ADMIN_TOKEN_PREVIOUS", ["short"], "ADMIN_TOKEN_PREVIOUS must"],
    ["CRON_SECRET_PREVIOUS", [secret], "CRON_SECRET_PREVIOUS can't be set without CRON_SECRET"],
    [
      "ROLLUP_CRON",
      ["hourly", " ", "* * *", "61 * * * *", "* * * * * * *", "@"],
      "ROLLUP_CRON must be a cron expression",
    ],
    ["ROLLUP_BATCH_SHOPS", ["0", "10001"], "ROLLUP_BATCH_SHOPS must be a whole number from 1 to 10000"],
    ["ROLLUP_BATCH_DAYS", ["0", "2_000"], "ROLLUP_BATCH_DAYS must be a whole number from 1 to 100000"],
    ["ROLLUP_CONCURRENCY", ["0", "33"], "ROLLUP_CONCURRENCY must be a whole number from 1 to 32"],
    ["ROLLUP_BUDGET_MS", ["99", "20s"], "ROLLUP_BUDGET_MS must be a whole number from 100 to 3600000"],
    ["SEAL_AFTER_DAYS", ["0", "-1", "never", "36501"], "SEAL_AFTER_DAYS must be a whole number from 1 to 36500"],
    ["LEDGER_RETENTION_DAYS", ["0", "-1", "ever"], "LEDGER_RETENTION_DAYS must be a whole number from 1 to 36500"],
    ["VERIFY_ALERT_PERCENT", ["-1", "101", "1%", " ", "NaN"], "VERIFY_ALERT_PERCENT must be a number from 0 to 100"],
    ["VERIFY_ALERT_RECORDS", ["-1", "some", " "], "VERIFY_ALERT_RECORDS must be a whole number from 0 to 1000000000"],
    [
      "ALERT_WEBHOOK_URL",
      ["hooks.example.com", "javascript:alert(1)", "https://hooks.example.com/x\n"],
      "ALERT_WEBHOOK_URL must be a URL",
    ],
    ["HEALTH_MAX_RUN_AGE_MINUTES", ["0", "1.5"], "HEALTH_MAX_RUN_AGE_MINUTES must be a whole number from 1 to 1000000"],
    ["HEALTH_MAX_VERIFY_AGE_MINUTES", ["0"], "HEALTH_MAX_VERIFY_AGE_MINUTES must be a whole number from 1 to 1000000"],
    ["HEALTH_MAX_MARK_AGE_MINUTES", ["0"], "HEALTH_MAX_MARK_AGE_MINUTES must be a whole number from 1 to 1000000"],
    ["HEALTH_MAX_REPLICA_LAG_SECONDS", ["59"], "HEALTH_MAX_REPLICA_LAG_SECONDS must be a whole number from 60"],
    ["DATABASE_REPLICA_URL", ["mysql://db", "replica"], "DATABASE_REPLICA_URL must be a URL that starts with"],
    [
      "ALERT_WEBHOOK_URL",
      ["https://user:100%@hooks.example.com"],
      "ALERT_WEBHOOK_URL must have its user and password percent-encoded",
    ],
    [
      "DATABASE_REPLICA_URL",
      ["postgres://replica/app"],
      "DATABASE_REPLICA_URL can't be set without DATABASE_URL: the embedded database has no replica",
    ],
  ];

  test.for(cases)("%s", ([name, values, sentence]) => {
    for (const value of values) {
      expect(sentenceOf({ [name]: value }), JSON.stringify(value)).toContain(sentence);
    }
  });

  test("a pool with fewer connections than users of it, and the sentence says how many there are", () => {
    const url = { DATABASE_URL: "postgresql://app@db.example.com/app" };
    const sentence = sentenceOf({ ...url, DATABASE_POOL_SIZE: "6", ROLLUP_CONCURRENCY: "4" });
    expect(sentence).toContain("DATABASE_POOL_SIZE must be 7 or more with ROLLUP_CONCURRENCY at 4");
    expect(sentenceOf({ ...url, DATABASE_POOL_SIZE: "4" })).toContain("DATABASE_POOL_SIZE must be 5 or more");
    expect(parseEnv({ ...url, DATABASE_POOL_SIZE: "7", ROLLUP_CONCURRENCY: "4" })).toMatchObject({
      DATABASE_POOL_SIZE: 7,
    });
    // The embedded database has one connection, whatever the setting.
    expect(parseEnv({ DATABASE_POOL_SIZE: "2" })).toMatchObject({ DATABASE_POOL_SIZE: 2 });
  });

  test("several wrong values are named all at once", () => {
    const sentence = sentenceOf({ PORT: "x", LOG_LEVEL: "y", CRON_SECRET: "z" });
    for (const name of ["PORT", "LOG_LEVEL", "CRON_SECRET"]) expect(sentence).toContain(`${name} must`);
  });

  test("no value is repeated, for it may be a secret", () => {
    const value = "hush-hush-hush\u0000";
    const names = ["CRON_SECRET", "ADMIN_TOKEN", "DATABASE_URL", "ALERT_WEBHOOK_URL", "PORT", "ROLLUP_CRON"];
    for (const name of names) expect(sentenceOf({ [name]: value })).not.toContain("hush");
    expect(sentenceOf({ SHOPIFY_API_SECRET: value })).not.toContain("hush");
  });
});

describe("Shopify's settings", () => {
  const all = { SHOPIFY_API_KEY: "key", SHOPIFY_API_SECRET: "hush", SHOPIFY_APP_URL: "https://app.example.com" };
  const names = Object.keys(all) as (keyof typeof all)[];

  test.for(names)("without %s the sentence names it and what is there", (missing) => {
    const sentence = sentenceOf({ ...all, [missing]: "" });
    const others = names.filter((name) => name !== missing);
    expect(sentence).toContain(`${missing} must be set when ${others.join(" and ")} is`);
    expect(sentence).not.toContain("hush");
  });

  test.for(names)("with %s alone both others are named", (name) => {
    const sentence = sentenceOf({ [name]: all[name] });
    for (const missing of names.filter((other) => other !== name)) expect(sentence).toContain(`${missing} must be set`);
  });
});

describe("the form of Shopify's settings", () => {
  const shopify = { SHOPIFY_API_KEY: "key", SHOPIFY_API_SECRET: "hush" };

  test.for([
    ["https://app.example.com/", "https://app.example.com"],
    ["https://App.Example.com:8443", "https://app.example.com:8443"],
    ["http://localhost:3000", "http://localhost:3000"],
    ["http://127.0.0.1:3000/", "http://127.0.0.1:3000"],
  ])("of the address %s the origin is taken", ([given = "", taken]) => {
    expect(parseEnv({ ...shopify, SHOPIFY_APP_URL: given }).SHOPIFY_APP_URL).toBe(taken);
  });

  test("scopes may have blanks beside their commas", () => {
    expect(parseEnv({ SCOPES: "read_products, write_orders" }).SCOPES).toBe("read_products,write_orders");
  });
});

test("a replica has its tables in the same schema as its primary", () => {
  const urls = (schema: string, replicaSchema: string) => ({
    DATABASE_URL: `postgres://primary/app${schema}`,
    DATABASE_REPLICA_URL: `postgres://replica/app${replicaSchema}`,
  });
  for (const [schema = "", replicaSchema = ""] of [
    ["?schema=a", ""],
    ["", "?schema=a"],
    ["?schema=a", "?schema=A"],
  ]) {
    expect(sentenceOf(urls(schema, replicaSchema))).toContain("DATABASE_REPLICA_URL must name the same schema");
  }
  parseEnv(urls("?schema=a", "?schema=a"));
  parseEnv(urls("", "?schema=public"));
});
