/** Rules WEB-WORK, WEB-REVIEW and WEB-DIRECTORY: log reviewers' and administrators' tasks. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Bundle, Patient } from "fhir/r4";
import type { BrowserContextOptions, Page } from "playwright-core";
import { chart } from "./stage/patients.ts";
import { setStage, using, type Stage } from "./stage/stage.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RUN = `axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }, resultTypes: ["violations"] })
  .then(({ violations, passes }) => ({ checked: passes.length, found: violations.map((one) => one.id + ": " + one.nodes.map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).slice(0, 3).join(" ; ")) }))`;
const REVIEWER = /^Logggranskare$/;
const KEEPER = /^Behörighetsadministratör$/;

let stage: Stage;
let cast: { readonly known: Patient };

function numberOf({ identifier = [] }: Patient): string | undefined {
  return identifier.find(({ system }) => system?.endsWith("/personnummer"))?.value;
}

before(async () => {
  stage = await setStage();
  await using(stage.open("/"), async (page) => {
    const found = (await (await page.request.get("/fhir/R4/Patient?_count=1000")).json()) as Bundle<Patient>;
    const patients = (found.entry ?? []).flatMap(({ resource }) => resource ?? []);
    const known = patients.find((one) => numberOf(one) !== undefined && one.meta?.security?.length === 1);
    if (known === undefined) throw new Error("the region has no patient with a number");
    cast = { known };
    await page.request.get(`/api/patients/${known.id}/overview`);
  });
});
after(() => stage?.close());

const seed = `prov ${Date.now().toString(36)}`;

test("WEB-WORK-1 and WEB-REVIEW-1 a reviewer comes to the review, draws a sample and lists it with its reasons", async () => {
  await using(stage.openAs(REVIEWER, "/"), async (page) => {
    await page.getByRole("heading", { name: "Att granska" }).waitFor();
    assert.match(page.url(), /\/granskning/);
    assert.equal(await page.locator("#eira-search").count(), 0);
    await page.getByLabel("Antal", { exact: true }).fill("50");
    await page.getByLabel("Frö").fill(seed);
    await page.getByRole("button", { name: "Dra urvalet" }).click();
    await page.getByText(/Urvalet är draget: \d+ åtkomst/).waitFor({ timeout: 20_000 });
    await page.locator("main [data-row]").first().waitFor();
    const reasons = await page.locator('main [data-row] td[data-label="Varför vald"]').allInnerTexts();
    assert.ok(reasons.length > 0 && reasons.every((one) => one.trim().endsWith(".")));
    const risks = await page.locator("main [data-row] td:first-child").allInnerTexts();
    assert.deepEqual(
      risks.map(Number),
      risks.map(Number).toSorted((a, b) => b - a),
    );
    await page.getByLabel("Skäl").selectOption({ label: "Samma adress" });
    await page.getByText("Inget att granska passar filtret").waitFor();
    assert.match(page.url(), /skal=same-address/);
    await page.reload();
    await page.getByText("Inget att granska passar filtret").waitFor();
    await page.getByLabel("Skäl").selectOption({ label: "Alla skäl" });
    await page.locator("main [data-row]").first().waitFor();
    await page.locator("main").focus();
    await page.keyboard.press("j");
    assert.equal(await page.locator("main [data-row]:focus").count(), 1);
    await page.goto(chart(cast.known));
    await page.getByText("Uppdraget gäller ett annat ändamål").first().waitFor();
  });
});

test("WEB-REVIEW-2 an access opens to its lines, is judged with a reason, and judged again", async () => {
  await using(stage.openAs(REVIEWER, "/granskning"), async (page) => {
    await page.locator("main [data-row]").first().waitFor();
    await page
      .getByRole("link", { name: /^Öppna åtkomsten/ })
      .first()
      .press("Enter");
    await page.getByRole("heading", { name: "Vad som gjordes" }).waitFor();
    await page.getByText("Ingen har bedömt åtkomsten än.").waitFor();
    await page.getByRole("button", { name: "Spara bedömningen" }).click();
    await page.getByText("Skriv en motivering.").waitFor();
    await page.getByText("Ska utredas").click();
    await page.getByLabel("Motivering").fill("Frågar verksamhetschefen.");
    await page.getByRole("button", { name: "Spara bedömningen" }).dblclick();
    await page.getByRole("listitem").filter({ hasText: "Frågar verksamhetschefen." }).waitFor();
    await page.getByRole("button", { name: "Ändra bedömningen" }).waitFor();
    assert.equal(await page.getByRole("list", { name: "Tidigare bedömningar" }).getByRole("listitem").count(), 1);
    await page.getByLabel("Motivering").fill("Jouråtkomst, befogad.");
    await page.getByRole("button", { name: "Ändra bedömningen" }).click();
    await page.getByRole("listitem").filter({ hasText: "Jouråtkomst, befogad." }).waitFor();
    assert.equal(await page.getByRole("list", { name: "Tidigare bedömningar" }).getByRole("listitem").count(), 2);
    await page.route("**/api/log-review/accesses/*", (route) => route.abort());
    await page.getByRole("button", { name: "Uppdatera" }).click();
    await page.getByText("Kunde inte uppdateras").waitFor();
  });
});

test("WEB-REVIEW-3 and WEB-REVIEW-4 statistics with graph and file, and an extract by number", async () => {
  await using(stage.openAs(REVIEWER, "/granskning/statistik"), async (page) => {
    await page.getByRole("slider").waitFor();
    await page.getByText(/utvalda, \d+ granskade/).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Hämta som fil (CSV)" }).click(),
    ]);
    assert.match(readFileSync(await file.path(), "utf8"), /^\ufeffMånad;Vårdenhet;Regel;/);
    await page.getByRole("link", { name: "Loggutdrag" }).click();
    const number = numberOf(cast.known) ?? "";
    await page.getByLabel("Nummer").fill(number);
    await page.getByRole("button", { name: "Ta fram utdraget" }).click();
    await page.locator("main [data-row]").first().waitFor();
    assert.doesNotMatch(page.url(), new RegExp(number));
    await page.getByLabel("Nummer").fill("19121212-1213");
    await page.keyboard.press("Enter");
    await page.locator("main [data-state=failed]").waitFor();
  });
});

test("WEB-DIRECTORY-1 and WEB-DIRECTORY-2 an administrator finds somebody, gives an assignment after seeing what changes, and undoes it", async () => {
  await using(stage.openAs(KEEPER, "/"), async (page) => {
    await page.getByRole("heading", { name: "Personer och uppdrag" }).waitFor();
    await page.getByLabel("Sök namn, HSA-id, enhet eller roll").fill("Ek överläkare");
    await page.getByText(/^\d+ (?:person|personer)$/).waitFor();
    await page.getByText("Anna Ek").waitFor();
    const hsaId = await page
      .locator("main [data-row]")
      .filter({ hasText: "Anna Ek" })
      .locator(".dim")
      .first()
      .innerText();
    await page.getByText("BRA-2026-014").waitFor();
    await page.getByRole("link", { name: "Nytt uppdrag" }).click();
    await page.getByRole("button", { name: "Se vad som ändras" }).click();
    await page.getByText("Fyll i det som är markerat.").waitFor();
    await page.getByLabel("Personens HSA-id").fill(hsaId);
    await page.getByLabel("Enhet", { exact: true }).selectOption({ index: 1 });
    await page.getByLabel("Roll", { exact: true }).selectOption({ label: "Logggranskare" });
    await page.getByLabel("Ändamål").selectOption("Kvalitetssäkring");
    await page.getByLabel("Uppdragets HSA-id").fill(`TSTNMT2301000012-U${String(Date.now()).slice(-8)}`);
    await page.getByLabel("Uppdragets namn").fill("Logguppföljning");
    await page.getByRole("button", { name: "Se vad som ändras" }).click();
    await page.getByText(/^får: Anna Ek/).waitFor();
    await page.getByText("Ingen som är inloggad påverkas.").waitFor();
    assert.ok(await page.getByRole("button", { name: "Verkställ ändringen" }).isDisabled());
    await page.getByLabel("Jag har läst vad som ändras och för vem").check();
    await page.getByRole("button", { name: "Verkställ ändringen" }).dblclick();
    await page.getByText("Ändringen är gjord (1 post skrivna).").waitFor();
    await page.getByRole("button", { name: "Ångra", disabled: false }).click();
    await page.getByText(/^ändras: Anna Ek/).waitFor();
    await page.getByLabel("Jag har läst vad som ändras och för vem").check();
    await page.getByRole("button", { name: "Verkställ ändringen" }).click();
    await page.getByText("Ändringen är gjord (1 post skrivna).").waitFor();
  });
});

test("WEB-DIRECTORY-3 and WEB-DIRECTORY-4 a file's faults are said with their place, and assignments are gone through", async () => {
  await using(stage.openAs(KEEPER, "/katalog/andra?slag=file"), async (page) => {
    await page.getByLabel("Källfil (JSON)").setInputFiles({
      name: "katalog.json",
      mimeType: "application/json",
      buffer: Buffer.from('{"format":"eira-directory-1","person":[{"personHsaId":"x"}]}'),
    });
    await page.getByRole("button", { name: "Se vad som ändras" }).click();
    await page.getByText("person[0].givenName: saknas").waitFor();
    await page.getByRole("link", { name: "Genomgång" }).click();
    const group = page.getByRole("region", { name: /^Uppdrag som inte har gåtts igenom/ });
    const rows = group.getByRole("checkbox");
    await rows.nth(1).waitFor();
    const count = await group.locator("li").count();
    await group.locator("li input").first().check();
    await group.getByRole("button", { name: "Markera 1 uppdrag som genomgångna" }).click();
    await page.getByText("1 uppdrag är noterat som genomgångna.").waitFor();
    await group
      .locator("li input")
      .nth(count - 1)
      .waitFor({ state: "detached" });
  });
});

const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  narrow: { viewport: { width: 390, height: 844 } },
};

test("WEB-WORK-2 axe finds nothing on these screens, and none scrolls sideways", async () => {
  for (const [look, options] of Object.entries(LOOKS)) {
    await using(stage.openAs(REVIEWER, "/granskning", options), async (page) => {
      await page.locator("main [data-row]").first().waitFor();
      await refuseFaults(page, `tasks ${look}`);
      const path = await page
        .getByRole("link", { name: /^Öppna åtkomsten/ })
        .first()
        .getAttribute("href");
      for (const each of [path ?? "", "/granskning/statistik", "/granskning/utdrag"]) await visit(page, each, look);
    });
    await using(stage.openAs(KEEPER, "/katalog", options), async (page) => {
      for (const each of ["/katalog", "/katalog/andra", "/katalog/andra?slag=file", "/katalog/genomgang"])
        await visit(page, each, look);
    });
  }
});

async function visit(page: Page, path: string, look: string): Promise<void> {
  await page.goto(path);
  await page.locator("main h1").waitFor();
  await page.locator("main [data-state=loading]").first().waitFor({ state: "detached" });
  await refuseFaults(page, `${path} ${look}`);
}

async function refuseFaults(page: Page, where: string): Promise<void> {
  await page.evaluate(AXE);
  const { checked, found } = await page.evaluate<{ checked: number; found: string[] }>(RUN);
  assert.ok(checked > 10, `${where}: axe saw only ${checked} things`);
  assert.deepEqual(found, [], where);
  const over = await page.evaluate<number>(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  assert.ok(over <= 0, `${where}: ${over} pixels too wide`);
}
