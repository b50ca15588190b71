import { describe, expect, test } from "vitest";
import { describeUrlProblem, toServerAddress } from "~/database/database-url";

const encode = "must have its user, password and all else percent-encoded: @ is %40, # is %23";
const form = "must be a URL, postgresql://user:password@host:port/database, with its user and password percent-encoded";

describe("a database URL", () => {
  test("is read as a whole, its parts decoded", () => {
    const url =
      "postgresql://us%40er:p%40%23%2F%3F%25%20%3Aw@db.example.com:6543/my%20db?schema=My%20Shop&sslmode=disable";
    expect(describeUrlProblem(url)).toBeNull();
    expect(toServerAddress(url)).toMatchObject({
      schema: "My Shop",
      config: {
        user: "us@er",
        password: "p@#/?% :w",
        host: "db.example.com",
        port: 6543,
        database: "my db",
        ssl: false,
      },
    });
  });

  test.for([
    ["postgres://db.example.com/app", { host: "db.example.com", user: undefined, port: undefined, ssl: undefined }],
    ["postgres://user:pa:ss@[::1]:5432/app", { host: "::1", user: "user", password: "pa:ss" }],
    [
      "postgresql://user:pw@/app?host=/var/run/postgresql",
      { host: "/var/run/postgresql", user: "user", password: "pw" },
    ],
    ["postgresql:///app?host=/var/run/postgresql", { host: "/var/run/postgresql", database: "app" }],
    ["postgresql://user:pw@%2Fvar%2Frun/app", { host: "/var/run", user: "user" }],
    [
      "postgres://h/a?sslmode=require&channel_binding=require",
      { ssl: { rejectUnauthorized: false }, enableChannelBinding: true },
    ],
    ["postgres://h/a?sslmode=verify-full", { ssl: {} }],
    ["postgres://h/a?pgbouncer=true&connect_timeout=10&application_name=x", { application_name: "x" }],
  ] as const)("may be %s", ([url, config]) => {
    expect(describeUrlProblem(url)).toBeNull();
    expect(toServerAddress(url).config).toMatchObject(config);
  });

  // Each password is "hush" and "12", with one character between them that has a meaning in a URL: as letters and as a
  // number, which could be a port.
  const passwords = ["@", "#", "/", "?", "%%", " ", "\n", "/?@", "?a=1&b@"].flatMap((character) => [
    `hush${character}12`,
    `12${character}hush`,
    `12${character}hush=1`,
  ]);

  test.for(passwords)("with the password %j is refused, and no part of it told", (password) => {
    for (const rest of ["db.example.com/app", "db.example.com:5432/app?sslmode=require", "/app?host=/run"]) {
      const problem = describeUrlProblem(`postgresql://user:${password}@${rest}`);
      expect(problem).toContain(encode);
      expect(problem).not.toContain("hush");
    }
  });

  test.for([
    ["mysql://h/a", "must be a URL that starts with postgresql:// or postgres://"],
    ["postgres://user:hush@host:port/app", form],
    ["postgres://user:hush@h1,h2/app", "must name one host alone"],
    ["postgres://h/a?schemma=hush", "has a parameter that this app does not know. It knows schema, options"],
    [
      "postgres://h/a?connection_limit=1",
      "can't have the parameter connection_limit: set DATABASE_POOL_SIZE in its place",
    ],
    ["postgres://h/a?sslaccept=strict", "can't have the parameter sslaccept: set sslmode in its place"],
    ["postgres://h/a?schema=a&schema=b", "has the parameter schema more than once"],
    ["postgres://h/a?sslmode=prefer", "must have as sslmode one of disable, require"],
    ["postgres://h/a?sslmode=verify-ca", "must have sslrootcert with sslmode=verify-ca"],
    ["postgres://h/a?sslrootcert=/no/such/hush", "names a certificate or key file that can't be read (ENOENT)"],
    ["postgres://h/a?sslnegotiation=direct", "must have an sslmode that encrypts"],
    ["postgres://h/a?statement_timeout=5s", "must have a whole number as statement_timeout"],
    [`postgres://h/a?schema=${"x".repeat(64)}`, "must have a schema of 63 bytes or less"],
    ["postgres://h/a?schema=%22x%22", "must have a schema without double quotes"],
  ])("%s is refused", ([url = "", problem]) => {
    expect(describeUrlProblem(url)).toContain(problem);
    expect(describeUrlProblem(url)).not.toContain("hush");
  });
});
