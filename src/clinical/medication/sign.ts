/**
 * Signing what was understood: each line becomes a MedicationRequest with the reasons for what it goes past, what it takes the place of is
 * stopped, and all of it is one commit under a key. Stopping and renewing are the same.
 *
 * SPEC CLIN-MED-10 to CLIN-MED-12 · laws 3 and 5 of the house · HSLF-FS 2017:37 6 kap.
 */
import type { PersonActor } from "../../access/index.ts";
import { zonedDate } from "../../base/index.ts";
import { fhirError, fhirErrorAt, listOf, objectOf, type JsonObject } from "../../fhir/index.ts";
import {
  commit,
  disclosedAfter,
  readResource,
  requireNeed,
  type Command,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { onceUnder, roleReference } from "../acting.ts";
import { draftRemoval } from "../own-draft.ts";
import { refuseOtherIdentity } from "../orders/sign.ts";
import { nameIn, objectIn, referenceIn } from "../said.ts";
import { recordOf } from "./check.ts";
import { lineDraftOf } from "./draft.ts";
import type { Finding } from "./finding.ts";
import { judge, lookFor, ordaining, ordinationIn } from "./look.ts";
import { isReason, withOverrides, type Given, type Override } from "./override.ts";
import { requestOf } from "./to-fhir.ts";

/** An ordination that stands, in the version that was seen. */
export type Seen = { readonly id: string; readonly version: number };
export type Reasons = Readonly<Record<string, string>>;
export type SignedLine = {
  readonly line: string;
  /** Reasons for what interrupts, by the findings' keys. */
  readonly reasons: Reasons;
  /** What it takes the place of, and why. */
  readonly replaces: (Seen & { readonly why: string }) | null;
};
type Common = { readonly key: string; readonly shown: string | null };
export type SignWish = Common & {
  readonly lines: readonly SignedLine[];
  readonly isInpatient: boolean;
  /** The draft that it was made from, which is taken away with it. */
  readonly draft?: string | null;
};
export type StopWish = Common & Seen & { readonly why: string };
export type RenewWish = Common & { readonly items: readonly (Seen & { readonly reasons: Reasons })[] };

const MOST = 40;

/** Errors: MEDICATION_*, NO_CARE_RELATION, NOT_FOUND, FORBIDDEN, and those of `commit`. */
export async function signOrdinations(
  visit: Visit,
  patient: string,
  wish: SignWish,
): Promise<Disclosed<readonly string[]>> {
  // prettier-ignore
  const person = await begin(visit, patient, wish, wish.lines.length);
  const resources = await recordOf(patient, lookFor(visit));
  const how = { ...momentOf(visit), patient, requester: roleReference(person), category: wish.isInpatient ? "inpatient" : "community" } as const; // prettier-ignore
  const requests = wish.lines.map(({ line, replaces }, at): JsonObject => ({ ...requestOf(ordinationIn(line, at), { ...how, prior: replaces?.id ?? null }), id: `line-${at}` })); // prettier-ignore
  const reasons = Object.assign({}, ...wish.lines.map((one) => one.reasons)) as Reasons;
  const commands: Command[] = [];
  for (const [at, { replaces }] of wish.lines.entries()) {
    const place = `lines[${at}]`;
    if (replaces !== null) commands.push(await stopping(visit, patient, { ...replaces, place }));
    // Each is judged beside the others, as the commit will judge them.
    const beside = [...resources, ...requests.filter((_, other) => other !== at)];
    const { id: _id, ...request } = requests[at] ?? {};
    const whole = answered(visit, person, { request, resources: beside, instead: replaces?.id ?? null, reasons });
    commands.push({ kind: "create", type: "MedicationRequest", where: place, resource: whole });
  }
  // Only the own draft of this patient goes: the id is what a screen says.
  const { draft, ...words } = wish;
  const own = (await lineDraftOf(visit, patient)).value;
  const all = own !== null && own.id === draft ? [...commands, draftRemoval(own)] : commands;
  return write(visit, { person, wish: words, name: "sign", patient }, all);
}

/** Stops an ordination, with why. Errors: MEDICATION_*, NOT_FOUND, NO_CARE_RELATION, FORBIDDEN. */
export async function stopOrdination(
  visit: Visit,
  patient: string,
  wish: StopWish,
): Promise<Disclosed<readonly string[]>> {
  // prettier-ignore
  const person = await begin(visit, patient, wish, 1);
  const command = await stopping(visit, patient, { ...wish, place: "stop" });
  return write(visit, { person, wish, name: "stop", patient }, [command]);
}

/** Renews ordinations as they stand; the old ones are over. Errors: MEDICATION_*, NOT_FOUND, NO_CARE_RELATION, FORBIDDEN. */
export async function renewOrdinations(
  visit: Visit,
  patient: string,
  wish: RenewWish,
): Promise<Disclosed<readonly string[]>> {
  // prettier-ignore
  const person = await begin(visit, patient, wish, wish.items.length);
  const resources = await recordOf(patient, lookFor(visit));
  const commands: Command[] = [];
  for (const [at, { id, version, reasons }] of wish.items.entries()) {
    const place = `items[${at}]`;
    const old = await standing(visit, patient, { id, version, place });
    const request = renewedOf(old, { ...momentOf(visit), id, requester: roleReference(person) });
    const whole = answered(visit, person, { request, resources, instead: id, reasons });
    commands.push(over({ id, version, place }, "completed", "Förnyad"), { kind: "create", type: "MedicationRequest", where: place, resource: whole }); // prettier-ignore
  }
  return write(visit, { person, wish, name: "renew", patient }, commands);
}

async function begin(visit: Visit, patient: string, { shown }: Common, count: number): Promise<PersonActor> {
  const person = await ordaining(visit, "create");
  if (count === 0 || count > MOST) throw fhirErrorAt("MEDICATION_INVALID", "lines", `1-${MOST}`);
  await requireNeed(visit, patient, `Patient/${patient} medication`);
  await refuseOtherIdentity(visit, patient, shown, "MEDICATION_OTHER_PATIENT");
  return person;
}

type Doing = { readonly person: PersonActor; readonly wish: Common; readonly name: string; readonly patient: string };

/** Answers the ids of the new requests. */
async function write(
  visit: Visit,
  { person, wish, name, patient }: Doing,
  commands: readonly Command[],
): Promise<Disclosed<readonly string[]>> {
  // prettier-ignore
  const { value } = await commit(visit, commands, onceUnder(`medication ${name} ${person.hsaId} ${wish.key}`, { patient, ...wish })); // prettier-ignore
  const made = value.filter((_, at) => commands[at]?.kind === "create");
  return disclosedAfter(
    visit,
    [],
    made.map(({ id }) => id),
  );
}

function momentOf({ clock }: Visit): { readonly at: string; readonly start: string } {
  return { at: clock().toISOString(), start: zonedDate(clock().getTime()) };
}

type Answering = {
  readonly request: JsonObject;
  readonly resources: readonly JsonObject[];
  readonly instead: string | null;
  readonly reasons: Reasons;
};

/**
 * The request with a reason for each thing that interrupts: the one given, or the one that was given before. What has none is refused by
 * the commit, so that a retry under the same key is answered and not judged anew.
 */
function answered(visit: Visit, person: PersonActor, { request, resources, instead, reasons }: Answering): JsonObject {
  // prettier-ignore
  const { findings, overrides } = judge(visit, { request, resources, instead });
  const author = roleReference(person);
  const given = findings.flatMap((finding): Given[] => {
    if (finding.level !== "stop") return [];
    const override = reasonFor(visit, finding, { reasons, overrides, person });
    return override === undefined ? [] : [{ finding, override, author }];
  });
  return withOverrides(request, given);
}

type Said = { readonly reasons: Reasons; readonly overrides: readonly Override[]; readonly person: PersonActor };

function reasonFor({ clock }: Visit, { key }: Finding, { reasons, overrides, person }: Said): Override | undefined {
  const said = Object.hasOwn(reasons, key) ? (reasons[key] ?? "") : "";
  if (isReason(said)) return { key, reason: said.trim(), by: person.protectedIdentity === true ? null : person.name, at: clock().toISOString() }; // prettier-ignore
  return overrides.find((one) => one.key === key);
}

type Stopping = Seen & { readonly why: string; readonly place: string };

async function stopping(visit: Visit, patient: string, { id, version, why, place }: Stopping): Promise<Command> {
  if (!isReason(why)) throw fhirErrorAt("MEDICATION_INVALID", `${place}.why`, { sv: "ange varför", en: "say why" });
  await standing(visit, patient, { id, version, place });
  return over({ id, version, place }, "stopped", why.trim());
}

type Placed = Seen & { readonly place: string };

/** An ordination of this patient that stands, as it was seen. Errors: NOT_FOUND, MEDICATION_CHANGED. */
async function standing(visit: Visit, patient: string, { id, version, place }: Placed): Promise<JsonObject> {
  const { value } = await readResource(visit, "MedicationRequest", id);
  const found = objectIn(value.content);
  if (referenceIn(found["subject"]) !== `Patient/${patient}`) throw fhirError("NOT_FOUND");
  // What has been changed since is refused by the commit, unless it was this very wish that changed it.
  const isStanding = found["status"] === "active" || found["status"] === "on-hold" || value.version !== version;
  if (!isStanding) throw fhirErrorAt("MEDICATION_CHANGED", place, nameIn(found["medicationCodeableConcept"]) ?? "?"); // prettier-ignore
  return found;
}

function over({ id, version, place }: Placed, status: "stopped" | "completed", why: string): Command {
  const operations = [
    { op: "replace", path: "/status", value: status },
    { op: "add", path: "/statusReason", value: { text: why } },
  ];
  return { kind: "patch", type: "MedicationRequest", where: place, id, operations, ifMatch: String(version) };
}

type Renewing = { readonly id: string; readonly at: string; readonly start: string; readonly requester: JsonObject };

/** The same drug, dose and reason from today on; who and when are of today, and what was said of the old one stays with it. */
function renewedOf(old: JsonObject, { id, at, start, requester }: Renewing): JsonObject {
  const kept = ["category", "medicationCodeableConcept", "subject", "reasonCode", "courseOfTherapyType"] as const;
  const same = Object.fromEntries(kept.flatMap((name) => (old[name] === undefined ? [] : [[name, old[name]]]))) as JsonObject; // prettier-ignore
  if (same["medicationCodeableConcept"] === undefined) throw fhirErrorAt("MEDICATION_INVALID", "items", { sv: "läkemedlet är inte angivet så att det kan förnyas här", en: "the drug is not given so that it can be renewed here" }); // prettier-ignore
  const dosageInstruction = listOf(old["dosageInstruction"]).map((one): JsonObject => {
    const dosage = objectOf(one);
    const timing = objectOf(dosage["timing"]);
    const repeat = objectOf(timing["repeat"]);
    return { ...dosage, timing: { ...timing, repeat: { ...repeat, boundsPeriod: { start } } } };
  });
  return { resourceType: "MedicationRequest", status: "active", intent: "order", ...same, authoredOn: at, requester, dosageInstruction, priorPrescription: { reference: `MedicationRequest/${id}` } }; // prettier-ignore
}
