/**
 * A region for tests of non-interference: six patients, of whom four owners have something, and a reader to whom some of it is open by
 * relation, choice and consent, and the rest hidden for want of them or by a block. SPEC HTTP-API-BLOCK-3
 */
import assert from "node:assert/strict";
import type { SeededRandom } from "../../base/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import { OURS, patient, THEIRS } from "../../journal/testing/index.ts";
import type { ServerOfTest } from "./index.ts";

/** Where the reader works. */
export const READER = OURS;
/** Where what some patients have blocked belongs. */
export const BLOCKED = { ...OURS, careUnit: "SE2321000131-E000000000012" } as const;
const OPEN = { ...OURS, careUnit: "SE2321000131-E000000000013" } as const;
const OWNERS = { a: READER, b: BLOCKED, c: OPEN, t: THEIRS } as const;
type Owner = keyof typeof OWNERS;

export const PATIENTS = ["p1", "p2", "p3", "p4", "p5", "p6"];
/** Those who have blocked what one unit has. */
export const WITH_BLOCK = new Set(["p1", "p2", "p3"]);
export const CODES = ["8867-4", "9279-1", "8480-6", "2708-6"];
export const TYPES = [
  "Encounter",
  "Observation",
  "Condition",
  "DiagnosticReport",
  "MedicationRequest",
  "Procedure",
] as const;
export type Type = (typeof TYPES)[number];

export type Kept = { readonly owner: Owner; readonly of: string; readonly type: Type; readonly id: string };

/** In whose care the reader is; of whom the other units are chosen; and of whom the other care provider, with the patient's consent. */
const RELATED = new Set(["p1", "p2", "p3", "p4", "p5"]);
const CHOSEN = new Set(["p1", "p2", "p3", "p4"]);
const AGREED = new Set(["p4"]);

/** Whether the reader may not see it. */
export const isHidden = ({ owner, of }: Pick<Kept, "owner" | "of">): boolean => {
  if (owner === "a") return !RELATED.has(of);
  if (owner === "t") return !AGREED.has(of);
  return !CHOSEN.has(of) || (owner === "b" && WITH_BLOCK.has(of));
};

/** One resource; it refers to others of the patient, whoever has them. */
function resourceOf({ type, id, of }: Kept, others: readonly Kept[], random: SeededRandom): JsonObject {
  const subject = { reference: `Patient/${of}` };
  const pick = (wanted: Type): JsonObject | undefined => {
    const some = others.filter((one) => one.type === wanted && one.of === of);
    return some.length === 0 ? undefined : { reference: `${wanted}/${random.pick(some).id}` };
  };
  const code = { coding: [{ system: "http://loinc.org", code: random.pick(CODES) }], text: `text ${id}` };
  const day = `2026-0${1 + random.int(9)}-1${random.int(9)}`;
  const encounter = pick("Encounter");
  const common = {
    resourceType: type,
    id,
    subject,
    ...(encounter === undefined || type === "Encounter" ? {} : { encounter }),
  };
  const clinical = { coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-clinical", code: "active" }] };
  const vital = {
    coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "vital-signs" }],
  };
  const result = pick("Observation");
  switch (type) {
    case "Encounter":
      return {
        ...common,
        status: "finished",
        class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: random.pick(["AMB", "IMP"]) },
        period: { start: `${day}T08:00:00Z` },
      };
    case "Observation":
      return {
        ...common,
        status: random.pick(["final", "amended"]),
        category: [vital],
        code,
        effectiveDateTime: `${day}T08:00:00Z`,
        valueQuantity: { value: random.int(100), system: "http://unitsofmeasure.org", code: "/min" },
      };
    case "Condition":
      return { ...common, clinicalStatus: clinical, code, recordedDate: day };
    case "DiagnosticReport":
      return {
        ...common,
        status: "final",
        code,
        effectiveDateTime: day,
        ...(result === undefined ? {} : { result: [result] }),
      };
    case "MedicationRequest":
      return {
        ...common,
        status: random.pick(["active", "stopped"]),
        intent: "order",
        medicationCodeableConcept: code,
        authoredOn: day,
      };
    case "Procedure":
      return {
        ...common,
        status: "completed",
        code,
        performedDateTime: day,
        ...(result === undefined ? {} : { reasonReference: [result] }),
      };
  }
}

/** Who has something of whom, and of which type. A contact at the reader's own unit would open the one who is to be a stranger there. */
const ALL = PATIENTS.flatMap((of) =>
  (Object.keys(OWNERS) as Owner[])
    .filter((owner) => owner !== "a" || RELATED.has(of))
    .flatMap((owner) => TYPES.map((type) => ({ of, owner, type }))),
);

/** Puts everything there, in whoever's name it is. */
async function fill(server: ServerOfTest, random: SeededRandom): Promise<readonly Kept[]> {
  for (const of of PATIENTS) await server.put(patient(of));
  const kept: Kept[] = [];
  for (const { of, owner, type } of ALL)
    for (let n = 0; n < 1 + random.int(2); n += 1) {
      const one = { owner, of, type, id: `${type.toLowerCase().slice(0, 3)}-${of}-${owner}${n}` };
      await server.put(resourceOf(one, kept, random), OWNERS[owner]);
      if (random.next() < 0.3) await server.put({ ...resourceOf(one, kept, random), language: "sv" }, OWNERS[owner]);
      kept.push(one);
    }
  return kept;
}

export type HiddenRegion = { readonly kept: readonly Kept[]; readonly reader: string };

/** Fills an empty region, opens to the reader what is to be open, and answers the reader's cookie. */
export async function hiddenRegion(server: ServerOfTest, random: SeededRandom): Promise<HiddenRegion> {
  const kept = await fill(server, random);
  const [reader, owner] = [await server.cookie(READER), await server.cookie(BLOCKED, { id: "assignment-b" })];
  const post = async (cookie: string, path: string, body: JsonObject): Promise<void> =>
    assert.equal((await server.call("POST", `/api/patients/${path}`, { cookie, body })).status, 200, path);
  const open = (of: string, body: JsonObject): Promise<void> => post(reader, `${of}/care`, body);
  for (const of of RELATED) await open(of, { kind: "relation" });
  for (const of of CHOSEN)
    for (const { careProvider, careUnit } of [BLOCKED, OPEN])
      await open(of, { kind: "choice", source: { careProvider, careUnit } });
  for (const of of AGREED) {
    await open(of, { kind: "consent", days: 1 });
    await open(of, { kind: "choice", source: { careProvider: THEIRS.careProvider } });
  }
  for (const of of WITH_BLOCK) await post(owner, `${of}/blocks`, { kind: "inner" });
  return { kept, reader };
}

/** Takes resources away as if they had never been. */
export async function unmake(server: ServerOfTest, gone: readonly Kept[]): Promise<void> {
  for (const { type, id } of gone) {
    const rows = await server.sql(`DELETE FROM ${type.toLowerCase()} WHERE id = $1 RETURNING id`, [id]);
    assert.equal(rows.length, 1, `${type}/${id} was still there for those who have it`);
    for (const table of ["history", "change_log"])
      await server.sql(`DELETE FROM ${table} WHERE type = $1 AND id = $2`, [type, id]);
  }
}
