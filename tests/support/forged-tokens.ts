import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { testEnv } from "../setup/settings";
import { signSessionToken } from "./session-token";

type Claims = Record<string, unknown>;

const nowSeconds = () => Math.floor(Date.now() / 1000);

/** A token with these claims in place of the right ones, signed as Shopify signs. `undefined` leaves a claim out. */
export function signClaims(domain: string, claims: Claims = {}): string {
  const right = JSON.parse(decode(signSessionToken(domain).split(".")[1] ?? "")) as Claims;
  return sign({ alg: "HS256", typ: "JWT" }, { ...right, ...claims });
}

/** Tokens that open nothing, by what is wrong with each. `other` is a shop that has the app, too. */
export function forgeTokens(domain: string, other: string): Record<string, string> {
  const hourMs = 3_600_000;
  const [header = "", claims = "", signature = ""] = signSessionToken(domain).split(".");
  const [, otherClaims = ""] = signSessionToken(other).split(".");
  const wrongDest = {
    "an empty dest": "",
    "no dest": undefined,
    "a dest that is a number": 7,
    "a dest that is a list": [`https://${domain}`],
    "a dest that is an object": { href: `https://${domain}` },
    "a bare domain as dest": domain,
    "a dest that is no shop": "https://evil.example.com",
    "a dest below a shop's name": `https://${domain}.evil.example.com`,
    "a dest with a user": `https://${domain}@evil.example.com`,
    "a dest with a port": `https://${domain}:8443`,
    "a dest with a path": `https://${domain}/admin`,
    "a dest without TLS": `http://${domain}`,
    "a dest with NUL": `https://${domain}\u0000`,
    "a dest of SQL": "https://x' or true --.myshopify.com",
    "another shop's dest": `https://${other}`,
  };
  const wrongClaims: Record<string, Claims> = {
    ...Object.fromEntries(Object.entries(wrongDest).map(([name, dest]) => [name, { dest }])),
    "another shop's issuer": { iss: `https://${other}/admin` },
    "no issuer": { iss: undefined },
    "an issuer that is no address": { iss: "admin" },
    "a list as audience": { aud: [testEnv.SHOPIFY_API_KEY, "another-app"] },
    "no audience": { aud: undefined },
    "an audience that is an object": { aud: { key: testEnv.SHOPIFY_API_KEY } },
    "an expiry in the past": { exp: nowSeconds() - 60 },
    "an expiry that is no number": { exp: "never" },
    "a begin in the future": { nbf: nowSeconds() + 3600 },
  };
  return {
    ...Object.fromEntries(Object.entries(wrongClaims).map(([name, wrong]) => [name, signClaims(domain, wrong)])),
    expired: signSessionToken(domain, { issuedAt: new Date(Date.now() - hourMs) }),
    "not valid yet": signSessionToken(domain, { issuedAt: new Date(Date.now() + hourMs) }),
    "of another secret": signSessionToken(domain, { secret: "another-secret" }),
    "of the app's public key as secret": signSessionToken(domain, { secret: testEnv.SHOPIFY_API_KEY }),
    "for another app": signSessionToken(domain, { audience: "another-app" }),
    "with algorithm none": signSessionToken(domain, { algorithm: "none" }),
    "with algorithm NONE and a signature": `${encode({ alg: "NONE" })}.${claims}.${signature}`,
    "with algorithm none and no dot at its end": `${encode({ alg: "none" })}.${claims}`,
    "of RS256 with the secret as the key": sign({ alg: "RS256", typ: "JWT" }, JSON.parse(decode(claims))),
    "of RS256 with a key of its own": signRs256(claims),
    "of HS512": signHs512(claims),
    "with a critical extension": sign({ alg: "HS256", crit: ["x"], x: 1 }, JSON.parse(decode(claims))),
    "with another shop's claims": `${header}.${otherClaims}.${signature}`,
    "with its signature cut": `${header}.${claims}.${signature.slice(0, -4)}`,
    "with no signature": `${header}.${claims}.`,
    "of 12,000 characters": `${header}.${claims}.${"a".repeat(12_000)}`,
    "claims nested too deeply": sign({ alg: "HS256" }, `${"[".repeat(3_000)}${"]".repeat(3_000)}`),
    "claims that are null": sign({ alg: "HS256" }, "null"),
    "claims that are no JSON": sign({ alg: "HS256" }, "{"),
    "no token at all": "x",
    "two dots": "..",
    "prototype keys": sign({ alg: "HS256" }, '{"__proto__":{"dest":"https://x.myshopify.com"}}'),
  };
}

function sign(header: object, claims: object | string): string {
  const content = `${encode(header)}.${encode(claims)}`;
  return `${content}.${createHmac("sha256", testEnv.SHOPIFY_API_SECRET).update(content).digest("base64url")}`;
}

function signRs256(claims: string): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const content = `${encode({ alg: "RS256", typ: "JWT" })}.${claims}`;
  return `${content}.${createSign("RSA-SHA256").update(content).sign(privateKey, "base64url")}`;
}

function signHs512(claims: string): string {
  const content = `${encode({ alg: "HS512", typ: "JWT" })}.${claims}`;
  return `${content}.${createHmac("sha512", testEnv.SHOPIFY_API_SECRET).update(content).digest("base64url")}`;
}

function encode(part: object | string): string {
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
}

function decode(part: string): string {
  return Buffer.from(part, "base64url").toString("utf8");
}
