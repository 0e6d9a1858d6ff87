/** Rules WEB-LETTER of src/web/SPEC.md: a letter written by keys, on paper with its code, and at the patient's own page. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Bundle, Patient } from "fhir/r4";
import type { BrowserContextOptions, Page } from "playwright-core";
import { pressKeyOf, setStage, type Stage, using } from "./stage/stage.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RUN = `axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }, resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))`;
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 } };
const TITLE = `Om besöket ${Date.now().toString(36)}`;
const SHOTS = process.env["EIRA_SHOTS"];

let stage: Stage;
let patient: Patient;
let number = "";

before(async () => {
  stage = await setStage();
  let numbers: readonly string[] = [];
  await using(stage.anonymous(PHONE), async (page) => {
    await page.goto("/api/sign-in/start/bankid?till=%2Fportal");
    numbers = (await page.locator("li button").allTextContents()).map((text) => text.slice(-12));
  });
  await using(stage.open("/"), async (page) => {
    for (const one of numbers.filter((text) => text < "2005")) {
      const found = (await (await page.request.get(`/fhir/R4/Patient?identifier=${one}`)).json()) as Bundle<Patient>;
      const person = found.entry?.[0]?.resource; // a number is one person's
      if (person?.id === undefined || person.meta?.security?.length !== 1) continue;
      if ((await page.request.get(`/api/patients/${person.id}/letters/options`)).status() !== 200) continue;
      [patient, number] = [person, one];
      return;
    }
    throw new Error("no patient who can sign in is open to the physician");
  });
});
after(() => stage?.close());

async function clean(page: Page): Promise<void> {
  await page.evaluate(AXE);
  assert.deepEqual(await page.evaluate(RUN), []);
}
const shot = async (page: Page, name: string): Promise<void> => {
  if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
};

test("WEB-LETTER-1, WEB-LETTER-2, WEB-LETTER-3 a letter is written by keys to the page and on paper, printed with its code, and the code typed says that it left", async () => {
  await using(stage.open(`/patienter/${patient.id}/oversikt`), async (page) => {
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("y");
    await page.getByRole("heading", { level: 1, name: "Brev" }).waitFor();
    await pressKeyOf(page, "w");
    const form = page.getByRole("form", { name: "Skriv brev" });
    await form.getByLabel("Rubrik").fill(TITLE);
    await form.getByLabel("Text", { exact: true }).fill("Välkommen.\nTa inte med kaffe.");
    const way = form.getByLabel(/^Patienten/);
    assert.deepEqual(await way.locator("option").allTextContents(), ["Skickas inte", "Patientens sida här", "Papper"]);
    await form.getByRole("button", { name: "Visa som mottagaren ser det" }).click();
    await form.getByRole("heading", { name: TITLE }).waitFor();
    await clean(page);
    await shot(page, "write");
    await form.getByLabel("Rubrik").press("Control+Enter");
    await page.getByText("Mottagen, inte läst").first().waitFor();
    assert.equal(await page.getByText(TITLE).count(), 1);
    await pressKeyOf(page, "w");
    await form.getByLabel("Rubrik").fill(`${TITLE} papper`);
    await form.getByLabel("Text", { exact: true }).fill("Välkommen.");
    await way.selectOption("paper");
    await form.getByLabel("Rubrik").press("Control+Enter");
    await page.getByText("Skapad, inte överförd").first().waitFor();
    await shot(page, "letters");
    await page.keyboard.press("g");
    await page.keyboard.press("x");
    await page.getByRole("heading", { level: 1, name: "Utskrift" }).waitFor();
    const row = page.locator("main li").filter({ hasText: `${TITLE} papper` });
    const code = (await row.locator("[class*=code]").textContent()) ?? "";
    assert.match(code, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]$/);
    await clean(page);
    await shot(page, "queue");
    await row.getByRole("link", { name: "Skriv ut" }).click();
    await page.getByRole("img", { name: `Kod ${code}` }).waitFor();
    await page.evaluate("window.print = () => { window.printed = (window.printed ?? 0) + 1; }");
    await page.getByRole("button", { name: "Skriv ut brevet" }).click();
    await page.getByRole("status").filter({ hasText: "Utskrivet" }).waitFor();
    assert.equal(await page.evaluate("window.printed"), 1);
    await clean(page);
    await shot(page, "print");
    await page.emulateMedia({ media: "print" });
    const box = await page.locator("address").boundingBox();
    const MM = 96 / 25.4;
    assert.ok(
      box !== null && box.x / MM > 85 && box.y / MM > 25 && (box.y + box.height) / MM < 75,
      JSON.stringify(box),
    );
    assert.equal(await page.getByRole("button").filter({ visible: true }).count(), 0); // nothing of the screen goes along
    assert.match(await page.locator("article").innerText(), /Ordens sigill [0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}/);
    if (SHOTS !== undefined) await page.pdf({ path: `${SHOTS}/paper.pdf`, format: "A4" });
    await shot(page, "paper");
    await page.emulateMedia({ media: "screen" });
    await page.goto("/utskrift");
    await page.getByRole("textbox", { name: "Brevets kod" }).fill(code.toLowerCase());
    await page.getByRole("textbox", { name: "Brevets kod" }).press("Enter");
    await page.getByText(`${code.toLowerCase()}: Lämnat.`).waitFor();
    await row.getByText("Lämnat, inte läst").waitFor();
  });
});

test("WEB-LETTER-6 the demonstration's templates are there to choose; an address that the register lacks is typed, corrected and written to on paper", async () => {
  await using(stage.open("/"), async (page) => {
    await page.goto(`/patienter/${patient.id}/brev`);
    await page.getByRole("button", { name: "Skriv brev" }).click();
    const form = page.getByRole("form", { name: "Skriv brev" });
    await form.getByLabel("Mall", { exact: true }).waitFor();
    assert.ok(
      (await form.getByLabel("Mall", { exact: true }).locator("option").allTextContents()).includes(
        "Till dig som är närstående",
      ),
    );
    await form.getByLabel("Mall", { exact: true }).selectOption({ label: "Till dig som är närstående" });
    await form.getByLabel("Egen text i mallen").fill("Ring oss i veckan.");
    await form.getByLabel(/^Patienten/).selectOption({ label: "Skickas inte" });
    await form.getByRole("button", { name: "Skriv en adress" }).press("Enter");
    await form.getByRole("textbox", { name: "Namn", exact: true }).fill("Eva Ek");
    await form.getByRole("textbox", { name: "Gata, box eller c/o" }).fill("Storgatan 1");
    await form.getByRole("textbox", { name: "Postnummer" }).fill("1234");
    await form.getByRole("textbox", { name: "Ort" }).fill("Borås");
    await form.getByRole("textbox", { name: "Ort" }).press("Enter");
    await form.getByText("Skriv fem siffror, till exempel 504 30.").waitFor();
    assert.equal(await form.getByRole("button", { name: "Skicka", exact: true }).isDisabled(), true);
    await clean(page);
    await shot(page, "letter-address");
    await form.getByRole("textbox", { name: "Postnummer" }).fill("50430");
    await form.getByRole("button", { name: "Lägg till adressen" }).press("Enter");
    await form.getByText("Papper: Storgatan 1, 50430 Borås").waitFor();
    await clean(page);
    await form.getByRole("button", { name: "Skicka", exact: true }).click();
    await page.getByText("Brevet är skapat.", { exact: false }).waitFor();
    await page.getByRole("heading", { name: "Till dig som är närstående" }).waitFor();
  });
});

test("WEB-LETTER-4 a template that somebody proposes waits for a colleague, and its own proposer cannot take it into use", async () => {
  await using(stage.open("/brevmallar"), async (page) => {
    const form = page.getByRole("form", { name: "Ny mall" });
    await form.getByLabel("Rubrik").fill(`Mall ${TITLE}`);
    await form.getByLabel("Text").fill("Hej {adress}");
    await form.getByRole("button", { name: "Lägg fram för granskning" }).click();
    await page.getByText(/fält: namn, tid/).waitFor();
    await form.getByLabel("Text").fill("Hej {namn}!\n{fritext}");
    await form.getByRole("button", { name: "Lägg fram för granskning" }).click();
    const card = page.locator("main li").filter({ hasText: `Mall ${TITLE}` });
    await card.getByText("En kollega granskar det som du har föreslagit.").waitFor();
    assert.equal(await card.getByRole("button", { name: "Ta i bruk" }).count(), 0);
    await clean(page);
    await shot(page, "templates");
  });
});

test("WEB-LETTER-5 the patient opens a letter on the own page, which the unit sees, and answers to its inbox", async () => {
  await using(stage.anonymous(PHONE), async (page) => {
    page.setDefaultTimeout(30_000);
    await page.goto("/portal/logga-in");
    await page.getByRole("link", { name: /BankID/ }).click();
    await page.locator(`button[value="${number}"]`).click();
    await page.waitForURL(/\/portal(?:\?|$)/);
    await page.getByRole("link", { name: "Meddelanden" }).click();
    const card = page.locator("main li").filter({ has: page.getByRole("heading", { name: TITLE, exact: true }) });
    await card.getByText("Nytt").waitFor();
    assert.equal(await card.getByText("Ta inte med kaffe.").count(), 0);
    await card.getByRole("button", { name: `Öppna ${TITLE}` }).click();
    await card.getByText("Ta inte med kaffe.").waitFor();
    await card.getByText(/^Öppnat /).waitFor();
    await card.getByRole("button", { name: "Svara enheten" }).click();
    await card.getByLabel("Ditt svar").fill("Tack, jag kommer.");
    await clean(page);
    await card.getByRole("button", { name: "Skicka svaret" }).click();
    await card.getByText("Svaret finns nu i enhetens inkorg. Det är inte läst än.").waitFor();
    await page.getByRole("heading", { name: `Svar: ${TITLE}` }).waitFor();
    await shot(page, "portal");
  });
  await using(stage.open(`/patienter/${patient.id}/brev`), async (page) => {
    const card = page.locator("main li").filter({ has: page.getByRole("heading", { name: TITLE, exact: true }) });
    await card.getByText(/^Läst /).waitFor();
  });
});
