/**
 * Server and browser for one test file, and pages in it that are signed in as a physician of the emergency department.
 */
import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { startServer } from "./server.ts";

const CHROMIUM = [
  process.env["EIRA_CHROMIUM"],
  "/usr/bin/chromium-headless-shell", // has no windows to draw: half the processor time for a page
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** How long a page may take to show what is waited for: four files at a time share two processors. */
export const PATIENCE_MS = 30_000;
/** A ward's computer. */
export const WARD_SCREEN = { width: 1366, height: 768 };

export type Stage = {
  readonly base: string;
  readonly browser: Browser;
  /** A window where nobody is signed in. */
  readonly anonymous: (options?: BrowserContextOptions) => Promise<Page>;
  /** A window where a physician is signed in, at the given address. */
  readonly open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
  /** The same for somebody with an assignment at the unit. */
  readonly openAt: (unit: string, path: string) => Promise<Page>;
  /** The same for somebody of the profession, whatever the unit. */
  readonly openAs: (profession: RegExp, path: string, options?: BrowserContextOptions) => Promise<Page>;
  /** Runs a command of the command line on the installation. */
  readonly command: (...args: string[]) => void;
  readonly close: () => Promise<void>;
};

/** The browser of this computer. Errors: none is installed. */
export function chromiumPath(): string {
  const found = CHROMIUM.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) throw new Error("no Chromium; install one or set EIRA_CHROMIUM");
  return found;
}

/** Starts the server, with settings of the environment when some are wanted, and a browser. */
export async function setStage(settings?: NodeJS.ProcessEnv): Promise<Stage> {
  const executablePath = chromiumPath();
  const server = await startServer(settings);
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS] });
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
      page.setDefaultTimeout(PATIENCE_MS);
      await page.goto(path);
      return page;
    },
    openAt: async (unit, path) => {
      const own = await context();
      await signIn(own, { profession: /./, unit: new RegExp(`^${unit}$`) });
      const page = await own.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      await page.goto(path);
      return page;
    },
    openAs: async (profession, path, options) => {
      const own = await context(options);
      await signIn(own, { profession, unit: /./ });
      const page = await own.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      await page.goto(path);
      return page;
    },
    command: server.command,
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

const PHYSICIAN = { profession: /läkare/i, unit: /akut/i };

/** Signs in over the wire, as a physician of the emergency department unless somebody else is wanted. */
export async function signIn(context: BrowserContext, wanted = PHYSICIAN): Promise<void> {
  const { people } = (await (await context.request.get("/api/sign-in/people")).json()) as People;
  const person = people.find(
    (one) => wanted.profession.test(one.profession) && one.assignments.some((own) => wanted.unit.test(own.unit)),
  );
  const assignment = person?.assignments.find((one) => wanted.unit.test(one.unit));
  if (!assignment) throw new Error(`the region has nobody like ${String(wanted.profession)} at ${String(wanted.unit)}`);
  const answer = await context.request.post("/api/sign-in", {
    data: { assignment: assignment.id },
    headers: { "x-eira": "1" },
  });
  if (!answer.ok()) throw new Error(`signing in answered ${answer.status()}`);
}

/**
 * Presses a key when what it stands for can be pressed. Whatever is shown earlier, a heading or a value, says nothing about that on a
 * machine that has other things to do.
 */
export async function pressKeyOf(
  page: Page,
  key: string,
  press: (key: string) => Promise<void> = (one) => page.keyboard.press(one),
): Promise<void> {
  await page.locator(`[aria-keyshortcuts="${key}"]:enabled:visible`).first().waitFor();
  await press(key);
}

/**
 * Waits until an expression holds in the page. Not `waitForFunction`: the page's own policy (no eval) lets that look once and throws at the
 * second look.
 */
export async function untilTrue(page: Page, expression: string): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; !(await page.evaluate<boolean>(expression));) {
    if (Date.now() > until) throw new Error(`never came true: ${expression}`);
    await page.waitForTimeout(25);
  }
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
