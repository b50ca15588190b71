import { createHmac } from "node:crypto";
import { testEnv } from "../setup/settings";

/** The cookie of a session that the admin token has opened, made without the app. */
export function signOperatorCookie(): string {
  const key = sign(testEnv.ADMIN_TOKEN, "The key that signs sessions of the operator's page").toString("hex");
  const content = Buffer.from(JSON.stringify({ until: Date.now() + 3_600_000 })).toString("base64");
  const signature = sign(key, content).toString("base64").replace(/=+$/, "");
  return `operator=${encodeURIComponent(`${content}.${signature}`)}`;
}

function sign(key: string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
