/** Signing in at the demonstration's identity providers, the choice of assignment, and changing who uses a computer. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { Bundle, Patient } from "fhir/r4";
import { chart } from "./stage/patients.ts";
import { setStage, using, type Stage } from "./stage/stage.ts";

let stage: Stage;
let patient: Patient;

type Person = { readonly name: string; readonly assignments: readonly { readonly unit: string }[] };
let people: readonly Person[];

before(async () => {
  stage = await setStage();
  await using(stage.open("/"), async (page) => {
    const found = (await (await page.request.get("/fhir/R4/Patient?_count=1")).json()) as Bundle<Patient>;
    const resource = found.entry?.[0]?.resource;
    assert.ok(resource, "no patient");
    patient = resource;
    const answer = await page.request.get("/api/sign-in/people");
    people = ((await answer.json()) as { people: readonly Person[] }).people;
  });
});
after(() => stage?.close());

const withOne = (unit: RegExp): Person => {
  const found = people.find(({ assignments }) => assignments.length === 1 && unit.test(assignments[0]?.unit ?? ""));
  assert.ok(found, `nobody with one assignment at ${String(unit)}`);
  return found;
};

/** From the sign-in page through a provider's page, as somebody. */
async function prove(page: Page, provider: string, name: string): Promise<void> {
  await page.getByRole("link", { name: new RegExp(`Logga in med ${provider}`) }).click();
  await page.getByRole("heading", { name: new RegExp(provider) }).waitFor();
  await page.getByRole("button", { name }).first().click();
}

test("WEB-SIGN-7 one signs in at each provider of staff and comes back to where one was; a refusal says why", async () => {
  await using(stage.anonymous(), async (page) => {
    const somebody = withOne(/akut/i);
    await page.goto(chart(patient, "lakemedel"));
    await page.waitForURL("**/logga-in?**");
    await prove(page, "SITHS", somebody.name);
    await page.waitForURL("**/lakemedel");
    assert.match(await page.getByRole("banner").first().innerText(), new RegExp(somebody.name));
  });
  await using(stage.anonymous(), async (page) => {
    await page.goto("/logga-in");
    await page.getByRole("link", { name: /Logga in med SITHS/ }).click();
    await page.getByRole("button", { name: "Avbryt" }).click();
    await page.getByRole("alert").getByText("Inloggningen avbröts").waitFor();
    await page.getByRole("link", { name: /Logga in med SITHS/ }).click();
    await page.getByLabel("Någon annans HSA-id").fill("SE2321000131-P999999999999");
    await page.getByRole("button", { name: "Logga in" }).click();
    await page.getByRole("alert").getByText("Du finns inte i katalogen").waitFor();
    await page.goto("/api/sign-in/callback/siths?code=x&state=y");
    await page.getByRole("alert").getByText("Börja om").waitFor();
  });
});

test("WEB-SIGN-8 whoever has several assignments chooses one with the keyboard", async () => {
  const somebody = people.find(({ assignments }) => assignments.length > 1);
  assert.ok(somebody, "nobody has several assignments");
  await using(stage.anonymous(), async (page) => {
    await page.goto("/logga-in");
    await prove(page, "SITHS", somebody.name);
    await page.getByRole("heading", { name: "Välj medarbetaruppdrag" }).waitFor();
    await page.getByRole("option").nth(1).waitFor();
    await page.keyboard.press("ArrowDown");
    const unit = await page.locator("[role=option][aria-selected=true] strong").innerText();
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !url.pathname.startsWith("/logga-in"));
    assert.match(await page.getByRole("banner").first().innerText(), new RegExp(unit));
    await page.goto("/logga-in/uppdrag");
    await page.getByText("Inloggningen har gått ut eller redan använts").waitFor();
  });
});

test("WEB-SWITCH-1 another person goes on at the same screen with their own access, and the first one comes back", async () => {
  const [anna, bo] = [withOne(/akut/i), withOne(/vårdcentral/i)];
  await using(stage.anonymous(), async (page) => {
    const place = chart(patient, "anteckningar");
    const [current] = [page.context()];
    await page.goto(place);
    await prove(page, "SITHS", anna.name);
    await page.waitForURL(`**${place}`);
    await page.getByRole("banner").first().waitFor();
    const other = await current.newPage();
    await other.goto(chart(patient));
    await other.getByRole("banner").first().waitFor();
    const [old] = await current.cookies();
    const menu = (): Promise<void> => page.getByRole("button", { name: /Inställningar och utloggning/ }).click();
    await menu();
    await page.getByRole("button", { name: "Byt användare, samma skärm" }).click();
    await page.getByText(`${anna.name} har lämnat datorn`).waitFor();
    await other.getByRole("heading", { name: "Logga in i Eira" }).waitFor();
    assert.equal(await other.locator("[data-patient]").count(), 0);
    await page.goBack();
    await page.getByRole("heading", { name: "Logga in i Eira" }).waitFor();
    assert.equal(await page.locator("[data-patient]").count(), 0);
    await prove(page, "Freja", bo.name);
    await page.waitForURL(`**${place}`);
    assert.match(await page.getByRole("banner").first().innerText(), new RegExp(bo.name));
    const dead = await page.request.get("/api/session", { headers: { cookie: `eira_session=${old?.value ?? ""}` } });
    assert.ok(dead.status() === 401 || ((await dead.json()) as { person: { name: string } }).person.name === bo.name);
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await menu();
    await page.getByRole("button", { name: `Tillbaka till ${anna.name}` }).click();
    await page.getByRole("button", { name: anna.name }).click();
    await page.waitForURL(`**${place}`);
    assert.match(await page.getByRole("banner").first().innerText(), new RegExp(anna.name));
    await page.keyboard.press("Control+Shift+L");
    await page.getByRole("heading", { name: "Logga in i Eira" }).waitFor();
    assert.equal(await page.evaluate("sessionStorage.getItem('eira.parked')"), null);
  });
});
