import { execSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

// Generates the Prisma client for npm run setup, unless the one of this schema is there: in an image it is made with the
// packages, and nothing there can be written.

const schema = new URL("./schema.prisma", import.meta.url);
/** The copy that Prisma leaves beside the client that it made of it. */
const generatedSchema = new URL("../node_modules/.prisma/client/schema.prisma", import.meta.url);

function isGenerated() {
  return existsSync(generatedSchema) && readFileSync(generatedSchema, "utf8") === readFileSync(schema, "utf8");
}

if (!isGenerated()) execSync("prisma generate", { stdio: "inherit" });
