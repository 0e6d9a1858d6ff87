/**
 * The door to a chart and its sources, on a server of the test's own, in which nobody is in anybody's care and every patient has a
 * diagnosis at the reader's unit, at the unit next door and at another care provider.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";
import { HSA_SYSTEM } from "../../src/base/index.ts";
import { OURS, patient, THEIRS } from "../../src/journal/testing/index.ts";
import { serverOfToday } from "../../src/http/testing/index.ts";
import { effortOn } from "./stage/effort.ts";
import { SECTION_PATHS } from "./stage/patients.ts";
import { textOfPdf } from "./stage/pdf-text.ts";
import { CHROMIUM_ARGUMENTS, chromiumPath, using, WARD_SCREEN } from "./stage/stage.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const WEB = join(ROOT, "dist/web");
if (!existsSync(join(WEB, "index.html")))
  assert.equal(spawnSync(process.execPath, [join(ROOT, "scripts/build.mjs"), "web"]).status, 0, "the web was built");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RUN = `axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } })
  .then(({ violations, passes }) => ({ checked: passes.length, found: violations.map(({ id, nodes }) => id + " " + nodes[0].html) }))`;

const NEXT_DOOR = { ...OURS, careUnit: "SE2321000131-E000000000012" };
const server = await serverOfToday({ after }, { webRoot: WEB, isUnrelated: true });
const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...CHROMIUM_ARGUMENTS] });
after(() => browser.close());
for (const [hsaId, name] of [
  [NEXT_DOOR.careUnit, "Ögonmottagningen"],
  [THEIRS.careProvider, "Kommunen"],
  [THEIRS.careUnit, "Hemsjukvården"],
] as const)
  await server.put({ resourceType: "Organization", id: hsaId, name, identifier: [{ system: HSA_SYSTEM, value: hsaId }] }, null); // prettier-ignore
const [value = "", name = "eira_session"] = (await server.cookie()).split("=").toReversed();

const PLACES = [
  [OURS, "Astma"],
  [NEXT_DOOR, "Glaukom"],
  [THEIRS, "Migrän"],
] as const;
const CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical";
let people = 0;

/** A patient whom nobody has seen before. */
async function somebody(): Promise<string> {
  const id = `p${++people}`;
  await server.put(patient(id));
  for (const [at, [owner, text]] of PLACES.entries())
    await server.put(
      {
        resourceType: "Condition",
        id: `${id}-${at}`,
        subject: { reference: `Patient/${id}` },
        code: { text },
        clinicalStatus: { coding: [{ system: CLINICAL, code: "active" }] },
      },
      owner,
    );
  return id;
}

async function opened(path: string): Promise<Page> {
  const baseURL = `http://127.0.0.1:${server.port}`;
  const context = await browser.newContext({ viewport: WARD_SCREEN, locale: "sv-SE", baseURL });
  await context.addCookies([{ name, value, domain: "127.0.0.1", path: "/" }]);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(path);
  return page;
}

const door = (page: Page): Promise<void> => page.getByRole("heading", { name: "Öppna journalen", level: 1 }).waitFor();
const heading = (page: Page, title: string): Promise<void> =>
  page.getByRole("heading", { name: title, level: 1 }).waitFor();
const notice = (page: Page): Promise<string> => page.locator("[data-hidden-notice]").innerText();

/** What the list of diagnoses has, once it is there. */
async function diagnoses(page: Page, id: string): Promise<string> {
  await page.goto(`/patienter/${id}/diagnoser`);
  await page.locator("main [data-row], main [data-state=unknown]").first().waitFor();
  return page.locator("main").innerText();
}

/** Light and dark with axe, and the layout at 200 % and at 320 pixels. */
async function refuseFaults(page: Page, where: string): Promise<void> {
  await page.evaluate(AXE);
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    const { checked, found } = await page.evaluate<{ checked: number; found: string[] }>(RUN);
    assert.ok(checked > 10, `${where}: axe saw only ${checked} things`);
    assert.deepEqual(found, [], `${where}, ${colorScheme}`);
  }
  for (const width of [WARD_SCREEN.width / 2, 320]) {
    await page.setViewportSize({ width, height: WARD_SCREEN.height / 2 });
    const over = await page.evaluate<number>(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    assert.ok(over <= 0, `${where}: ${over} of ${width} pixels too wide`);
  }
  await page.setViewportSize(WARD_SCREEN);
}

test("WEB-DOOR-1 every address of a chart that nothing opens leads to the door, which says why under the banner and shows nothing of the chart", async () => {
  const id = await somebody();
  await using(opened("/"), async (page) => {
    for (const [at, section] of SECTION_PATHS.entries()) {
      if (at % 5 === 0) await page.goto(`/patienter/${id}/${section}`);
      else await page.locator(`nav a[href$="/${section}"]`).click();
      await page.waitForURL(new RegExp(section));
      await door(page);
      if (at === 0) assert.equal(await page.evaluate("document.activeElement.textContent"), "Öppna journalen");
      await page.getByText("Du har ingen vårdrelation till patienten").waitFor();
      const said = await page.locator("main").innerText();
      for (const [, text] of PLACES) assert.equal(said.includes(text), false, `${section}: ${text}`);
      assert.match(await page.locator("[data-patient]").innerText(), /Ek, Tove[^]*Journalen är inte öppen/);
    }
    assert.equal((await page.title()).includes("Ek"), false);
    await page.route("**/care", (route) => route.abort());
    await page.reload();
    await page.locator("main [data-state=failed]").getByText("Servern kan inte nås").waitFor();
    await page.unroute("**/care");
    await page.getByRole("button", { name: "Försök igen" }).click();
    await page.getByRole("button", { name: "Registrera vårdrelation" }).waitFor();
  });
});

test("WEB-DOOR-2 a usual reason takes one key or one click, another reason some words, and the chart opens where one was heading", async () => {
  const [first, second, third] = [await somebody(), await somebody(), await somebody()];
  await using(opened(`/patienter/${first}/diagnoser`), async (page) => {
    await door(page);
    const effort = effortOn(page);
    await page.getByRole("button", { name: "Remissbedömning" }).waitFor();
    await effort.press("2");
    await heading(page, "Diagnoser & problem");
    assert.equal(effort.keys(), 1);
    await page.locator("main").getByText("Astma").waitFor();
    await page.getByRole("status").getByText("Journalen är öppen.").waitFor();
    await page.goto(`/patienter/${second}/vem-har-last`);
    await effort.click("main >> text=Telefonrådgivning");
    await heading(page, "Vem har läst");
    assert.equal(effort.clicks(), 1);
    await page.goto(`/patienter/${third}/diagnoser`);
    await page.getByLabel("Annat skäl, med egna ord").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.press("Enter");
    await page.getByText("Skriv varför uppgifterna behövs.").waitFor();
    await page.keyboard.type("2 frågor om intyg");
    await door(page);
    await page.keyboard.press("Enter");
    await heading(page, "Diagnoser & problem");
    const said = await server.sql<{ reason: string }>("SELECT reason FROM care_fact WHERE kind = 'reason' ORDER BY registered"); // prettier-ignore
    assert.deepEqual(
      said.map(({ reason }) => reason),
      ["Remissbedömning", "Telefonrådgivning", "2 frågor om intyg"],
    );
  });
});

test("WEB-DOOR-3 emergency access says what follows, asks for a reason, and makes exactly one review, however often it is pressed", async () => {
  const id = await somebody();
  const reviews = async (): Promise<number> =>
    Number((await server.sql<{ n: string }>("SELECT count(*) AS n FROM emergency_review"))[0]?.n);
  await using(opened(`/patienter/${id}/diagnoser`), async (page) => {
    await page.getByText("Varje nödöppning granskas i efterhand, och patienten får veta").waitFor();
    const effort = effortOn(page);
    await effort.press("n");
    await page.getByLabel("Varför är det en nödsituation?").waitFor();
    await effort.press("Enter");
    await page.getByText("Skriv varför uppgifterna behövs.").waitFor();
    assert.equal(await reviews(), 0);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Nödöppna …" }).click();
    await page.keyboard.type("Medvetslös, okänd medicinering");
    await effort.press("Enter");
    await page.keyboard.press("Enter");
    await heading(page, "Diagnoser & problem");
    assert.ok(effort.keys() <= 9, `${effort.keys()} keys`);
    assert.equal(await reviews(), 1);
    // Now what others have written can be chosen without consent.
    await page.goto(`/patienter/${id}/kallor`);
    await page.getByRole("button", { name: "Öppna Hemsjukvården, Kommunen" }).click();
    await page.getByText("I en nödsituation tar du del av andra vårdgivares uppgifter").waitFor();
    assert.match(await diagnoses(page, id), /Migrän/);
    assert.equal(await reviews(), 1);
  });
});

test("WEB-DOOR-4 the door comes when access ends while the chart is open, and keeps nothing of it", async () => {
  const id = await somebody();
  await using(opened(`/patienter/${id}/diagnoser`), async (page) => {
    await page.getByRole("button", { name: "Planerat besök" }).click();
    await page.locator("main").getByText("Astma").waitFor();
    await server.sql("UPDATE opening SET until = now() - interval '1 second' WHERE patient = $1", [id]);
    await server.sql("UPDATE care_fact SET until = now() - interval '1 second' WHERE patient = $1", [id]);
    await new Promise((resolve) => setTimeout(resolve, 2100)); // as long as what opens is remembered
    await page.keyboard.press("u");
    await door(page);
    await page.getByText("Din åtkomst till journalen har upphört.").waitFor();
    assert.equal((await page.locator("main").innerText()).includes("Astma"), false);
    await page.locator("main").press("1");
    await page.locator("main").getByText("Astma").waitFor();
    // What is opened elsewhere opens this door, too.
    const other = await somebody();
    await page.goto(`/patienter/${other}/diagnoser`);
    await door(page);
    await page.getByText("Varje nödöppning granskas i efterhand").waitFor(); // the refusal has come, so "u" asks anew
    await page.request.post(`/api/patients/${other}/care`, { data: { kind: "relation" }, headers: { "x-eira": "1" } });
    await page.keyboard.press("u");
    await page.locator("main").getByText("Astma").waitFor();
  });
});

test("WEB-SOURCES-1 every section says that records elsewhere are not shown, whether it is empty or not, on paper with their names", async () => {
  const id = await somebody();
  await using(opened(`/patienter/${id}/oversikt`), async (page) => {
    await page.getByRole("button", { name: "Telefonrådgivning" }).click();
    await heading(page, "Översikt");
    for (const section of SECTION_PATHS) {
      await page.locator(`nav a[href$="/${section}"]`).click();
      await page.waitForURL(new RegExp(section));
      await page.locator("main h1").waitFor();
      assert.match(await notice(page), /Uppgifter vid 2 andra vårdenheter visas inte/, section);
    }
    await page.goto(`/patienter/${id}/vaccinationer`);
    await page.locator("main [data-state=unknown]").waitFor();
    const paper = textOfPdf(await page.pdf({ format: "A4" })).join(" ");
    assert.match(paper, /Ingår inte här: uppgifter från .*Ögonmottagningen.*Hemsjukvården, Kommunen/);
    await page.locator("[data-hidden-notice]").click();
    await heading(page, "Journalkällor");
    await page.route("**/care", (route) => route.abort());
    await page.goto(`/patienter/${id}/vaccinationer`);
    await page.getByText("Det är inte känt om uppgifter vid andra vårdenheter är dolda").waitFor();
  });
});

test("WEB-SOURCES-4 another unit's records are shown when they have been chosen, one or several at once, and hidden again when closed", async () => {
  const id = await somebody();
  await server.put({ resourceType: "Flag", id: `${id}-flag`, status: "active", subject: { reference: `Patient/${id}` }, code: { text: "Smitta" } }, { ...OURS, careUnit: "SE2321000131-E000000000013" }); // prettier-ignore
  await using(opened(`/patienter/${id}/kallor`), async (page) => {
    await page.getByRole("button", { name: "Planerat besök" }).click();
    await page.getByText("Uppgifterna finns vid en annan vårdenhet och visas när du aktivt väljer dem.").waitFor();
    await page.getByRole("button", { name: "Öppna valda" }).click();
    await page.getByText("Välj minst en vårdenhet.").waitFor();
    await page.getByRole("checkbox", { name: "Ögonmottagningen" }).check();
    await page.getByRole("checkbox").nth(1).check();
    await page.getByRole("button", { name: "Öppna 2 valda" }).click();
    await page.getByRole("status").getByText("Klart.").waitFor();
    await page.getByRole("button", { name: "Stäng Ögonmottagningen" }).waitFor();
    // What was opened is in the banner at once, and in the lists.
    await page.locator("[data-patient]").getByText("Smitta").waitFor();
    assert.match(await notice(page), /1 annan vårdenhet/);
    assert.match(await diagnoses(page, id), /Glaukom/);
    await page.goto(`/patienter/${id}/kallor`);
    await page.getByRole("button", { name: "Stäng Ögonmottagningen" }).click();
    await page.getByRole("status").getByText("Stängt.").waitFor();
    assert.equal((await diagnoses(page, id)).includes("Glaukom"), false);
    assert.match(await notice(page), /2 andra vårdenheter/);
  });
});

test("WEB-SOURCES-3 another care provider's records take a relation, consent for some days and a choice; each step says what follows, and what was registered is ended", async () => {
  const id = await somebody();
  await using(opened(`/patienter/${id}/kallor`), async (page) => {
    await page.getByRole("button", { name: "Planerat besök" }).click();
    await page.getByText("du behöver registrera din patientrelation").waitFor();
    await page.getByText("Därefter: patientens samtycke, val av vårdenhet.").waitFor();
    await page.getByRole("button", { name: "Registrera vårdrelation" }).click();
    await page.getByText("kan visas om patienten samtycker, eller i en nödsituation").waitFor();
    await page.getByLabel("Antal dagar").fill("400");
    await page.getByRole("button", { name: "Registrera samtycke" }).click();
    await page.getByText("Ange 1 till 365 dagar.").waitFor();
    await page.getByLabel("Antal dagar").fill("14");
    await page.getByLabel(/^Företrädd av/).fill("Dotter, Maja Ek");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Öppna Hemsjukvården, Kommunen" }).click();
    await page.getByText("Patienten samtycker till att du tar del av andra vårdgivares uppgifter.").waitFor();
    const [fact] = await server.sql<{ days: string; represented_by: string }>("SELECT extract(day FROM until - since) AS days, represented_by FROM care_fact WHERE kind = 'consent' AND patient = $1", [id]); // prettier-ignore
    assert.deepEqual([Number(fact?.days), fact?.represented_by], [14, "Dotter, Maja Ek"]);
    assert.match(await diagnoses(page, id), /Migrän/);
    await page.goto(`/patienter/${id}/kallor`);
    await page
      .getByRole("button", { name: "Registrerad av misstag: Samtycke till andra vårdgivares uppgifter" })
      .click();
    await page.getByRole("status").getByText("Stängt.").waitFor();
    assert.equal((await diagnoses(page, id)).includes("Migrän"), false);
    await page.goto(`/patienter/${id}/kallor`);
    await page.route("**/end", (route) => route.abort());
    await page.getByRole("button", { name: "Avsluta: Vårdrelation" }).click();
    await page.getByRole("alert").getByText("Det gick inte att ändra. Servern kan inte nås").waitFor();
    await page.unroute("**/end");
    await page.getByRole("button", { name: "Avsluta: Vårdrelation" }).click();
    await page.getByText("du behöver registrera din patientrelation").waitFor();
    await page.getByRole("button", { name: "Avsluta: Skäl" }).click();
    await page.getByText("Din åtkomst till journalen har upphört.").waitFor();
  });
});

test("WEB-SOURCES-7 what is blocked is said without a place and leads to the blocks", async () => {
  const id = await somebody();
  await using(opened(`/patienter/${id}/kallor`), async (page) => {
    await page.getByRole("button", { name: "Planerat besök" }).click();
    await page.getByRole("button", { name: "Öppna Ögonmottagningen" }).waitFor();
    await server.sql(BLOCK, [id, NEXT_DOOR.careProvider, NEXT_DOOR.careUnit]);
    await page.getByRole("button", { name: "Uppdatera" }).click();
    await page.getByText("Det finns uppgifter som patienten har spärrat").waitFor();
    assert.equal(await page.getByText("Ögonmottagningen").count(), 0);
    await page.getByRole("link", { name: "Till Spärrar" }).click();
    await heading(page, "Spärrar");
  });
});

const BLOCK = `INSERT INTO block (id, patient, kind, care_provider, care_unit, registered, registered_by) VALUES ('block-7', $1, 'inner', $2, $3, now(), 'SE-ANNA')`;

test("WEB-AXE-4 axe finds nothing at the door or among the sources, light and dark, and neither scrolls sideways in a narrow window", async () => {
  const id = await somebody();
  await using(opened(`/patienter/${id}/kallor`), async (page) => {
    await page.getByRole("button", { name: "Nödöppna …" }).click();
    await page.getByRole("button", { name: "Nödöppna nu" }).click();
    await refuseFaults(page, "door");
    await page.getByRole("button", { name: "Planerat besök" }).click();
    await page.getByRole("button", { name: "Öppna Ögonmottagningen" }).waitFor();
    await refuseFaults(page, "sources");
    await page.getByRole("button", { name: "Registrera vårdrelation" }).click();
    await page.getByRole("button", { name: "Registrera samtycke" }).waitFor();
    await refuseFaults(page, "consent");
  });
});
