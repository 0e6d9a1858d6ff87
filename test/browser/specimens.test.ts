/** Rules WEB-SPECIMEN and WEB-CRITICAL: from the unit's list to tubes that are drawn, labels on the printer of the place, where a tube is, and a life-threatening answer. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Bundle, Patient } from "fhir/r4";
import type { Page } from "playwright-core";
import { demoUnit } from "../../src/demo/index.ts";
import { effortOn } from "./stage/effort.ts";
import { setStage, using, type Stage, untilTrue } from "./stage/stage.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const X_EIRA = { "x-eira": "1" };
const LOCAL = "urn:eira:demo:analys";
const SHOTS = process.env["EIRA_SHOTS"];

let stage: Stage;
let patient: Patient;
let printer: Server;
let heard = "";
const folder = mkdtempSync(join(tmpdir(), "eira-printers-"));

before(async () => {
  printer = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      heard += chunk.toString("utf8");
    });
  });
  await new Promise<void>((resolve) => printer.listen(0, "127.0.0.1", resolve));
  const address = printer.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const unit = demoUnit("akut");
  const file = join(folder, "printers.json");
  writeFileSync(
    file,
    JSON.stringify({
      printers: [{ name: "zebra", title: "Zebra expeditionen", host: "127.0.0.1", port }],
      places: [
        { code: "EXP", title: "Expeditionen", unit, printer: "zebra" },
        { code: "ROND", title: "Rondvagnen", unit },
      ],
    }),
  );
  process.env["EIRA_PRINTERS"] = file;
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
after(async () => {
  await stage?.close();
  printer.close();
  rmSync(folder, { recursive: true });
});

async function refer(page: Page): Promise<{ readonly requester: string; readonly laboratory: string }> {
  const session = (await (await page.request.get("/api/session")).json()) as { assignment: { id: string } };
  const found = await page.request.get("/fhir/R4/Organization?name=Klinisk%20kemi&_count=1");
  const laboratory = ((await found.json()) as Bundle).entry?.[0]?.resource?.id ?? "";
  return { requester: `PractitionerRole/${session.assignment.id}`, laboratory: `Organization/${laboratory}` };
}

/** Orders analyses as ordering does. */
async function order(page: Page, titles: readonly string[]): Promise<void> {
  const { requester, laboratory } = await refer(page);
  for (const title of titles) {
    const resource = {
      resourceType: "ServiceRequest",
      status: "active",
      intent: "order",
      category: [{ coding: [{ system: "http://snomed.info/sct", code: "108252007" }] }],
      code: { coding: [{ system: LOCAL, code: title.toLocaleLowerCase("sv") }], text: title },
      subject: { reference: `Patient/${patient.id}` },
      requester: { reference: requester },
      performer: [{ reference: laboratory }],
      authoredOn: new Date().toISOString(),
      priority: "urgent",
    };
    const sent = await page.request.post("/fhir/R4/ServiceRequest", { data: resource, headers: X_EIRA });
    assert.equal(sent.status(), 201, await sent.text());
  }
}

const number = (): string => (patient.identifier ?? []).find(({ use }) => use !== "old")?.value ?? "";

async function violationsIn(page: Page): Promise<unknown> {
  await page.evaluate(AXE);
  return page.evaluate(
    `axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }, resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))`,
  );
}

/** In the order of a careful look: wide, dark, narrow. */
async function lookAt(page: Page, name: string): Promise<void> {
  assert.deepEqual(await violationsIn(page), [], name);
  for (const [look, width, scheme] of [
    ["wide", 1366, "light"],
    ["dark", 1366, "dark"],
    ["narrow", 390, "light"],
  ] as const) {
    // prettier-ignore
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 768 });
    const sideways = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert.ok(Number(sideways) <= 0, `${name} ${look} scrolls sideways by ${String(sideways)}`);
    if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}-${look}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1366, height: 768 });
}

const digits = (text: string): string => text.replaceAll(/\D/g, "");

test(
  "WEB-SPECIMEN-1, WEB-SPECIMEN-2, WEB-SPECIMEN-3, WEB-SPECIMEN-4, WEB-SPECIMEN-5 a scan opens the patient, labels come out where one stands, a wrong band and a wrong tube stop everything, tubes are scanned, and a tube tells where it is",
  { timeout: 60_000 },
  async (t) => {
    await using(stage.open("/"), async (page) => {
      await order(page, ["Blodstatus", "Elektrolytstatus"]);
      await page.locator("main").focus();
      await page.keyboard.press("g");
      await page.keyboard.press("z");
      await page.getByRole("heading", { name: "Provtagning", exact: true }).waitFor();
      const scan = page.getByRole("textbox", { name: /Skanna armband eller rör/ });
      await page.locator("main [data-row]").first().waitFor();
      await t.test("the list", async () => {
        await lookAt(page, "list");
        await scan.fill("19000101-9999");
        await scan.press("Enter");
        await page.getByText("Ingen på listan har det numret.").waitFor();
      });
      await page.getByLabel("Var står du?").selectOption({ label: "Expeditionen" });
      await page.getByText("Skrivare: Zebra expeditionen").waitFor();

      const effort = effortOn(page);
      let scans = 0;
      const scanned = async (code: string): Promise<void> => {
        scans += 1; // a scanner types and ends with Enter
        await page.keyboard.insertText(code);
        await page.keyboard.press("Enter");
      };
      await scan.fill("");
      await scan.focus();
      await scanned(number());
      await page.getByText("EDTA-rör 4 ml").waitFor();
      await page.getByText("Heparinrör med gel 4 ml").waitFor();
      await page.getByText("Skrivare: Zebra expeditionen").waitFor();
      await effort.press("Enter"); // the button has the focus
      await page
        .getByRole("status")
        .getByText(/2 etiketter skickade till Zebra expeditionen/)
        .waitFor();
      const numbers = [...heard.matchAll(/\^FD>;(\d{16})\^FS/g)].map(([, one = ""]) => one);
      assert.equal(numbers.length, 2);
      assert.ok(heard.includes(digits(number()).slice(0, 8)), "the identity stands on the label");
      await t.test("a wrong band", async () => {
        await page.keyboard.insertText("19000101-9999");
        await page.keyboard.press("Enter");
        await page.getByText("Stämmer inte med patienten. Kontrollera armbandet.").waitFor();
        await lookAt(page, "collection");
      });
      await page.getByRole("textbox", { name: /Skanna armbandet/ }).fill("");
      await page.getByRole("textbox", { name: /Skanna armbandet/ }).focus();
      await scanned(number());
      await page.getByText("Identiteten stämmer.").waitFor();
      await t.test("a wrong tube", async () => {
        await page.keyboard.insertText("0000000000000000");
        await page.keyboard.press("Enter");
        await page.getByText("Etiketten hör inte till den här provtagningen.").waitFor();
        await page.getByRole("textbox", { name: /Skanna rörets etikett/ }).fill("");
      });
      const [first = "", second = ""] = numbers;
      await scanned(first);
      await page.getByRole("status").getByText(/taget/).waitFor();
      await scanned(second);
      await page.getByRole("status").getByText("Alla rör är tagna.").waitFor();
      // Scans: the band twice, each tube; one key prints. No click.
      assert.ok(effort.keys() <= 1 && effort.clicks() === 0 && scans === 4, `${effort.keys()} keys, ${scans} scans`);

      await page.goto(`/prov/${first}`);
      await page.getByText("Taget, inte skickat").waitFor();
      await page.getByRole("button", { name: "Skickat till laboratoriet" }).click();
      await page.getByText("Skickat, inte mottaget").waitFor();
      await t.test("the way of a tube", () => lookAt(page, "track"));
      await page.getByRole("button", { name: "Förlorat" }).click();
      await page.getByLabel(/Varför/).fill("Föll i golvet.");
      await page.keyboard.press("Enter");
      await page.getByText("Föll i golvet.").first().waitFor();
      await page.goto("/inkorg?slag=specimen");
      await page.locator("main [data-row]").filter({ hasText: first }).first().waitFor();

      await t.test("a printer that is away, and the browser's own print", async () => {
        await new Promise<void>((resolve) => printer.close(() => resolve()));
        await page.goto(`/provtagning/${patient.id}`);
        await page.getByText("Ska tas om").first().waitFor();
        await page.getByRole("button", { name: "Skriv ut etiketter" }).click();
        await page
          .getByRole("status")
          .getByText(/Ingenting skrevs ut: skrivaren går inte att nå/)
          .waitFor();
        await page.evaluate("window.print = () => { window.printed = true; }");
        await page.getByRole("button", { name: "Skriv ut med webbläsaren" }).click();
        await page.locator("[data-labels='1'] svg").waitFor({ state: "attached" });
        await untilTrue(page, "window.printed === true");
        if (SHOTS !== undefined) await page.pdf({ path: join(SHOTS, "label.pdf"), preferCSSPageSize: true });
        await page.getByRole("button", { name: "Kunde inte tas" }).click();
        await page.getByLabel("Skäl").selectOption({ label: "Patienten avböjde" });
        await page.getByRole("button", { name: "Spara" }).click();
        await page
          .getByRole("status")
          .getByText(/får en uppgift/)
          .waitFor();
        await page.getByText(/Försökt .*Patienten avböjde/).waitFor();
      });
    });
  },
);

test(
  "WEB-CRITICAL-1 a life-threatening answer says who must act, how long is left, who has been asked and who is next, and keeps that the laboratory has rung",
  { timeout: 60_000 },
  async () => {
    await using(stage.open("/"), async (page) => {
      const { requester } = await refer(page);
      const subject = { reference: `Patient/${patient.id}` };
      const title = `Kalium ${randomUUID().slice(0, 8)}`;
      const observation = `urn:uuid:${randomUUID()}`;
      const now = new Date().toISOString();
      const interpretation = [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code: "HH" }] }]; // prettier-ignore
      const value = { resourceType: "Observation", status: "final", code: { text: "P-Kalium" }, subject, effectiveDateTime: now, valueQuantity: { value: 7.2, unit: "mmol/L" }, interpretation }; // prettier-ignore
      const report = { resourceType: "DiagnosticReport", status: "final", code: { text: title }, subject, performer: [{ reference: requester }], issued: now, result: [{ reference: observation }] }; // prettier-ignore
      const entry = [
        { fullUrl: observation, resource: value, request: { method: "POST", url: "Observation" } },
        { resource: report, request: { method: "POST", url: "DiagnosticReport" } },
      ];
      const done = await page.request.post("/fhir/R4", { data: { resourceType: "Bundle", type: "transaction", entry }, headers: X_EIRA }); // prettier-ignore
      assert.equal(done.status(), 200, (await done.text()).slice(0, 300));
      await page.goto("/inkorg?slag=result");
      const row = page.locator("main [data-row]").filter({ hasText: title });
      await row.focus();
      const panel = page.getByRole("region", { name: "Livshotande svar" });
      await panel.getByText(/\d+ min kvar av 30\./).waitFor();
      await panel.getByText(/Ska åtgärdas av /).waitFor();
      await panel.getByText(/Annars tillfrågas /).waitFor();
      await panel.getByRole("button", { name: "Laboratoriet har ringt" }).press("Enter");
      await page.keyboard.type("Eva, Klinisk kemi");
      await page.getByLabel("Vem fick svaret").fill("Sjuksköterska Bo");
      await page.getByLabel("Svaret lästes tillbaka").press("Space");
      assert.deepEqual(await violationsIn(page), []);
      if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, "critical.png") });
      await page.getByRole("button", { name: "Spara samtalet" }).press("Enter");
      await page
        .getByText(/Ringt av Eva, Klinisk kemi till Sjuksköterska Bo\. Återläst\./)
        .first()
        .waitFor();
      await row.focus();
      await page.keyboard.press("3");
      await page.getByRole("status").getByText("Behandlingen ändrad.").waitFor();
    });
  },
);
