/**
 * Server and browser for one test file, and pages in it that are signed in as a physician of the emergency department.
 */
import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { startServer } from "./server.ts";

const CHROMIUM = [
  process.env["EIRA_CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** A ward's computer. */
export const WARD_SCREEN = { width: 1366, height: 768 };

export type Stage = {
  readonly base: string;
  readonly browser: Browser;
  /** A window where nobody is signed in. */
  readonly anonymous: (options?: BrowserContextOptions) => Promise<Page>;
  /** A window where a physician is signed in, at the given address. */
  readonly open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
  readonly close: () => Promise<void>;
};

/** Starts the server and a browser. */
export async function setStage(): Promise<Stage> {
  const executablePath = CHROMIUM.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) throw new Error("no Chromium; install one or set EIRA_CHROMIUM");
  const server = await startServer();
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  const context = (options: BrowserContextOptions = {}): Promise<BrowserContext> =>
    browser.newContext({
      viewport: WARD_SCREEN,
      locale: "sv-SE",
      timezoneId: "America/New_York",
      baseURL: server.base,
      ...options,
    });
  return {
    base: server.base,
    browser,
    anonymous: async (options) => (await context(options)).newPage(),
    open: async (path, options) => {
      const own = await context(options);
      await signIn(own);
      const page = await own.newPage();
      page.setDefaultTimeout(10_000);
      await page.goto(path);
      return page;
    },
    close: async () => {
      await browser.close();
      await server.stop();
    },
  };
}

type People = {
  readonly people: readonly {
    readonly profession: string;
    readonly assignments: readonly { readonly id: string; readonly unit: string }[];
  }[];
};

/** Signs in over the wire as a physician. */
export async function signIn(context: BrowserContext): Promise<void> {
  const { people } = (await (await context.request.get("/api/sign-in/people")).json()) as People;
  const physician = people.find(
    (one) => /läkare/i.test(one.profession) && one.assignments.some((own) => /akut/i.test(own.unit)),
  );
  const assignment = physician?.assignments.find((one) => /akut/i.test(one.unit));
  if (!assignment) throw new Error("the region has no physician at an emergency department");
  const answer = await context.request.post("/api/sign-in", {
    data: { assignment: assignment.id },
    headers: { "x-eira": "1" },
  });
  if (!answer.ok()) throw new Error(`signing in answered ${answer.status()}`);
}

/** Runs the test's body with a page and closes its window afterwards. */
export async function using(page: Promise<Page>, body: (page: Page) => Promise<void>): Promise<void> {
  const opened = await page;
  try {
    await body(opened);
  } finally {
    await opened.context().close();
  }
}
