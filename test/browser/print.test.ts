import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { castOf, chart, type Cast } from "./stage/patients.ts";
import { textOfPdf } from "./stage/pdf-text.ts";
import { setStage, using, type Stage, untilTrue } from "./stage/stage.ts";

let stage: Stage;
let cast: Cast;

before(async () => {
  stage = await setStage();
  await using(stage.open("/"), async (page) => {
    cast = await castOf(page);
  });
});
after(() => stage?.close());

test("WEB-PRINT-1 on paper the banner heads every page, with who printed and when, and without the menus", async () => {
  await using(stage.open("/"), async (page) => {
    let most = 0;
    for (const section of ["tidslinje", "lakemedel?visa=avslutade", "svar", "anteckningar", "oversikt"]) {
      await page.goto(chart(cast.followed, section));
      await page.locator("[data-row]").first().waitFor();
      const pages = textOfPdf(await page.pdf({ format: "A4" }));
      for (const [index, words] of pages.entries()) {
        for (const word of [`${cast.followed.name?.[0]?.family},`, "Personnummer", cast.followed.birthDate ?? "?"]) {
          assert.ok(words.includes(word), `${section}, page ${index + 1} of ${pages.length}: ${word}`);
        }
        for (const word of ["Uppdatera", "Öppna", "g t"])
          assert.equal(words.includes(word), false, `${section}: ${word}`);
      }
      assert.match(pages[0] ?? "", /Utskrivet \d{4}-\d\d-\d\d kl \d\d\.\d\d av /);
      most = Math.max(most, pages.length);
    }
    assert.ok(most >= 3, `${most} pages at most: nothing was repeated`);
  });
});

test("WEB-PRINT-3 paper is light, also when the screen is dark", async () => {
  await using(stage.open(chart(cast.followed), { colorScheme: "dark" }), async (page) => {
    await page.locator("[data-patient]").waitFor();
    const colours = `[getComputedStyle(document.querySelector("[data-patient] dd")).color, getComputedStyle(document.documentElement).getPropertyValue("--eira-surface").trim()]`;
    const [onScreen] = await page.evaluate<string[]>(colours);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const [onPaper, surface] = await page.evaluate<string[]>(colours);
    assert.notEqual(onPaper, onScreen);
    assert.equal(onPaper, "rgb(22, 38, 44)");
    assert.match(surface ?? "", /^#fff(fff)?$/);
  });
});

test("WEB-PRINT-2 on paper the timeline has every row that is fetched, not only those in view", async () => {
  await using(stage.open(chart(cast.followed, "tidslinje")), async (page) => {
    await page.locator("[data-row]").first().waitFor();
    const setSize = Number(await page.locator("li[aria-setsize]").first().getAttribute("aria-setsize"));
    const inView = await page.locator("[data-row]").count();
    assert.ok(inView < setSize, `${inView} of ${setSize} in view`);
    await page.evaluate(`window.dispatchEvent(new Event("beforeprint"))`);
    assert.equal(await page.locator("[data-row]").count(), setSize);
    await page.evaluate(`window.dispatchEvent(new Event("afterprint"))`);
    await untilTrue(page, `document.querySelectorAll("[data-row]").length < ${setSize}`);
  });
});
