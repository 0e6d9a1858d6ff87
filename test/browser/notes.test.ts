/** Rules WEB-WRITE: a templated note within its budget, the draft that survives reload, a lost server and a second window, and the wrong patient. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { effortOn } from "./stage/effort.ts";
import { castOf, chart, type Cast } from "./stage/patients.ts";
import { setStage, using, type Stage, untilTrue } from "./stage/stage.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = process.env["EIRA_SHOTS"];
let stage: Stage;
let cast: Cast;

before(async () => {
  stage = await setStage();
  await using(stage.open("/"), async (page) => {
    cast = await castOf(page);
  });
});
after(() => stage?.close());

async function violationsIn(page: Page): Promise<unknown> {
  await page.evaluate(AXE);
  return page.evaluate(
    `axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } }).then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))`,
  );
}

const shot = async (page: Page, name: string): Promise<void> => {
  if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png` });
};
const opened = async (page: Page): Promise<void> => {
  await page.locator("main h1").waitFor();
  await page.locator('[data-patient] >> text="Född"').first().waitFor();
};
const saved = (page: Page): Promise<void> => page.locator("[data-note-pane] [data-saved=yes]").waitFor();
const field = (page: Page, at: number) => page.locator("[data-note-pane] [data-section] textarea").nth(at);
const anyFocused = (page: Page): Promise<unknown> => page.locator("[data-note-pane] textarea:focus").waitFor();

test(
  "WEB-WRITE-1, WEB-WRITE-6, WEB-WRITE-8 (T9) a templated note is opened and signed with 3 keys within the model's time, or with 3 clicks; it stands in Anteckningar with who wrote each line",
  { timeout: 120_000 },
  async () => {
    await using(stage.open(chart(cast.followed, "oversikt")), async (page) => {
      await opened(page);
      const byKey = effortOn(page);
      await byKey.press("n");
      const pane = page.locator("[data-note-pane]");
      await anyFocused(page);
      assert.match(await pane.innerText(), new RegExp(`För .*${cast.followed.name?.[0]?.family ?? "-"}`));
      await page.keyboard.type("Fall i trappa. Ingen fraktur."); // free text is no part of the task
      await shot(page, "note-pane");
      assert.deepEqual(await violationsIn(page), []);
      await byKey.press("Control+Enter");
      await pane.locator("[data-written]").waitFor();
      const seconds = byKey.seconds("M", "M", "M", "R");
      assert.ok(byKey.keys() <= 8 && seconds <= 6.5, `${byKey.keys()} keys, ${seconds} s`);
      console.log(`T9: ${byKey.keys()} keys, ${seconds.toFixed(1)} s`);

      await pane.getByRole("link", { name: "Visa anteckningen" }).click();
      const reader = page.getByRole("region", { name: "Anteckningen" }).or(page.locator("main article"));
      await page.locator("main article").getByText("Fall i trappa. Ingen fraktur.").first().waitFor();
      await page
        .locator("main article")
        .getByText(/Signerad av/)
        .first()
        .waitFor();
      await page.locator("main [data-history]").click();
      await page
        .locator("main article")
        .getByText(/Skriven efter mallen/)
        .waitFor();
      await shot(page, "note-read");
      assert.ok((await reader.count()) > 0);
      assert.deepEqual(await violationsIn(page), []);

      await pane.getByRole("button", { name: "Stäng" }).first().click();
      const byMouse = effortOn(page);
      await byMouse.click("nav [data-write-note]");
      await byMouse.click("[data-note-pane] [data-section] textarea");
      await page.keyboard.type("Åter vid behov.");
      await byMouse.click("[data-note-pane] [data-sign]");
      await pane.locator("[data-written]").waitFor();
      assert.ok(byMouse.clicks() <= 3);
    });
  },
);

test(
  "WEB-WRITE-3, WEB-WRITE-4, WEB-WRITE-5, WEB-WRITE-7 what is written is there after a reload and while the server is away, a second window loses nothing, values come with their source, and another patient's identity signs nothing",
  { timeout: 150_000 },
  async () => {
    await using(stage.open(chart(cast.severeAllergy, "oversikt")), async (page) => {
      await opened(page);
      await page.keyboard.press("n");
      const pane = page.locator("[data-note-pane]");
      await anyFocused(page);
      await page.keyboard.press("Control+Enter");
      await pane.getByText("Ingenting är signerat: anteckningen är tom.").waitFor();
      await page.keyboard.type("Hosta i tre dagar.");
      await saved(page);
      await page.reload();
      await opened(page);
      await page.keyboard.press("n");
      await anyFocused(page);
      assert.equal(await field(page, 0).inputValue(), "Hosta i tre dagar.");

      await field(page, 1).focus();
      await page.keyboard.type(".di");
      await pane.locator("li[role=option]").first().waitFor();
      await shot(page, "note-suggest");
      await page.keyboard.press("Enter");
      await pane
        .locator("[data-said]")
        .getByText(/märkta med källa|Ingenting sådant/)
        .waitFor();
      await untilTrue(
        page,
        "[...document.querySelectorAll('[data-note-pane] textarea')].some((one) => one.value.includes('Hämtat: ')) || document.querySelector('[data-said]').textContent.includes('Ingenting')",
      );

      await page.route(/\/notes\/draft$/, (route) => route.abort());
      await field(page, 0).focus();
      await page.keyboard.press("Control+End");
      await page.keyboard.type(" Afebril.");
      await pane.locator("[data-unsaved]").getByText("Texten finns kvar i fönstret").waitFor();
      await page.keyboard.press("Control+Enter");
      await pane.getByRole("alert").getByText("Ingenting är signerat").waitFor();
      await page.unroute(/\/notes\/draft$/);
      await saved(page);
      await pane.getByRole("alert").getByText("Ingenting är signerat").waitFor({ state: "detached" });

      const other = await page.context().newPage();
      await other.goto(page.url());
      await opened(other);
      await other.keyboard.press("n");
      await anyFocused(other);
      assert.equal(await field(other, 0).inputValue(), "Hosta i tre dagar. Afebril.");
      await field(other, 2).fill("Skrivet i det andra fönstret.");
      await field(other, 0).fill("Hosta i fyra dagar.");
      await saved(other);
      await field(page, 0).fill("Hosta i tre dagar. Afebril. Trött.");
      await pane.locator("[data-also]").getByText("Hosta i fyra dagar.").waitFor();
      assert.equal(await field(page, 2).inputValue(), "Skrivet i det andra fönstret.");
      await shot(page, "note-two-windows");
      assert.deepEqual(await violationsIn(page), []);
      await page.keyboard.press("Control+Enter");
      await pane.getByText("Två fönster har skrivit på samma ställe.").waitFor();
      await pane.getByRole("button", { name: "Lägg till texten" }).click();
      assert.match(await field(page, 0).inputValue(), /Trött\.\nHosta i fyra dagar\./);
      await saved(page);

      await page.route(/\/notes$/, async (route) => {
        const body = route.request().postDataJSON() as object;
        await route.continue({ postData: JSON.stringify({ ...body, shown: "191212121212" }) });
      });
      await field(page, 0).focus();
      await page.keyboard.press("Control+Enter");
      await pane.getByRole("alert").getByText("annan identitet").waitFor();
      await page.unroute(/\/notes$/);
      await page.emulateMedia({ colorScheme: "dark" });
      await shot(page, "note-dark");
      await page.setViewportSize({ width: 683, height: 384 });
      await shot(page, "note-200");
      await page.setViewportSize({ width: 390, height: 844 });
      await shot(page, "note-narrow");
      assert.deepEqual(await violationsIn(page), []);
      await pane.locator("[data-sign]").click();
      await pane.locator("[data-written]").waitFor();
      // The other window is told that the draft is gone, and keeps what stands there.
      await field(other, 1).fill("Skrivet efteråt.");
      await other.locator("[data-unsaved]").getByText("Utkastet finns inte längre").waitFor();
      assert.equal(await field(other, 1).inputValue(), "Skrivet efteråt.");
      await other.close();
    });
  },
);
