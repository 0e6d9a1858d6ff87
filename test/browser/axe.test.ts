import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { castOf, chart, SECTION_PATHS, type Cast } from "./stage/patients.ts";
import { setStage, using, WARD_SCREEN, type Stage } from "./stage/stage.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const EVERYTHING = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
/** A dark screen is the same document in other colours. */
const COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };
/** A narrow window is the same document in other places. */
const PLACES = { type: "rule", values: ["target-size", "scrollable-region-focusable"] };
const run = (
  only: typeof EVERYTHING,
): string => `axe.run(document, { runOnly: ${JSON.stringify(only)}, resultTypes: ["violations"] })
  .then(({ violations, passes }) => ({ checked: passes.length, found: violations.map((one) => one.id + ": " + one.nodes.map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).slice(0, 3).join(" ; ")) }))`;

interface Look {
  readonly width: number;
  readonly height: number;
  readonly density: number;
  readonly colours: "light" | "dark";
  /** What axe looks at; nothing where what it sees is the same as in a usual window: there only the layout is looked at. */
  readonly only: typeof EVERYTHING | undefined;
}

const WIDE: Look = { ...WARD_SCREEN, density: 1, colours: "light", only: EVERYTHING };
/** 200 % zoom is half the window in CSS pixels at twice the density. */
const LOOKS: Readonly<Record<string, Look>> = {
  narrowest: { ...WIDE, width: 320, height: 640, only: undefined },
  narrow: { ...WIDE, width: 390, height: 844, only: PLACES },
  "200 %": { ...WIDE, width: WARD_SCREEN.width / 2, height: WARD_SCREEN.height / 2, density: 2, only: undefined },
  light: WIDE,
  dark: { ...WIDE, colours: "dark", only: COLOURS },
};

/** Two frames after the change, and when nothing is on its way to another colour or place. */
const SETTLED = `new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
  .then(() => Promise.allSettled(document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity).map((one) => one.finished)))
  .then(() => undefined)`;

let stage: Stage;
let cast: Cast;

before(async () => {
  stage = await setStage();
  await using(stage.open("/"), async (page) => {
    cast = await castOf(page);
  });
});
after(() => stage?.close());

test("WEB-AXE-1, WEB-REFLOW-1 axe finds nothing on any screen, and none scrolls sideways: light, dark, at 200 %, narrow and at 320 pixels", async () => {
  await using(stage.open("/logga-in", { viewport: { width: 320, height: 640 } }), async (page) => {
    const look = await looker(page);
    await page.getByRole("option").first().waitFor();
    await look("sign-in", EVERYTHING);
    await page.goto("/");
    await page.getByRole("heading", { name: "Sök patient" }).waitFor();
    await look("start", EVERYTHING);
    for (const section of SECTION_PATHS) {
      await page.goto(chart(cast.severeAllergy, section));
      await page.locator("main h1").waitFor();
      await page.locator("main [data-state=loading]").first().waitFor({ state: "detached" });
      await look(section);
    }
    await page.goto(chart(cast.followed, "svar?vy=utlatanden"));
    await page.locator("main h1").waitFor();
    await look("reports", EVERYTHING);
  });
});

/** Looks at the screen that is there in every look, from the narrowest on: loading it anew for each cost five times as much. */
async function looker(page: Page): Promise<(screen: string, at200?: typeof EVERYTHING) => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const put = async ({ width, height, density, colours }: Look): Promise<void> => {
    await session.send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: density,
      mobile: false,
    });
    await page.emulateMedia({ colorScheme: colours });
    await page.evaluate(SETTLED);
    assert.deepEqual(
      await page.evaluate("[innerWidth, devicePixelRatio, matchMedia('(prefers-color-scheme: dark)').matches]"),
      [width, density, colours === "dark"],
    );
  };
  return async (screen, at200) => {
    for (const [name, look] of Object.entries(LOOKS)) {
      await put(look);
      const only = name === "200 %" ? at200 : look.only;
      if (only !== undefined) await refuseFaults(page, `${screen}, ${name}`, only);
      await refuseSidewaysScroll(page, `${screen}, ${name}`);
    }
    await put(LOOKS["narrowest"] ?? WIDE); // the next one is loaded in it
  };
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

async function refuseFaults(page: Page, where: string, only = EVERYTHING): Promise<void> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
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
