/** Rules WEB-ORDER: the acute laboratory set and a radiology referral within their budgets, the basket that is kept, and the laboratory's answer in Inkorg. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { effortOn } from "./stage/effort.ts";
import { castOf, chart, type Cast } from "./stage/patients.ts";
import { setStage, using, type Stage } from "./stage/stage.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = process.env["EIRA_SHOTS"];
let stage: Stage;
let cast: Cast;

before(async () => {
  stage = await setStage({ EIRA_SIMULATORS: "on", EIRA_SIMULATOR_DELAY_MS: "1500" });
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
const answersIn = async (page: Page): Promise<number> => {
  const inbox = (await (await page.request.get("/api/inbox?kind=result")).json()) as { counts: { total: number } };
  return inbox.counts.total;
};

test(
  "WEB-ORDER-1, WEB-ORDER-7 (T4) the acute laboratory set is ordered and signed with 6 keys within the model's time, or with 3 clicks; the laboratory answers over MLLP and the answer comes into Inkorg",
  { timeout: 90_000 },
  async () => {
    await using(stage.open(chart(cast.followed, "oversikt")), async (page) => {
      await opened(page);
      const before = await answersIn(page);
      const byKey = effortOn(page);
      await byKey.press("b");
      const pane = page.locator("[data-order-pane]");
      await pane.getByRole("combobox").waitFor();
      assert.match(await pane.innerText(), new RegExp(cast.followed.name?.[0]?.family ?? "-"));
      await byKey.type("ak");
      await pane.getByRole("option").first().waitFor();
      await byKey.press("Enter");
      await pane.getByText("Kommer till Klinisk kemi genom integration").waitFor();
      await shot(page, "order-basket");
      assert.deepEqual(await violationsIn(page), []);
      await byKey.press("Control+Enter");
      await pane.locator("[data-receipt]").waitFor();
      assert.ok(byKey.keys() <= 7, `${byKey.keys()} keys`);
      assert.ok(byKey.seconds("M", "M", "M", "R") <= 6.2, `${byKey.seconds("M", "M", "M", "R")} s`);
      console.log(`T4: ${byKey.keys()} keys, ${byKey.seconds("M", "M", "M", "R").toFixed(1)} s`);
      await pane.locator("[data-order-state]").waitFor();
      await shot(page, "order-receipt");

      await pane.getByRole("button", { name: "Stäng" }).first().click();
      const byMouse = effortOn(page);
      await byMouse.click("nav button:has-text('Beställ')");
      await byMouse.click("[data-order-pane] [data-pick]:has-text('Akut-lab')");
      await pane.locator("[data-lately]").first().waitFor();
      await byMouse.click("[data-order-pane] [data-sign]");
      await pane.locator("[data-receipt]").waitFor();
      assert.ok(byMouse.clicks() <= 3);

      await page.goto("/inkorg?slag=result");
      for (const end = Date.now() + 40_000; (await answersIn(page)) <= before; await page.waitForTimeout(300))
        assert.ok(Date.now() < end, "the laboratory answers");
      const answer = page
        .locator("main [data-row]")
        .filter({ hasText: "Akuta prover" })
        .filter({ hasText: cast.followed.name?.[0]?.family ?? "-" })
        .first();
      await answer.waitFor({ timeout: 15_000 });
      await answer.focus();
      await page.getByRole("region", { name: "Vald rad" }).getByText("B-Hemoglobin").first().waitFor();
      await shot(page, "order-answered");
    });
  },
);

test(
  "WEB-ORDER-4, WEB-ORDER-6, WEB-ORDER-8, WEB-ORDER-10 (T5) a radiology referral is written and signed with 11 keys within the model's time, or with 4 clicks; the basket is there after a reload, what is missing is said, undone is back, and the order is read and printed",
  { timeout: 90_000 },
  async () => {
    await using(stage.open(chart(cast.severeAllergy, "oversikt")), async (page) => {
      await opened(page);
      const byKey = effortOn(page);
      await byKey.press("r");
      const pane = page.locator("[data-order-pane]");
      await pane.getByRole("combobox").waitFor();
      await byKey.type("lung");
      await pane.getByRole("option").nth(1).waitFor();
      await byKey.press("ArrowDown"); // past the unit's own set
      await byKey.press("Enter");
      const question = pane.getByLabel("Frågeställning");
      await question.waitFor();
      assert.match(await pane.getByLabel("Anamnes och status").inputValue(), /Överkänslighet: /);
      await byKey.press("Control+Enter"); // it is not finished: the question has the focus and nothing is sent
      await pane.getByText("Ingenting är skickat.").waitFor();
      await page.locator("[data-saved]").waitFor();
      await page.reload();
      await opened(page);
      await page.keyboard.press("r");
      await question.waitFor();
      await pane.getByRole("button", { name: "Ta bort Slätröntgen lungor" }).click();
      await question.waitFor({ state: "detached" });
      await pane.getByRole("button", { name: "Ångra" }).click();
      await question.focus();
      const again = effortOn(page);
      await again.press("Tab");
      await again.press("Enter");
      assert.equal(await question.inputValue(), "Pneumoni?");
      await shot(page, "referral-basket");
      assert.deepEqual(await violationsIn(page), []);
      await again.press("Control+Enter");
      await pane.locator("[data-receipt]").waitFor();
      const keys = byKey.keys() - 2 + again.keys(); // the try that was refused is no part of the task
      const seconds = byKey.seconds() - 2 * 0.28 + again.seconds("M", "M", "M", "M", "M", "R");
      assert.ok(keys <= 14 && seconds <= 10.9, `${keys} keys, ${seconds} s`);
      console.log(`T5: ${keys} keys, ${seconds.toFixed(1)} s`);

      await pane.getByRole("link", { name: "Visa och skriv ut" }).click();
      await page.locator("main h1").getByText("Beställning").waitFor();
      const facts = page.locator("main dl").last();
      await facts.getByText("Pneumoni?").waitFor();
      await facts.locator("[data-order-state]").waitFor();
      assert.match(await facts.innerText(), /Slätröntgen lungor[\s\S]*Röntgenkliniken[\s\S]*Ordens sigill/);
      await pane.getByRole("button", { name: "Stäng" }).first().click();
      assert.deepEqual(await violationsIn(page), []);
      await shot(page, "order-one");
      await page.emulateMedia({ media: "print" });
      await shot(page, "order-paper");
      await page.emulateMedia({ media: "screen" });

      const byMouse = effortOn(page);
      await byMouse.click("nav button:has-text('Remiss')");
      await byMouse.click("[data-order-pane] [data-pick]:has-text('Slätröntgen lungor')");
      await byMouse.click("[data-order-pane] [data-question]");
      await byMouse.click("[data-order-pane] [data-sign]");
      await pane.locator("[data-receipt]").waitFor();
      assert.ok(byMouse.clicks() <= 6);
      await page.goto(chart(cast.severeAllergy, "remisser"));
      await page
        .getByRole("row")
        .filter({ hasText: "Slätröntgen lungor" })
        .first()
        .locator("[data-order-state]")
        .waitFor();
      await shot(page, "order-list");
      assert.deepEqual(await violationsIn(page), []);
    });
  },
);

test(
  "WEB-ORDER-7, WEB-ORDER-9 when nobody knows whether it was sent, that is said, and signing again makes no second order; what the server refuses is said in its words; the basket is kept as a set and the set taken out of use; a referral is taken back with a reason",
  { timeout: 60_000 },
  async () => {
    await using(
      stage.open(chart(cast.flagged, "oversikt"), { viewport: { width: 390, height: 844 } }),
      async (page) => {
        await opened(page);
        await page.getByRole("button", { name: "Beställ" }).click();
        const pane = page.locator("[data-order-pane]");
        await pane.locator("[data-pick]").first().click();
        await page.locator("[data-saved]").getByText("Sparad").waitFor();
        await shot(page, "order-narrow");
        let lost = 0;
        const orders: unknown[] = [];
        await page.route(/\/orders$/, async (route) => {
          const answer = await route.fetch();
          orders.push(((await answer.json()) as { orders?: unknown }).orders);
          if (lost++ === 0) await route.abort();
          else await route.fulfill({ response: answer });
        });
        await pane.locator("[data-sign]").click();
        await pane.getByText("Det är inte känt om beställningen kom fram.").waitFor();
        await pane.locator("[data-sign]").click();
        await pane.locator("[data-receipt]").waitFor();
        assert.equal(orders.length, 2);
        assert.deepEqual(orders[0], orders[1]);
        await page.unroute(/\/orders$/);
        await pane.getByRole("button", { name: "Beställ mer" }).click();
        await pane.locator("[data-pick]").first().click();
        await pane.getByText("Spara korgen som uppsättning").click();
        await pane.getByLabel("Namn").fill("Min morgon");
        await pane.getByRole("button", { name: "Spara uppsättning" }).click();
        await pane.getByText("Uppsättningen är sparad.").waitFor();
        await pane.locator("[data-pick]").filter({ hasText: "Min morgon" }).waitFor();
        await pane.getByRole("button", { name: "Ta bort uppsättningen Min morgon" }).click();
        await pane.locator("[data-pick]").filter({ hasText: "Min morgon" }).waitFor({ state: "detached" });
        const REFUSED = { issue: [{ details: { text: "Ingenting är skickat: provet." } }] };
        await page.route(/\/orders$/, (route) => route.fulfill({ status: 409, json: REFUSED }));
        await pane.locator("[data-sign]").click();
        await pane.getByRole("alert").getByText("Ingenting är skickat: provet.").waitFor();
        assert.equal(await pane.locator("[data-line]").count(), 1);
        await page.unroute(/\/orders$/);
        await pane.getByRole("button", { name: "Ta bort Akuta prover" }).click();
        await page.getByRole("button", { name: "Remiss", exact: true }).click();
        await pane.getByRole("combobox").first().fill("ortopedi");
        await pane.getByRole("option").first().click();
        await pane.getByLabel("Frågeställning").fill("Indikation för operation?");
        await pane.getByLabel("Anamnes och status").fill("Fall i trappa. Inga neurologiska bortfall.");
        await pane.locator("[data-sign]").click();
        await pane.getByRole("link", { name: "Visa och skriv ut" }).click();
        await page.getByRole("button", { name: "Ta tillbaka" }).click();
        await page.getByText("Ange varför den tas tillbaka.").waitFor();
        await page.getByLabel("Varför").fill("Patienten är redan bedömd.");
        await page.getByRole("button", { name: "Ta tillbaka" }).click();
        await page.getByText("Beställningen är återtagen.").waitFor();
        assert.deepEqual(await violationsIn(page), []);
      },
    );
  },
);
