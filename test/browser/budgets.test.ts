import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { castOf, chart, SECTION_PATHS, type Cast } from "./stage/patients.ts";
import { setStage, using, type Stage } from "./stage/stage.ts";

const BUILT = fileURLToPath(new URL("../../dist/web/", import.meta.url));
const BUDGET = { firstScripts: 200_000, firstStyles: 40_000, route: 60_000, heapMegabytes: 150 };

type Chunk = {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
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

test("WEB-BUDGET-1 the first screen and every route keep within their page budgets", () => {
  const manifest = JSON.parse(readFileSync(join(BUILT, ".vite/manifest.json"), "utf8")) as Readonly<
    Record<string, Chunk>
  >;
  const weigh = (files: Iterable<string>): number =>
    [...new Set(files)].reduce((sum, file) => sum + gzipSync(readFileSync(join(BUILT, file)), { level: 9 }).length, 0);
  const closure = (keys: readonly string[]): ReadonlySet<string> => {
    const all = new Set<string>();
    const visit = (key: string): void => {
      if (all.has(key)) return;
      all.add(key);
      manifest[key]?.imports?.forEach(visit);
    };
    keys.forEach(visit);
    return all;
  };
  const first = closure(Object.keys(manifest).filter((key) => manifest[key]?.isEntry));
  const routes = [...new Set(Object.values(manifest).flatMap((chunk) => chunk.dynamicImports ?? []))];
  assert.ok(first.size > 0 && routes.length >= SECTION_PATHS.length, "something was measured");
  const scripts = weigh([...first].flatMap((key) => manifest[key]?.file ?? []));
  const styles = weigh([...first].flatMap((key) => manifest[key]?.css ?? []));
  console.log(`first scripts ${scripts}, first styles ${styles} bytes gzip`);
  assert.ok(scripts <= BUDGET.firstScripts, `first scripts ${scripts}`);
  assert.ok(styles <= BUDGET.firstStyles, `first styles ${styles}`);
  for (const route of routes) {
    const own = [...closure([route])]
      .filter((key) => !first.has(key))
      .flatMap((key) => [manifest[key]?.file ?? [], manifest[key]?.css ?? []].flat());
    assert.ok(weigh(own) <= BUDGET.route, `${route} ${weigh(own)}`);
  }
});

test("WEB-BUDGET-2 opening patients over and over leaves the browser's memory within its budget", async () => {
  await using(stage.open("/"), async (page) => {
    await page.getByRole("heading", { name: "Sök patient" }).waitFor();
    for (let round = 0; round < 4; round++) {
      for (const patient of [cast.followed, cast.severeAllergy, cast.flagged, cast.noneKnown]) {
        await page.keyboard.press("Control+k");
        await page.keyboard.type(patient.identifier?.[0]?.value ?? "");
        await page.keyboard.press("Enter");
        await page.locator(`[data-patient="${patient.id}"]`).waitFor();
      }
    }
    await page.goto(chart(cast.followed, "tidslinje"));
    await page.locator("[data-row]").first().waitFor();
    const used = await page.evaluate<number>("performance.memory.usedJSHeapSize / 1e6");
    assert.ok(used < BUDGET.heapMegabytes, `${used} MB`);
  });
});

test("WEB-BUDGET-3 ten thousand events scroll with a page that holds only those in view", async () => {
  await using(stage.open("/"), async (page) => {
    const items = Array.from({ length: 10_000 }, (_, index) => ({
      resourceType: "Encounter",
      id: `e${index}`,
      status: "finished",
      class: { code: "AMB" },
      subject: { reference: `Patient/${cast.followed.id}` },
      type: [{ text: `Besök ${index}` }],
      period: { start: new Date(Date.UTC(2026, 0, 1) - index * 3_600_000).toISOString() },
    }));
    await page.route("**/timeline?*", (route) =>
      route.fulfill({ json: { asOf: "2026-11-21T10:00:00Z", items, next: null } }),
    );
    await page.goto(chart(cast.followed, "tidslinje"));
    await page.locator("[data-row]").first().waitFor();
    assert.ok((await page.locator("[data-row]").count()) < 80);
    // Other files run at the same time: what is asked is whether it can, in one of some tries, by the clock or by what the page itself needs.
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
    const used = async (): Promise<number> => {
      const { metrics } = await devtools.send("Performance.getMetrics");
      return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1000;
    };
    let [frames, own] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let tries = 0; tries < 5 && frames > SLOWEST_FRAME && own > OWN_WORK; tries += 1) {
      const before = await used();
      frames = Math.min(frames, await page.evaluate<number>(SCROLL));
      own = Math.min(own, ((await used()) - before) / FRAMES);
    }
    const found = `median frame ${frames.toFixed(1)} ms, of which the page's own work ${own.toFixed(1)} ms`;
    console.log(found);
    assert.ok(frames <= SLOWEST_FRAME || own <= OWN_WORK, found);
    assert.ok((await page.locator("[data-row]").count()) < 80);
  });
});

/** Three frames of a screen, and what a clock is off by. */
const SLOWEST_FRAME = 51;
/** One frame of a screen, of the processor: this does not hang on what else the machine does. */
const OWN_WORK = 16.7;
const FRAMES = 60;

/** Scrolls for sixty frames and gives the median time between them; 16.7 ms on a ward's computer, more where nothing draws but the processor. */
const SCROLL = `new Promise((resolve) => {
  const frame = [...document.querySelectorAll("main *")].find((one) => one.scrollHeight > 100000);
  const gaps = [];
  let last = performance.now();
  const step = (now) => {
    gaps.push(now - last);
    last = now;
    frame.scrollTop += 180;
    if (gaps.length < ${FRAMES}) requestAnimationFrame(step);
    else resolve(gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)]);
  };
  requestAnimationFrame(step);
})`;
