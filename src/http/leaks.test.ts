/**
 * The leak crawl: two patients and one of the staff with protected identity are pushed through every declared route by every kind
 * of reader, and what came out is searched for their words. What may stand where is listed below, with the reason.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  CANARIES,
  canaryResources,
  OURS,
  putInDirectory,
  WORDS,
  wordsIn,
  workActor,
  type Kind,
  type Word,
} from "../journal/testing/index.ts";
import { portalCookie } from "./portal/testing.ts";
import { ROUTES } from "./routes.ts";
import { wishesOf, type Wish } from "./testing/crawl.ts";
import { serverOfToday, type Answer, type Call } from "./testing/index.ts";

const LANES = 16;
const server = await serverOfToday({ after });
const [FIRST] = CANARIES;
const NUMBERS = CANARIES.map(({ number }) => number);

for (const resource of canaryResources()) await server.put(resource);

type Reader = "clinician" | "system" | "everything" | "reviewer" | "keeper" | "patient" | "nobody";

const READERS: Readonly<Record<Reader, () => Promise<Call>>> = {
  clinician: async () => ({ cookie: await server.cookie() }),
  system: async () => ({
    token: await server.token(
      "system/Patient.cruds system/Observation.rs system/RelatedPerson.rs system/Practitioner.rs system/Composition.rs system/Encounter.rs",
    ),
  }),
  everything: async () => ({ token: await server.token("system/*.rs") }),
  reviewer: () => working("log-review"),
  keeper: () => working("directory"),
  patient: async () => ({
    cookie: await portalCookie(
      server,
      FIRST?.id ?? "",
      `http://electronichealth.se/identifier/personnummer|${FIRST?.number}`,
    ),
  }),
  nobody: async () => ({}),
};

async function working(work: "log-review" | "directory"): Promise<Call> {
  const actor = workActor(work, OURS);
  await putInDirectory(server, actor);
  return { cookie: `eira_session=${(await server.sessions.open(actor)).token}` };
}

/** What a reader may be shown where, and why. Nothing else of the canaries stands in any answer. */
type Allowed = {
  readonly reader: Reader;
  readonly kinds: readonly Kind[];
  readonly where: (wish: Wish) => boolean;
  readonly because: string;
};

const namesThePatient = ({ path, body }: Wish): boolean =>
  CANARIES.some(({ id }) => path.includes(id) || JSON.stringify(body ?? "").includes(id));
const ALLOWED: readonly Allowed[] = [
  {
    reader: "patient",
    kinds: ["name"],
    where: ({ path }) => path.startsWith("/api/portal/session"),
    because: "the patient's own door calls the patient by name, to the patient alone",
  },
  {
    reader: "clinician",
    kinds: ["name", "number"],
    where: namesThePatient,
    because: "the chart of a patient whom somebody has opened names the patient (ACC-PROTECTED-1)",
  },
  {
    reader: "system",
    kinds: ["name", "number"],
    where: namesThePatient,
    because: "a system that asks for one patient by id is answered as a chart is",
  },
  {
    reader: "everything",
    kinds: ["name", "number", "place", "call", "relative", "unit", "copy", "staff"],
    where: () => true,
    because: "the scope system/* is given by whoever runs the server, to what keeps or moves the whole record",
  },
];

type Told = { readonly reader: Reader; readonly wish: Wish; readonly answer: Answer };
type Leak = {
  readonly reader: Reader;
  readonly route: string;
  readonly path: string;
  readonly words: readonly string[];
};

/** Words in an answer that should not be there. What the caller said itself, and hears again, is no leak. */
function leakOf({ reader, wish, answer }: Told): Leak | undefined {
  const own = `${decodeURI(wish.path.replaceAll("%22", '"'))} ${textOf(wish.body)}`;
  const said = new Set(wordsIn(own.replaceAll(/(\d{8})-(\d{4})/g, "$1$2")).map(({ word }) => word));
  const isError = /"resourceType":"OperationOutcome"|<OperationOutcome/.test(answer.text.slice(0, 200));
  const allowed = isError ? [] : ALLOWED.filter((one) => one.reader === reader && one.where(wish));
  const kinds = new Set(allowed.flatMap((one) => one.kinds));
  const found = wordsIn(`${JSON.stringify(answer.headers)}\n${answer.text}`);
  const words = found.filter((one) => !kinds.has(one.kind) && !said.has(one.word)).map(({ word }: Word) => word);
  return words.length === 0 ? undefined : { reader, route: wish.route, path: wish.path, words };
}

function textOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body ?? "");
}

/** What ends the session comes last, then what removes. */
const LAST = /sessions\/end|sign-out/;
const rankOf = ({ method, route }: Wish): number => (LAST.test(route) ? 2 : method === "DELETE" ? 1 : 0);

async function crawl(reader: Reader, wishes: readonly Wish[]): Promise<readonly Told[]> {
  const call = await READERS[reader]();
  const waiting = wishes.toSorted((a, b) => rankOf(a) - rankOf(b));
  const told: Told[] = [];
  const lane = async (): Promise<void> => {
    for (let wish = waiting.shift(); wish !== undefined; wish = waiting.shift()) {
      const { method, path, body, headers } = wish;
      const answer = await server.call(method, path, { ...call, ...(body === undefined ? {} : { body }), headers });
      told.push({ reader, wish, answer });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return told;
}

const WISHES = ROUTES.flatMap(wishesOf);
/** Clinicians are asked everything; the others, who are answered alike or hardly at all, one of each route and some more. */
const FEW = new Set<Reader>(["nobody", "keeper", "reviewer", "patient", "everything", "system"]);
const everyFew = WISHES.filter(
  (wish, at) => WISHES.findIndex(({ route }) => route === wish.route) === at || at % 9 === 0,
);

const told: Told[] = [];
for (const reader of Object.keys(READERS) as Reader[])
  told.push(...(await crawl(reader, FEW.has(reader) ? everyFew : WISHES)));

test("HTTP-LEAK-1 every declared route is crawled, also one that is added, and most are answered to somebody", () => {
  const crawled = new Set(told.map(({ wish }) => wish.route));
  assert.deepEqual(
    ROUTES.map(({ method, path }) => `${method} ${path}`).filter((one) => !crawled.has(one)),
    [],
  );
  assert.ok(told.length > 1500, `${told.length} answers`);
  assert.deepEqual(
    told.filter(({ answer }) => answer.status >= 500).map(({ wish }) => wish.path),
    [],
  );
  const shown = told.filter(({ reader, answer }) => reader === "clinician" && answer.status === 200);
  assert.ok(shown.length > 200, `${shown.length} answers with something`);
  // The crawl has really met them: what may be shown is.
  const seen = new Set(
    told.flatMap(({ reader, answer }) => wordsIn(answer.text).map(({ kind }) => `${reader} ${kind}`)),
  );
  for (const kind of new Set(WORDS.map((one) => one.kind))) assert.ok(seen.has(`everything ${kind}`), kind);
  assert.ok(seen.has("clinician name") && seen.has("clinician number"));
});

test("HTTP-LEAK-2 nothing of the protected stands in an answer, header or error but what is allowed, by reader and route", () => {
  const leaks = told.map(leakOf).filter((one) => one !== undefined);
  assert.deepEqual(leaks.slice(0, 20), [], `${leaks.length} leaks`);
});

test("HTTP-LEAK-3 nothing of the protected, and no identity number, stands in the technical log or in the access log", async () => {
  const lines = server.lines.join("\n");
  assert.deepEqual(wordsIn(lines), []);
  assert.doesNotMatch(lines, new RegExp(NUMBERS.map((one) => `${one.slice(0, 8)}-?${one.slice(8)}`).join("|")));
  const rows = await server.sql<{ entry: string }>("SELECT entry::text AS entry FROM access_log");
  assert.ok(rows.length > 500);
  assert.deepEqual(
    rows
      .filter(({ entry }) => wordsIn(entry).length > 0)
      .map(({ entry }) => entry)
      .slice(0, 3),
    [],
  );
});

test("HTTP-LEAK-4 a planted leak is found: an address in a free text, on every route that shows it", async () => {
  const [place] = WORDS.filter(({ kind }) => kind === "place");
  await server.put({
    resourceType: "Observation",
    id: "planterad",
    status: "final",
    code: { coding: [{ system: "http://loinc.org", code: "8867-4" }] },
    subject: { reference: `Patient/${FIRST?.id}` },
    effectiveDateTime: "2026-11-02",
    note: [{ text: `Bor på ${place?.word} 1` }],
  });
  // Which of a type's histories are among the few depends on how many routes there are.
  const some = [...everyFew, ...WISHES.filter(({ path }) => path.endsWith("Observation/_history"))];
  const wishes = some.filter(
    ({ method, route }) => method === "GET" && /:type$|everything|:section|_history$/.test(route),
  );
  const leaks = (await crawl("clinician", wishes)).map(leakOf).filter((one) => one !== undefined);
  const routes = new Set(leaks.map(({ route }) => route));
  for (const route of ["GET /fhir/R4/:type", "GET /fhir/R4/Patient/:id/$everything", "GET /fhir/R4/:type/_history"])
    assert.ok(routes.has(route), `${route} of ${[...routes].join(", ")}`);
  assert.deepEqual(new Set(leaks.flatMap(({ words }) => words)), new Set([place?.word]));
});
