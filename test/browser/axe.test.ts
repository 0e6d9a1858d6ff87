import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { castOf, chart, SECTION_PATHS, type Cast } from "./stage/patients.ts";
import { setStage, using, WARD_SCREEN, type Stage } from "./stage/stage.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const EVERYTHING = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
/** A dark screen is the same document in other colours. */
const COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };
/** A narrow window is the same document in other places. */
const PLACES = { type: "rule", values: ["target-size", "scrollable-region-focusable"] };
const ONLY: Readonly<Record<string, typeof EVERYTHING>> = { dark: COLOURS, narrow: PLACES };
const run = (
  only: typeof EVERYTHING,
): string => `axe.run(document, { runOnly: ${JSON.stringify(only)}, resultTypes: ["violations"] })
  .then(({ violations, passes }) => ({ checked: passes.length, found: violations.map((one) => one.id + ": " + one.nodes.map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).slice(0, 3).join(" ; ")) }))`;

/** 200 % zoom is half the window in CSS pixels at twice the density. */
const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "200 %": { viewport: { width: WARD_SCREEN.width / 2, height: WARD_SCREEN.height / 2 }, deviceScaleFactor: 2 },
  narrow: { viewport: { width: 390, height: 844 } },
};

let stage: Stage;
let cast: Cast;

before(async () => {
  stage = await setStage();
  await using(stage.open("/"), async (page) => {
    cast = await castOf(page);
  });
});
after(() => stage?.close());

for (const look of Object.keys(LOOKS)) {
  test(`WEB-AXE-1 axe finds nothing on any screen, and none scrolls sideways, ${look}`, () => visitAll(look));
}

/** What axe looks at is the same at 200 % as in a usual window: there only the layout is looked at. */
async function visitAll(look: string): Promise<void> {
  await using(stage.open("/logga-in", LOOKS[look]), async (page) => {
    const isSeenBefore = look === "200 %";
    const only = ONLY[look] ?? EVERYTHING;
    await page.getByRole("option").first().waitFor();
    await refuseFaults(page, `sign-in, ${look}`, only);
    await page.goto("/");
    await page.getByRole("heading", { name: "Sök patient" }).waitFor();
    await refuseFaults(page, `start, ${look}`, only);
    for (const section of SECTION_PATHS) {
      await page.goto(chart(cast.severeAllergy, section));
      await page.locator("main h1").waitFor();
      await page.locator("main [data-state=loading]").first().waitFor({ state: "detached" });
      if (!isSeenBefore) await refuseFaults(page, `${section}, ${look}`, only);
      await refuseSidewaysScroll(page, `${section}, ${look}`);
    }
    await page.goto(chart(cast.followed, "svar?vy=utlatanden"));
    await page.locator("main h1").waitFor();
    await refuseFaults(page, `reports, ${look}`, only);
  });
}

test("WEB-AXE-2 axe finds nothing in the states that come and go: search, help, settings, unknown, failed, deceased, protected", async () => {
  await using(stage.open(chart(cast.followed)), async (page) => {
    await page.locator("[data-patient]").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("complementary").waitFor();
    await refuseFaults(page, "help");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /Inställningar och utloggning/ }).click();
    await refuseFaults(page, "settings");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("an");
    await page.getByRole("option").first().waitFor();
    await refuseFaults(page, "search");
    for (const patient of [cast.blank, cast.deceased, cast.protected, cast.flagged]) {
      await page.goto(chart(patient));
      await page.locator("[data-patient]").waitFor();
      await refuseFaults(page, `overview of ${patient.id}`);
    }
    await page.route("**/notes?*", (route) => route.abort());
    await page.goto(chart(cast.followed, "anteckningar"));
    await page.locator("[data-state=failed]").waitFor();
    await refuseFaults(page, "failed");
    await page.goto("/finns/inte");
    await page.getByText("Sidan finns inte").waitFor();
    await refuseFaults(page, "not found");
  });
});

test("WEB-AXE-3 a planted fault is found", async () => {
  await using(stage.open("/"), async (page) => {
    await page.getByRole("heading", { name: "Sök patient" }).waitFor();
    await page.evaluate(
      `document.querySelector("main").append(Object.assign(document.createElement("button"), { className: "x" }))`,
    );
    await assert.rejects(refuseFaults(page, "planted"), /button-name/);
  });
});

test("WEB-REFLOW-1 at 320 pixels nothing but tables needs scrolling sideways", async () => {
  await using(stage.open("/", { viewport: { width: 320, height: 640 } }), async (page) => {
    for (const section of SECTION_PATHS) {
      await page.goto(chart(cast.severeAllergy, section));
      await page.locator("main h1").waitFor();
      await page.locator("main [data-state=loading]").first().waitFor({ state: "detached" });
      await refuseSidewaysScroll(page, section);
    }
  });
});

async function refuseFaults(page: Page, where: string, only = EVERYTHING): Promise<void> {
  await page.evaluate(AXE);
  const { checked, found } = await page.evaluate<{ checked: number; found: string[] }>(run(only));
  assert.ok(only === EVERYTHING ? checked > 10 : checked > 0, `${where}: axe saw only ${checked} things`);
  assert.deepEqual(found, [], where);
}

async function refuseSidewaysScroll(page: Page, where: string): Promise<void> {
  const over = await page.evaluate<number>(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  assert.ok(over <= 0, `${where}: ${over} pixels too wide`);
}
