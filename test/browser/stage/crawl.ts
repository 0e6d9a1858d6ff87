/** What the leak crawls through the screens have in common: a server of their own, a browser, and what a page holds. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";
import { workingServer, type WorkingServer } from "../../../src/cli/testing/index.ts";
import { wordsIn, type Cleanup } from "../../../src/journal/testing/index.ts";
import { CHROMIUM_ARGUMENTS, chromiumPath, PATIENCE_MS, WARD_SCREEN } from "./stage.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const WEB = join(ROOT, "dist/web");

export type CrawlStage = {
  readonly server: WorkingServer;
  /** What the browser's console said and what addresses it asked. */
  readonly said: readonly string[];
  /** A page of its own with the cookie (`name=value`). */
  open(path: string, cookie?: string): Promise<Page>;
};

/** Starts a server of the test's own, so that the canaries' words stand nowhere else, and a browser. */
export async function crawlStage(t: Cleanup): Promise<CrawlStage> {
  if (!existsSync(join(WEB, "index.html")))
    assert.equal(spawnSync(process.execPath, [join(ROOT, "scripts/build.mjs"), "web"]).status, 0);
  const server = await workingServer(t, { webRoot: WEB, demo: true });
  server.clock.forward(Date.now() - server.clock().getTime());
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...CHROMIUM_ARGUMENTS] });
  t.after(() => browser.close());
  const said: string[] = [];
  const open = async (path: string, cookie = ""): Promise<Page> => {
    const baseURL = `http://127.0.0.1:${server.port}`;
    const context = await browser.newContext({ viewport: WARD_SCREEN, locale: "sv-SE", baseURL });
    const [name = "", value = ""] = cookie.split("=");
    if (value !== "") await context.addCookies([{ name, value, domain: "127.0.0.1", path: "/" }]);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("console", (message) => said.push(message.text()));
    page.on("request", (request) => {
      said.push(request.url());
      onTheWay.set(page, (onTheWay.get(page) ?? 0) + 1);
    });
    for (const end of ["requestfinished", "requestfailed"] as const)
      page.on(end as "requestfinished", () => void onTheWay.set(page, (onTheWay.get(page) ?? 0) - 1));
    await page.goto(path);
    return page;
  };
  return { server, said, open };
}

const onTheWay = new WeakMap<Page, number>();

/** Waits until nothing more is on its way. */
export async function settled(page: Page): Promise<void> {
  for (let quiet = 0; quiet < 3; quiet += 1) {
    if ((onTheWay.get(page) ?? 0) > 0) quiet = 0;
    await setTimeout(25);
  }
}

/** What of the canaries stands in a text, in which numbers may be written with a hyphen. */
export function kindsIn(text: string): readonly string[] {
  const words = wordsIn(text.replaceAll(/(\d{8})-(\d{4})/g, "$1$2"));
  return [...new Set(words.map(({ kind }) => kind))].toSorted();
}

/** Everything that a page shows, hides, calls itself and keeps. */
export const HELD = `JSON.stringify([document.documentElement.outerHTML, document.title, location.href, document.cookie,
  Object.entries(localStorage), Object.entries(sessionStorage), history.state, window.name])`;
