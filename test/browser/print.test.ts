import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { castOf, chart, type Cast } from "./stage/patients.ts";
import { setStage, using, type Stage } from "./stage/stage.ts";

let stage: Stage;
let cast: Cast;

before(async () => {
  stage = await setStage();
  await using(stage.open("/"), async (page) => {
    cast = await castOf(page);
  });
});
after(() => stage.close());

test("WEB-PRINT-1 on paper the banner heads every page, with who printed and when, and without the menus", async () => {
  await using(stage.open(chart(cast.followed, "tidslinje")), async (page) => {
    await page.locator("[data-row]").first().waitFor();
    await page.emulateMedia({ media: "print" });
    const shown = `getComputedStyle(document.querySelector("[data-patient]").parentElement).display`;
    assert.equal(await page.evaluate<string>(shown), "table-header-group");
    for (const gone of ["header[class*=bar]", "nav[aria-label='Journalens delar']", "[data-filter]"])
      assert.equal(await page.locator(gone).first().isVisible(), false, gone);
    await page.getByText(/^Utskrivet \d{4}-\d\d-\d\d kl \d\d\.\d\d av /).waitFor();
    const pages = pagesOf(await page.pdf({ format: "A4" }));
    assert.ok(pages >= 2, `${pages} pages`);
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
    await page.waitForFunction(`document.querySelectorAll("[data-row]").length < ${setSize}`);
  });
});

function pagesOf(pdf: Buffer): number {
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}
