/**
 * Whether a patient can be reached by the own page here, and who reads there: the same decision that opens the door. For whoever sends
 * something to the patient; nothing of it is shown.
 *
 * SPEC LOOP-LETTER-2
 */
import { NOT_FOR_PATIENT, USUAL_DOOR_RULES } from "../../access/index.ts";
import { PERSONNUMMER_SYSTEM, SAMORDNINGSNUMMER_SYSTEM } from "../../base/index.ts";
import { isJsonObject, listOf, parseJson, protectionLabels, type JsonObject } from "../../fhir/index.ts";
import type { CurrentRow, StoredDoorGrant, StoredRepresentation } from "../../store/index.ts";
import type { JournalOptions } from "../context.ts";
import { ASKER, doorFor, factsOf, type KnownPatient } from "./facts.ts";

export type Reached = {
  readonly content: JsonObject;
  readonly isProtected: boolean;
  readonly isDead: boolean;
  readonly page: "patient" | "guardian" | null;
  /** Whether a person with one of these numbers (system|value) may read for the patient now. */
  readonly mayRead: (numbers: readonly string[]) => boolean;
};

type Look = {
  readonly read: (type: string, id: string) => Promise<CurrentRow | undefined>;
  readonly door: {
    readonly representationsOf: (patient: string) => Promise<StoredRepresentation[]>;
    readonly grantsOf: (patient: string) => Promise<StoredDoorGrant[]>;
  };
};

/** What decides by which ways a patient is reached; nothing when there is no such patient within reach. */
export async function reachedPatient(
  look: Look,
  options: JournalOptions,
  patient: string,
): Promise<Reached | undefined> {
  const row = await look.read("Patient", patient);
  if (row === undefined) return undefined;
  const content = parseJson(row.content) as JsonObject;
  const known: KnownPatient = {
    content,
    representations: await look.door.representationsOf(patient),
    grants: await look.door.grantsOf(patient),
  };
  const reads = (number: string): boolean =>
    known.representations.some(
      ({ kind, person }) =>
        person === number && "grounds" in doorFor(options, patient, { kind, person: ASKER }, factsOf(known, number)),
    );
  const isOwn =
    hasNumber(content) && "grounds" in doorFor(options, patient, { kind: "patient" }, factsOf(known, ASKER));
  const guardians = known.representations.filter(({ kind }) => kind === "guardian");
  return {
    content,
    isProtected: protectionLabels(content).length > 0,
    isDead: content["deceasedBoolean"] === true || content["deceasedDateTime"] !== undefined,
    page: isOwn ? "patient" : guardians.some(({ person }) => reads(person)) ? "guardian" : null,
    mayRead: (numbers) => numbers.some(reads),
  };
}

/** The identity numbers of a Patient or RelatedPerson, as system|value. */
export function numbersIn({ identifier }: JsonObject): readonly string[] {
  return listOf(identifier).flatMap((one) =>
    isJsonObject(one) && typeof one["system"] === "string" && typeof one["value"] === "string"
      ? [`${one["system"]}|${one["value"]}`]
      : [],
  );
}

/** To whom the labels of a resource let it be shown at the door. */
export function shownAtDoor(
  resource: JsonObject,
  { doorRules = USUAL_DOOR_RULES }: JournalOptions,
): { readonly patient: boolean; readonly others: boolean } {
  const { meta } = resource;
  const labels = listOf(isJsonObject(meta) ? meta["security"] : undefined).flatMap((one) =>
    isJsonObject(one) && typeof one["code"] === "string" ? [one["code"]] : [],
  );
  const closed = new Set<string>([NOT_FOR_PATIENT, ...doorRules.neverClasses]);
  const patient = !labels.some((label) => closed.has(label));
  return { patient, others: patient && !labels.some((label) => doorRules.notForOthersClasses.includes(label)) };
}

/** Whether somebody has a number of those that people prove at an identity provider, and that the tax agency knows. */
export function hasNumber(person: JsonObject): boolean {
  return numbersIn(person).some((one) => PROVED.some((system) => one.startsWith(`${system}|`)));
}

const PROVED = [PERSONNUMMER_SYSTEM, SAMORDNINGSNUMMER_SYSTEM] as const;
