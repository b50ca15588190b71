import { defineConfig } from "@playwright/test";

const port = Number(process.env.E2E_PORT || 3200);
const origin = `http://localhost:${port}`;

/** What a browser of people calls itself: the app turns away what looks like a robot. */
const userAgent =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/** Tests that change nothing can run beside each other. */
const readers = [
  "page-states",
  "clipping",
  "translation",
  "colours",
  "frame-reload",
  "chart",
  "languages",
  "figure-cards",
  "print",
  "files",
].map((name) => `**/${name}.spec.ts`);
const pictures = process.env.README_PICTURES ? [] : ["**/readme-pictures.spec.ts"];

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "e2e-artifacts/results",
  fullyParallel: true,
  workers: 2,
  projects: [
    { name: "reading", testMatch: readers },
    // One demo, one embedded database: tests beside each other would see each other's changes.
    {
      name: "changing",
      testIgnore: [...readers, ...pictures],
      workers: 1,
      fullyParallel: false,
      dependencies: ["reading"],
    },
  ],
  // What looks at one more state or width of a page whose others are looked at: DEEP=1 npm run test:e2e
  ...(process.env.DEEP ? {} : { grepInvert: /@deep/ }),
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["html", { open: "never", outputFolder: "e2e-artifacts/report" }]],
  use: {
    baseURL: origin,
    userAgent,
    viewport: { width: 1280, height: 900 },
    timezoneId: "America/St_Johns",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH || "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: {
    command: "node --import tsx demo/main.ts",
    // Answers 503 until the shops are loaded.
    url: `${origin}/admin`,
    env: { DEMO_QUICK: "1", PORT: String(port) },
    stdout: "ignore",
    timeout: 180_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
  },
});
