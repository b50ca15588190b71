import type { CommonOptions } from "../options";
import type { Connection } from "./connection";

type Environment = Record<string, string | undefined>;

/** True where the environment names an app to speak to. */
export function isAppChosen({ local }: CommonOptions, env: Environment = process.env): boolean {
  return Boolean(env.APP_URL) && !local;
}

/**
 * Opens the connection that options and environment ask for: to the app of APP_URL or, without it or with --local, to the
 * database itself.
 *
 * @throws CliError that says what is wrong with the settings, or why the database can't be used.
 */
export async function openConnection(options: CommonOptions): Promise<Connection> {
  if (isAppChosen(options)) {
    const { connectToApp } = await import("./app-connection");
    return connectToApp(process.env, options);
  }
  const { connectToDatabase } = await import("./local-connection");
  return connectToDatabase();
}
