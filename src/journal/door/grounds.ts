/**
 * The grounds of whoever stands at the patient's own door, and the one line of the access log of what they do there.
 *
 * SPEC JRN-DOOR
 */
import type { DoorReach, Grounds, PatientActor } from "../../access/index.ts";
import { homeOf } from "../../base/index.ts";
import type { AccessLogEntry } from "../../store/index.ts";
import { authorize, refuseByRule, refuseVisit } from "../authorize.ts";
import { groundText, logEntry, type Visit } from "../context.ts";

export type DoorGrounds = Grounds & { readonly reach: DoorReach };
export type AtDoorOf = { readonly actor: PatientActor; readonly grounds: DoorGrounds };

/** Grounds to see what is asked about the patient. Errors: FORBIDDEN, logged. */
export async function readerAtDoor(visit: Visit, asked: string): Promise<AtDoorOf> {
  const { actor } = visit;
  if (actor.kind !== "patient")
    return refuseVisit(visit, asked, "Det här är patientens egen dörr; personal läser i journalen.");
  const grounds = await authorize(visit, "read", "Patient", `Patient/${actor.patient}`);
  if (grounds.reach.kind !== "door") return refuseVisit(visit, asked, "Det här är patientens egen dörr.");
  return { actor, grounds: { ...grounds, reach: grounds.reach } };
}

/** The same of what only the patient decides. Errors: FORBIDDEN with the rule, logged. */
export async function patientAtDoor(visit: Visit, asked: string): Promise<AtDoorOf> {
  const found = await readerAtDoor(visit, asked);
  if (found.actor.reader.kind === "patient" && found.grounds.reach.isOwn) return found;
  return refuseByRule(visit, ONLY_PATIENT, { action: asked, asked: `Patient/${found.actor.patient}` });
}

const ONLY_PATIENT = {
  rule: "ACC-DOOR-ONLY-PATIENT",
  law: "PDL 5 kap. 5 §",
  sentence: "Bara patienten själv bestämmer om det här.",
} as const;

/** The line of the access log of something that was done about the patient. */
export function doorEntry(
  visit: Visit,
  { actor, grounds }: AtDoorOf,
  { action, what }: { readonly action: string; readonly what: readonly string[] },
): AccessLogEntry {
  const act = { action, outcome: "granted", ground: groundText(grounds) } as const;
  return logEntry(visit, act, { home: homeOf(actor.patient), patient: actor.patient, what });
}
