/**
 * What staff do at one patient beside reading and writing records (blocks, what opens the patient): who may, that the patient is there,
 * and the line of the access log.
 *
 * SPEC JRN-BLOCK, JRN-CARE
 */
import type { Grounds, PersonActor } from "../access/index.ts";
import { homeOf } from "../base/index.ts";
import { fhirError, isFhirId } from "../fhir/index.ts";
import type { AccessLogEntry } from "../store/index.ts";
import { authorize, recordRefusal, refuseVisit } from "./authorize.ts";
import { groundText, logEntry, OUT_OF_REACH, type Visit } from "./context.ts";

export type AtPatient = { readonly actor: PersonActor; readonly grounds: Grounds };

/** The person who asks, with grounds. `what` is asked about, in the log's words. Errors: NOT_FOUND; FORBIDDEN with `sentence` for others than staff. */
export async function personAt(
  visit: Visit,
  patient: string,
  { what, sentence }: { readonly what: string; readonly sentence: string },
): Promise<AtPatient> {
  const { actor } = visit;
  if (actor.kind !== "person") return refuseVisit(visit, `Patient/${patient} ${what}`, sentence);
  const grounds = await authorize(visit, "read", "Patient", `Patient/${patient}`);
  if (!isFhirId(patient)) return refuseUnknown(visit, patient, what);
  return { actor, grounds };
}

/** Logs and tells that there is no such patient, or nothing there that the person may change. */
export async function refuseUnknown(visit: Visit, patient: string, what: string): Promise<never> {
  await recordRefusal(visit, what, OUT_OF_REACH, [`Patient/${patient}`]);
  throw fhirError("NOT_FOUND");
}

/** The line of the access log about what was done at the patient. */
export function actAt(
  visit: Visit,
  patient: string,
  { action, grounds, what }: { readonly action: string; readonly grounds: Grounds; readonly what: string },
): AccessLogEntry {
  const act = { action, outcome: "granted", ground: groundText(grounds) } as const;
  return logEntry(visit, act, { home: homeOf(patient), patient, what: [`Patient/${patient} ${what}`] });
}
