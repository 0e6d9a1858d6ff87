import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { castOf, chart, SECTION_PATHS, type Cast } from "./stage/patients.ts";
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

const banner = (page: Page): Promise<string> => page.locator("[data-patient]").innerText();
const refused = {
  resourceType: "OperationOutcome",
  issue: [{ severity: "error", code: "forbidden", details: { text: "Ingen grund för åtkomst finns." } }],
};

test("WEB-BANNER-2 the banner says who it is and what must be known, on every screen", async () => {
  await using(stage.open("/"), async (page) => {
    for (const section of SECTION_PATHS) {
      await page.goto(chart(cast.severeAllergy, section));
      await page.locator("main h1").waitFor();
      const said = await banner(page);
      for (const word of [
        cast.severeAllergy.name?.[0]?.family ?? "?",
        "Född",
        cast.severeAllergy.birthDate ?? "?",
        "Kön",
        "Personnummer",
        "Överkänslighet",
        "allvarlig",
      ]) {
        assert.ok(said.includes(word), `${section}: ${word} in ${said}`);
      }
    }
  });
});

test("WEB-BANNER-3 protected identity, death and warnings are said in words", async () => {
  await using(stage.open(chart(cast.protected)), async (page) => {
    assert.match(await banner(page), /Skyddade personuppgifter/);
    assert.equal((await page.title()).includes(cast.protected.name?.[0]?.family ?? "?"), false);
    await page.goto(chart(cast.deceased));
    assert.match(await banner(page), new RegExp(`Avliden\\s+${cast.deceased.deceasedDateTime?.slice(0, 10)}`));
    await page.goto(chart(cast.flagged));
    await page.getByRole("list", { name: "Uppmärksamhetssignaler" }).getByRole("listitem").first().waitFor();
  });
});

test("WEB-ALLERGY-5 nothing recorded and none known are different words in the banner and on the screen", async () => {
  await using(stage.open(chart(cast.blank, "overkanslighet")), async (page) => {
    assert.match(await banner(page), /Uppgift om överkänslighet saknas/);
    await page.locator("[data-state=unknown]").getByText("Ingen har dokumenterat").waitFor();
    assert.equal(await page.getByText("Ingen känd").count(), 0);
    await page.goto(chart(cast.noneKnown, "overkanslighet"));
    await page.locator("[data-state=none-known]").getByText("Ingen känd").waitFor();
    assert.match(await banner(page), /Ingen känd/);
    assert.equal((await banner(page)).includes("saknas"), false);
  });
});

test("WEB-LOAD-2 nothing recorded is said as unknown on every screen and never as none", async () => {
  await using(stage.open("/"), async (page) => {
    for (const section of SECTION_PATHS.filter((one) => !["oversikt", "kallor", "vem-har-last"].includes(one))) {
      await page.goto(chart(cast.blank, section));
      const unknown = page.locator("main [data-state=unknown]");
      await unknown.waitFor();
      assert.ok((await unknown.innerText()).length > 20, section);
    }
    await page.goto(chart(cast.blank));
    await page.locator("main [data-state=unknown]").nth(6).waitFor();
  });
});

test("WEB-LOAD-3 a section that fails says the server's Swedish words, keeps the banner and can be tried again", async () => {
  await using(stage.open("/"), async (page) => {
    for (const section of SECTION_PATHS.filter((one) => one !== "oversikt")) {
      const path = new RegExp(`/api/patients/${cast.followed.id}/(?!overview|loops)`);
      const busy = {
        ...refused,
        issue: [{ severity: "error", code: "transient", details: { text: "Journalen svarar inte just nu." } }],
      };
      await page.route(path, (route) => route.fulfill({ status: 503, json: busy }));
      await page.goto(chart(cast.followed, section));
      await page.locator("main [data-state=failed]").getByText("Journalen svarar inte just nu.").first().waitFor();
      await page.getByText("Att inget visas betyder inte att inget finns.").first().waitFor();
      assert.equal(await page.locator("main [data-state=unknown]").count(), 0, section);
      assert.ok((await banner(page)).length > 0);
      await page.unroute(path);
      await page.getByRole("button", { name: "Försök igen" }).click();
      await page.locator("main [data-state=failed]").first().waitFor({ state: "detached" });
    }
  });
});

test("WEB-LOAD-4 loading is said as loading, and a lost network as a lost network", async () => {
  await using(stage.open("/"), async (page) => {
    await page.route("**/problems?*", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await route.continue().catch(() => undefined);
    });
    await page.goto(chart(cast.followed, "diagnoser"));
    await page.locator("[data-state=loading]").waitFor();
    assert.equal(await page.locator("[data-state=unknown]").count(), 0);
    await page.locator("[data-state=loading]").waitFor({ state: "detached" });
    await page.route("**/medications?*", (route) => route.abort());
    await page.keyboard.press("g");
    await page.keyboard.press("l");
    await page.getByText("Servern kan inte nås.").waitFor();
  });
});

test("WEB-LOAD-5 what was shown stays when a refresh fails, marked as fetched earlier", async () => {
  await using(stage.open(chart(cast.followed, "vardkontakter")), async (page) => {
    await page.locator("[data-row]").first().waitFor();
    await page.route("**/contacts?*", (route) => route.abort());
    await page.getByRole("button", { name: "Uppdatera" }).click();
    await page.getByText("Kunde inte uppdateras.").waitFor();
    assert.ok((await page.locator("[data-row]").count()) > 0);
  });
});

test("WEB-WRONG-2 an answer about another patient is not shown, and no section is shown without its banner", async () => {
  await using(stage.open("/"), async (page) => {
    const other = {
      resourceType: "Condition",
      id: "x",
      subject: { reference: `Patient/${cast.blank.id}` },
      code: { text: "Någon annans diagnos" },
    };
    await page.route("**/problems?*", (route) =>
      route.fulfill({ json: { asOf: "2026-11-21T10:00:00Z", items: [other], next: null } }),
    );
    await page.goto(chart(cast.followed, "diagnoser"));
    await page.getByText("Svaret gällde en annan patient").waitFor();
    assert.equal(await page.getByText("Någon annans diagnos").count(), 0);
    await page.route("**/overview", (route) => route.fulfill({ status: 403, json: refused }));
    await page.goto(chart(cast.followed, "svar"));
    await page.getByText("Ingen grund för åtkomst finns.").waitFor();
    assert.equal(await page.locator("main table").count(), 0);
    assert.equal(await page.locator("[data-patient]").count(), 0);
  });
});

test("WEB-WRONG-3 another patient replaces everything, with a band of colour", async () => {
  await using(stage.open(chart(cast.followed, "svar")), async (page) => {
    await page.locator("[data-row]").first().waitFor();
    await page.evaluate(`window.bands = 0; document.addEventListener("animationstart", () => window.bands++, true)`);
    const number = cast.blank.identifier?.[0]?.value ?? "";
    await page.keyboard.press("Control+k");
    await page.keyboard.type(number);
    await page.keyboard.press("Enter");
    await page.locator(`[data-patient="${cast.blank.id}"]`).waitFor();
    assert.equal(await page.locator("[data-patient]").count(), 1);
    assert.match(page.url(), /oversikt$/);
    assert.equal((await page.locator("main").innerText()).includes(`${cast.followed.name?.[0]?.family},`), false);
    assert.ok((await page.evaluate<number>(`window.bands`)) >= 1);
  });
});

test("WEB-OVER-2 the overview of a busy patient fits a ward's screen without scrolling and says what it leaves out", async () => {
  await using(stage.open(chart(cast.followed)), async (page) => {
    await page.locator("main [data-row]").first().waitFor();
    const headings = await page.locator("main h2").allInnerTexts();
    assert.deepEqual(headings, [
      "Aktuella problem",
      "Vårdkontakter",
      "Beställning & remiss",
      "Aktuella läkemedel",
      "Senaste anteckningar",
      "Mätvärden",
      "Nya svar",
    ]);
    const over = await page.evaluate<number>(
      `(() => { const scrolled = [...document.querySelectorAll("main *")].find((one) => one.scrollHeight > one.clientHeight + 4 && getComputedStyle(one).overflowY === "auto"); return scrolled ? scrolled.scrollHeight - scrolled.clientHeight : 0; })()`,
    );
    assert.equal(over, 0, `${over} pixels do not fit`);
    assert.match(await page.locator("main").innerText(), /\d+ av (minst )?\d+|alla \d+/);
  });
});

test("WEB-MORE-1 a list says how fresh it is and that older rows exist, and fetches them when asked", async () => {
  await using(stage.open("/"), async (page) => {
    await page.route("**/contacts?*", async (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set("limit", "3");
      await route.continue({ url: url.toString() });
    });
    await page.goto(chart(cast.followed, "vardkontakter"));
    await page.getByText("3 poster hämtade. Äldre finns men visas inte.").waitFor();
    assert.equal(await page.locator("main [data-row]").count(), 3);
    await page.getByText(/Senast uppdaterad kl \d\d\.\d\d/).waitFor();
    await page.getByRole("button", { name: "Hämta äldre" }).click();
    await page.locator("main [data-row]").nth(5).waitFor();
    const rows = await page.locator("main [data-row]").allInnerTexts();
    assert.equal(new Set(rows).size, rows.length);
  });
});

test("WEB-URL-1 a link leads to the same screen in the same state, and the way back works", async () => {
  await using(stage.open(chart(cast.followed, "tidslinje?typ=Composition")), async (page) => {
    await page.locator("[data-row]").first().waitFor();
    assert.ok((await page.locator("[data-row][data-type=Composition]").count()) > 0);
    assert.equal(await page.locator("[data-row]:not([data-type=Composition])").count(), 0);
    await page.locator("[data-row] a").first().click();
    await page.waitForURL(/anteckningar\?anteckning=/);
    await page.goBack();
    await page.waitForURL(/tidslinje\?typ=Composition/);
    await page.goto(`/patienter/${cast.followed.id}`);
    await page.waitForURL(/oversikt$/);
    await page.goto("/finns/inte");
    await page.getByText("Sidan finns inte").waitFor();
  });
});

test("WEB-READERS-1 who has read is said with person, unit, what and on what ground, this reading included", async () => {
  await using(stage.open(chart(cast.followed)), async (page) => {
    await page.locator("[data-patient]").waitFor();
    const name = await page.getByRole("banner").locator("strong").innerText();
    await page.goto(chart(cast.followed, "vem-har-last"));
    const row = page.locator("main [data-row]").filter({ hasText: name }).first();
    await row.waitFor();
    assert.match(await row.innerText(), /\d{4}-\d\d-\d\d kl \d\d\.\d\d/);
    assert.match(await row.innerText(), /Akut/);
  });
});

test("WEB-TIME-3, WEB-TIME-6 words are found in the whole record in any form, marked, counted, and told where they are denied", async () => {
  await using(stage.open(chart(cast.followed, "tidslinje")), async (page) => {
    const write = async (title: string, text: string, date: string): Promise<void> => {
      const note = {
        resourceType: "Composition",
        status: "final",
        type: { text: "Anteckning" },
        subject: { reference: `Patient/${cast.followed.id}` },
        date,
        author: [{ display: "Doktor" }],
        title,
        section: [
          {
            title: "Bedömning",
            text: { status: "additional", div: `<div xmlns="http://www.w3.org/1999/xhtml">${text}</div>` },
          },
        ],
      };
      const headers = { "content-type": "application/fhir+json", "x-eira": "1" };
      const answer = await page.request.post("/fhir/R4/Composition", { data: note, headers });
      assert.equal(answer.status(), 201, await answer.text());
    };
    await write("Gammalt besök", "Hjärtflimret har gått tillbaka.", "1998-03-02");
    await write("Nytt besök", "Inga mjältrupturer, ingen yrsel.", "2026-01-07");
    await page.locator("[data-row]").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("mjältruptur");
    await page.getByText(/^1 träff bland \d+ händelser i hela journalen/).waitFor();
    const row = page.locator("main [data-row]");
    assert.match(await row.innerText(), /Inga mjältrupturer\s*\(nekas\)\s*, ingen/);
    await page.getByRole("button", { name: "Dölj nekade (1)" }).click();
    await page.getByText("Orden finns inte i det av journalen som är öppet för dig.").waitFor();
    await page.getByRole("button", { name: "Rensa filter" }).click();
    await page.locator("[data-row]").nth(3).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type('"gått tillbaka"');
    await row.filter({ hasText: "Gammalt besök" }).locator("mark", { hasText: "gått tillbaka" }).waitFor();
  });
});

test("WEB-NOTE-3 a note is read in full, with who signed it; one that is not signed is marked", async () => {
  await using(stage.open(chart(cast.followed, "anteckningar")), async (page) => {
    const reader = page.getByRole("region", { name: "Vald anteckning" });
    await reader.locator("h3").first().waitFor();
    assert.match(await reader.innerText(), /Signerad|Osignerad|Rättad/);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.waitForURL(/anteckning=/);
    assert.equal(await page.locator("[data-row][aria-current=true]").count(), 1);
  });
});
