/** Rules JRN-DOOR of SPEC.md, and STORE-DOOR of the store's: what is reached at the patient's own door, by each of the two locks alone. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import {
  decideAtDoor,
  DOOR_TYPES,
  NOT_FOR_PATIENT,
  predicateOf,
  reachSetting,
  USUAL_DOOR_RULES,
  type PatientActor,
} from "../../access/index.ts";
import { FhirError, type JsonObject } from "../../fhir/index.ts";
import { compileSearch, parseSearch } from "../../search/index.ts";
import { readResource } from "../read.ts";
import { searchResources } from "../search.ts";
import { journalOfTest, OURS, patient, THEIRS } from "../testing/index.ts";
import { actorAtDoor, ASKER, factsOf, knownPatient, type AtDoor } from "./facts.ts";
import { grantAtUnit, registerGuardian } from "./proxies.ts";

const SEED = Number(process.env["EIRA_SEED"] ?? 20_261_122);
const journal = await journalOfTest({ after });
const code = (wanted: string) => (error: unknown) => error instanceof FhirError && error.code === wanted;

const UNITS = [OURS.careUnit, "SE2321000131-E000000000012", THEIRS.careUnit];
const LABELS = ["youth-clinic", "violence-exposed", NOT_FOR_PATIENT, "R"];
const TYPES = ["Observation", "Condition", "DocumentReference"] as const;

const numberOf = (id: string): string => `number|${id}`;
const whoIs = (id: string): AtDoor => ({ id, name: id, number: numberOf(id) });
const at = (who: string, of = who): Promise<PatientActor> => actorAtDoor(journal.options, whoIs(who), of);
const visitOf = (actor: PatientActor) => ({ ...journal.options, actor, request: `door-${actor.id}-${actor.patient}` });

type Kept = { readonly type: string; readonly id: string; readonly of: string; readonly careUnit: string; readonly labels: readonly string[]; readonly other: boolean }; // prettier-ignore

const STATUS = {
  Observation: { status: "final" },
  DocumentReference: { status: "current" },
} as const;

function resourceOf({ type, id, of, labels, other }: Kept): JsonObject {
  const subject = { reference: `Patient/${of}` };
  return {
    resourceType: type,
    id,
    ...(labels.length === 0 ? {} : { meta: { security: labels.map((one) => ({ system: "urn:x", code: one })) } }),
    ...STATUS[type as keyof typeof STATUS],
    ...(type === "DocumentReference"
      ? { content: [{ attachment: { contentType: "text/plain" } }] }
      : { code: { text: id } }),
    subject,
    // Somebody else's record in the same resource: then it is not this patient's alone.
    ...(other && type === "Observation" ? { performer: [{ reference: "Patient/mother" }] } : {}),
  };
}

const kept: Kept[] = [];
const people = { grown: "1970-01-01", child: "2018-05-05", teen: "2012-03-03", mother: "1985-05-05" } as const;
for (const [id, birthDate] of Object.entries(people)) await journal.put({ ...patient(id), birthDate });
for (const of of ["grown", "child", "teen"])
  for (const [n, type] of TYPES.entries())
    for (const [u, careUnit] of UNITS.entries())
      for (const [l, labels] of [[], ...LABELS.map((one) => [one]), ["other", NOT_FOR_PATIENT]].entries()) {
        const one = { type, id: `${of}-${n}-${u}-${l}`, of, careUnit, labels, other: l === 4 && u === 0 };
        kept.push(one);
        const careProvider = careUnit === THEIRS.careUnit ? THEIRS.careProvider : OURS.careProvider;
        await journal.put(resourceOf(one), { careProvider, careUnit });
      }
for (const of of ["child", "teen"])
  await registerGuardian(journal.client(), {
    id: `g-${of}`,
    patient: of,
    number: numberOf("mother"),
    since: "2012-01-01T00:00:00Z",
  });
const grant = { since: "2026-01-01T00:00:00Z", until: null, patient: "teen" };
await grantAtUnit(journal.client(), { ...grant, id: "grant-child", kind: "child", person: null, careUnit: UNITS[0]! });
await grantAtUnit(journal.client(), {
  ...grant,
  id: "grant-mother",
  kind: "guardian",
  person: numberOf("mother"),
  careUnit: UNITS[1]!,
});

const READERS = [["grown", "grown"], ["mother", "child"], ["teen", "teen"], ["mother", "teen"], ["child", "child"], ["mother", "grown"]] as const; // prettier-ignore

/** What the decision opens, record by record. */
async function openTo(who: string, of: string): Promise<Set<string>> {
  const known = (await knownPatient(journal.options, of))!;
  const person = factsOf(known, numberOf(who));
  const kinds = who === of ? ["patient" as const] : (["guardian", "proxy"] as const);
  const asked = { at: journal.clock().toISOString(), rules: USUAL_DOOR_RULES };
  return new Set(
    kept
      .filter((one) => one.of === of && !(one.other && one.type === "Observation"))
      .filter(({ careUnit, labels }) =>
        kinds.some((kind) => {
          const reader = kind === "patient" ? { kind } : { kind, person: ASKER };
          const isNotForPatient = labels.includes(NOT_FOR_PATIENT);
          const record = {
            careProvider: "V",
            careUnit,
            start: null,
            end: null,
            type: null,
            classes: labels,
            isNotForPatient,
          };
          return "grounds" in decideAtDoor(reader, { person, record }, asked);
        }),
      )
      .map(({ type, id }) => `${type}/${id}`),
  );
}

test("JRN-DOOR-1 each lock alone lets through exactly what the decision opens at the door", async () => {
  for (const [who, of] of READERS) {
    const open = await openTo(who, of);
    const actor = await at(who, of);
    if ("refusal" in actor.door) {
      assert.equal(open.size, 0, `${who} ${of}`);
      continue;
    }
    const { reach } = actor.door;
    assert.equal(open.size > 0, true, `${who} ${of}`);
    const sorted = [...open].toSorted();
    for (const lock of ["predicate", "rows"] as const) {
      const found: string[] = [];
      for (const type of TYPES) {
        const plan = parseSearch(type, [["_count", "500"]], { base: journal.options.base, now: 0 });
        const predicate = lock === "predicate" ? predicateOf(reach, () => undefined) : () => "TRUE";
        const rows = await journal.store.search(
          lock === "predicate" ? "*" : reachSetting(reach),
          compileSearch(plan, predicate),
        );
        found.push(...rows.map(({ id }) => `${type}/${String(id)}`));
      }
      assert.deepEqual(found.toSorted(), sorted, `${who} ${of} by ${lock}`);
    }
    // Through the journal, counted too.
    const { value } = await searchResources(visitOf(actor), "Observation", [["_total", "accurate"], ["_count", "3"]]); // prettier-ignore
    assert.equal(value.total, sorted.filter((one) => one.startsWith("Observation/")).length);
  }
});

test(`JRN-DOOR-2 what is closed is answered in the words of what never was, whatever is asked (seed ${SEED})`, async () => {
  const actor = await at("grown");
  const open = await openTo("grown", "grown");
  const closed = kept.filter(({ type, id }) => !open.has(`${type}/${id}`));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...closed), async ({ type, id }) => {
      const told = async (name: string): Promise<string> =>
        readResource(visitOf(actor), type, name).then(
          () => "shown",
          (error: unknown) => (error instanceof FhirError ? `${error.code} ${JSON.stringify(error.issues)}` : "bug"),
        );
      const absent = await told("never-was");
      assert.equal(absent.startsWith("NOT_FOUND"), true, absent);
      assert.equal(await told(id), absent);
      const { value } = await searchResources(visitOf(actor), type, [["_id", id], ["_total", "accurate"]]); // prettier-ignore
      assert.deepEqual([value.rows.length, value.total], [0, 0]);
    }),
    { seed: SEED, numRuns: 25 },
  );
});

test("STORE-DOOR-1 the role of the door reads the types of the door and no others, writes no record, and reaches nothing without its setting", async () => {
  const rights = async (kind: string): Promise<string[]> =>
    (
      await journal.sql<{ name: string }>(
        `SELECT c.relname::text AS name FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
         AND (has_table_privilege('eira_door', c.oid, $1) OR has_any_column_privilege('eira_door', c.oid, $2)) ORDER BY 1`,
        [kind, kind === "DELETE" || kind === "TRUNCATE" ? "SELECT" : kind],
      )
    ).map(({ name }) => name);
  const shared = ["access_log", "access_log_head", "block", "representation"];
  const ledger = ["loop", "loop_event", "worklist"]; // where the own requests are
  assert.deepEqual(
    await rights("SELECT"),
    [...[...DOOR_TYPES].map((type) => type.toLowerCase()), ...shared, ...ledger].toSorted(),
  );
  assert.deepEqual(await rights("INSERT"), shared);
  assert.deepEqual(await rights("UPDATE"), ["access_log_head", "block", "representation"]);
  const one = { text: "SELECT count(*)::int AS n FROM observation" };
  const count = async (reach: string): Promise<unknown> =>
    (await journal.store.read(reach, (look) => look.search(one)))[0]?.["n"];
  assert.equal(await count("door nobody * 0 0 own"), 0);
  assert.equal(await count("door grown - 0 0 own"), 0);
  assert.ok(Number(await count("door grown * 0 0 own")) > 0);
  await assert.rejects(
    journal.store.write("door grown * 0 0 own", (tx) => tx.search({ text: "DELETE FROM observation RETURNING id" })),
  );
  const proxy = { id: "r1", patient: "grown", kind: "proxy", person: "x", label: null } as const;
  const times = { since: "2026-01-01T00:00:00Z", until: "2027-01-01T00:00:00Z", registered: "2026-01-01T00:00:00Z" };
  const add = (reach: string, more: object = {}): Promise<void> =>
    journal.store.write(reach, (tx) =>
      tx.door.addRepresentation({ ...proxy, ...times, registeredBy: "test", ...more }),
    );
  await assert.rejects(add("door grown * 0 0 other"), code("FORBIDDEN"));
  await assert.rejects(add("door teen * 0 0 own"), code("FORBIDDEN"));
  await assert.rejects(add("door grown * 0 0 own", { kind: "guardian" }), code("FORBIDDEN"));
  await add("door grown * 0 0 own");
  const end = { at: "2026-01-02T00:00:00Z", by: "test" };
  assert.equal(await journal.store.write("door teen * 0 0 own", (tx) => tx.door.endRepresentation("r1", end)), false);
});

test("JRN-DOOR-3 one whom nothing has been opened for is refused by the rule, and the refusal is logged; one who is not there is refused alike", async () => {
  for (const of of ["grown", "nobody"]) {
    const visit = visitOf(await at("mother", of));
    await assert.rejects(readResource(visit, "Observation", "x"), code("FORBIDDEN"));
    const [row] = (await journal.log(visit.request)).slice(-1);
    assert.deepEqual([row?.outcome, row?.ground.split(" · ")[0], row?.actor], ["refused", of === "grown" ? "ACC-DOOR-RIGHT" : "ACC-DOOR-RIGHT", "patient mother"]); // prettier-ignore
  }
});
