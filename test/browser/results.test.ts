import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { effortOn } from "./stage/effort.ts";
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
after(() => stage?.close());

test("WEB-RESULT-1 the haemoglobin trend of two years takes five keys, or two clicks", async () => {
  await using(stage.open(chart(cast.followed)), async (page) => {
    await page.locator("nav >> text=Svar").waitFor();
    const effort = effortOn(page);
    await effort.press("g");
    await effort.press("s");
    await page.getByRole("slider").waitFor();
    await effort.press("/");
    await effort.type("hb");
    await page.getByRole("slider", { name: /B-Hemoglobin/ }).waitFor();
    assert.ok(effort.keys() <= 5, `${effort.keys()} keys`);
    assert.ok(effort.seconds("M", "R") <= 3.0, `${effort.seconds("M", "R")} s`);
    await page.keyboard.press("Escape");
    await page.locator("[data-filter]").fill("");
    const clicks = effortOn(page);
    await page.goto(chart(cast.followed));
    await clicks.click("nav >> text=Svar");
    await clicks.click("main table button:has-text('B-Hemoglobin')");
    await page.getByRole("slider", { name: /B-Hemoglobin/ }).waitFor();
    assert.equal(clicks.clicks(), 2);
  });
});

test("WEB-TREND-3 graph and table stand side by side and hold the same values, which arrow keys and pointer reach", async () => {
  await using(stage.open(chart(cast.followed, "svar?sok=hb&tid=allt")), async (page) => {
    const graph = page.getByRole("slider", { name: /B-Hemoglobin/ });
    await graph.waitFor();
    const table = page.getByRole("table", { name: "Värden för B-Hemoglobin" });
    const [a, b] = [await graph.boundingBox(), await table.boundingBox()];
    assert.ok(a && b && Math.abs(a.x - b.x) < 40 && b.y > a.y);
    const count = Number(await graph.getAttribute("aria-valuemax"));
    assert.equal(count, await table.locator("tbody tr").count());
    await graph.focus();
    await page.keyboard.press("End");
    const newest = await graph.getAttribute("aria-valuetext");
    const firstRow = await table.locator("tbody tr").first().innerText();
    assert.ok(newest?.startsWith(firstRow.split("\t")[0] ?? "?"), `${newest} / ${firstRow}`);
    await page.keyboard.press("ArrowLeft");
    assert.notEqual(await graph.getAttribute("aria-valuetext"), newest);
    assert.equal(await table.locator("tr[data-active=true]").count(), 1);
    await page.keyboard.press("Home");
    assert.equal(await graph.getAttribute("aria-valuenow"), "1");
    await table.locator("tbody tr").first().hover();
    assert.equal(await graph.getAttribute("aria-valuetext"), newest);
    assert.match((await page.locator("main svg text").allTextContents()).join(" "), /g\/L/);
  });
});

test("WEB-NUM-4 values, trailing zeros and all, are shown as the laboratory wrote them", async () => {
  await using(stage.open("/"), async (page) => {
    const value = (id: string, written: string, day: string, status = "final"): string =>
      `{"resourceType":"Observation","id":"${id}","status":"${status}","code":{"coding":[{"system":"npu","code":"K"}],"text":"P-Kalium"},"subject":{"reference":"Patient/${cast.followed.id}"},"effectiveDateTime":"2026-11-${day}T08:00:00+01:00","valueQuantity":{"value":${written},"unit":"mmol/L"},"referenceRange":[{"low":{"value":3.50},"high":{"value":4.40}}]}`;
    const body = `{"asOf":"2026-11-21T10:00:00Z","next":null,"items":[${[value("a", "4.0", "20", "corrected"), value("b", "4.10", "19", "preliminary"), value("c", "9.9", "18", "entered-in-error"), value("d", "6.20", "17")].join(",")}]}`;
    await page.route("**/results?*", (route) => route.fulfill({ body, contentType: "application/json" }));
    await page.goto(chart(cast.followed, "svar"));
    const table = page.getByRole("table", { name: "Värden för P-Kalium" });
    await table.waitFor();
    const said = await table.innerText();
    for (const word of ["4,0", "rättat", "4,10", "preliminärt", "felaktigt infört", "6,20", "3,50–4,40"])
      assert.ok(said.includes(word), `${word} in ${said}`);
    assert.equal(await page.getByRole("slider").getAttribute("aria-valuemax"), "3");
    await page.getByText("1 värde kan inte ritas").waitFor();
  });
});

test("WEB-MORE-2 the time shown is fetched in full before a trend is called complete", async () => {
  await using(stage.open("/"), async (page) => {
    let asked = 0;
    await page.route("**/results?*", async (route) => {
      asked += 1;
      const url = new URL(route.request().url());
      url.searchParams.set("limit", "12");
      await route.continue({ url: url.toString() });
    });
    await page.goto(chart(cast.followed, "svar?sok=hb&tid=allt"));
    await page.getByText(/^Allt är hämtat/).waitFor();
    const graph = page.getByRole("slider", { name: /B-Hemoglobin/ });
    const inPieces = await graph.getAttribute("aria-valuemax");
    assert.ok(asked > 2, `${asked} pages`);
    await page.unroute("**/results?*");
    await page.reload();
    await page.getByText(/^Allt är hämtat/).waitFor();
    assert.equal(await graph.getAttribute("aria-valuemax"), inPieces);
  });
});

test("WEB-RESULT-4 the chosen analysis and time are in the address and survive a reload", async () => {
  await using(stage.open(chart(cast.followed, "svar")), async (page) => {
    await page.locator("main table button[data-row]").nth(2).click();
    await page.getByText("5 år", { exact: true }).click();
    await page.waitForURL(/analys=.*tid=5a|tid=5a.*analys=/);
    const name = await page.locator("main section h2").first().innerText();
    await page.reload();
    await page.getByRole("slider").waitFor();
    assert.equal(await page.locator("main section h2").first().innerText(), name);
  });
});

test("WEB-RESULT-5 answers in words are shown in full with their source", async () => {
  await using(stage.open("/"), async (page) => {
    const conclusion = "Ingen fraktur. " + "Normala mjukdelar. ".repeat(30) + "Slut.";
    const report = {
      resourceType: "DiagnosticReport",
      id: "r",
      status: "amended",
      code: { text: "Röntgen handled" },
      subject: { reference: `Patient/${cast.followed.id}` },
      effectiveDateTime: "2026-11-20T10:00:00+01:00",
      performer: [{ reference: "Organization/x", display: "Röntgenkliniken" }],
      conclusion,
    };
    await page.route("**/results?*", (route) =>
      route.fulfill({ json: { asOf: "2026-11-21T10:00:00Z", next: null, items: [report] } }),
    );
    await page.goto(chart(cast.followed, "svar?vy=utlatanden"));
    const article = page.getByRole("article");
    await article.waitFor();
    const said = await article.innerText();
    for (const word of ["Röntgen handled", "2026-11-20 kl 10.00", "Röntgenkliniken", "rättat", "Slut."])
      assert.ok(said.includes(word), word);
  });
});

test("WEB-VITAL-2 vital signs have the same table and trend; a pressure is two lines and one value", async () => {
  await using(stage.open(chart(cast.followed, "matvarden?sok=blodtryck&tid=allt")), async (page) => {
    await page.getByRole("slider", { name: /Blodtryck/ }).waitFor();
    assert.equal(await page.locator("path[data-series]").count(), 2);
    assert.match((await page.getByRole("slider").getAttribute("aria-valuetext")) ?? "", /\d+\/\d+ mmHg/);
  });
});
