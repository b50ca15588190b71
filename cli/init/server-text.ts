import { adminParameters } from "../../app/http/frame.server";
import type { AppFolder } from "./host";
import { frameworks } from "./own-files";
import type { Tenants } from "./tenants";

/** Where the client of the app's generator is imported from, seen from app/. */
export function toClientModule({ generator, path }: AppFolder["schema"]): string {
  if (!generator?.output) return "@prisma/client";
  const parts: string[] = [];
  for (const part of [...path.split("/").slice(0, -1), ...generator.output.split("/")]) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  const fromApp = parts[0] === "app" ? `./${parts.slice(1).join("/")}` : `../${parts.join("/")}`;
  return generator.provider === "prisma-client" ? `${fromApp}/client` : fromApp;
}

/** The app's own module that puts the definition to work. */
export function toServerText(clientModule: string): string {
  return `import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "${clientModule}";
import { createRollup, type Host } from "./services/rollup";
import { type HandlerOptions, makeHandlers } from "./services/rollup/http/handlers.server";
import { definition } from "./testimonial-rollup";

// Sessions count in UTC. A row that a policy would hide is an error and no lower number. Compiling takes longer than counting.
const sessionOptions = "-c TimeZone=UTC -c row_security=off -c jit=off";

/** Connections of the rollup's own, so that its work and the app's pages don't wait for each other. */
function connect(max: number): PrismaClient {
  const connectionString = process.env.DATABASE_URL;
  if (!connectionString) throw new Error("DATABASE_URL is not set.");
  const schema = new URL(connectionString).searchParams.get("schema");
  const options = schema ? \`\${sessionOptions} -c search_path="\${schema}"\` : sessionOptions;
  return new PrismaClient({ adapter: new PrismaPg({ connectionString, max, options, allowExitOnIdle: true }) });
}

// Kept when a development server loads this module again.
const held = globalThis as typeof globalThis & { rollupClients?: Pick<Required<Host>, "db" | "reservedDb"> };
held.rollupClients ??= { db: connect(6), reservedDb: connect(2) };

/** One JSON line an entry. An app that has a log of its own gives that one: pino's, for example, as it is. */
function logAt(level: string) {
  return (fields: object | string, message?: string) => {
    const entry = typeof fields === "string" ? { message: fields } : { ...fields, message };
    process.stdout.write(\`\${JSON.stringify({ level, time: new Date().toISOString(), ...entry })}\\n\`);
  };
}

/** What a rollup needs of this app, and any further one. */
export const host: Host = {
  ...held.rollupClients,
  log: { trace: () => {}, debug: () => {}, info: logAt("info"), warn: logAt("warn"), error: logAt("error") },
  settings: {
    cron: process.env.ROLLUP_CRON || undefined,
    alertWebhookUrl: process.env.ALERT_WEBHOOK_URL || undefined,
  },
};

/** The daily figures of testimonials: \`rollup.readRange(shop, toRange(from, to))\` in any loader. */
export const rollup = createRollup(definition, host);

/** Without its secret a route answers 503. */
export const handlerOptions: HandlerOptions = {
  cronSecret: readSecret("CRON_SECRET"),
  adminToken: readSecret("ADMIN_TOKEN"),
  // What the Shopify admin adds to addresses.
  ignoredFields: ${JSON.stringify(adminParameters).replaceAll(",", ", ")},
};

/** What the rollup's routes call. */
export const handlers = makeHandlers(rollup, handlerOptions);

function readSecret(name: string): string | undefined {
  const secret = process.env[name] || undefined;
  if (secret !== undefined && secret.length < 16) throw new Error(\`\${name} must have 16 characters or more.\`);
  return secret;
}
`;
}

/** The app's own module that says whose numbers a merchant's request may see. */
export function toShopText({ lookup }: Tenants): string {
  const toId = lookup
    ? `const shop = await prisma.${lookup.model[0]?.toLowerCase()}${lookup.model.slice(1)}.findUnique({
    where: { ${lookup.domainField}: session.shop },
    select: { ${lookup.keyField}: true },
  });
  if (!shop) throw new Response("This shop is not known here.", { status: 404 });
  return String(shop.${lookup.keyField});`
    : "return session.shop;";
  return `${lookup ? 'import prisma from "./db.server";\n' : ""}import { authenticate } from "./shopify.server";

/**
 * The rollup's id of the shop whose session a request has, from its token and from nowhere else.
 *
 * @throws Response that Shopify's library answers with where there is no session${lookup ? ", or 404 where there is no such shop" : ""}.
 */
export async function requireShopId(request: Request): Promise<string> {
  const { session } = await authenticate.admin(request);
  ${toId}
}
`;
}

/** The route of a merchant's numbers. */
export function toRangeSumText({ framework }: Pick<AppFolder, "framework">): string {
  return `import type { ActionFunctionArgs, LoaderFunctionArgs } from "${frameworks[framework].package}";
import { handlers } from "../rollup.server";
import { requireShopId } from "../rollup-shop.server";

/** GET: the merchant's totals over a range. */
function respond({ request }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
  return handlers.rangeSum(request, () => requireShopId(request));
}

export { respond as action, respond as loader };
`;
}
