/** Rules WEB-REFERRAL and WEB-WAIT: a referral assessed and answered by the keyboard, who waits, and the words of the patient's page. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Bundle, Patient } from "fhir/r4";
import type { Page } from "playwright-core";
import { pressKeyOf, setStage, type Stage, using } from "./stage/stage.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const X_EIRA = { "x-eira": "1" };
const SHOTS = process.env["EIRA_SHOTS"];

let stage: Stage;
before(async () => {
  stage = await setStage();
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

/** Writes a referral to the own unit about somebody whom it meets; answers its title and whose it is. */
async function referred(
  page: Page,
): Promise<{ readonly title: string; readonly family: string; readonly number: string }> {
  const session = (await (await page.request.get("/api/session")).json()) as {
    assignment: { id: string; unitHsaId: string };
  };
  const of = async <T>(path: string): Promise<T[]> =>
    (((await (await page.request.get(`/fhir/R4/${path}`)).json()) as Bundle).entry ?? []).map(
      ({ resource }) => resource as T,
    );
  const [unit] = await of<{ id: string }>(`Organization?identifier=${session.assignment.unitHsaId}`);
  const met = await of<Patient>("Encounter?_count=20&_include=Encounter:patient");
  const patient = met.find((one) => one.resourceType === "Patient" && one.meta?.security?.length === 1);
  assert.ok(unit !== undefined && patient !== undefined);
  const title = `Bedömning ${randomUUID().slice(0, 8)}`;
  const data = {
    resourceType: "ServiceRequest",
    status: "active",
    intent: "order",
    authoredOn: new Date(Date.now() - 100 * 86_400_000).toISOString(),
    category: [{ coding: [{ system: "http://snomed.info/sct", code: "3457005" }], text: "Remiss" }],
    code: { text: title },
    subject: { reference: `Patient/${patient.id}` },
    requester: { reference: `PractitionerRole/${session.assignment.id}` },
    performer: [{ reference: `Organization/${unit.id}` }],
    reasonCode: [{ text: "Indikation för operation?" }],
  };
  const done = await page.request.post("/fhir/R4/ServiceRequest", { data, headers: X_EIRA });
  assert.equal(done.status(), 201, (await done.text()).slice(0, 400));
  const number = patient.identifier?.find(({ value }) => /^\d{12}$/.test(value ?? ""))?.value ?? "";
  return { title, family: String(patient.name?.[0]?.family), number };
}

const rowOf = (page: Page, title: string) => page.locator("main [data-row]").filter({ hasText: title });

test(
  "WEB-REFERRAL-1, WEB-REFERRAL-2, WEB-WAIT-1, WEB-WAIT-2 a referral is accepted with priority and day by the keyboard, stands on the waiting list with its days, and is answered with a sealed text; the screens are clean in axe",
  { timeout: 60_000 },
  async () => {
    await using(stage.open("/inkorg?slag=referral"), async (page) => {
      const { title, family } = await referred(page);
      await page.reload();
      await rowOf(page, title).waitFor();
      await rowOf(page, title).focus();
      const pane = page.getByRole("region", { name: "Vald rad" });
      await pane.getByText("2 Mottagen").waitFor();
      await pane.getByText("Vårdgarantin passerad med 10 dagar").waitFor();
      await pressKeyOf(page, "a");
      const form = pane.getByRole("form", { name: "Bedöm: acceptera" });
      await form.getByLabel("Prioritet").selectOption("urgent");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Control+Enter");
      await form.getByRole("alert").getByText("Ange en dag från och med i dag.").waitFor();
      const day = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);
      await form.getByLabel("Medicinskt måldatum").fill(day);
      await page.keyboard.press("Tab");
      await page.keyboard.type("Kallas till mottagning.");
      await shot(page, "assess");
      await page.keyboard.press("Control+Enter");
      await pane.getByText("Remissen är accepterad.").waitFor();
      await pane.getByText("4 Bedömd").waitFor();
      await pane.getByText(day).first().waitFor();
      assert.deepEqual(await violationsIn(page), []);
      await shot(page, "assessed");

      await page.getByRole("link", { name: "Väntelista" }).click();
      const waiting = page.getByRole("row").filter({ hasText: title });
      await waiting.waitFor();
      assert.match(
        await waiting.innerText(),
        new RegExp(`${family}[\\s\\S]*Brådskande[\\s\\S]*100[\\s\\S]*passerad 10 d[\\s\\S]*${day}[\\s\\S]*Ska kallas`),
      );
      await page.getByLabel("Visa").selectOption("target");
      await waiting.waitFor({ state: "detached" });
      await page.getByLabel("Visa").selectOption("over");
      await page.getByLabel("Sök namn, nummer eller ärende").fill(title);
      await waiting.waitFor();
      await page.getByRole("status").getByText("1 väntar, 1 har passerat").waitFor();
      await page.getByRole("img", { name: /Väntetider.*100–109 dagar: 1 väntar/ }).waitFor();
      assert.deepEqual(await violationsIn(page), []);
      await shot(page, "waiting");

      await page.goto("/inkorg?slag=referral");
      await rowOf(page, title).focus();
      await pane.getByText("4 Bedömd").waitFor();
      await pressKeyOf(page, "v");
      await page.keyboard.type("Ingen indikation för operation. Fysioterapi.");
      await page.keyboard.press("Control+Enter");
      await rowOf(page, title).waitFor({ state: "detached" });
      await page.goto("/inkorg?slag=result");
      await rowOf(page, `Svar: ${title}`).focus();
      await pane.getByText("Ingen indikation för operation. Fysioterapi.").waitFor();
      await shot(page, "answer");
    });
  },
);

test(
  "WEB-REFERRAL-3 the patient sees the referral on the own page, in the words that staff read, with who has it",
  { timeout: 60_000 },
  async () => {
    let title = "";
    let number = "";
    await using(stage.open("/"), async (page) => {
      ({ title, number } = await referred(page));
    });
    await using(stage.anonymous(), async (page) => {
      page.setDefaultTimeout(30_000);
      await page.goto("/portal/logga-in");
      await page.getByRole("link", { name: /BankID/ }).click();
      await page.locator(`button[value="${number}"]`).click();
      await page.waitForURL(/\/portal(?:\?|$)/);
      await page.getByRole("link", { name: "Remisser & beställningar" }).click();
      const card = page.getByRole("listitem").filter({ hasText: title });
      await card.waitFor();
      const words = await card.innerText();
      assert.match(words, /Mottagen sedan[\s\S]*Ligger nu hos Akutmottagningen[\s\S]*Indikation för operation\?/);
      assert.deepEqual(await violationsIn(page), []);
      await shot(page, "portal");
    });
  },
);

test(
  "WEB-REFERRAL-4 a patient writes an own referral on the own page, the unit asks and answers in its inbox, and the patient sees who has it and gets the answer",
  { timeout: 60_000 },
  async () => {
    let [number, matter] = ["", ""];
    await using(stage.open("/"), async (page) => {
      ({ number } = await referred(page));
      matter = `Knävärk ${randomUUID().slice(0, 6)}`;
      await using(stage.anonymous({ viewport: { width: 390, height: 844 } }), async (own) => {
        own.setDefaultTimeout(30_000);
        await own.goto("/portal/logga-in");
        await own.getByRole("link", { name: /BankID/ }).click();
        await own.locator(`button[value="${number}"]`).click();
        await own.waitForURL(/\/portal(?:\?|$)/);
        await own.getByRole("link", { name: "Remisser & beställningar" }).click();
        await own.getByRole("button", { name: "Skriv egenremiss" }).click();
        const form = own.getByRole("form", { name: "Skriv egenremiss" });
        await form.getByLabel("Vad gäller det?").fill(matter);
        await form.getByLabel("Berätta").fill("Jag kan inte gå i trappor.");
        await form.getByLabel("Enhet", { exact: false }).first().fill("akutmott");
        await form.getByRole("button", { name: "Skicka" }).click();
        await form.getByText("Välj en enhet.").waitFor();
        await form.getByRole("radio", { name: "Akutmottagningen", exact: true }).check();
        assert.deepEqual(await violationsIn(own), []);
        await shot(own, "own-form");
        await form.getByRole("button", { name: "Skicka" }).click();
        const card = own.getByRole("listitem").filter({ hasText: matter });
        await card.getByText("Ligger nu hos Akutmottagningen.").waitFor();
        await shot(own, "own-sent");

        await page.goto("/inkorg?slag=referral");
        await rowOf(page, matter).focus();
        const pane = page.getByRole("region", { name: "Vald rad" });
        await pane.getByText("Egenremiss: patienten får svaret").waitFor();
        await pane.getByRole("button", { name: "Fråga patienten" }).click();
        await page.keyboard.type("Sedan när?");
        await page.keyboard.press("Control+Enter");
        await pane.getByText("Frågan är skickad till patienten.").waitFor();
        await shot(page, "own-asked");

        await own.reload();
        await card.getByRole("button", { name: "Lägg till" }).click();
        await card.getByLabel("Det du vill lägga till").fill("Sedan mars.");
        await card.getByRole("button", { name: "Skicka tillägget" }).click();
        await card.getByText("Sedan mars.", { exact: true }).waitFor();

        await page.reload();
        await rowOf(page, matter).focus();
        await pane.getByText("2 Mottagen").waitFor();
        await pressKeyOf(page, "v");
        await page.keyboard.type("Du får en tid hos fysioterapeut.");
        await page.keyboard.press("Control+Enter");
        await rowOf(page, matter).waitFor({ state: "detached" });
        await own.getByRole("link", { name: "Meddelanden" }).click();
        await own.getByRole("button", { name: `Öppna Svar: Egenremiss: ${matter}` }).click();
        await own.getByText("Du får en tid hos fysioterapeut.").waitFor();
        await shot(own, "own-answer");
      });
    });
  },
);

test(
  "WEB-INBOX-11 what was sent is taken back with a reason; the follow-up stands in the inbox with it, and so does that of somebody who did not come",
  { timeout: 60_000 },
  async () => {
    await using(stage.open("/"), async (page) => {
      const { title } = await referred(page);
      await page.goto("/skickat?slag=referral");
      await rowOf(page, title).focus();
      const pane = page.getByRole("region", { name: "Vald rad" });
      await pane.getByRole("button", { name: "Återta" }).click();
      await page.keyboard.type("Patienten har flyttat.");
      await page.keyboard.press("Control+Enter");
      await rowOf(page, title).waitFor({ state: "detached" });
      await page.goto("/inkorg?slag=task");
      await rowOf(page, title).focus();
      await pane.getByText("Återtagen", { exact: true }).waitFor();
      await pane.getByText("Patienten har flyttat.").waitFor();
      await pane.getByText("återtagen: patienten ska följas upp").waitFor();
      assert.deepEqual(await violationsIn(page), []);
      await shot(page, "taken-back");

      const met = ((await (await page.request.get("/fhir/R4/Encounter?_count=1&_include=Encounter:patient")).json()) as Bundle).entry ?? []; // prettier-ignore
      const patient = met.find(({ resource }) => resource?.resourceType === "Patient")?.resource?.id;
      const description = `Återbesök ${randomUUID().slice(0, 8)}`;
      const data = {
        resourceType: "Appointment",
        status: "noshow",
        description,
        start: new Date().toISOString(),
        end: new Date(Date.now() + 1_800_000).toISOString(),
        cancelationReason: { text: "Glömde tiden" },
        participant: [{ actor: { reference: `Patient/${patient}` }, status: "accepted" }],
      };
      const done = await page.request.post("/fhir/R4/Appointment", { data, headers: X_EIRA });
      assert.equal(done.status(), 201, (await done.text()).slice(0, 400));
      await page.reload();
      await rowOf(page, description).focus();
      await pane.getByText("Uteblev", { exact: true }).waitFor();
      await pane.getByText("Glömde tiden").waitFor();
    });
  },
);
