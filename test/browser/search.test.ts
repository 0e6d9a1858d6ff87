import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Patient } from "fhir/r4";
import type { Page } from "playwright-core";
import { effortOn } from "./stage/effort.ts";
import { castOf, chart, type Cast } from "./stage/patients.ts";
import { setStage, using, type Stage } from "./stage/stage.ts";

let stage: Stage;
let cast: Cast;
let five: { readonly letters: string; readonly id: string };

before(async () => {
  stage = await setStage();
  await using(stage.open("/"), async (page) => {
    cast = await castOf(page);
    five = await fiveLetters(page);
  });
});
after(() => stage?.close());

test("WEB-FIND-1 a patient is opened with 8 keys: Ctrl+K, five letters, Enter", async () => {
  await using(stage.open(chart(cast.blank)), async (page) => {
    await page.locator("[data-patient]").waitFor();
    const effort = effortOn(page);
    await effort.press("Control+k");
    await effort.type(five.letters);
    await effort.press("Enter");
    await page.locator(`[data-patient="${five.id}"]`).waitFor();
    assert.ok(effort.keys() <= 8, `${effort.keys()} keys`);
    assert.ok(effort.seconds("M", "S") <= 5.1, `${effort.seconds("M", "S")} s`);
  });
});

test("WEB-FIND-1 with the mouse it takes two clicks", async () => {
  await using(stage.open(chart(cast.blank)), async (page) => {
    await page.locator("[data-patient]").waitFor();
    const effort = effortOn(page);
    await effort.click("#eira-search");
    await page.keyboard.type(five.letters);
    await effort.click("[role=option]");
    await page.locator(`[data-patient="${five.id}"]`).waitFor();
    assert.equal(effort.clicks(), 2);
  });
});

test("WEB-FIND-2 Enter before the answer waits for it, and opens nobody when there is a choice to make", async () => {
  await using(stage.open("/"), async (page) => {
    await page.route("**/api/patients?*", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      await route.continue();
    });
    await page.locator("#eira-search").fill("an");
    await page.keyboard.press("Enter");
    await page.getByRole("option").nth(1).waitFor();
    await page.waitForTimeout(300);
    assert.equal(await page.locator("[data-patient]").count(), 0);
    await page.locator("#eira-search").fill(five.letters);
    await page.keyboard.press("Enter");
    await page.locator(`[data-patient="${five.id}"]`).waitFor();
  });
});

test("WEB-FIND-3 hits never belong to another text than the one in the field", async () => {
  await using(stage.open("/"), async (page) => {
    let isSlow = true;
    await page.route("**/api/patients?*", async (route) => {
      if (isSlow) await new Promise((resolve) => setTimeout(resolve, 1200));
      isSlow = false;
      await route.continue().catch(() => undefined);
    });
    await page.locator("#eira-search").pressSequentially("an", { delay: 20 });
    await page.waitForTimeout(300);
    await page.locator("#eira-search").fill(five.letters);
    await page.getByRole("option").first().waitFor();
    await page.waitForTimeout(1300);
    assert.equal(
      await page
        .locator("[role=option]")
        .filter({ has: page.locator("strong, span") })
        .count(),
      1,
    );
  });
});

test("WEB-FIND-5 the identity number finds its patient in any common form, and the arrow keys choose", async () => {
  await using(stage.open("/"), async (page) => {
    const number = cast.followed.identifier?.find((one) => one.system?.endsWith("/personnummer"))?.value ?? "";
    assert.match(number, /^\d{12}$/);
    for (const form of [
      number,
      `${number.slice(0, 8)}-${number.slice(8)}`,
      `${number.slice(2, 8)}-${number.slice(8)}`,
    ]) {
      await page.locator("#eira-search").fill(form);
      await page.getByRole("option", { name: `${number.slice(0, 8)}-${number.slice(8)}` }).waitFor();
    }
    await page.locator("#eira-search").fill("an");
    await page.getByRole("option").nth(1).waitFor();
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.getByRole("option").nth(1).getAttribute("aria-selected"), "true");
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("option").count(), 0);
  });
});

test("WEB-FIND-6 a search that fails says so and never says that nobody was found", async () => {
  await using(stage.open("/"), async (page) => {
    await page.route("**/api/patients?*", (route) => route.abort());
    await page.locator("#eira-search").fill("anders");
    await page.getByText("Servern kan inte nås.").waitFor();
    assert.equal(await page.getByText("Ingen patient hittades").count(), 0);
    await page.unroute("**/api/patients?*");
    await page.getByRole("button", { name: "Försök igen" }).click();
    await page.getByRole("option").first().waitFor();
    await page.locator("#eira-search").fill("qqzzxx");
    await page.getByText("Ingen patient hittades").waitFor();
  });
});

test("WEB-FIND-8 what is typed stands in no address", async () => {
  await using(stage.open("/"), async (page) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.locator("#eira-search").fill(five.letters);
    await page.getByRole("option").first().waitFor();
    await page.locator("#eira-search").fill("19121212-1212");
    await page.waitForTimeout(500);
    assert.ok(asked.filter((one) => one.includes("/api/patients?")).length >= 2);
    for (const one of [...asked, page.url()]) {
      assert.doesNotMatch(decodeURIComponent(one), /1212-?1212/);
      assert.ok(!decodeURIComponent(one).includes(five.letters), one);
    }
  });
});

test("WEB-FIND-7 the open patient's banner stays readable while one looks for the next", async () => {
  await using(stage.open(chart(cast.followed)), async (page) => {
    await page.locator("[data-patient]").waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("an");
    await page.getByRole("option").first().waitFor();
    const banner = await page.locator("[data-patient]").boundingBox();
    const list = await page.getByRole("listbox").boundingBox();
    assert.ok(banner && list && list.y >= banner.y + banner.height - 1, JSON.stringify({ banner, list }));
  });
});

/** Five letters that meet exactly one patient. */
async function fiveLetters(page: Page): Promise<{ readonly letters: string; readonly id: string }> {
  const answer = (await (await page.request.get("/fhir/R4/Patient?_count=200")).json()) as {
    readonly entry: readonly { readonly resource: Patient }[];
  };
  for (const { resource } of answer.entry.slice(0, 120)) {
    const letters = resource.name?.[0]?.family?.slice(0, 5) ?? "";
    if (letters.length < 5 || !/^\p{L}+$/u.test(letters)) continue;
    const hits = (await (await page.request.get(`/api/patients?q=${encodeURIComponent(letters)}`)).json()) as {
      readonly items: readonly Patient[];
    };
    if (hits.items.length === 1 && hits.items[0]?.id !== undefined)
      return { letters: letters.toLowerCase(), id: hits.items[0].id };
  }
  throw new Error("no five letters meet exactly one patient");
}
