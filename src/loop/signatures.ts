/**
 * What a written note means for the ledger: until it has been signed as it stands, its author answers for its signature. Pure.
 *
 * SPEC LOOP-SIGNATURE · F9 (notes that nobody signed) · PDL (2008:355) 3 kap. 10 §
 */
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../fhir/index.ts";
import type { Happening, Intent, Told } from "./intents.ts";

/** The elements that name whoever wrote it, and the one by which another system says that it is signed. */
const NOTES: Readonly<Record<string, { readonly author: string; readonly attested: string | null }>> = {
  Composition: { author: "author", attested: "attester" },
  DocumentReference: { author: "author", attested: "authenticator" },
  ClinicalImpression: { author: "assessor", attested: null },
};
const SUPERVISOR_TAG = "urn:eira:handledare";

export const NOTE_TYPES: readonly string[] = Object.keys(NOTES);

/** What a version of a note means. */
export function ofNote({ type, id, resource, before }: Told): readonly Intent[] {
  const about = `${type}/${id}`;
  if (resource === null || isMistake(resource))
    return before === null || isMistake(before) ? [] : [ended(about, "mistake")];
  if (isAttested(type, resource)) return before === null ? [] : [ended(about, "act")];
  return [
    {
      do: "open",
      kind: "signature",
      recipient: "",
      to: [],
      from: listOf(resource[NOTES[type]?.author ?? ""]).flatMap((one) => referenceIn(one) ?? []),
      risk: 3,
      due: null,
      answers: [],
      told: null, // what nobody has signed is not signed, however long ago it was written
      person: supervisorIn(resource),
    },
  ];
}

/** That a note was signed ends the loop of its signature; one that is corrected begins it again. */
export function signed(about: string): Happening {
  return ended(about, "act");
}

function ended(about: string, event: "act" | "mistake"): Happening {
  return { do: "event", about, kinds: ["signature"], events: [event], to: [], note: null, leaves: null };
}

function isMistake({ status, docStatus }: JsonObject): boolean {
  return status === "entered-in-error" || docStatus === "entered-in-error";
}

function isAttested(type: string, resource: JsonObject): boolean {
  const name = NOTES[type]?.attested ?? null;
  return name !== null && listOf(resource[name]).length > 0;
}

/** What a student has written is signed by the supervisor, whose HSA-id stands in a tag. */
function supervisorIn({ meta }: JsonObject): string | null {
  const tags = meta !== undefined && isJsonObject(meta) ? listOf(meta["tag"]) : [];
  const found = tags.filter(isJsonObject).find(({ system }) => system === SUPERVISOR_TAG)?.["code"];
  return typeof found === "string" ? found : null;
}

function referenceIn(value: JsonValue): string | undefined {
  const reference = isJsonObject(value) ? value["reference"] : undefined;
  return typeof reference === "string" && /^Practitioner(Role)?\/[A-Za-z0-9.-]{1,64}$/.test(reference)
    ? reference
    : undefined;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return value === undefined ? [] : isJsonArray(value) ? value : [value];
}
