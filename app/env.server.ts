import { isIP } from "node:net";
import { validate as isCronExpression } from "node-cron";
import { z } from "zod";
import { describeUrlProblem, toServerAddress } from "~/database/database-url";
import { defaultEmbeddedDir } from "~/database/embedded.server";
import { describeAppUrlProblem, describeWebhookProblem, scopes } from "~/env-fields.server";

// A header carries it, so anything else could be set and never be given.
const secretAllowed = "must have at least 16 characters, all of them visible ASCII without spaces";
const secret = z
  .string()
  .regex(/^[\x21-\x7e]{16,}$/, secretAllowed)
  .optional();

/** Digits alone: a coercion would take a blank for zero. */
function number(allowed: string, pattern: RegExp, min: number, max: number) {
  return z
    .string()
    .regex(pattern, allowed)
    .transform(Number)
    .refine((value) => value >= min && value <= max, allowed);
}

function wholeNumber(min: number, max: number) {
  return number(`must be a whole number from ${min} to ${max}`, /^\d+$/, min, max);
}

function integer(defaultValue: number, min: number, max: number) {
  return wholeNumber(min, max).default(defaultValue);
}

function oneOf<const Name extends string>(names: Name[], defaultName: NoInfer<Name>) {
  return z.enum(names, { error: `must be one of ${names.join(", ")}` }).default(defaultName as never);
}

/** A text in which `describe` finds nothing wrong: else it says what, to come after the variable's name. */
function checked(describe: (value: string) => string | null) {
  return z.string().superRefine((value, context) => {
    const message = describe(value);
    if (message !== null) context.addIssue({ code: "custom", message, continue: false });
  });
}

// An invisible character at the end of a key makes each signature and each token a wrong one.
const visible = z.string().regex(/^[\x21-\x7e]+$/, "must be visible ASCII without blanks or line breaks");

/** The Shopify CLI puts the app's public URL there, where everyone else has an address: that counts as unset. */
const host = z
  .string()
  .transform((value) => (URL.canParse(value) && value.includes("://") ? undefined : value))
  .refine(
    (value) => value === undefined || isIP(value) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(value),
    "must be the IP address or the name to listen on, for example 127.0.0.1",
  )
  .optional();

const shopifyNames = ["SHOPIFY_API_KEY", "SHOPIFY_API_SECRET", "SHOPIFY_APP_URL"] as const;

/** Two rebuilds and a read have a connection each, beside the batches of a run. */
const connectionsBesideRuns = 3;

const envSchema = z
  .object({
    NODE_ENV: oneOf(["development", "test", "production"], "development"),
    LOG_LEVEL: oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"], "info"),
    LOG_TO: oneOf(["stdout", "stderr"], "stdout"),
    PORT: integer(3000, 0, 65_535),
    HOST: host,
    KEEP_ALIVE_TIMEOUT_MS: integer(100_000, 1_000, 3_600_000),

    DATABASE_URL: checked(describeUrlProblem).optional(),
    DATABASE_REPLICA_URL: checked(describeUrlProblem).optional(),
    DATABASE_POOL_SIZE: integer(10, 2, 1000),
    EMBEDDED_DATA_DIR: z
      .string()
      .regex(/^\S(.*\S)?$/, "must be a path without blanks or line breaks around it")
      .default(defaultEmbeddedDir),

    SHOPIFY_API_KEY: visible.optional(),
    SHOPIFY_API_SECRET: visible.optional(),
    SHOPIFY_APP_URL: checked(describeAppUrlProblem)
      .transform((value) => new URL(value).origin)
      .optional(),
    SCOPES: scopes.optional(),
    SHOP_CUSTOM_DOMAIN: z
      .string()
      .regex(
        /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
        'must be a domain in lower case, for example "shop.example.com"',
      )
      .optional(),

    CRON_SECRET: secret,
    CRON_SECRET_PREVIOUS: secret,
    ADMIN_TOKEN: secret,
    ADMIN_TOKEN_PREVIOUS: secret,
    ROLLUP_CRON: z
      .string()
      .refine(isCronExpression, 'must be a cron expression, for example "*/10 * * * *"')
      .optional(),

    ROLLUP_BATCH_SHOPS: integer(100, 1, 10_000),
    ROLLUP_BATCH_DAYS: integer(2_000, 1, 100_000),
    ROLLUP_CONCURRENCY: integer(2, 1, 32),
    ROLLUP_BUDGET_MS: integer(20_000, 100, 3_600_000),
    ROLLUP_SHARDED: oneOf(["true", "false"], "false").transform((value) => value === "true"),
    LEDGER_RETENTION_DAYS: integer(90, 1, 36_500),
    VERIFY_ALERT_PERCENT: number("must be a number from 0 to 100", /^\d+(\.\d+)?$/, 0, 100).default(1),
    VERIFY_ALERT_RECORDS: integer(100, 0, 1_000_000_000),
    SEAL_AFTER_DAYS: wholeNumber(1, 36_500).optional(),
    ALERT_WEBHOOK_URL: checked(describeWebhookProblem).optional(),
    HEALTH_MAX_RUN_AGE_MINUTES: integer(26 * 60, 1, 1_000_000),
    HEALTH_MAX_VERIFY_AGE_MINUTES: integer(50 * 60, 1, 1_000_000),
    HEALTH_MAX_MARK_AGE_MINUTES: integer(26 * 60, 1, 1_000_000),
    HEALTH_MAX_REPLICA_LAG_SECONDS: integer(300, 60, 1_000_000),
  })
  .superRefine((env, context) => {
    if (!env.DATABASE_REPLICA_URL || env.DATABASE_URL) return;
    const message = "can't be set without DATABASE_URL: the embedded database has no replica";
    context.addIssue({ code: "custom", path: ["DATABASE_REPLICA_URL"], message });
  })
  .superRefine(({ DATABASE_URL, DATABASE_REPLICA_URL }, context) => {
    const schemas = [DATABASE_URL, DATABASE_REPLICA_URL].map((url) => url && (toServerAddress(url).schema ?? "public"));
    if (schemas[0] === undefined || schemas[1] === undefined || schemas[0] === schemas[1]) return;
    const message = "must name the same schema as DATABASE_URL does";
    context.addIssue({ code: "custom", path: ["DATABASE_REPLICA_URL"], message });
  })
  .superRefine((env, context) => {
    const users = env.ROLLUP_CONCURRENCY + connectionsBesideRuns;
    if (!env.DATABASE_URL || env.DATABASE_POOL_SIZE >= users) return;
    const message =
      `must be ${users} or more with ROLLUP_CONCURRENCY at ${env.ROLLUP_CONCURRENCY}: ` +
      "a connection for each batch, one for each of two rebuilds, and one for reads";
    context.addIssue({ code: "custom", path: ["DATABASE_POOL_SIZE"], message });
  })
  .superRefine((env, context) => {
    for (const name of ["CRON_SECRET", "ADMIN_TOKEN"] as const) {
      if (env[name] !== undefined || env[`${name}_PREVIOUS`] === undefined) continue;
      const message = `can't be set without ${name}: it is the one that ${name} replaces`;
      context.addIssue({ code: "custom", path: [`${name}_PREVIOUS`], message });
    }
  })
  .superRefine((env, context) => {
    const missing = shopifyNames.filter((name) => !env[name]);
    if (missing.length === 0 || missing.length === shopifyNames.length) return;
    for (const name of missing) {
      context.addIssue({ code: "custom", path: [name], message: `must be set when ${setName(env)} is` });
    }
  });

function setName(env: Partial<Record<(typeof shopifyNames)[number], string>>): string {
  return shopifyNames.filter((name) => env[name]).join(" and ");
}

export type Env = z.infer<typeof envSchema>;

/** Every variable that the app reads. */
export const variableNames = Object.keys(envSchema.shape);

/**
 * Reads the configuration from `source`. An empty variable counts as unset.
 *
 * @throws Error that names each wrong variable and says what it must be. Values are not repeated: some are secrets.
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = envSchema.safeParse(set);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}.`);
  throw new Error(`The environment is wrong: ${problems.join(" ")}`);
}

/** The configuration of this process: the one place that reads the environment. */
export const env = parseEnv(process.env);

/** What callers may identify themselves by. Two of a kind are valid while one is replaced by the other. */
export const secrets = {
  cron: [env.CRON_SECRET, env.CRON_SECRET_PREVIOUS],
  admin: [env.ADMIN_TOKEN, env.ADMIN_TOKEN_PREVIOUS],
};
