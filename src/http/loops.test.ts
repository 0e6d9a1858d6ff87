/** Rules of SPEC.md: the inbox and what was sent, over HTTP. One server for all, with the ledger along. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { JsonObject } from "../fhir/index.ts";
import { OURS, patient, THEIRS } from "../journal/testing/index.ts";
import { ledgerAlong } from "../loop/index.ts";
import { serverOfTest, type Answer } from "./testing/index.ts";

const server = await serverOfTest({ after }, { referentialIntegrity: false });
Object.assign(server.options, { along: ledgerAlong });
const HSA = "urn:oid:1.2.752.29.4.19";
const anna = await server.cookie();
const bo = await server.cookie(THEIRS);
for (const [id, owner, name] of [
  ["anna", OURS, "Anna Ek"],
  ["bo", THEIRS, "Bo Hägglund"],
] as const)
  await server.put(
    {
      resourceType: "Practitioner",
      id,
      identifier: [{ system: HSA, value: `${owner.careUnit}-P` }],
      name: [{ text: name }],
    },
    null,
  );
await server.put(patient("p1", { identifier: [{ system: "urn:x", value: "19121212" }] }));

type Row = {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly risk: number;
  readonly can: readonly string[];
};
type Page = {
  readonly items: readonly Row[];
  readonly next: string | null;
  readonly names: Readonly<Record<string, string>>;
  readonly counts: { readonly open: number; readonly total: number; readonly critical: number };
};

let made = 0;
/** An answer that waits for Anna's unit; answers its name. */
async function answered(codes: readonly string[] = ["N"]): Promise<string> {
  const id = `r${(made += 1)}`;
  for (const [at, code] of codes.entries())
    await server.put({
      resourceType: "Observation",
      id: `${id}-${at}`,
      status: "final",
      code: { text: "B-Hb" },
      subject: { reference: "Patient/p1" },
      interpretation: [
        {
          coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code }],
        },
      ],
    });
  await server.put({
    resourceType: "DiagnosticReport",
    id,
    status: "final",
    code: { text: `Svar ${id}` },
    subject: { reference: "Patient/p1" },
    issued: server.clock().toISOString(),
    result: codes.map((_, at) => ({ reference: `Observation/${id}-${at}` })),
    conclusion: "Inget avvikande.",
  });
  return `DiagnosticReport/${id}`;
}

const get = (path: string, cookie = anna): Promise<Answer> => server.call("GET", path, { cookie });
const post = (path: string, body: JsonObject, cookie = anna): Promise<Answer> =>
  server.call("POST", path, { cookie, body });
const page = async (path: string, cookie = anna): Promise<Page> => {
  const answer = await get(path, cookie);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<Page>();
};
const shown = async (): Promise<number> => (await server.log()).filter(({ patient: whose }) => whose === "p1").length;
let keys = 0;
const step = (row: Row | undefined, event: string, more: JsonObject = {}): JsonObject => ({
  loop: row?.id ?? "",
  seen: row?.version ?? 0,
  event,
  key: `key ${(keys += 1)}`,
  ...more,
});

test("HTTP-LOOP-1 a list is told the most harmful first, page by page, with its numbers and nothing of any patient, and asking for it is no look at a record", async () => {
  for (const codes of [["N"], ["HH"], ["H", "N"], ["N"]]) await answered(codes);
  const before = await shown();
  const whole = await page("/api/inbox");
  assert.deepEqual(
    whole.items.map(({ risk }) => risk),
    [0, 2, 3, 3],
  );
  assert.deepEqual({ ...whole.counts }, { open: 4, late: 0, critical: 1, total: 4 });
  const first = await page("/api/inbox?limit=3");
  const second = await page(`/api/inbox?limit=3&after=${first.next}`);
  assert.deepEqual(
    [...first.items, ...second.items].map(({ id }) => id),
    whole.items.map(({ id }) => id),
  );
  assert.equal(second.next, null);
  assert.equal(JSON.stringify(whole).includes("p1"), false);
  assert.equal(whole.names[OURS.careUnit], "Medicinkliniken");
  assert.equal(await shown(), before);
  assert.deepEqual((await page("/api/inbox?kind=letter")).items, []);
  assert.equal((await page("/api/inbox?late=true")).counts.total, 0);
  assert.equal((await page("/api/inbox?whose=mine")).items.length, 0);
  assert.deepEqual((await page("/api/inbox", bo)).items, []);
  assert.equal((await get("/api/patients/p1/loops")).json<Page>().items.length, 4);
  for (const bad of ["limit=0", "limit=x", "kind=cat", "whose=others", "late=maybe", "after=1.2", "after=9.1.x"])
    assert.equal((await get(`/api/inbox?${bad}`)).code(), "SEARCH_VALUE_INVALID", bad);
  assert.equal((await server.call("GET", "/api/inbox", {})).status, 401);
});

test("HTTP-LOOP-2 what rows are about is read by the journal, and logged; rows of others are not there", async () => {
  await answered();
  const { items } = await page("/api/inbox");
  const before = await shown();
  const told = await post("/api/loops/about", { loops: items.map(({ id }) => id) });
  const about = told.json<{
    items: { title: string; patient: string; person: { name: unknown }; hasValues: boolean }[];
  }>();
  assert.equal(about.items.length, items.length);
  for (const one of about.items) {
    assert.match(one.title, /^Svar r/);
    assert.deepEqual([one.patient, one.hasValues], ["p1", true]);
    assert.ok(one.person.name);
  }
  assert.equal(told.text.includes("Inget avvikande"), false);
  assert.ok((await shown()) > before);
  assert.deepEqual((await post("/api/loops/about", { loops: [items[0]?.id ?? ""] }, bo)).at("items"), []);
  const history = await get(`/api/loops/${items[0]?.id}`);
  assert.deepEqual([history.at("steps.0.event"), history.at("row.id")], ["open", items[0]?.id]);
  assert.equal((await get(`/api/loops/${items[0]?.id}`, bo)).code(), "NOT_FOUND");
  for (const bad of [{}, { loops: [] }, { loops: [1] }, { loops: Array.from({ length: 201 }, () => "x") }])
    assert.equal((await post("/api/loops/about", bad as JsonObject)).code(), "LOOP_INVALID");
});

test("HTTP-LOOP-3 many are handled in one request; one that somebody else has moved is told and keeps no other back, and the same key is one step", async () => {
  for (let count = 0; count < 3; count += 1) await answered();
  const { items } = await page("/api/inbox?kind=result");
  const [one, two, three] = items.slice(-3);
  const first = step(one, "act", { note: "action:none" });
  assert.equal((await post("/api/loops/steps", { steps: [first] })).at("items.0.row.state"), "acted-on");
  assert.equal((await post("/api/loops/steps", { steps: [first] })).at("items.0.done"), true);
  const mixed = await post("/api/loops/steps", { steps: [step(two, "act"), step(one, "act"), step(three, "act")] });
  const done = mixed.json<{ items: { done: boolean; refusal: string | null; row: Row | null }[] }>().items;
  assert.deepEqual(
    done.map((each) => each.done),
    [true, false, true],
  );
  assert.ok((done[1]?.refusal ?? "").length > 10);
  const again = done[0]?.row ?? undefined;
  assert.deepEqual(again?.can, ["reopen"]);
  assert.equal(
    (await post("/api/loops/steps", { steps: [step(again, "reopen")] })).at("items.0.row.state"),
    "received",
  );
  assert.equal((await post("/api/loops/steps", { steps: [step(again, "reopen")] })).code(), "LOOP_CHANGED");
  assert.equal((await post("/api/loops/steps", { steps: [step(three, "act")] }, bo)).code(), "NOT_FOUND");
  for (const bad of [
    {},
    { steps: [] },
    { steps: [{}] },
    { steps: [{ ...first, seen: "1" }] },
    { steps: [{ ...first, event: "eat" }] },
    { steps: [{ ...first, note: 7 }] },
  ])
    // prettier-ignore
    assert.equal((await post("/api/loops/steps", bad as JsonObject)).code(), "LOOP_INVALID");
  const elsewhere = await server.call("POST", "/api/loops/steps", {
    cookie: anna,
    headers: { "x-eira": "0" },
    body: { steps: [step(two, "act")] },
  });
  assert.equal(elsewhere.code(), "FORBIDDEN");
});

test("HTTP-LOOP-4 absence and duty are registered in Swedish days and clocks, and told with the people's names", async () => {
  const person = `${OURS.careUnit}-P`;
  const year = server.clock().getUTCFullYear() + 1;
  const away = await post("/api/roster/absences", {
    person,
    from: `${year}-07-01`,
    through: `${year}-07-31`,
    deputy: null,
  });
  assert.equal(away.at("absences.0.since"), `${year}-06-30T22:00:00.000Z`);
  assert.equal(away.at("absences.0.until"), `${year}-07-31T22:00:00.000Z`);
  assert.deepEqual(away.at("names"), { [person]: "Anna Ek" });
  const turn = { worklist: OURS.careUnit, person, from: `${year}-12-24T16:00`, to: `${year}-12-25T08:00`, rank: 1 };
  const duty = await post("/api/roster/turns", turn);
  assert.equal(duty.at("turns.0.since"), `${year}-12-24T15:00:00.000Z`);
  const ended = await post(`/api/roster/turns/${String(duty.at("turns.0.id"))}/end`, {});
  assert.deepEqual(ended.at("turns"), []);
  assert.deepEqual((await post(`/api/roster/absences/${String(away.at("absences.0.id"))}/end`, {})).at("absences"), []);
  for (const bad of [{ ...turn, from: "i morgon" }, { ...turn, rank: "first" }, { ...turn, person: 1 }, {}])
    assert.equal((await post("/api/roster/turns", bad as JsonObject)).code(), "LOOP_INVALID");
  const lists = await get("/api/worklists");
  assert.deepEqual(lists.at("lists.0.people"), [{ id: person, name: "Anna Ek", title: "" }]);
  assert.equal((await get("/api/worklists/find?words=medicin")).at("items.0.id"), OURS.careUnit);
});
