/** Rules WEB-PORTAL of src/web/SPEC.md: a patient's tasks in a real browser, from the identity provider on. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { setStage, signIn, using, WARD_SCREEN, type Stage } from "./stage/stage.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RUN = `axe.run(document, { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }, resultTypes: ["violations"] })
  .then(({ violations, passes }) => ({ checked: passes.length, found: violations.map((one) => one.id + ": " + one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" ; ")) }))`;

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 } };
const VIEWS = ["log", "records", "letters", "questions", "blocks", "consents", "proxies"] as const;

type Person = { readonly id: string; readonly as: string; readonly name: string };
let stage: Stage;
/** Words of this run: the region is kept from run to run. */
const ASKED = `Varför behövde ni läsa? ${Date.now().toString(36)}`;
/** The number of a grown-up with a child, as the sign-in's page has it. */
let parent = "";
let people: readonly Person[] = [];

before(async () => {
  stage = await setStage();
  await using(stage.anonymous(PHONE), async (page) => {
    await page.goto("/api/sign-in/start/bankid?till=%2Fportal");
    const choices = await page.locator("li button").allTextContents();
    const named = choices.map((text) => ({ family: /(\S+?)\d{12}$/.exec(text)?.[1] ?? "", number: text.slice(-12) }));
    const children = named.filter(({ number }) => number >= "2015");
    const mayBe = named.filter(({ number, family }) => number > "1975" && number < "2003" && children.some((one) => one.family === family)); // prettier-ignore
    for (const { number } of mayBe) {
      await page.context().clearCookies();
      people = await enter(page, number);
      parent = number;
      if (people.length > 1) return;
    }
    throw new Error("the region has no parent who can sign in");
  });
  // Somebody of the staff has looked, so that there is an access to ask about.
  await using(stage.anonymous(), async (page) => {
    await signIn(page.context());
    await page.request.get(`/api/patients/${people[0]?.id}/overview`);
  });
});
after(() => stage?.close());

/** Through the identity provider to the patient's own page. */
async function enter(page: Page, number: string): Promise<readonly Person[]> {
  page.setDefaultTimeout(30_000);
  await page.goto("/portal/logga-in");
  await page.getByRole("link", { name: /BankID/ }).click();
  await page.locator(`button[value="${number}"]`).click();
  await page.waitForURL(/\/portal(?:\?|$)/);
  await page.getByRole("heading", { level: 1, name: "Vem har läst" }).waitFor();
  const session = (await (await page.request.get("/api/portal/session")).json()) as { people: readonly Person[] };
  return session.people;
}

async function show(page: Page, view: (typeof VIEWS)[number], person = people[0]?.id): Promise<void> {
  await page.goto(`/portal?vy=${view}&person=${person}`);
  await page.locator("main h1").waitFor();
  await page.locator("[data-state=loading]").first().waitFor({ state: "detached" });
}

const alarm = (page: Page, text: RegExp): Promise<void> => page.getByRole("alert").filter({ hasText: text }).waitFor();
const status = (page: Page, text: string): Promise<void> =>
  page.getByRole("status").filter({ hasText: text }).waitFor();

test("WEB-PORTAL-1 a patient signs in, sees who has read, and asks about it: once, and seen afterwards with its state", async () => {
  await using(stage.anonymous(PHONE), async (page) => {
    await enter(page, parent);
    const card = page.locator("main li").filter({ hasText: /kut/ }).first();
    await card.getByRole("button", { name: "Fråga om det här" }).click();
    await card.getByRole("textbox").fill(ASKED);
    const send = card.getByRole("button", { name: "Skicka frågan" });
    await send.dblclick();
    await card.getByText("Du har frågat").waitFor();
    await page.getByRole("link", { name: "Frågor" }).click();
    const asked = page.locator("main li").filter({ hasText: ASKED });
    await asked.getByText("Skickad", { exact: true }).first().waitFor();
    assert.equal(await asked.count(), 1);
    await asked.getByText("Besvaras senast").waitFor();
  });
});

test("WEB-REVIEW-5 the question is on the reviewers' list until it is answered, and the patient sees who looks into it and the answer", async () => {
  await using(stage.openAs(/^Logggranskare$/, "/granskning"), async (page) => {
    await page.getByText(/patients? fråga väntar|patienters frågor väntar/).waitFor();
    await page.getByRole("link", { name: "Visa frågorna" }).click();
    const row = page.locator("main [data-row]").filter({ hasText: ASKED });
    await row.getByText("ingen har tagit den").waitFor();
    await row.getByRole("link").press("Enter");
    await page.getByRole("heading", { name: "Det som patienten frågar om" }).waitFor();
    await refuseFaults(page, "question");
    await page.getByRole("button", { name: "Ta frågan" }).click();
    await page.getByText("Du ansvarar för frågan.").waitFor();
    await page.getByRole("button", { name: "Skicka svaret" }).click();
    await page.getByText("Skriv ett svar.").waitFor();
    await page.getByRole("textbox", { name: "Svar till patienten" }).fill("Läkaren förberedde ditt besök.");
    await page.getByRole("button", { name: "Skicka svaret" }).dblclick();
    await status(page, "Svaret är skickat. Patienten ser det nu.");
    assert.equal(await page.getByRole("list", { name: "Svar" }).getByRole("listitem").count(), 1);
    await page.getByRole("link", { name: "Till frågorna" }).click();
    await row.waitFor({ state: "detached" });
    await page.getByLabel("Läge").selectOption({ label: "Besvarade" });
    await row.waitFor();
    await refuseFaults(page, "questions");
    await page.route("**/api/log-review/questions?**", (route) => route.abort());
    await page.goto("/granskning/fragor");
    await page.locator("main [data-state=failed]").waitFor();
  });
  await using(stage.anonymous(PHONE), async (page) => {
    await enter(page, parent);
    await show(page, "questions");
    const asked = page.locator("main li").filter({ hasText: ASKED });
    await asked.getByText("Besvarad", { exact: true }).waitFor();
    await asked.getByText("Läkaren förberedde ditt besök.").waitFor();
  });
});

test("WEB-PORTAL-2 a block is set after one question and lifted again, and what is in force is said", async () => {
  await using(stage.anonymous(PHONE), async (page) => {
    await enter(page, parent);
    await show(page, "blocks");
    const first = page.getByRole("button", { name: /för andra enheter$/ }).first();
    const unit = /^Spärra (.+) för andra enheter$/.exec((await first.textContent()) ?? "")?.[1] ?? "?";
    await first.click();
    await page.getByRole("button", { name: "Nej, låt bli" }).click();
    await page.getByText("Du har inga spärrar.").waitFor();
    await first.click();
    await page.getByRole("button", { name: "Ja, spärra" }).click();
    await status(page, "Spärren gäller nu.");
    await page.getByText(`${unit}: spärrat för andra enheter`).waitFor();
    await page.getByRole("button", { name: "Häv spärren" }).click();
    await page.getByRole("button", { name: "Ja, häv spärren" }).click();
    await status(page, "Spärren är hävd.");
    await page.getByText("Du har inga spärrar.").waitFor();
  });
});

test("WEB-PORTAL-3 a consent and a proxy are given with a day and taken back; what is wrong is said in words", async () => {
  await using(stage.anonymous(PHONE), async (page) => {
    await enter(page, parent);
    const until = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    await show(page, "consents");
    await page.getByRole("combobox").selectOption({ index: 1 });
    await page.getByLabel("Till och med").fill(until);
    await page.getByRole("button", { name: "Lämna samtycke" }).click();
    await status(page, "Samtycket gäller nu.");
    await page.getByText(`Gäller till och med ${until}`).waitFor();
    await page.getByRole("button", { name: "Ta tillbaka" }).click();
    await page.getByRole("button", { name: "Ja, ta tillbaka" }).click();
    await status(page, "Samtycket gäller inte längre.");
    await show(page, "proxies");
    await page.getByLabel("Ombudets personnummer").fill("191212121213");
    await page.getByLabel("Vad du kallar personen").fill("Min bror");
    await page.getByLabel("Till och med").fill(until);
    await page.getByRole("button", { name: "Ge ombud rätt att läsa" }).click();
    await alarm(page, /number ska vara ett personnummer|personnummer/);
    await page.getByLabel("Ombudets personnummer").fill("19121212-1212");
    await page.getByRole("button", { name: "Ge ombud rätt att läsa" }).click();
    await status(page, "Ombudet får läsa nu.");
    await page.getByText(`Får läsa till och med ${until}`).waitFor();
    await page.getByRole("button", { name: "Ta tillbaka" }).click();
    await page.getByRole("button", { name: "Ja, ta tillbaka" }).click();
    await status(page, "Ombudet får inte läsa längre.");
    await page.getByText("Tidigare ombud").waitFor();
  });
});

test("WEB-PORTAL-4 a guardian sees the child's log and not what only the patient decides; signing out leaves nothing", async () => {
  await using(stage.anonymous(PHONE), async (page) => {
    await enter(page, parent);
    const child = people.find(({ as }) => as === "guardian");
    await page.getByRole("link", { name: `${child?.name} (du är vårdnadshavare)` }).click();
    await page.getByText("Bara patienten själv bestämmer").waitFor();
    assert.equal(await page.getByRole("link", { name: "Spärrar" }).count(), 0);
    await show(page, "blocks", child?.id); // an address that was typed leads to the log
    await page.getByRole("heading", { level: 1, name: "Vem har läst" }).waitFor();
    await page.getByRole("button", { name: "Logga ut" }).click();
    await page.getByRole("link", { name: /BankID/ }).waitFor();
    assert.equal((await page.request.get("/api/portal/session")).status(), 401);
    await page.goto("/portal");
    await page.waitForURL(/\/portal\/logga-in/);
  });
});

test("WEB-PORTAL-5 axe finds nothing on any view, none scrolls sideways, on a telephone, wide, dark and at 200 %, and a failure is said", async () => {
  const half = { width: WARD_SCREEN.width / 2, height: WARD_SCREEN.height / 2 };
  const visit = (
    options: BrowserContextOptions,
    views: readonly (typeof VIEWS)[number][],
    look: (page: Page, where: string) => Promise<void>,
  ) =>
    // prettier-ignore
    using(stage.anonymous(options), async (page) => {
      await enter(page, parent);
      for (const view of views) {
        await show(page, view);
        await look(page, view);
      }
      await page.route("**/blocks", (route) => route.abort());
      await page.goto("/portal?vy=blocks");
      await page.locator("[data-state=failed]").waitFor();
      await look(page, "failed");
    });
  await using(stage.anonymous(PHONE), async (page) => {
    await page.goto("/portal/logga-in");
    await page.getByRole("link", { name: /BankID/ }).waitFor();
    await refuseFaults(page, "sign-in");
  });
  await visit(PHONE, VIEWS, refuseFaults);
  await visit({ viewport: WARD_SCREEN, colorScheme: "dark" }, ["log", "consents"], refuseFaults);
  await visit({ viewport: half, deviceScaleFactor: 2 }, VIEWS, refuseSidewaysScroll); // for axe it is as a narrow window
});

test("WEB-REPRESENTATIVES-1 and WEB-REPRESENTATIVES-2 staff register a guardian and end the reading with a reason, and a physician lets a teenager read until a day", async () => {
  const child = people.find(({ as }) => as === "guardian");
  const open = async (page: Page, id: string | undefined): Promise<void> => {
    const headers = { "x-eira": "1" };
    await page.request.post(`/api/patients/${id}/care`, { headers, data: { kind: "relation" } });
    await page.goto(`/patienter/${id}/ombud`);
    await page.getByRole("heading", { name: "Vårdnadshavare", exact: true }).waitFor();
  };
  const years = (count: number): string => `${new Date().getFullYear() - count}-01-01`;
  await using(stage.openAs(/^Läkare$/, "/"), async (page) => {
    await open(page, child?.id);
    await page.getByText("Vid den här åldern beslutar inte enheten vem som läser.").waitFor();
    await page.getByLabel("Vårdnadshavarens personnummer").fill("191212121213");
    await page.getByLabel("Vårdnadshavare från och med").fill(sevenDaysAgo());
    await page.getByLabel("Skäl").fill("Utdrag ur folkbokföringen");
    await page.keyboard.press("Enter");
    await alarm(page, /personnummer/);
    await page.getByLabel("Vårdnadshavarens personnummer").fill("19121212-1212");
    await page.getByRole("button", { name: "Registrera" }).dblclick();
    await status(page, "Klart. Det gäller direkt.");
    const row = page.locator("main li:not(details li)").filter({ hasText: "19121212-1212" });
    await row.getByText("Registrerat av vården").waitFor();
    assert.equal(await row.count(), 1);
    await refuseFaults(page, "representatives");
    await row.getByRole("button", { name: "Avsluta för 19121212-1212" }).press("Enter");
    await page.keyboard.type("Fel person");
    await page.keyboard.press("Enter");
    await page.getByText(/^Visa tidigare/).waitFor();
    const found = (await (await page.request.get(`/fhir/R4/Patient?birthdate=ge${years(15)}&birthdate=lt${years(13)}&_count=50`)).json()) as { entry?: readonly { readonly resource: { readonly id: string; readonly meta?: { readonly security?: readonly unknown[] } } }[] }; // prettier-ignore
    const teen = found.entry?.map(({ resource }) => resource).find(({ meta }) => (meta?.security?.length ?? 0) <= 1);
    await open(page, teen?.id);
    await page
      .getByLabel("Gäller till och med")
      .fill(new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10));
    await page.getByLabel("Bedömning av mognad").fill("Mogen, bedömd vid besök");
    await page.getByRole("button", { name: "Spara beslutet" }).click();
    const decision = page.locator("main li").filter({ hasText: "Barnet läser själv" });
    await decision.getByText("Mogen, bedömd vid besök").waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    await refuseFaults(page, "representatives, narrow");
    await page.emulateMedia({ colorScheme: "dark" });
    await refuseFaults(page, "representatives, dark");
    await decision.getByRole("button", { name: /^Avsluta/ }).click();
    await decision.getByRole("textbox").fill("Tas tillbaka");
    await decision.getByRole("button", { name: "Avsluta nu" }).click();
    await page.getByText("Din enhet har inte beslutat något.").waitFor();
  });
  await using(stage.openAs(/^Undersköterska$/, "/"), async (page) => {
    await open(page, child?.id);
    await page.getByText("Din roll registrerar eller avslutar inte").waitFor();
    assert.equal(await page.getByRole("button", { name: "Registrera" }).count(), 0);
  });
});

test("WEB-PORTAL-7 the patient reads the own record part by part, with the text of a note, and what could not be fetched says so", async () => {
  await using(stage.anonymous(PHONE), async (page) => {
    await enter(page, parent);
    await page.getByRole("link", { name: "Journal", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Journal" }).waitFor();
    const parts = page.getByRole("navigation", { name: "Del av journalen" });
    await page.getByText("Läs texten").or(page.getByText("Det finns inget att visa för dig här.")).first().waitFor();
    for (const part of ["Diagnoser", "Läkemedel", "Provsvar", "Överkänslighet", "Vårdkontakter", "Anteckningar"]) {
      await parts.getByRole("link", { name: part }).press("Enter");
      await page.getByRole("heading", { level: 2, name: part }).waitFor();
      await page.locator("main li.none, main [data-state=unknown], main [role=status]").first().waitFor();
      await refuseFaults(page, part);
    }
    const note = page.locator("main li").filter({ hasText: "Läs texten" }).first();
    if ((await note.count()) > 0) {
      await note.getByText("Läs texten").click();
      await note.locator("details p").first().waitFor();
    }
    await page.route("**/records?**", (route) => route.abort());
    await page.goto("/portal?vy=records&del=results");
    await page.locator("[data-state=failed]").waitFor();
  });
});

test("WEB-PORTAL-6 the page speaks English by choice, the choice lasts, and it can be chosen back", async () => {
  await using(stage.anonymous(PHONE), async (page) => {
    await enter(page, parent);
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { level: 1, name: "Who has read" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    for (const view of VIEWS) {
      await show(page, view);
      const said = await page.locator('main h1, main nav[aria-label="My record"]').allInnerTexts();
      assert.doesNotMatch(said.join(" "), /[åäö]|Vem|Ombud\b/);
    }
    await refuseFaults(page, "English");
    await page.goto("/portal/logga-in");
    await page.getByRole("link", { name: "Sign in with BankID" }).or(page.getByRole("link", { name: /^Sign in with/ })).first().waitFor(); // prettier-ignore
    await page.getByRole("button", { name: "Svenska" }).click();
    await page.getByRole("heading", { level: 1, name: "Min journal" }).waitFor();
  });
});

function sevenDaysAgo(): string {
  return new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10);
}

async function refuseFaults(page: Page, where: string): Promise<void> {
  await page.evaluate(AXE);
  const { checked, found } = await page.evaluate<{ checked: number; found: string[] }>(RUN);
  assert.ok(checked > 5, `${where}: axe saw only ${checked} things`);
  assert.deepEqual(found, [], where);
  await refuseSidewaysScroll(page, where);
}

async function refuseSidewaysScroll(page: Page, where: string): Promise<void> {
  const over = await page.evaluate<number>(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  assert.ok(over <= 0, `${where}: ${over} pixels too wide`);
}

test("WEB-WORDS-1 at the patient's door a text that is not the one that was written is said to be so, and told", async () => {
  await using(stage.anonymous(PHONE), async (page) => {
    await enter(page, parent);
    let title = "";
    await page.route("**/records?*", async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { items: { title?: string; meta: object; conclusion?: string }[] };
      const [first] = body.items;
      if (first !== undefined) {
        title = first.title ?? "";
        first.meta = { ...first.meta, extension: [{ url: "urn:eira:words:sha256", valueString: "0".repeat(64) }] };
      }
      await route.fulfill({ response: answer, json: body });
    });
    const told = page.waitForResponse((one) => one.url().endsWith("/api/portal/words"));
    await show(page, "records");
    const notice = page.getByRole("alert").filter({ hasText: "den är inte densamma som skrevs" });
    await notice.waitFor();
    assert.equal((await told).status(), 204);
    assert.equal(await page.getByRole("heading", { level: 3, name: title, exact: true }).and(notice).count(), 0);
    await notice.getByText("Läs det som kom").click();
    assert.ok((await notice.locator("details p").textContent())?.includes(title));
    await page.unrouteAll({ behavior: "ignoreErrors" });
  });
});
