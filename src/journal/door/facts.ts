/**
 * Who asks at the patient's own door, with the facts of this moment: they are read anew for each request, so that what somebody
 * withdraws, a birthday or a flag of the register counts at once and in every server.
 *
 * SPEC JRN-DOOR · PDL (2008:355) 5 kap. 5 §
 */
import {
  accessAtDoor,
  USUAL_DOOR_RULES,
  type DoorAccess,
  type DoorFacts,
  type DoorKeys,
  type PatientActor,
  type Reader,
} from "../../access/index.ts";
import {
  fhirError,
  fhirErrorAt,
  isFhirId,
  isJsonArray,
  isJsonObject,
  parseJson,
  protectionLabels,
  type JsonObject,
} from "../../fhir/index.ts";
import { systemCodeValue, tokenKey } from "../../search/index.ts";
import type { StoredDoorGrant, StoredRepresentation } from "../../store/index.ts";
import type { JournalOptions } from "../context.ts";

/** Somebody who has proved who they are: the id of their own Patient resource, their name, and the number as system|value. */
export type AtDoor = { readonly id: string; readonly name: string; readonly number: string };

/** The code of a Task that asks about a row of the access log. */
export const QUESTION_CODE = "access-log-question";

const QUESTION_KEY = tokenKey("code", QUESTION_CODE);
/** How a referral was assessed: the patient sees by when (CLIN-REFERRAL-10). */
const ASSESSMENT_KEY = tokenKey("code", systemCodeValue("urn:eira:remiss", "bedomning"));

function keysOf(patient: string): DoorKeys {
  return {
    label: (code) => tokenKey("_security", code),
    tasks: [
      QUESTION_KEY,
      ASSESSMENT_KEY,
      tokenKey("recipient", `Patient/${patient}`),
      tokenKey("sender", `Patient/${patient}`),
    ],
  };
}

/** What is known of a patient, as the door asks for it. */
export type KnownPatient = {
  readonly content: JsonObject;
  readonly representations: readonly StoredRepresentation[];
  readonly grants: readonly StoredDoorGrant[];
};

/** The actor that somebody is when asking for a patient's records. Errors: NOT_FOUND for what can be no patient. */
export async function actorAtDoor(options: JournalOptions, who: AtDoor, patient: string): Promise<PatientActor> {
  // Row-level security of the door is not what Citus takes; better no door than one that does not hold.
  if (options.store.isSpread)
    throw fhirErrorAt("NOT_SUPPORTED", "?", { sv: "patientens dörr på flera servrar", en: "the patient's door over several servers" }); // prettier-ignore
  const known = isFhirId(patient) ? await knownPatient(options, patient) : undefined;
  // One who is not there is refused in the same words as one whom the asker has no right to.
  if (known === undefined && who.id === patient) throw fhirError("UNAUTHENTICATED");
  const facts = known === undefined ? NOBODY : factsOf(known, who.number);
  const tried = readersOf(facts, who.id === patient).map((reader) => ({
    reader,
    door: doorFor(options, patient, reader, facts),
  }));
  const found = tried.find(({ door }) => "grounds" in door) ?? tried[0];
  if (found === undefined) throw fhirError("UNAUTHENTICATED"); // there is always a capacity to ask in
  return { kind: "patient", id: who.id, name: who.name, number: who.number, patient, ...found };
}

/** What a reader with these facts may see. */
export function doorFor(options: JournalOptions, patient: string, reader: Reader, facts: DoorFacts): DoorAccess {
  const asked = { at: options.clock().toISOString(), rules: options.doorRules ?? USUAL_DOOR_RULES };
  return accessAtDoor({ reader, patient, person: facts }, asked, keysOf(patient));
}

/** Reads what decides at the door of a patient; nothing when there is no such patient. */
export function knownPatient({ store }: JournalOptions, patient: string): Promise<KnownPatient | undefined> {
  return store.read("*", async (look) => {
    const row = await look.read("Patient", patient);
    if (row === undefined) return undefined;
    const content = parseJson(row.content) as JsonObject;
    const representations = await look.door.representationsOf(patient);
    return { content, representations, grants: await look.door.grantsOf(patient) };
  });
}

/** The engine's names for whoever asks and for everybody else: ids of patients may be longer than it takes. */
export const ASKER = "asker";
const OTHER = "other";

/** The facts as they are to one reader. */
export function factsOf({ content, representations, grants }: KnownPatient, asker: string): DoorFacts {
  const nameOf = (person: string): string => (person === asker ? ASKER : OTHER);
  const { birthDate } = content;
  return {
    birthDate: typeof birthDate === "string" ? birthDate : null,
    protection: { sekretessmarkering: protectionLabels(content).length > 0, skyddadFolkbokforing: false },
    representations: representations.map(({ id, kind, person, since, until, ended }) => ({
      id,
      kind,
      person: nameOf(person),
      start: since,
      end: until,
      ended,
    })),
    grants: grants.map(({ id, kind, person, careUnit, since, until, ended }) => ({
      id,
      kind,
      person: person === null ? null : nameOf(person),
      careUnit,
      start: since,
      end: until,
      cancelled: ended,
    })),
  };
}

const NOBODY: DoorFacts = {
  birthDate: null,
  protection: { sekretessmarkering: true, skyddadFolkbokforing: true },
  representations: [],
  grants: [],
};

/** In which capacities somebody may ask: as the patient, else as what has been registered. */
function readersOf({ representations }: DoorFacts, isOwn: boolean): readonly Reader[] {
  if (isOwn) return [{ kind: "patient" }];
  const kinds = new Set(representations.filter(({ person }) => person === ASKER).map(({ kind }) => kind));
  const readers: Reader[] = [...kinds].map((kind) => ({ kind, person: ASKER }));
  return readers.length > 0 ? readers : [{ kind: "proxy", person: ASKER }];
}

/** A person's name as it is written. */
export function nameIn({ name }: JsonObject): string {
  const names = isJsonArray(name) ? name.filter(isJsonObject) : [];
  const used = names.find(({ use }) => use === "official") ?? names[0]; // any name is better than none
  if (used === undefined) return "";
  const { text, given, family } = used;
  if (typeof text === "string") return text;
  const parts = [...(isJsonArray(given) ? given : []), family];
  return parts.filter((part) => typeof part === "string").join(" ");
}
