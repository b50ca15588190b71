import { Transform } from "node:stream";

/**
 * A stream of HTML without NUL. React 18 writes its markup in views of 2,048 bytes; where a character of several bytes
 * does not fit at the end of one, the character goes whole into the next, and the rest of the view is sent as zeros
 * (https://github.com/facebook/react/pull/26228, in React 19). No text of a page has a NUL, and no other character of UTF-8
 * has a zero byte.
 */
export function createNulFilter(): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, chunk.includes(0) ? chunk.filter((byte) => byte !== 0) : chunk);
    },
  });
}
