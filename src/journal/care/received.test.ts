/** Rules of ../SPEC.md: what a request opens to the unit that is asked to care for the patient. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { predicateOf, reachSetting, SENT_TYPES, type CareReach } from "../../access/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import { timeColumnsOf } from "../../search/index.ts";
import { careOf, commit, openCare, readResource, searchResources, type Visit } from "../index.ts";
import {
  asCreate,
  asUpdate,
  journalOfTest,
  observation,
  OURS,
  patient,
  THEIRS,
  type JournalOfTest,
} from "../testing/index.ts";

const DAY = 86_400_000;
const HSA = "urn:oid:1.2.752.29.4.19";
const ASKED = { ...OURS, careUnit: "SE2321000131-E000000000012" };
const BESIDE = { ...OURS, careUnit: "SE2321000131-E000000000013" };
const SENDER = OURS;

const day = (days: number): string => new Date(Date.now() + days * DAY).toISOString();
const to = (...references: string[]): { reference: string }[] => references.map((reference) => ({ reference }));

/** Two care providers with their units, a patient whom nobody knows, and what the sender has written. */
async function region(t: Parameters<typeof journalOfTest>[0]): Promise<JournalOfTest> {
  const journal = await journalOfTest(t, { isUnrelated: true });
  journal.clock.forward(Date.now() - journal.clock().getTime());
  const place = (id: string, value: string, partOf?: string): Promise<unknown> =>
    journal.put(
      {
        resourceType: "Organization",
        id,
        name: id,
        identifier: [
          { system: "urn:other", value: "x" },
          { system: HSA, value },
        ],
        ...(partOf === undefined ? {} : { partOf: { reference: `Organization/${partOf}` } }),
      },
      null,
    );
  await place("ours", OURS.careProvider);
  await place("hospital", "SE2321000131-E000000000019", "ours");
  await place("sender", SENDER.careUnit, "hospital");
  await place("asked", ASKED.careUnit, "hospital");
  await place("theirs", THEIRS.careProvider);
  await place("clinic", THEIRS.careUnit, "theirs");
  await place("circle", "SE2321000131-E000000000018", "circle");
  await journal.put({ resourceType: "PractitionerRole", id: "role", organization: to("Organization/asked")[0] }, null);
  await journal.put(
    { resourceType: "HealthcareService", id: "service", providedBy: to("Organization/asked")[0] },
    null,
  );
  await journal.put({ resourceType: "Location", id: "room", managingOrganization: to("Organization/asked")[0] }, null);
  for (const id of ["p1", "p2"]) await journal.put(patient(id));
  await journal.put(observation("attached"));
  await journal.put(observation("not-attached"));
  await journal.put(observation("of-another", "Patient/p2"));
  await journal.put(observation("beside"), BESIDE);
  await journal.put(observation("asked-own"), ASKED);
  await journal.put(observation("clinic-own"), THEIRS);
  return journal;
}

function referral(more: JsonObject = {}): JsonObject {
  return {
    resourceType: "ServiceRequest",
    id: "referral",
    status: "active",
    intent: "order",
    subject: { reference: "Patient/p1" },
    authoredOn: day(-1),
    performer: to("Organization/asked"),
    supportingInfo: to("Observation/attached", "Observation/beside", "Observation/of-another"),
    ...more,
  };
}

/** What somebody at a unit is answered about the patient, or the refusal's code. */
async function found(visit: Visit, type = "Observation"): Promise<string[] | string> {
  try {
    const { value } = await searchResources(visit, type, [["patient", "p1"]]);
    return value.rows.map(({ id }) => id).toSorted();
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test("JRN-RECEIVED-1 a referral opens the receiving unit's own records, itself, and what its sender has attached of its own", async (t) => {
  const journal = await region(t);
  const asked = (): Visit => journal.person(ASKED);
  assert.equal(await found(asked()), "NO_CARE_RELATION");
  await journal.put(referral());
  assert.deepEqual(await found(asked(), "ServiceRequest"), ["referral"]);
  assert.deepEqual(await found(asked()), ["asked-own", "attached"]);
  assert.equal((await readResource(asked(), "ServiceRequest", "referral")).value.id, "referral");
  for (const id of ["not-attached", "beside", "of-another"])
    await assert.rejects(readResource(asked(), "Observation", id), { code: "NOT_FOUND" }, id);
  const state = (await careOf(asked(), "p1")).value;
  assert.deepEqual(
    state.open.map(({ place, rule, until }) => [place.careUnit, rule, until]),
    [[ASKED.careUnit, "ACC-NEED-REQUEST", null]],
  );
  // The rest of the sender's records is chosen, like those of any other unit.
  await openCare(asked(), "p1", { kind: "choice", source: SENDER });
  assert.deepEqual(await found(asked()), ["asked-own", "attached", "not-attached"]);
  const reading = asked();
  await readResource(reading, "ServiceRequest", "referral");
  const [entry] = await journal.log(reading.request);
  assert.match(entry?.ground ?? "", /^ACC-NEED-REQUEST · PDL 4 kap\. 1 § · .*har fått en remiss/);
  assert.equal(await found(journal.person(BESIDE)), "NO_CARE_RELATION");
});

test("JRN-RECEIVED-2 another care provider that is asked reads the referral and what is attached, not the chart, and writes to none of it", async (t) => {
  const journal = await region(t);
  await journal.put(referral({ performer: to("Organization/clinic") }));
  const clinic = (): Visit => journal.person(THEIRS);
  assert.deepEqual(await found(clinic(), "ServiceRequest"), ["referral"]);
  assert.deepEqual(await found(clinic()), ["attached", "clinic-own"]);
  await openCare(clinic(), "p1", { kind: "choice", source: { careProvider: SENDER.careProvider, careUnit: null } });
  assert.deepEqual(await found(clinic()), ["attached", "clinic-own"]);
  const changed = asUpdate(referral({ status: "completed" }));
  await assert.rejects(commit(clinic(), [changed]), { code: "FORBIDDEN" });
  await commit(clinic(), [asCreate({ ...observation(undefined) })]);
  const { rows } = (await searchResources(clinic(), "ServiceRequest", [["performer", "Organization/clinic"]])).value;
  assert.deepEqual(
    rows.map(({ id }) => id),
    ["referral"],
  );
});

test("JRN-RECEIVED-3 it ends with the request: at once when it is taken back, 90 days after it was done; what is only meant opens nothing", async (t) => {
  const journal = await region(t);
  const asked = async (more: JsonObject, fresh = true): Promise<string[] | string> => {
    if (fresh) await journal.sql("DELETE FROM servicerequest; DELETE FROM history WHERE type = 'ServiceRequest'");
    await journal.put(referral(more));
    return found(journal.person(ASKED), "ServiceRequest");
  };
  for (const closed of [{ status: "draft" }, { status: "revoked" }, { status: "entered-in-error" }, { intent: "plan" }])
    assert.equal(await asked(closed), "NO_CARE_RELATION", JSON.stringify(closed));
  assert.equal(await asked({ authoredOn: day(2) }), "NO_CARE_RELATION");
  assert.deepEqual(await asked({ authoredOn: day(-900) }), ["referral"]);
  assert.equal(await asked({ status: "completed", authoredOn: day(-91) }), "NO_CARE_RELATION");
  assert.deepEqual(await asked({ status: "completed", authoredOn: day(-89) }), ["referral"]);
  await asked({ authoredOn: day(-900) });
  assert.deepEqual(await asked({ status: "completed", authoredOn: day(-900) }, false), ["referral"]);
  const [row] = await journal.sql<{ days: number }>(
    "SELECT round(extract(epoch FROM until - now()) / 86400)::int AS days FROM opening LIMIT 1",
  );
  assert.equal(row?.days, 90);
  await journal.put(referral({ performer: to("Organization/clinic") })); // sent on
  assert.equal(await found(journal.person(ASKED), "ServiceRequest"), "NO_CARE_RELATION");
  assert.deepEqual(await found(journal.person(THEIRS), "ServiceRequest"), ["referral"]);
  await journal.sql("DELETE FROM servicerequest");
  assert.deepEqual(await journal.sql("SELECT 1 FROM opening"), []);
});

test("JRN-RECEIVED-4 tasks, messages and bookings ask too, whatever of the unit they name; a unit that asks itself, and one that is not known, is opened nothing", async (t) => {
  const journal = await region(t);
  const about = { reference: "Patient/p1" };
  const asking: readonly JsonObject[] = [
    referral({ performer: to("PractitionerRole/role") }),
    referral({ performer: [{ display: "Ortopeden" }], locationReference: to("Location/room") }),
    { resourceType: "Task", id: "x", status: "requested", intent: "order", for: about, owner: to("Organization/asked")[0], focus: to("Observation/attached")[0] }, // prettier-ignore
    { resourceType: "CommunicationRequest", id: "x", status: "active", subject: about, recipient: to("HealthcareService/service"), payload: [{ contentReference: to("Observation/attached")[0] }] }, // prettier-ignore
    { resourceType: "Communication", id: "x", status: "completed", subject: about, sent: day(-1), recipient: to("Organization/asked"), about: to("Observation/attached") }, // prettier-ignore
    { resourceType: "Appointment", id: "x", status: "booked", start: day(1), end: day(1), supportingInformation: to("Observation/attached"), participant: [{ actor: about, status: "accepted" }, { actor: to("Location/room")[0], status: "accepted" }] }, // prettier-ignore
  ];
  for (const request of asking) {
    const { resourceType, id } = request as { resourceType: string; id: string };
    await journal.put(request);
    assert.deepEqual(await found(journal.person(ASKED)), ["asked-own", "attached"], resourceType);
    assert.equal((await readResource(journal.person(ASKED), resourceType, id)).value.id, id);
    await journal.sql(`DELETE FROM ${resourceType.toLowerCase()}`);
    assert.equal(await found(journal.person(ASKED)), "NO_CARE_RELATION", resourceType);
  }
  for (const [odd, request] of [
    { performer: to("Organization/circle") },
    { performer: to("Organization/nobody", "Practitioner/anna", "Patient/p1") },
    { performer: [{ display: "Ortopeden" }] },
  ].entries()) {
    await journal.put(referral({ ...request, id: `odd-${odd}` }));
    assert.deepEqual(await journal.sql("SELECT 1 FROM opening"), []);
  }
  const { id: _, supportingInfo: __, ...own } = referral();
  await assert.rejects(commit(journal.person(ASKED), [asCreate(own)]), { code: "NO_CARE_RELATION" });
});

test("JRN-RECEIVED-5 both locks say the same of what was sent, in every type that may be; a block closes it", async (t) => {
  const journal = await region(t);
  const policies = await journal.sql<{ name: string }>(
    "SELECT tablename AS name FROM pg_policies WHERE policyname = 'need' AND qual LIKE '%o.record = %' ORDER BY 1",
  );
  const [bare] = await journal.sql<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_policies WHERE policyname = 'need' AND qual NOT LIKE '%o.record IS NULL%'",
  );
  assert.equal(bare?.n, 0);
  assert.deepEqual(
    policies.map(({ name }) => name),
    [...SENT_TYPES].map((type) => type.toLowerCase()).toSorted(),
  );
  await journal.put(referral({ performer: to("Organization/asked", "Organization/clinic") }));
  await journal.put(referral({ performer: to("Organization/asked", "Organization/clinic"), note: [{ text: "2" }] }));
  const both = async (reader: CareReach, type: string): Promise<string[]> => {
    const values: unknown[] = [];
    const where = predicateOf(reader, timeColumnsOf)("r", type, (value) => `$${values.push(value)}`);
    const table = type.toLowerCase();
    const first = await journal.store.read("*", (look) =>
      look.search({ text: `SELECT id FROM ${table} AS r WHERE ${where} ORDER BY id`, values }),
    );
    const second = await journal.store.read(reachSetting(reader), (look) =>
      look.search({ text: `SELECT id FROM ${table} ORDER BY id` }),
    );
    assert.deepEqual(first, second, `${reader.careUnit} ${type}`);
    return first.map(({ id }) => String(id));
  };
  const reader = (owner: typeof THEIRS | typeof ASKED): CareReach => ({ kind: "provider", ...owner, employee: "one" });
  for (const type of SENT_TYPES) await both(reader(ASKED), type);
  assert.deepEqual(await both(reader(THEIRS), "ServiceRequest"), ["referral"]);
  assert.deepEqual(await both(reader(BESIDE), "ServiceRequest"), []);
  // Older versions are not sent.
  const versions = await journal.store.read(reachSetting(reader(ASKED)), (look) =>
    look.search({ text: "SELECT id FROM history WHERE type = 'ServiceRequest'" }),
  );
  assert.deepEqual(versions, []);
  await journal.sql(
    `INSERT INTO block (id, patient, kind, care_provider, care_unit, registered, registered_by)
     VALUES ('b', 'p1', 'inner', '${SENDER.careProvider}', '${SENDER.careUnit}', now(), 'x')`,
  );
  assert.deepEqual(await both(reader(ASKED), "ServiceRequest"), []);
  assert.deepEqual(await both(reader(THEIRS), "Observation"), ["clinic-own"]);
});
