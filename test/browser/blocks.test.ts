import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Bundle, Observation } from "fhir/r4";
import type { Page } from "playwright-core";
import { castOf, chart, openChart, type Cast } from "./stage/patients.ts";
import { setStage, using, type Stage } from "./stage/stage.ts";

let stage: Stage;
let cast: Cast;
let unit: string;

before(async () => {
  stage = await setStage();
  await using(stage.open("/"), async (page) => {
    cast = await castOf(page);
    unit = await unitOf(page, cast.followed.id ?? "");
  });
});
after(() => stage?.close());

/** A unit other than the reader's that has written something about the patient which the reader sees. */
async function unitOf(page: Page, patient: string): Promise<string> {
  const session = (await (await page.request.get("/api/session")).json()) as { assignment: { unit: string } };
  const people = (await (await page.request.get("/api/sign-in/people")).json()) as {
    people: { assignments: { unit: string }[] }[];
  };
  const units = new Set(people.people.flatMap(({ assignments }) => assignments.map((one) => one.unit)));
  const found = (await (
    await page.request.get(`/fhir/R4/Encounter?patient=${patient}&_include=Encounter:service-provider&_count=100`)
  ).json()) as Bundle;
  const names = (found.entry ?? []).flatMap(({ resource }) =>
    resource?.resourceType === "Organization" ? [resource.name ?? ""] : [],
  );
  const name = names.find((one) => one !== session.assignment.unit && units.has(one));
  if (name === undefined) throw new Error("the patient has been at no other unit with staff");
  return name;
}

async function seen(page: Page): Promise<number> {
  const found = (await (
    await page.request.get(`/fhir/R4/Encounter?patient=${cast.followed.id}&_count=1000`)
  ).json()) as Bundle<Observation>;
  return found.entry?.length ?? 0;
}

test("WEB-BLOCK-1, WEB-BLOCK-2, WEB-BLOCK-3 a block is registered where it is about, said and lifted elsewhere, and ended", async () => {
  await using(stage.open(chart(cast.followed, "vardkontakter")), async (reader) => {
    await reader.locator("[data-patient]").waitFor();
    const before = await seen(reader);
    await using(stage.openAt(unit, "/"), async (owner) => {
      await openChart(owner, cast.followed.id ?? "");
      await owner.goto(chart(cast.followed));
      await owner.locator("[data-patient]").waitFor();
      const own = await seen(owner);
      await owner.keyboard.press("g");
      await owner.keyboard.press("p");
      await owner.getByRole("heading", { name: "Spärrar", exact: true }).waitFor();
      await owner.getByText("Inga spärrar är registrerade").waitFor();
      await owner.getByRole("button", { name: "Spärra på patientens begäran" }).click();
      await owner.getByText("Alla, oavsett tid").waitFor();
      assert.equal(await owner.locator("[data-patient]").getByText("Spärrade uppgifter finns").count(), 0);
      assert.equal(await seen(owner), own, "the own unit sees what it saw");

      await reader.reload();
      await reader.locator("[data-patient]").getByRole("link", { name: "Spärrade uppgifter finns" }).click();
      assert.ok((await seen(reader)) < before, "something is hidden");
      assert.equal(await reader.getByText(unit).count(), 0, "not said where");
      await reader.getByText("Fara för liv eller hälsa").click();
      await reader.getByRole("button", { name: "Häv och visa" }).click();
      await reader.getByText("Skriv varför uppgifterna behövs.").waitFor();
      await reader.getByLabel("Beskriv skälet").fill("Medvetslös, läkemedel okända");
      await reader.keyboard.press("Enter");
      await reader.getByText("Spärrade uppgifter är öppna för dig till").waitFor();
      await reader.locator("[data-patient]").getByText("Spärr hävd till").waitFor();
      assert.equal(await seen(reader), before);
      await reader.getByRole("button", { name: "Spärra igen nu" }).click();
      await reader.getByRole("button", { name: "Häv och visa" }).waitFor();
      assert.ok((await seen(reader)) < before);

      await owner.getByRole("button", { name: "Patienten vill häva" }).click();
      await owner.getByText("Inga spärrar är registrerade").waitFor();
      assert.equal(await seen(reader), before);
    });
  });
});
