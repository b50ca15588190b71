import pg from "pg";

/**
 * What each session is set to with its connection. Poolers in transaction mode keep these, as the drivers of other
 * languages send them, and drop or refuse what comes in `options`.
 */
const startupParameters = { TimeZone: "UTC", DateStyle: "ISO", standard_conforming_strings: "on" };

/** And this with `options`. What decides over numbers is looked at again in each session: see session-check. */
const sessionOptions: Record<string, string> = {
  // A statement from which a policy would hide rows fails, instead of counting what is left.
  row_security: "off",
  // A recount that waited for its shop counts what was committed while it waited.
  default_transaction_isolation: "read committed",
  // Compiling a recount or a read takes longer than running it: without statistics, half a second against a tenth
  // (PostgreSQL 15).
  jit: "off",
  // A process that vanishes without a word, with its machine or its network, must not keep a shop locked. Between two
  // statements of a transaction no living one takes anywhere near as long.
  idle_in_transaction_session_timeout: "60s",
};

/** The driver's client, which sends the start-up parameters too. */
class SessionClient extends pg.Client {
  /** What the driver puts into its start-up message. Not in its types. */
  getStartupConf(): Record<string, string> {
    const parent = pg.Client.prototype as unknown as { getStartupConf: () => Record<string, string> };
    return { ...parent.getStartupConf.call(this), ...startupParameters };
  }
}

/** The driver's settings for connections whose sessions are set as above, and find their tables in `schema`. */
export function toSessionConfig(config: pg.ClientConfig, schema: string | undefined): pg.PoolConfig {
  return { ...config, options: toOptions(config.options, schema), Client: SessionClient };
}

/** A client of its own, not yet connected, whose session is set as those of a pool are. */
export function makeSessionClient(config: pg.ClientConfig, schema: string | undefined): pg.Client {
  return new SessionClient(toSessionConfig(config, schema));
}

/** The start-up parameter `options`: a URL's own options first, so that those of this app win. */
function toOptions(ownOptions: string | undefined, schema: string | undefined): string {
  const settings = { ...sessionOptions, ...(schema && { search_path: quoteName(schema) }) };
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replace(/[\s\\]/g, "\\$&")}`);
  return [ownOptions, ...flags].filter(Boolean).join(" ");
}

/** A name as SQL writes it, in quotes, so that case, blanks and hyphens stay. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
