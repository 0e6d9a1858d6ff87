/**
 * The leak crawl through the screens: two patients with protected identity on every page of the chart, in the search box and on
 * paper. The server is one of the test's own, so that their words stand nowhere else.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";
import { CANARIES, canaryResources, wordsIn } from "../../src/journal/testing/index.ts";
import { serverOfToday } from "../../src/http/testing/index.ts";
import { SECTION_PATHS } from "./stage/patients.ts";
import { textOfPdf } from "./stage/pdf-text.ts";
import { CHROMIUM_ARGUMENTS, chromiumPath, WARD_SCREEN, untilTrue } from "./stage/stage.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const WEB = join(ROOT, "dist/web");
if (!existsSync(join(WEB, "index.html")))
  assert.equal(
    spawnSync(process.execPath, [join(ROOT, "scripts/build.mjs"), "web"]).status,
    0,
    "the web was not built",
  );

const server = await serverOfToday({ after }, { webRoot: WEB });
for (const resource of canaryResources()) await server.put(resource);
const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...CHROMIUM_ARGUMENTS] });
after(() => browser.close());
const [value = "", name = "eira_session"] = (await server.cookie()).split("=").toReversed();

const said: string[] = [];
async function opened(path: string): Promise<Page> {
  const context = await browser.newContext({
    viewport: WARD_SCREEN,
    locale: "sv-SE",
    baseURL: `http://127.0.0.1:${server.port}`,
  });
  await context.addCookies([{ name, value, domain: "127.0.0.1", path: "/" }]);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on("console", (message) => said.push(message.text()));
  page.on("request", (request) => {
    said.push(request.url());
    onTheWay.set(page, (onTheWay.get(page) ?? 0) + 1);
  });
  for (const end of ["requestfinished", "requestfailed"] as const)
    page.on(end as "requestfinished", () => void onTheWay.set(page, (onTheWay.get(page) ?? 0) - 1));
  await page.goto(path);
  return page;
}

/** What of them stands in a text, in which numbers may be written with a hyphen. */
function kindsIn(text: string): readonly string[] {
  const words = wordsIn(text.replaceAll(/(\d{8})-(\d{4})/g, "$1$2"));
  return [...new Set(words.map(({ kind }) => kind))].toSorted();
}
/** Everything that a page shows, hides, calls itself and keeps. */
const HELD = `JSON.stringify([document.documentElement.outerHTML, document.title, location.href, document.cookie,
  Object.entries(localStorage), Object.entries(sessionStorage), history.state, window.name])`;

/** Goes to a section as a click does, and waits until nothing more is on its way. */
async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(`history.pushState(null, "", ${JSON.stringify(path)})`);
  await page.locator("[data-patient] strong").filter({ hasText: "Skyddade personuppgifter" }).waitFor();
  await untilTrue(
    page,
    `location.pathname === ${JSON.stringify(path)} && document.querySelector("main h1, main h2") !== null`,
  );
  await settled(page);
}

const onTheWay = new WeakMap<Page, number>();
async function settled(page: Page): Promise<void> {
  for (let quiet = 0; quiet < 3; quiet += 1) {
    if ((onTheWay.get(page) ?? 0) > 0) quiet = 0;
    await setTimeout(25);
  }
}

test("WEB-BANNER-4 and WEB-PRINT-4 on every screen the protected have a name and a number and nothing else, on paper neither, and nothing is kept", async () => {
  // What the second one's record shows differs by its label alone, so it is followed through the first screens.
  const walked = CANARIES.map(async ({ id, mark }, at) => {
    const page = await opened(`/patienter/${id}/oversikt`);
    for (const section of at === 0 ? [...SECTION_PATHS, "brev"] : SECTION_PATHS.slice(0, 5)) {
      await goTo(page, `/patienter/${id}/${section}`);
      const held = await page.evaluate<string>(HELD);
      assert.deepEqual(kindsIn(held), ["name", "number"], section);
      assert.deepEqual(kindsIn(held.slice(held.indexOf("</html>"))), [], `${section}: title, address and stores`);
      await page.emulateMedia({ media: "print" });
      const paper = await page.evaluate<string>("document.body.innerText");
      assert.match(paper, new RegExp(`Journal ${id}`), section);
      assert.deepEqual(kindsIn(paper), [], section);
      await page.emulateMedia({ media: null });
    }
    assert.match(await page.locator("[data-patient]").innerText(), new RegExp(`${mark}namn[^]*Adress, telefon`));
    const pdf = textOfPdf(await page.pdf({ format: "A4" })).join("\n");
    assert.match(pdf.replaceAll(/\s+/g, " "), new RegExp(`Journal ${id}`));
    assert.deepEqual(kindsIn(pdf), []);
    await page.context().close();
  });
  await Promise.all(walked);
});

test("WEB-BANNER-4 the search box finds them by the whole number only, and names nobody", async () => {
  const page = await opened("/");
  for (const { mark, number } of CANARIES) {
    const box = page.getByRole("combobox").first();
    for (const asked of [`${mark}namn`, number.slice(0, 8)]) {
      await box.fill(asked);
      await page.waitForResponse((response) => response.url().includes("/api/patients?limit="));
      await settled(page);
      assert.equal(await page.getByRole("option").getByText("Skyddade personuppgifter").count(), 0, asked);
    }
    await box.fill(number);
    const hit = page.getByRole("option").filter({ hasText: "Skyddade personuppgifter" });
    await hit.waitFor();
    assert.deepEqual(kindsIn(await hit.innerText()), ["number"]);
  }
  await page.context().close();
});

test("WEB-BANNER-4 neither the console nor any address that the browser asked has anything of them but what was typed", () => {
  const words = wordsIn(said.filter((one) => !/\/api\/patients\?q=/.test(one)).join("\n")).map(({ word }) => word);
  assert.ok(said.length > 100);
  assert.deepEqual(words, []);
});
