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
const VIEWS = ["log", "questions", "blocks", "consents", "proxies"] as const;

type Person = { readonly id: string; readonly as: string; readonly name: string };
let stage: Stage;
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
  page.setDefaultTimeout(10_000);
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
    await card.getByRole("textbox").fill("Varför behövde ni läsa?");
    const send = card.getByRole("button", { name: "Skicka frågan" });
    await send.dblclick();
    await card.getByText("Du har frågat").waitFor();
    await page.getByRole("link", { name: "Frågor" }).click();
    const asked = page.locator("main li").filter({ hasText: "Varför behövde ni läsa?" });
    await asked.getByText("Skickad", { exact: true }).first().waitFor();
    assert.equal(await asked.count(), 1);
    await asked.getByText("Besvaras senast").waitFor();
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
