import { createServer } from "node:http";

/** Listens where ALERT_WEBHOOK_URL points. `received` holds the bodies posted there since it was last emptied. */
export async function listenForAlerts(): Promise<{ received: unknown[]; close: () => Promise<unknown> }> {
  const received: unknown[] = [];
  const webhook = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.end("ok");
  });
  const port = Number(new URL(process.env.ALERT_WEBHOOK_URL ?? "").port);
  await new Promise<void>((listening) => webhook.listen(port, "127.0.0.1", listening));
  return { received, close: () => new Promise((closed) => webhook.close(closed)) };
}
