import fc from "fast-check";
import { brokenBodies, texts } from "./values";

/** A request as it may come from anyone. `query` and `headers` are written out as they are; a name can come twice. */
export type HostileRequest = {
  method: string;
  path: string;
  query: [string, string][];
  headers: [string, string][];
  body: string | null;
};

/** What is right for a route: how it is called, and with what. */
export type Shape = {
  methods: string[];
  paths?: fc.Arbitrary<string>;
  fields?: Record<string, fc.Arbitrary<string>>;
  body?: fc.Arbitrary<string>;
  /** The right headers, made when the request is. */
  headers?: (body: string) => Record<string, string>;
};

export const allMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const otherHeaders = [
  "Content-Type",
  "Accept",
  "Cookie",
  "X-Forwarded-Host",
  "X-Forwarded-For",
  "X-HTTP-Method-Override",
  "Range",
  "If-None-Match",
  "Accept-Encoding",
  "Origin",
  "Referer",
  "User-Agent",
  "X-Shopify-Topic",
  "X-Shopify-Shop-Domain",
  "X-Shopify-Hmac-Sha256",
  "X-Shopify-Triggered-At",
  "Authorization",
];
const types = [
  "application/json",
  "text/plain",
  "multipart/form-data; boundary=x",
  "application/x-www-form-urlencoded",
  "x",
];

/** The fields of a query, mostly there, sometimes wrong, doubled or unknown. */
function queriesOf(fields: Record<string, fc.Arbitrary<string>>): fc.Arbitrary<[string, string][]> {
  const parts = Object.entries(fields).map(([name, right]) =>
    fc.oneof(
      { weight: 5, arbitrary: right.map((value): [string, string][] => [[name, value]]) },
      { weight: 3, arbitrary: texts.map((value): [string, string][] => [[name, value]]) },
      {
        weight: 1,
        arbitrary: fc.tuple(right, texts).map(([one, two]): [string, string][] => [
          [name, one],
          [name, two],
        ]),
      },
      { weight: 1, arbitrary: fc.constant([] as [string, string][]) },
    ),
  );
  const names = fc.oneof(
    texts,
    fc.constantFrom("_data", "index", "shop", "shopId", "host", "embedded", "id_token", "locale"),
  );
  const more = fc.array(fc.tuple(names, texts), { maxLength: 1 });
  return fc.tuple(...parts, more).map((all) => all.flat() as [string, string][]);
}

/** Requests of a route, each right, or wrong in some places. */
export function requestsOf({ methods, paths, fields = {}, body, headers = () => ({}) }: Shape, path: string) {
  const bodies = body ? fc.oneof({ weight: 3, arbitrary: body }, brokenBodies) : fc.option(brokenBodies, { freq: 4 });
  return fc
    .record({
      method: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...methods) }, fc.constantFrom(...allMethods)),
      path: paths ?? fc.constant(path),
      query: queriesOf(fields),
      sent: bodies,
      isRight: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
      wrong: fc.array(fc.tuple(fc.constantFrom(...otherHeaders), fc.oneof(texts, fc.constantFrom(...types))), {
        maxLength: 2,
      }),
    })
    .map(({ method, path, query, sent, isRight, wrong }): HostileRequest => {
      const hasBody = !["GET", "HEAD"].includes(method) && sent !== null;
      const right = isRight ? Object.entries(headers(hasBody ? sent : "")) : [];
      const spoiled = new Set(wrong.map(([name]) => name));
      return {
        method,
        path,
        query,
        headers: [
          ...right.filter(([name]) => !spoiled.has(name)),
          ...wrong.map(([name, value]): [string, string] => [name, toHeaderValue(value)]),
        ],
        body: hasBody ? sent : null,
      };
    });
}

/** What a header can hold: other bytes would make it another request, which has tests of its own. */
function toHeaderValue(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\x80-\xff]/g, "").trim();
}

/** Any text as bytes in an address, half a character included. */
export function percentEncode(text: string): string {
  return [...Buffer.from(text, "utf8")].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

export function toTarget({ path, query }: HostileRequest): string {
  const pairs = query.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`);
  return pairs.length > 0 ? `${path}?${pairs.join("&")}` : path;
}
