import { setTimeout as pause } from "node:timers/promises";

// Calls a job, for schedulers that only look at an exit code. By Node alone, so that it runs wherever the server does:
//
//   APP_URL=https://app.example.com CRON_SECRET=… node deploy/call-job.js "/jobs/rollup?window=7"
//
// 0: done. 2: 207, done except for the shops that the answer names. 1: anything else, after several tries where trying
// again can help. The answer is printed, the secret never.

/** Nothing was done, or it can be done again: every job can be called twice. */
const passing = [408, 429, 500, 502, 503, 504];

const { APP_URL, CRON_SECRET, CALL_TRIES = "4", CALL_PAUSE_SECONDS = "10", CALL_TIMEOUT_SECONDS = "900" } = process.env;

/** @param {string} sentence */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/**
 * @param {string} name
 * @param {string} value
 * @param {number} least
 */
function toNumber(name, value, least) {
  if (/^\d+$/.test(value) && Number(value) >= least) return Number(value);
  return fail(`${name} must be a whole number of ${least} or more.`);
}

function toAddress() {
  const path = process.argv[2] ?? "";
  if (!/^\/jobs\/(rollup|verify)(\?|$)/.test(path)) {
    return fail(`${JSON.stringify(path)} is no job to call: "/jobs/rollup" or "/jobs/verify", with its query.`);
  }
  if (!APP_URL || !URL.canParse(APP_URL)) return fail("APP_URL must be the address of the server.");
  if (!CRON_SECRET) return fail("CRON_SECRET must be the server's.");
  return new URL(path, APP_URL);
}

const address = toAddress();
const tries = toNumber("CALL_TRIES", CALL_TRIES, 1);
const pauseMs = toNumber("CALL_PAUSE_SECONDS", CALL_PAUSE_SECONDS, 0) * 1_000;
const timeoutMs = toNumber("CALL_TIMEOUT_SECONDS", CALL_TIMEOUT_SECONDS, 1) * 1_000;

/** The status, or 0 where there was no answer; and what there is to read of it. */
async function call() {
  try {
    const response = await fetch(/** @type {URL} */ (address), {
      method: "POST",
      headers: { Authorization: `Bearer ${CRON_SECRET}` },
      // Elsewhere the secret must not go.
      redirect: "manual",
      signal: AbortSignal.timeout(/** @type {number} */ (timeoutMs)),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { status: 0, text: cause instanceof Error ? cause.message : String(cause) };
  }
}

let answer = await call();
for (let tried = 1; tried < Number(tries) && (answer.status === 0 || passing.includes(answer.status)); tried += 1) {
  process.stderr.write(`${answer.status || "no answer"}: ${answer.text}\n`);
  await pause(Number(pauseMs));
  answer = await call();
}

if (answer.status === 200) process.stdout.write(`${answer.text}\n`);
else process.stderr.write(`${answer.status || "no answer"}: ${answer.text}\n`);
process.exitCode = answer.status === 200 ? 0 : answer.status === 207 ? 2 : 1;
