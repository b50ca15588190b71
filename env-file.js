import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

// Imported before anything else, it reads the project's .env into the environment. A variable that is set already keeps its
// value, an empty one too. npm scripts ask for it; what starts server.js or the command line without it sets all by itself.

const path = fileURLToPath(new URL("./.env", import.meta.url));

if (existsSync(path)) process.loadEnvFile(path);
