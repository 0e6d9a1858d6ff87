/** Rules WEB-INBOX and WEB-SENT: the queue by the keyboard, answers handled one and many at a time, what was sent, absence and duty. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Bundle, BundleEntry, Patient } from "fhir/r4";
import type { Page } from "playwright-core";
import { effortOn } from "./stage/effort.ts";
import { pressKeyOf, setStage, type Stage, using } from "./stage/stage.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const X_EIRA = { "x-eira": "1" };

let stage: Stage;
let patient: Patient;

before(async () => {
  stage = await setStage();
  await using(stage.open("/"), async (page) => {
    const own = "Encounter?_count=20&_include=Encounter:patient"; // somebody whom the physician meets
    const { entry } = (await (await page.request.get(`/fhir/R4/${own}`)).json()) as Bundle<Patient>;
    const found = entry
      ?.map(({ resource }) => resource)
      .find((one) => one?.resourceType === "Patient" && one.meta?.security?.length === 1);
    if (found === undefined) throw new Error("the region has no patient for the physician");
    patient = found;
  });
});
after(() => stage?.close());

const EVERYTHING = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
/** A dark screen is the same document in other colours, a narrow one in other places. */
const ASPECTS = [
  EVERYTHING,
  { type: "rule", values: ["color-contrast", "link-in-text-block"] },
  { type: "rule", values: ["target-size", "scrollable-region-focusable"] },
];

/** With few rows: many are the same to axe, and cost it seconds. */
const PATHS = ["/inkorg?slag=signature", "/franvaro", "/skickat?slag=order"] as const;

async function violationsIn(page: Page, only = EVERYTHING): Promise<unknown> {
  await page.evaluate(AXE);
  return page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(only)}, resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))`,
  );
}

type Asked = { readonly value: number; readonly code: "N" | "H" | "HH" };

/** Writes orders of whoever is signed in with their answers, in one transaction; answers the reports' titles. */
async function answer(page: Page, results: readonly Asked[]): Promise<readonly string[]> {
  const session = (await (await page.request.get("/api/session")).json()) as { assignment: { id: string } };
  const subject = { reference: `Patient/${patient.id}` };
  const performer = [{ reference: `PractitionerRole/${session.assignment.id}` }];
  const titles = results.map(() => `Prov ${randomUUID().slice(0, 8)}`);
  const entry = results.flatMap(({ value, code }, at): BundleEntry[] => {
    const observation = `urn:uuid:${randomUUID()}`;
    return [
      {
        fullUrl: observation,
        resource: {
          resourceType: "Observation",
          status: "final",
          code: { text: "P-Kalium" },
          subject,
          effectiveDateTime: new Date().toISOString(),
          valueQuantity: { value, unit: "mmol/L" },
          referenceRange: [{ low: { value: 3.5 }, high: { value: 4.6 } }],
          interpretation: [
            { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code }] },
          ],
        },
        request: { method: "POST", url: "Observation" },
      },
      {
        resource: {
          resourceType: "DiagnosticReport",
          status: "final",
          code: { text: titles[at] ?? "" },
          subject,
          performer,
          issued: new Date().toISOString(),
          result: [{ reference: observation }],
        },
        request: { method: "POST", url: "DiagnosticReport" },
      },
    ];
  });
  const bundle: Bundle = { resourceType: "Bundle", type: "transaction", entry };
  const done = await page.request.post("/fhir/R4", { data: bundle, headers: X_EIRA });
  assert.equal(done.status(), 200, (await done.text()).slice(0, 500));
  return titles;
}

const rowOf = (page: Page, title: string) => page.locator("main [data-row]").filter({ hasText: title });

/** Shows the results alone, with the row in sight. */
async function toResults(page: Page, title: string): Promise<void> {
  await page.goto("/inkorg?slag=result");
  await rowOf(page, title).waitFor();
}

test(
  "WEB-INBOX-1, WEB-INBOX-2, WEB-INBOX-4, WEB-INBOX-5 an answer without deviations is handled with one key or one click when it has been read, one that deviates says what was done, and both can be undone",
  { timeout: 60_000 },
  async () => {
    await using(stage.open("/"), async (page) => {
      const [plain = "", critical = ""] = await answer(page, [
        { value: 4, code: "N" },
        { value: 7.2, code: "HH" },
      ]);
      await page.keyboard.press("Escape");
      await page.locator("main").focus();
      await page.keyboard.press("g");
      await page.keyboard.press("i");
      await page.getByRole("heading", { name: "Inkorg", exact: true }).waitFor();
      await rowOf(page, critical).waitFor();
      const lines = await page.locator("main li[data-risk]").all();
      const risks = await Promise.all(lines.map((one) => one.getAttribute("data-risk")));
      assert.deepEqual(
        risks,
        risks.toSorted((a, b) => Number(a) - Number(b)),
      );
      assert.match(await rowOf(page, critical).innerText(), /Kritiskt[\s\S]*om \d+ min[\s\S]*Mottagen/);
      const pane = page.getByRole("region", { name: "Vald rad" });
      await toResults(page, plain);
      await rowOf(page, plain).focus();
      await pane.getByRole("cell", { name: /4 mmol/ }).waitFor();
      await pane.getByText(String(patient.name?.[0]?.family)).waitFor();
      await pane.getByText("Skapad av").waitFor();
      const effort = effortOn(page);
      await pressKeyOf(page, "1", () => effort.press("s")); // "s" means the usual one of them
      await page.getByRole("status").getByText("Ingen åtgärd behövs.").waitFor();
      await rowOf(page, plain).waitFor({ state: "detached" });
      assert.ok(effort.keys() <= 1 && effort.seconds("M", "S") <= 3.2, `${effort.keys()} ${effort.seconds("M", "S")}`);
      await pressKeyOf(page, "z");
      await rowOf(page, plain).waitFor();

      await rowOf(page, critical).focus();
      await pane.getByRole("cell", { name: /7,2 mmol/ }).waitFor();
      await pressKeyOf(page, "1", () => page.keyboard.press("s"));
      await pane.getByText("Välj vad som har gjorts, 1 till 5.").waitFor();
      assert.equal(await rowOf(page, critical).count(), 1);
      await page.keyboard.press("3");
      await page.getByRole("status").getByText("Behandlingen ändrad.").waitFor();
      await rowOf(page, critical).waitFor({ state: "detached" });

      await rowOf(page, plain).focus();
      await pane.getByRole("cell", { name: /4 mmol/ }).waitFor();
      const mouse = effortOn(page);
      await mouse.click("main button:has-text('Ingen åtgärd behövs')");
      await rowOf(page, plain).waitFor({ state: "detached" });
      assert.equal(mouse.clicks(), 1);
    });
  },
);

test(
  "WEB-INBOX-4 twenty answers without deviations are handled with four keys when they have been seen, and none that was not seen or deviates",
  { timeout: 60_000 },
  async () => {
    await using(stage.open("/"), async (page) => {
      const titles = await answer(page, [
        ...Array.from({ length: 20 }, (): Asked => ({ value: 4.1, code: "N" })),
        { value: 9.9, code: "N" }, // says that it is normal, and is far outside its interval
      ]);
      await toResults(page, titles[0] ?? "");
      await page.locator("main").focus();
      const effort = effortOn(page);
      await pressKeyOf(page, "n", effort.press);
      const cards = page.getByRole("region", { name: "Svar utan avvikelse" }).getByRole("listitem");
      await cards.filter({ hasText: titles[19] ?? "" }).waitFor();
      const sign = page.getByRole("button", { name: /^Åtgärda sedda \((\d+)\)/ });
      const seen = async (): Promise<number> => Number(/\d+/.exec(await sign.innerText())?.[0]);
      await page.getByText("Åtgärda sedda (0)").waitFor({ state: "detached" });
      const unseen = (await cards.count()) - (await seen());
      if (unseen > 0) await effort.press("Space");
      await page.locator("li[data-seen=false]").first().waitFor({ state: "detached", timeout: 5000 });
      assert.ok((await seen()) >= 20);
      assert.deepEqual(await violationsIn(page), []);
      await pressKeyOf(page, "s", effort.press);
      await page.getByRole("button", { name: "Ja, åtgärda" }).waitFor();
      await effort.press("Enter");
      await page.getByText(/\d+ rader hanterade/).waitFor();
      assert.ok(effort.keys() <= 4 && effort.seconds("M", "M", "S") <= 6.7, `${effort.keys()} keys`);
      await rowOf(page, titles[0] ?? "").waitFor({ state: "detached" });
      for (const title of titles.slice(0, 20)) assert.equal(await rowOf(page, title).count(), 0);
    });
  },
);

test(
  "WEB-INBOX-3, WEB-INBOX-6, WEB-INBOX-7 a referral is taken over, delegated and sent back by the keyboard; filters stand in the address and words do not; what cannot be fetched says so",
  { timeout: 60_000 },
  async () => {
    await using(stage.openAt("Kirurgkliniken", "/inkorg?slag=referral"), async (page) => {
      const rows = page.locator("main [data-row]").filter({ hasText: "Mottagen" });
      await rows.first().waitFor();
      await rows.first().focus();
      const pane = page.getByRole("region", { name: "Vald rad" });
      await pane.getByRole("heading", { name: "Frågeställning" }).waitFor();
      await pressKeyOf(page, "t");
      await page.getByRole("status").getByText("Tagen om hand.").waitFor();
      await pane.getByText("Tagen om hand av du").waitFor();
      await pane.locator('[data-tone="calm"]').first().waitFor();
      await pressKeyOf(page, "d");
      await pane.getByRole("option").nth(4).waitFor({ state: "attached" });
      await pane.getByLabel("Till vem").selectOption({ index: 1 });
      await pane.getByRole("button", { name: "Delegera" }).press("Enter");
      await page.getByRole("status").getByText("Ny ansvarig.").waitFor();
      await page.locator("main").focus();
      await pressKeyOf(page, "r");
      await pane.getByLabel("Skäl").waitFor();
      await page.keyboard.press("Control+Enter");
      await pane.getByText("Skriv varför.").waitFor();
      await pane.getByLabel("Skäl").fill("Fel klinik.");
      await page.keyboard.press("Control+Enter");
      await page.getByRole("status").getByText("Återsänd.").waitFor();

      await page.getByLabel("Slag").selectOption({ label: "Brev" });
      await page.getByText("Inget väntar på dig eller din enhet i det här urvalet.").waitFor();
      assert.match(page.url(), /slag=letter/);
      await page.getByLabel("Slag").selectOption({ label: "Alla slag" });
      await page.locator("main [data-row]").first().waitFor();
      await page.keyboard.press("/");
      await page.getByLabel("Sök bland de hämtade").fill("finns inte alls");
      await page.getByText(/rader döljs av sökorden/).waitFor();
      assert.doesNotMatch(page.url(), /finns/);

      await page.route("**/api/inbox*", (route) => route.abort());
      await page.getByRole("button", { name: "Uppdatera" }).click();
      await page.getByRole("alert").filter({ hasText: "tidigare" }).waitFor();
      await page.goto("/inkorg");
      await page.locator('[data-state="failed"]').waitFor();
    });
  },
);

test(
  "WEB-SENT-2, WEB-SENT-3, WEB-SENT-4 what the unit set in motion is listed with who has it and since when, can be read step by step and reminded of, and stands in the patient's chart",
  { timeout: 60_000 },
  async () => {
    await using(stage.open("/skickat"), async (page) => {
      const title = `Blodgruppering ${randomUUID().slice(0, 8)}`;
      const session = (await (await page.request.get("/api/session")).json()) as { assignment: { id: string } };
      const found = await page.request.get("/fhir/R4/Organization?name=Klinisk%20kemi&_count=1");
      const laboratory = ((await found.json()) as Bundle).entry?.[0]?.resource?.id ?? "";
      const order = {
        resourceType: "ServiceRequest",
        status: "active",
        intent: "order",
        code: { text: title },
        subject: { reference: `Patient/${patient.id}` },
        requester: { reference: `PractitionerRole/${session.assignment.id}` },
        performer: [{ reference: `Organization/${laboratory}` }],
        authoredOn: new Date().toISOString(),
        priority: "urgent",
      };
      const sent = await page.request.post("/fhir/R4/ServiceRequest", { data: order, headers: X_EIRA });
      assert.equal(sent.status(), 201, await sent.text());
      await page.keyboard.press("u");
      await rowOf(page, title).waitFor();
      assert.match(await rowOf(page, title).innerText(), /Hos Klinisk kemi[\s\S]*sedan \d{4}-/);
      await rowOf(page, title).focus();
      const pane = page.getByRole("region", { name: "Vald rad" });
      await pane.getByText("Mottagen av").waitFor();
      assert.equal(await pane.locator('[data-tone="calm"]').count(), 0);
      assert.equal(await rowOf(page, title).locator('[data-tone="calm"]').count(), 0);
      await pane.getByRole("button", { name: "Påminn" }).press("Enter");
      await pane.getByLabel("Kommentar").fill("Patienten ska opereras.");
      await page.keyboard.press("Control+Enter");
      await pane.getByText("Patienten ska opereras.").waitFor();
      await page.goto(`/patienter/${patient.id}/remisser`);
      const moving = page.getByRole("list", { name: "Öppna slingor" }).getByRole("listitem");
      await moving.filter({ hasText: title }).waitFor();
      assert.match(await moving.filter({ hasText: title }).innerText(), /Mottagen[\s\S]*Hos Klinisk kemi/);
    });
  },
);

test(
  "WEB-INBOX-8 absence with a deputy and a turn on duty are registered and ended in words that people type",
  { timeout: 60_000 },
  async () => {
    await using(stage.open("/franvaro"), async (page) => {
      const absence = page.getByRole("form", { name: "Lägg till frånvaro" });
      await absence.getByRole("button").click();
      await page.getByText("Ange dagarna.").waitFor();
      await absence.getByLabel("Från och med").fill("i+10");
      await absence.getByLabel("Till och med").fill("i+12");
      await absence.getByLabel("Ersättare").selectOption({ index: 1 });
      await absence.getByRole("button").click();
      const listed = page.getByRole("list", { name: "Frånvaro" }).getByRole("listitem");
      await listed.filter({ hasText: "Ersättare:" }).waitFor();
      const duty = page.getByRole("form", { name: "Lägg till jour" });
      await duty.getByLabel("Från och med").fill("i+1");
      await duty.getByLabel("Från klockan").fill("16.00");
      await duty.getByLabel("Till klockan").fill("2100");
      await duty.getByRole("button").click();
      const turns = page.getByRole("list", { name: "Jourlista" }).getByRole("listitem");
      await turns.filter({ hasText: "kl 16.00–21.00" }).waitFor();
      await turns.first().getByRole("button").click();
      await listed.first().getByRole("button").click();
      await page.getByText("Ingen frånvaro är registrerad.").waitFor();
    });
  },
);

test(
  "WEB-INBOX-9 axe finds nothing on these screens, light, dark and narrow, none scrolls sideways, and they speak English by choice",
  { timeout: 60_000 },
  async () => {
    const looks = [{}, { colorScheme: "dark" }, { viewport: { width: 320, height: 800 } }] as const;
    for (const [at, look] of looks.entries())
      await using(stage.open(PATHS[0], look), async (page) => {
        for (const path of at === 1 ? PATHS.slice(0, 1) : at === 0 ? PATHS.slice(0, 2) : PATHS) {
          if (path !== PATHS[0]) await page.goto(path);
          await page
            .locator(path === "/franvaro" ? "main form" : "main [data-row]")
            .first()
            .waitFor();
          if (path !== "/franvaro") await page.getByRole("heading", { name: "Steg för steg" }).waitFor();
          assert.deepEqual(await violationsIn(page, ASPECTS[at]), [], `${path} ${JSON.stringify(look)}`);
          const wide = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
          assert.ok(wide <= 0, `${path} scrolls sideways`);
        }
      });
    await using(stage.open("/inkorg"), async (page) => {
      await page.evaluate("localStorage.setItem('eira.language', 'en')");
      await page.reload();
      await page.locator("main [data-row]").first().waitFor();
      assert.equal(await page.locator("main h1").innerText(), "Inbox");
    });
  },
);
