import { testEnv } from "./settings";

// Modules that read the settings find those that tests sign and call with.
Object.assign(process.env, testEnv);
