/**
 * What a student writes is signed by the supervisor: the note says so by a tag, so that it stands in the supervisor's list of what waits and
 * everybody who reads it sees that a student wrote it.
 *
 * SPEC JRN-SUPERVISED · PDL (2008:355) 3 kap. 10 §
 */
import { refusalOnFooting, type Actor, type FootingAct, type PersonActor } from "../../access/index.ts";
import { isJsonObject, listOf, parseJson, type JsonObject } from "../../fhir/index.ts";
import { forbidden, refuseByRule } from "../authorize.ts";
import type { Visit } from "../context.ts";
import { isSignable } from "./signable.ts";

/** The tag's code is the supervisor's HSA-id. */
export const SUPERVISOR_TAG = "urn:eira:handledare";
const DISPLAY = "Skriven av studerande, signeras av handledaren";

/** A note as it is to be stored: of a student with the supervisor's tag, else as it came. */
export function supervised(actor: Actor, type: string, resource: JsonObject): JsonObject {
  const footing = actor.kind === "person" ? actor.assignment.footing : undefined;
  if (footing?.kind !== "student" || footing.by === null || !isSignable(type)) return resource;
  const meta = isJsonObject(resource["meta"]) ? resource["meta"] : {};
  const others = listOf(meta["tag"]).filter((one) => !(isJsonObject(one) && one["system"] === SUPERVISOR_TAG));
  const tag = [...others, { system: SUPERVISOR_TAG, code: footing.by, display: DISPLAY }];
  return { ...resource, meta: { ...meta, tag } };
}

/** Refuses what the person's footing does not allow; the refusal is logged before it is told. Errors: FORBIDDEN. */
export async function refuseOnFooting(visit: Visit, act: FootingAct, asked: string): Promise<void> {
  const { actor } = visit;
  // Whether a delegate signs their own is known when the note has been read.
  const refusal = actor.kind === "person" ? refusalOnFooting(actor, act, true) : undefined;
  if (refusal !== undefined) await refuseByRule(visit, refusal, { action: act, asked });
}

/** Refuses signing what a delegate has not written. Errors: FORBIDDEN. */
export function refuseOthersNote(actor: PersonActor, content: string): void {
  const refusal = refusalOnFooting(actor, "sign", isAuthor(actor, parseJson(content) as JsonObject));
  if (refusal !== undefined) throw forbidden(refusal.sentence, refusal.rule);
}

function isAuthor({ id, assignment }: PersonActor, { author, assessor }: JsonObject): boolean {
  const own = new Set([`Practitioner/${id}`, `PractitionerRole/${assignment.id}`]);
  return [...listOf(author), assessor].some(
    (one) => isJsonObject(one) && typeof one["reference"] === "string" && own.has(one["reference"]),
  );
}
