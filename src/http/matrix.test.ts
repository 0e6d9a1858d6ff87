/**
 * The matrix: every kind of caller times every declared route. Who may succeed where is said below in a few lines, by the law and not by
 * the code; and of two patients' clinical words each caller is shown only those that something opens.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { CANARIES, canaryResources, OURS, putInDirectory, THEIRS, workActor } from "../journal/testing/index.ts";
import { portalCookie } from "./portal/testing.ts";
import type { Rule } from "./route.ts";
import { ROUTES } from "./routes.ts";
import { wishesOf, type Wish } from "./testing/crawl.ts";
import { serverOfToday, type Answer, type Call } from "./testing/index.ts";

const LANES = 16;
const BESIDE = { ...OURS, careUnit: "SE2321000131-E000000000013" } as const;
const [FIRST, SECOND] = CANARIES;
if (FIRST === undefined || SECOND === undefined) throw new Error("there are two canaries");

/** Words that stand only in the patients' records, not in who they are. */
const SECRETS: Readonly<Record<string, string>> = { [FIRST.id]: "Blåklocksmatris", [SECOND.id]: "Vitsippsmatris" };

const server = await serverOfToday({ after }, { isUnrelated: true });
for (const resource of canaryResources()) {
  // The second one's records lie, with their contact, at another unit.
  const owner = String(resource["id"]).startsWith(SECOND.id) ? BESIDE : OURS;
  const secret = Object.entries(SECRETS).find(([id]) => resource["id"] === `${id}-puls`)?.[1];
  await server.put(secret === undefined ? resource : { ...resource, note: [{ text: secret }] }, owner);
}

/** Staff at the first patient's unit, at the second's, and at another care provider; staff with other work; a patient; systems; nobody. */
type Role = "caring" | "beside" | "elsewhere" | "reviewer" | "keeper" | "patient" | "reading" | "narrow" | "nobody";

const CALLERS: Readonly<Record<Role, () => Promise<Call>>> = {
  caring: async () => ({ cookie: await server.cookie() }),
  beside: async () => ({ cookie: await server.cookie(BESIDE, { id: "assignment-beside" }) }),
  elsewhere: async () => ({ cookie: await server.cookie(THEIRS) }),
  reviewer: () => working("log-review"),
  keeper: () => working("directory"),
  patient: async () => ({
    cookie: await portalCookie(server, FIRST.id, `http://electronichealth.se/identifier/personnummer|${FIRST.number}`),
  }),
  reading: async () => ({ token: await server.token("system/*.rs") }),
  narrow: async () => ({ token: await server.token("system/Basic.r") }),
  nobody: async () => ({}),
};
const STAFF: readonly Role[] = ["caring", "beside", "elsewhere"];

async function working(work: "log-review" | "directory"): Promise<Call> {
  const actor = workActor(work, OURS);
  await putInDirectory(server, actor);
  return { cookie: `eira_session=${(await server.sessions.open(actor)).token}` };
}

/** Whose clinical words a caller may be shown. */
const OPEN: Readonly<Record<Role, readonly string[]>> = {
  caring: [FIRST.id],
  beside: [SECOND.id],
  elsewhere: [],
  reviewer: [],
  keeper: [],
  patient: [],
  reading: [FIRST.id, SECOND.id],
  narrow: [],
  nobody: [],
};

/** What every signed-in member of the staff has: one's own session, and leave to an application. */
const OWN = /^\/api\/(session|sessions|sign-in|sign-out|apps)|^\/oauth/;
/** Answers of their own: a bundle whose entries are each answered, and what is told of terminology. */
const EACH = /^POST \/fhir\/R4$/;

/** Who may succeed on a route at all, by what it is for. */
function mayAct(role: Role, rule: Rule, { method, route }: Wish): boolean {
  const path = route.split(" ")[1] ?? "";
  if (rule === "public") return true;
  if (rule === "patient") return role === "patient";
  if (rule === "person") {
    if (OWN.test(path)) return [...STAFF, "reviewer", "keeper"].includes(role);
    if (path.startsWith("/api/log-review")) return role === "reviewer";
    if (path.startsWith("/api/directory")) return role === "keeper";
    return STAFF.includes(role);
  }
  if (role === "nobody" || role === "patient") return false;
  if (EACH.test(route)) return true;
  if (path.endsWith("Patient/$everything")) return role === "reading";
  if (path.includes("AuditEvent")) return role === "reading";
  if (/\$(export|import)/.test(path)) return role === "reading" && path.includes("$export");
  if (role === "reading") return method === "GET" || path.includes("$") || path.includes("_search");
  return STAFF.includes(role);
}

type Told = { readonly role: Role; readonly rule: Rule; readonly wish: Wish; readonly answer: Answer };

const RULES = new Map(ROUTES.map(({ method, path, rule }) => [`${method} ${path}`, rule]));
/** One of each route, and every seventh of what else is asked of it. */
const all = ROUTES.flatMap(wishesOf);
const seen = new Set<string>();
const WISHES = all.filter(({ route }, at) => {
  const isFirst = !seen.has(route);
  seen.add(route);
  return isFirst || at % 7 === 0;
});
/** What ends a session comes last, then what removes. */
const rankOf = ({ method, route }: Wish): number =>
  /sessions\/end|sign-out/.test(route) ? 2 : method === "DELETE" ? 1 : 0;

async function askAll(role: Role): Promise<Told[]> {
  const call = await CALLERS[role]();
  const waiting = WISHES.toSorted((a, b) => rankOf(a) - rankOf(b));
  const told: Told[] = [];
  const lane = async (): Promise<void> => {
    for (let wish = waiting.shift(); wish !== undefined; wish = waiting.shift()) {
      const { method, path, body, headers } = wish;
      const answer = await server.call(method, path, { ...call, ...(body === undefined ? {} : { body }), headers });
      told.push({ role, rule: RULES.get(wish.route) ?? "public", wish, answer });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return told;
}

const told: Told[] = [];
for (const role of Object.keys(CALLERS) as Role[]) told.push(...(await askAll(role)));

/** Whoever asks for patients by no word is answered without a look. */
const NOTHING_ASKED = '{"items":[],"more":false}';

const namesOf = (some: readonly Told[]): string[] => [
  ...new Set(some.map(({ role, wish, answer }) => `${role}: ${wish.route} ${wish.path} ${answer.status}`)),
];

test("HTTP-MATRIX-1 nobody succeeds on a route that is not for them, by the rule of each declared route", () => {
  const succeeds = ({ answer }: Told): boolean => answer.status < 300 && answer.text !== NOTHING_ASKED;
  const forbidden = told.filter((one) => succeeds(one) && !mayAct(one.role, one.rule, one.wish));
  assert.deepEqual(namesOf(forbidden), []);
  assert.deepEqual(namesOf(told.filter(({ answer }) => answer.status >= 500)), []);
  const succeeded = new Set(told.filter(({ answer }) => answer.status < 300).map(({ role }) => role));
  for (const role of Object.keys(CALLERS)) assert.ok(succeeded.has(role as Role), `${role} succeeds somewhere`);
});

test("HTTP-MATRIX-2 of patients' records each caller is shown only what something opens, on every route", () => {
  const leaks = told.filter(({ role, answer }) =>
    Object.entries(SECRETS).some(([id, secret]) => answer.text.includes(secret) && !OPEN[role].includes(id)),
  );
  assert.deepEqual(namesOf(leaks), []);
  // The words were there to be shown: whoever they are open to has met them.
  for (const role of ["caring", "beside", "reading"] as const)
    for (const id of OPEN[role])
      assert.ok(
        told.some((one) => one.role === role && one.answer.text.includes(SECRETS[id] ?? "?")),
        `${role} ${id}`,
      );
});
