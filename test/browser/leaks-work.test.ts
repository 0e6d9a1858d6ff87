/**
 * The leak crawl through the screens beside the chart, and their paper: the log's reviewer, the directory's keeper, the patient's own
 * door, notes that wait to be signed, the closed door of a chart, and signing in. Somebody with protected identity is on the staff.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { ledgerAlong } from "../../src/loop/index.ts";
import { portalCookie } from "../../src/http/testing/index.ts";
import {
  CANARIES,
  canaryResources,
  OURS,
  STAFF_CANARY,
  workActor,
  type Kind,
} from "../../src/journal/testing/index.ts";
import { crawlStage, HELD, kindsIn, settled } from "./stage/crawl.ts";
import { textOfPdf } from "./stage/pdf-text.ts";

const [FIRST] = CANARIES;
const { id: ONE = "", number: NUMBER = "", mark: MARK = "" } = FIRST ?? {};
const DOCTOR = {
  id: STAFF_CANARY.id,
  hsaId: STAFF_CANARY.hsaId,
  name: `${STAFF_CANARY.mark}tilltal ${STAFF_CANARY.mark}namn`,
  protectedIdentity: true,
} as const;

const stage = await crawlStage({ after });
type As = "doctor" | "reviewer" | "keeper" | "patient" | "stranger" | "nobody";
const cookies = new Map<As, string>();
const { server } = stage;
const question = await fill();

/** Puts everything there that the screens show, and answers the question that waits for an answer. */
async function fill(): Promise<string> {
  cookies.set("doctor", await server.cookie(OURS, { id: "uppdrag-fagel" }, DOCTOR));
  cookies.set("reviewer", await server.cookie(OURS, {}, workActor("log-review")));
  cookies.set("keeper", await server.cookie(OURS, {}, workActor("directory")));
  cookies.set("stranger", await server.cookie({ ...OURS, careUnit: "SE2321000131-E000000000099" }, { id: "uppdrag-annan" }, { id: "annan", hsaId: "SE2321000131-ANNAN", name: "Ture Främling" })); // prettier-ignore
  for (const resource of canaryResources()) await server.put(resource);
  const pnr = "http://electronichealth.se/identifier/personnummer";
  cookies.set("patient", await portalCookie(server, ONE, `${pnr}|${NUMBER}`));
  cookies.set("nobody", "");
  const of = (as: As): string => cookies.get(as) ?? "";
  const sent = async (as: As, path: string, body: object): Promise<string> => {
    const answer = await server.call("POST", path, { cookie: of(as), body });
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.text}`);
    return answer.text;
  };
  const note = {
    resourceType: "Composition",
    status: "preliminary",
    type: { text: "Besöksanteckning" },
    subject: { reference: `Patient/${ONE}` },
    date: "2026-11-02T08:20:00Z",
    author: [{ reference: `Practitioner/${STAFF_CANARY.id}` }],
    title: "Väntar på signatur",
    section: [
      {
        title: "Bedömning",
        text: { status: "generated", div: '<div xmlns="http://www.w3.org/1999/xhtml">Mår bra.</div>' },
      },
    ],
  };
  await sent("doctor", "Composition", note);
  Object.assign(server.options, { along: ledgerAlong });
  await sent("doctor", "ServiceRequest", {
    resourceType: "ServiceRequest",
    status: "active",
    intent: "order",
    code: { text: "Lungröntgen i kö" },
    subject: { reference: `Patient/${ONE}` },
    requester: { reference: `Practitioner/${STAFF_CANARY.id}` },
    performer: [{ display: "Okänd mottagare" }],
  });
  for (const path of ["overview", "timeline", "readers"]) await server.call("GET", `/api/patients/${ONE}/${path}`, { cookie: of("doctor") }); // prettier-ignore
  await sent("doctor", `/api/patients/${ONE}/care`, { kind: "emergency", reason: "Medvetslös.", hours: 1 });
  const log = await server.call("GET", `/api/portal/patients/${ONE}/log`, { cookie: of("patient") });
  const line = (log.at("items") as { id: string; isAtDoor: boolean }[]).find(({ isAtDoor }) => !isAtDoor)?.id;
  await sent("patient", `/api/portal/patients/${ONE}/questions`, { line, words: "Varför?" });
  const questions = await server.call("GET", "/api/log-review/questions", { cookie: of("reviewer") });
  const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  await sent("reviewer", "/api/log-review/samples", { from: day(1), to: day(0), size: 100, seed: "kråka" });
  return String(questions.at("items.0.id"));
}

/** What may stand where, and why; nothing else of the protected stands on any screen or paper. */
type Visit = { readonly as: As; readonly path: string; readonly has: RegExp; readonly may?: readonly Kind[] };
const visits = (): readonly Visit[] => [
  { as: "reviewer", path: "/granskning?lage=alla", has: /Skyddade personuppgifter[^]*Skyddad identitet|Skyddad identitet[^]*Skyddade personuppgifter/ }, // prettier-ignore
  { as: "reviewer", path: "/granskning/fragor", has: /Skyddade personuppgifter/ },
  { as: "reviewer", path: `/granskning/fragor/${question}`, has: /Varför\?/ },
  { as: "reviewer", path: "/granskning/statistik", has: /Statistik/ },
  { as: "keeper", path: "/katalog", has: /Skyddad identitet/ },
  { as: "keeper", path: `/katalog?sok=${STAFF_CANARY.hsaId}`, has: /Skyddad identitet/ },
  { as: "keeper", path: "/katalog/andra", has: /Ändra/ },
  { as: "keeper", path: "/katalog/genomgang", has: /genom/i },
  // The patient's own door calls the patient by name, to the patient alone; who has read is told without staff's names.
  ...["log", "questions", "blocks", "consents", "proxies"].map((view): Visit => ({ as: "patient", path: `/portal?vy=${view}`, has: /Logga ut/, may: ["name"] })), // prettier-ignore
  // Whoever is to sign must know whose note it is: the chart's own ground for name and number (ACC-PROTECTED-1).
  { as: "doctor", path: "/osignerat", has: /Väntar på signatur/, may: ["name", "number"] },
  { as: "doctor", path: "/", has: /Sök patient/ },
  // So must whoever sees to what was sent; the list beside it names nobody.
  { as: "doctor", path: "/skickat", has: /Skyddade personuppgifter[^]*Lungröntgen i kö[^]*Steg för steg/, may: ["name", "number"] }, // prettier-ignore
  { as: "doctor", path: "/inkorg", has: /Inget här kan tas bort/, may: ["name", "number"] }, // what had no receiver is the sender's own to see to
  { as: "doctor", path: "/franvaro", has: /Lägg till frånvaro/ },
  { as: "stranger", path: `/patienter/${ONE}/oversikt`, has: /vårdrelation/i, may: ["name", "number"] },
  { as: "stranger", path: `/patienter/${ONE}/kallor`, has: /vårdrelation/i, may: ["name", "number"] },
  { as: "nobody", path: "/logga-in", has: /Skyddad identitet/ },
  { as: "nobody", path: "/portal/logga-in", has: /Min journal/ },
];

/** Screen, stores and address, then paper. */
async function crawl(page: Page, { path, has, may = [] }: Visit): Promise<void> {
  const isThere = page.locator("body").filter({ hasText: has }).waitFor();
  await isThere.catch(async () =>
    assert.fail(
      `${path}: ${(await page.locator("body").innerText()).slice(0, 500)} ${server.lines.slice(-2).join(" ")}`,
    ),
  );
  await settled(page);
  const held = await page.evaluate<string>(HELD);
  const surplus = kindsIn(held).filter((kind) => !may.includes(kind as Kind));
  assert.deepEqual(surplus, [], `${path}: ${surrounding(held)}`);
  assert.deepEqual(kindsIn(held.slice(held.indexOf("</html>"))), [], `${path}: title, address and stores`);
  await page.emulateMedia({ media: "print" });
  const paper = await page.evaluate<string>("document.body.innerText");
  assert.ok(paper.trim().length > 0, path);
  // The patient's own page names the patient on paper too, who prints it for himself or herself.
  const onPaper = kindsIn(paper).filter((kind) => path.startsWith("/portal") ? kind !== "name" : true); // prettier-ignore
  assert.deepEqual(onPaper, [], `${path} on paper`);
  await page.emulateMedia({ media: null });
}

function surrounding(text: string): string {
  const at = text.search(/Lappuggla|Azurmes|Videsparv|200001252386/);
  return text.slice(Math.max(0, at - 150), at + 80);
}

test("WEB-BANNER-6 on the screens of review, directory, portal, signing, a closed chart and signing in nothing of the protected stands but what is listed with its reason", async () => {
  const all = visits();
  const lanes = [...new Set(all.map(({ as }) => as))].map(async (as) => {
    const own = all.filter((one) => one.as === as);
    const page = await stage.open(own[0]?.path ?? "", cookies.get(as));
    for (const [at, visit] of own.entries()) {
      if (at > 0) await page.goto(visit.path);
      await crawl(page, visit);
      if (visit.path.startsWith("/granskning?")) await crawlAccesses(page);
    }
    await page.context().close();
  });
  await Promise.all(lanes);
});

/** Each access opens to its lines. */
async function crawlAccesses(page: Page): Promise<void> {
  const links = page.getByRole("link", { name: /^Öppna åtkomsten/ });
  await links.first().waitFor();
  const addresses = await Promise.all((await links.all()).map((one) => one.getAttribute("href")));
  assert.ok(addresses.length > 0);
  for (const path of addresses.slice(0, 2)) {
    await page.goto(path ?? "");
    await crawl(page, { as: "reviewer", path: path ?? "", has: /Vad som gjordes/ });
  }
}

test("WEB-BANNER-6 an extract for a protected patient has neither the patient nor protected staff, on screen and on paper", async () => {
  const page = await stage.open("/granskning/utdrag", cookies.get("reviewer"));
  await page.getByLabel("Nummer").fill(NUMBER);
  await page.getByRole("button", { name: "Ta fram utdraget" }).click();
  await page.locator("main [data-row]").first().waitFor();
  // The field still has what the reviewer typed.
  await crawl(page, { as: "reviewer", path: "/granskning/utdrag", has: /Skyddade personuppgifter/, may: ["number"] });
  const pdf = textOfPdf(await page.pdf({ format: "A4" })).join("\n");
  assert.deepEqual(kindsIn(pdf), []);
  await page.context().close();
});

test("WEB-PRINT-5 what staff with protected identity print has the unit and neither name nor HSA-id, and their own screen has no name", async () => {
  const page = await stage.open(`/patienter/${ONE}/anteckningar`, cookies.get("doctor"));
  await page.locator("[data-patient]").waitFor();
  await settled(page);
  assert.deepEqual(kindsIn(await page.evaluate<string>(HELD)), ["name", "number"]);
  const pdf = textOfPdf(await page.pdf({ format: "A4" }))
    .join("\n")
    .replaceAll(/\s+/g, " ");
  assert.match(
    pdf,
    /Utskrivet \d{4}-\d\d-\d\d kl \d\d\.\d\d av medarbetare med skyddade personuppgifter, Medicinkliniken/,
  );
  assert.ok(!pdf.includes(STAFF_CANARY.hsaId), "the HSA-id leads to the person");
  assert.deepEqual(kindsIn(pdf), []);
  await page.context().close();
});

test("WEB-BANNER-6 neither the console nor an address that the browser asked has anything of them", () => {
  assert.ok(stage.said.length > 50);
  assert.deepEqual(kindsIn(stage.said.join("\n")), []);
  assert.ok(kindsIn(`${MARK}gatan`).length > 0, "the words would be seen");
});
