import type { NextFunction, Request, Response } from "express";

/** Where the demo serves what pages load from Shopify's CDN. */
export const cdnPath = "/admin/cdn";

const shopifyCdn = "https://cdn.shopify.com";

/**
 * Makes the app's answers fit a frame on localhost. The app lets Shopify's admin alone embed it and loads App Bridge
 * from Shopify's CDN; here the demo's page stands in for the one and the demo's script for the other. The app itself
 * does not know, and the demo needs no network. The operator's page is in no frame.
 */
export function adaptFrameAnswers(request: Request, response: Response, next: NextFunction): void {
  if (!request.path.startsWith("/operator")) adaptHeaders(response);
  adaptPage(response);
  next();
}

function adaptHeaders(response: Response): void {
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) => {
    if (typeof value !== "string") return setHeader(name, value);
    const isPolicy = name.toLowerCase() === "content-security-policy";
    return setHeader(name, toLocal(isPolicy ? value.replace("frame-ancestors", "frame-ancestors 'self'") : value));
  };
}

/** Holds a page back until it is whole: an address cut in two by a chunk's end would be missed. */
function adaptPage(response: Response): void {
  const chunks: Buffer[] = [];
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  response.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    if (!isAdaptable(response)) return write(chunk, ...rest);
    chunks.push(Buffer.from(chunk as Uint8Array));
    return true;
  }) as typeof response.write;
  response.end = ((chunk?: unknown, ...rest: never[]) => {
    if (!isAdaptable(response)) return end(chunk, ...rest);
    if (typeof chunk === "string" || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as Uint8Array));
    return end(toLocal(Buffer.concat(chunks).toString("utf8")));
  }) as typeof response.end;
}

/** Pages and their data, in which addresses of pictures are. */
function isAdaptable(response: Response): boolean {
  return /^(text\/html|application\/json)/.test(String(response.getHeader("Content-Type")));
}

function toLocal(text: string): string {
  return text.replaceAll(shopifyCdn, cdnPath);
}
