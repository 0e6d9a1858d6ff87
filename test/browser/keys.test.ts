import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { castOf, chart, type Cast } from "./stage/patients.ts";
import { setStage, untilTrue, using, type Stage } from "./stage/stage.ts";

let stage: Stage;
let cast: Cast;

before(async () => {
  stage = await setStage();
  await using(stage.open("/"), async (page) => {
    cast = await castOf(page);
  });
});
after(() => stage?.close());

const GO: readonly (readonly [key: string, path: string])[] = [
  ["ö", "oversikt"],
  ["t", "tidslinje"],
  ["a", "anteckningar"],
  ["l", "lakemedel"],
  ["s", "svar"],
  ["m", "matvarden"],
  ["d", "diagnoser"],
  ["u", "overkanslighet"],
  ["b", "remisser"],
  ["k", "vardkontakter"],
  ["c", "vaccinationer"],
  ["j", "kallor"],
  ["p", "sparrar"],
  ["f", "ombud"],
  ["v", "vem-har-last"],
];

test("WEB-DOCK-1 what is typed right after a workspace's key goes into its field, also the first time", async () => {
  for (const [key, typed, label] of [
    ["o", "alv 1g 4 mot feber", "Läkemedel, dos, gånger och orsak"],
    ["b", "hemoglobin", "Analys, uppsättning eller undersökning"],
    ["m", "16", "Andningsfrekvens"],
  ] as const)
    await using(stage.open(chart(cast.followed)), async (page) => {
      await page.getByRole("button", { name: "Beställ", exact: true }).waitFor();
      await page.keyboard.type(`${key}${typed}`);
      const field = page.getByRole("complementary").getByLabel(label).first();
      await field.waitFor();
      await untilTrue(page, `document.activeElement.value === ${JSON.stringify(typed)}`);
      assert.equal(await field.inputValue(), typed, key);
    });
});

test("WEB-KEY-2 the whole way, from signing in to every part of the chart and out again, goes without a mouse", async () => {
  await using(stage.anonymous(), async (page) => {
    await page.goto("/");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.type("läkare akut");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sök patient" }).waitFor();
    await page.keyboard.type(cast.followed.identifier?.[0]?.value ?? "");
    await page.keyboard.press("Enter");
    await page.locator(`[data-patient="${cast.followed.id}"]`).waitFor();
    for (const [key, path] of [...GO.slice(1), ...GO.slice(0, 1)]) {
      await page.waitForTimeout(50);
      await page.keyboard.press("g");
      await pressLetter(page, key);
      await page.waitForURL(new RegExp(`/${path}`));
      await page.locator("main h1").waitFor();
    }
    await page.keyboard.press("Control+Shift+L");
    await page.getByRole("heading", { name: "Logga in i Eira" }).waitFor();
  });
});

test("WEB-KEY-3 Tab reaches every control in order, and the focus is always seen", async () => {
  await using(stage.open(chart(cast.followed, "svar")), async (page) => {
    await page.locator("main table").first().waitFor();
    const seen: string[] = [];
    await page.locator("a[href='#innehall']").focus();
    for (let step = 0; step < 60; step++) {
      const focus = await page.evaluate<{ name: string; visible: boolean; outlined: boolean }>(FOCUS);
      if (focus.name === "BODY") break;
      assert.ok(focus.visible, `${focus.name} is out of sight`);
      assert.ok(focus.outlined, `${focus.name} has no visible focus`);
      seen.push(focus.name);
      await page.keyboard.press("Tab");
    }
    assert.match(seen[0] ?? "", /Till innehållet/);
    for (const word of ["Eira", "Hjälp", "Översikt", "Filtrera analyser", "Uppdatera"])
      assert.ok(
        seen.some((name) => name.includes(word)),
        `${word} in ${seen.join(" | ")}`,
      );
  });
});

test("WEB-KEY-4 single keys are silent while one types, and Escape gives them back", async () => {
  await using(stage.open(chart(cast.followed, "tidslinje")), async (page) => {
    await page.locator("[data-row]").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("g s?");
    await page.waitForTimeout(200);
    assert.match(page.url(), /tidslinje/);
    assert.equal(await page.locator("aside").count(), 0);
    assert.equal(await page.locator("[data-filter]").inputValue(), "g s?");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await page.waitForURL(/svar/);
  });
});

test("WEB-KEY-5 j and k move through the rows of every list", async () => {
  await using(stage.open(chart(cast.followed)), async (page) => {
    for (const path of ["oversikt", "tidslinje", "vardkontakter", "remisser", "svar"]) {
      await page.goto(chart(cast.followed, path));
      await page.locator("main [data-row]").nth(2).waitFor();
      await page.keyboard.press("j");
      const first = await focusedRow(page);
      await page.keyboard.press("j");
      const second = await focusedRow(page);
      assert.deepEqual([first, second], [0, 1], path);
      await page.keyboard.press("k");
      assert.equal(await focusedRow(page), first, path);
    }
  });
});

test("WEB-CMD-1 help lists every command of the screen with its Swedish name and key, beside the chart", async () => {
  await using(stage.open(chart(cast.followed, "tidslinje")), async (page) => {
    await page.locator("[data-row]").first().waitFor();
    await page.keyboard.press("?");
    const help = page.getByRole("complementary", { name: "Kortkommandon" });
    await help.waitFor();
    const said = await help.innerText();
    for (const word of ["Sök patient eller kommando", "Nästa rad", "Översikt", "Vem har läst", "Skriv ut", "Logga ut"])
      assert.ok(said.includes(word), word);
    assert.equal(await help.locator("dt").count(), await help.locator("dd:has(kbd)").count());
    const [panel, banner] = [await help.boundingBox(), await page.locator("[data-patient]").boundingBox()];
    assert.ok(panel && banner && panel.y >= banner.y + banner.height - 1);
    await page.keyboard.press("Escape");
    assert.equal(await help.count(), 0);
  });
});

test("WEB-CMD-2 commands are found by their name in the search box", async () => {
  await using(stage.open(chart(cast.followed)), async (page) => {
    await page.locator("[data-patient]").waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("läkemedel");
    await page.getByRole("option", { name: /Läkemedel/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/lakemedel/);
  });
});

test("WEB-KEY-6 single keys can be switched off, and Ctrl+K still works", async () => {
  await using(stage.open(chart(cast.followed)), async (page) => {
    await page.locator("[data-patient]").waitFor();
    await page.getByRole("button", { name: /Inställningar och utloggning/ }).click();
    await page.getByRole("switch", { name: "Kortkommandon med en tangent" }).press("Space");
    await page.keyboard.press("Escape");
    await page.locator("main").focus();
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await page.keyboard.press("?");
    await page.waitForTimeout(300);
    assert.match(page.url(), /oversikt/);
    assert.equal(await page.locator("aside").count(), 0);
    await page.keyboard.press("Control+k");
    assert.equal(await page.evaluate("document.activeElement.id"), "eira-search");
  });
});

test("WEB-LANG-2 English is a choice that lasts, and the dates stay Swedish", async () => {
  await using(stage.open(chart(cast.followed, "vardkontakter")), async (page) => {
    await page.locator("[data-row]").first().waitFor();
    await page.getByRole("button", { name: /Inställningar och utloggning/ }).click();
    await page.getByText("English", { exact: true }).click();
    await page.getByRole("heading", { name: "Encounters", level: 1 }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await page.reload();
    await page.getByRole("heading", { name: "Encounters", level: 1 }).waitFor();
    assert.match(await page.locator("[data-row]").first().innerText(), /\d{4}-\d\d-\d\d kl \d\d\.\d\d/);
  });
});

/**
 * The element in focus, or the label that stands for it: what it is called, whether it is in sight and not covered, and
 * whether an outline shows the focus on it or on its row, cell or frame.
 */
const FOCUS = `(() => {
  const element = document.activeElement;
  const own = element.getBoundingClientRect();
  const stand = own.width < 2 && element.labels?.length ? element.labels[0] : element;
  const box = stand.getBoundingClientRect();
  const x = Math.max(1, Math.min(innerWidth - 2, box.left + Math.min(box.width, 20) / 2));
  const y = Math.max(1, Math.min(innerHeight - 2, box.top + box.height / 2));
  const middle = document.elementFromPoint(x, y);
  const around = [element, stand, element.parentElement, element.closest("[class*=field]"), ...(element.closest("tr")?.children ?? [])];
  const isOutlined = (one) => one && getComputedStyle(one).outlineStyle !== "none" && Number.parseFloat(getComputedStyle(one).outlineWidth) >= 1;
  return {
    name: element === document.body ? "BODY" : (element.getAttribute("aria-label") || element.innerText || stand.innerText || element.id || element.nodeName).slice(0, 60),
    visible: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && Boolean(middle && (stand.contains(middle) || middle.contains(stand))),
    outlined: around.some(isOutlined),
  };
})()`;

/** Letters that are not on the driver's American keyboard are sent as the browser would send them. */
async function pressLetter(page: Page, letter: string): Promise<void> {
  if (/[a-z]/.test(letter)) await page.keyboard.press(letter);
  else
    await page.evaluate(
      `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "${letter}", bubbles: true, cancelable: true }))`,
    );
}

/** Which of the rows has the focus; -1 when none has. */
function focusedRow(page: Page): Promise<number> {
  return page.evaluate<number>(
    `[...document.querySelectorAll("main [data-row]")].indexOf(document.activeElement.closest("[data-row]"))`,
  );
}
