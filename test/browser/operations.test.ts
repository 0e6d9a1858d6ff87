/** Rule WEB-OPERATIONS: how the ledger and the integrations stand, on the production build. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setStage, using, type Stage } from "./stage/stage.ts";

let stage: Stage;
before(async () => {
  stage = await setStage();
});
after(() => stage?.close());

test("WEB-OPERATIONS-1 whether anything is nobody's or late is seen by words, with a key, in both widths", async () => {
  await using(stage.open("/"), async (page) => {
    await page.keyboard.press("Escape");
    await page.locator("main").focus();
    await page.keyboard.press("g");
    await page.keyboard.press("e");
    await page.getByRole("heading", { name: "Drift & integrationer" }).waitFor();
    const tile = page.locator("dl > div").filter({ hasText: "Utan ägare" });
    assert.equal(await tile.locator("dd").innerText(), "0");
    assert.equal(await tile.getAttribute("data-tone"), "calm");
    await page.getByRole("heading", { name: "Integrationer", exact: true }).waitFor();
    await page.getByText("Inget meddelande är parkerat.").waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    const tooWide = await page.evaluate("document.documentElement.scrollWidth > innerWidth + 1");
    assert.equal(tooWide, false);
    if (process.env["EIRA_SHOTS"]) {
      await page.screenshot({ path: `${process.env["EIRA_SHOTS"]}/narrow.png`, fullPage: true });
      await page.setViewportSize({ width: 1366, height: 900 });
      await page.screenshot({ path: `${process.env["EIRA_SHOTS"]}/wide.png`, fullPage: true });
      await page.emulateMedia({ colorScheme: "dark" });
      await page.screenshot({ path: `${process.env["EIRA_SHOTS"]}/dark.png`, fullPage: true });
    }
  });
});
