import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Bundle, Composition, Patient } from "fhir/r4";
import type { Page } from "playwright-core";
import { chart } from "./stage/patients.ts";
import { textOfPdf } from "./stage/pdf-text.ts";
import { pressKeyOf, setStage, type Stage, using } from "./stage/stage.ts";

let stage: Stage;
let patient: Patient;

before(async () => {
  stage = await setStage();
  await using(stage.open("/"), async (page) => {
    const own = "Encounter?_count=1&_include=Encounter:patient"; // somebody whom the physician meets
    const { entry } = (await (await page.request.get(`/fhir/R4/${own}`)).json()) as Bundle<Patient>;
    const found = entry?.map(({ resource }) => resource).find((one) => one?.resourceType === "Patient");
    if (found === undefined) throw new Error("the region has no patient for the physician");
    patient = found;
  });
});
after(() => stage?.close());

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function violationsIn(page: Page): Promise<unknown> {
  await page.evaluate(AXE);
  return page.evaluate(
    `axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } }).then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))`,
  );
}

const X_EIRA = { "x-eira": "1" };

/** Writes a note as whoever is signed in; it is older than the region, so that it is the first that waits. */
async function write(page: Page, title: string, text: string, date = "2001-01-01"): Promise<string> {
  const session = (await (await page.request.get("/api/session")).json()) as { assignment: { id: string } };
  const note: Composition = {
    resourceType: "Composition",
    status: "preliminary",
    type: { text: "Anteckning" },
    subject: { reference: `Patient/${patient.id}` },
    date,
    author: [{ reference: `PractitionerRole/${session.assignment.id}` }],
    title,
    section: [
      {
        title: "Bedömning",
        text: { status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml">${text}</div>` },
      },
    ],
  };
  const answer = await page.request.post("/fhir/R4/Composition", { data: note, headers: X_EIRA });
  assert.equal(answer.status(), 201, await answer.text());
  return ((await answer.json()) as Composition).id ?? "";
}

async function standsAs(page: Page, id: string): Promise<string | undefined> {
  const answer = await page.request.get(`/api/patients/${patient.id}/signing`);
  const { records } = (await answer.json()) as { records: Record<string, { state: string }> };
  return records[`Composition/${id}`]?.state;
}

test(
  "WEB-SIGNING-1, WEB-SIGNING-2, WEB-SIGNING-3, WEB-SIGNING-4 a note is signed by the keyboard, corrected and disagreed with, and all of it stands with it, on paper too",
  { timeout: 120_000 },
  async () => {
    await using(stage.open("/"), async (page) => {
      const title = `Besök ${randomUUID().slice(0, 8)}`;
      const id = await write(page, title, "Puls 72 i vila.", new Date().toISOString());
      await page.goto(`${chart(patient, "anteckningar")}?anteckning=Composition/${id}`);
      const reader = page.getByRole("region", { name: "Vald anteckning" });
      await reader.getByText("Osignerad", { exact: true }).waitFor();
      await reader.getByText(/^Låses \d/).waitFor();
      await pressKeyOf(page, "s");
      await reader.getByText(`Signera ”${title}”, version 1?`).waitFor();
      await page.keyboard.press("Escape");
      assert.equal(await standsAs(page, id), "unsigned");
      await pressKeyOf(page, "s");
      await reader.getByRole("button", { name: "Ja, signera" }).waitFor();
      await page.keyboard.press("Enter");
      await reader.getByText(/^Signerad av .+, \d{4}-\d\d-\d\d kl/).waitFor();
      await reader.getByText("Låst", { exact: true }).waitFor();
      assert.equal(await standsAs(page, id), "signed");

      await reader.getByRole("button", { name: "Rätta", exact: true }).click();
      await reader.getByLabel("Bedömning").fill("Puls 76 i vila.");
      await reader.getByRole("button", { name: "Spara rättelsen" }).click();
      await reader.getByText("Skriv varför anteckningen rättas.").waitFor();
      await reader.getByLabel("Skäl till rättelsen").fill("Fel avläst");
      await reader.getByRole("button", { name: "Spara rättelsen" }).click();
      await reader.getByText(/^Rättad av .*: Fel avläst/).waitFor();
      await reader.getByText("Ändrad, osignerad").waitFor();
      await reader.getByRole("button", { name: "Visa vad som ändrades" }).click();
      assert.equal((await reader.locator("aside del").textContent())?.trim(), "72");
      assert.equal((await reader.locator("aside ins").textContent())?.trim(), "76");

      await reader.getByRole("button", { name: "Patienten håller inte med" }).click();
      await reader.getByLabel("Vad patienten anser är fel").fill("Jag hade sprungit.");
      await reader.getByRole("button", { name: "Spara", exact: true }).click();
      await reader.getByLabel("Vad patienten anser är fel").waitFor({ state: "detached" });
      await reader.getByText("Jag hade sprungit.").waitFor();
      assert.deepEqual(await violationsIn(page), []);
      const paper = textOfPdf(await page.pdf({ format: "A4" })).join(" ");
      for (const word of ["Ändrad, osignerad", "Fel avläst", "Jag hade sprungit.", "Version 1 signerades av"])
        assert.ok(paper.includes(word), word);
      assert.equal(paper.includes("Rätta "), false);
    });
  },
);

test(
  "WEB-UNSIGNED-1, WEB-UNSIGNED-2 what waits is read oldest first and signed after one question, and what was not read is not signed",
  { timeout: 120_000 },
  async () => {
    await using(stage.open("/"), async (page) => {
      // Older than what an earlier run may have left waiting.
      const waiting = (await (await page.request.get("/api/unsigned")).json()) as { items: { date: string | null }[] };
      const before = Math.min(
        Date.parse("2000-01-01"),
        ...waiting.items.map(({ date }) => Date.parse(date ?? "2000-01-01")),
      );
      const titles = [4, 3, 2].map((days) => ({
        date: new Date(before - days * 86_400_000).toISOString().slice(0, 10),
        title: `Gammal ${randomUUID().slice(0, 8)}`,
      }));
      const ids: string[] = [];
      for (const { date, title } of titles) ids.push(await write(page, title, "Väntar.", date));
      await page.getByRole("link", { name: /^Osignerat/ }).click();
      await page.getByRole("heading", { name: "Osignerat", exact: true }).waitFor();
      const rows = page.getByRole("list", { name: "Väntar på din signering" }).locator("[data-row]");
      await rows.nth(2).waitFor();
      const shown = await rows.allTextContents();
      for (const [at, { title }] of titles.entries()) assert.ok(shown[at]?.includes(title), title);
      assert.match(shown[0] ?? "", /^\d{4,5} dagar/);
      const reader = page.getByRole("region", { name: "Vald anteckning" });
      await reader.getByRole("heading", { name: titles[0]?.title ?? "" }).waitFor();
      await page.keyboard.press("j");
      await page.keyboard.press("j");
      await reader.getByRole("heading", { name: titles[1]?.title ?? "" }).waitFor();
      await page.getByRole("button", { name: "Signera lästa (2)" }).waitFor();
      assert.deepEqual(await violationsIn(page), []);
      await page.keyboard.press("a");
      await page.getByText("Signera de 2 anteckningar som du har läst här?").waitFor();
      await page.keyboard.press("Enter");
      await page.getByText("2 anteckningar är signerade.").waitFor();
      assert.deepEqual(await Promise.all(ids.map((id) => standsAs(page, id))), ["signed", "signed", "unsigned"]);
      await reader.getByRole("heading", { name: titles[2]?.title ?? "" }).waitFor();
      await pressKeyOf(page, "s");
      await reader.getByRole("button", { name: "Ja, signera" }).waitFor();
      await page.keyboard.press("Enter");
      await rows.filter({ hasText: titles[2]?.title ?? "" }).waitFor({ state: "detached" });
      assert.equal(await standsAs(page, ids[2] ?? ""), "signed");
    });
  },
);

test(
  "WEB-INBOX-10 a note that waits stands in Inkorg, is read and signed there with the key of the chart, and leaves the list",
  { timeout: 60_000 },
  async () => {
    await using(stage.open("/"), async (page) => {
      const title = `Brådskande ${randomUUID().slice(0, 8)}`;
      const id = await write(page, title, "Ring i dag.");
      await page.goto("/inkorg?slag=signature");
      const row = page.locator("main [data-row]").filter({ hasText: title });
      await row.click();
      const pane = page.getByRole("region", { name: "Vald rad" });
      await pane.getByText("Ring i dag.").waitFor();
      await pane.getByText("Osignerad").waitFor();
      await pane.getByRole("button", { name: "Signera", exact: true }).waitFor(); // what can be done is known first then
      await page.keyboard.press("s");
      await pane.getByRole("button", { name: "Ja, signera" }).waitFor();
      await page.keyboard.press("Enter");
      await row.waitFor({ state: "detached" });
      assert.equal(await standsAs(page, id), "signed");
      assert.deepEqual(await violationsIn(page), []);
    });
  },
);
