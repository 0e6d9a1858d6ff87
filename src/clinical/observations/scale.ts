/** Ordaining by which scale the oxygen saturation is judged, and ending it: with who, when and why. SPEC CLIN-OBS-5 */
import { zonedDate } from "../../base/index.ts";
import { fhirError, fhirErrorAt, FhirError } from "../../fhir/index.ts";
import { commit, requireNeed, type Command, type Disclosed, type Visit } from "../../journal/index.ts";
import { neededText, onceUnder, roleReference } from "../acting.ts";
import { refuseOtherIdentity } from "../orders/sign.ts";
import { OBSERVATION_URL } from "./codes.ts";
import { EARLY_WARNING } from "./knowledge/index.ts";
import { ordainingScale } from "./may.ts";
import { TARGET_CODE, targetGoal, whomOf, type Whom } from "./whom.ts";

export type ScaleWish = {
  readonly key: string;
  readonly shown: string | null;
  readonly why: string;
  /** The ordination that is ended, as it was seen; null ordains. */
  readonly ends: { readonly id: string; readonly version: number } | null;
};

const LONGEST_WHY = 500;

/** Answers how it stands then. Errors: OBSERVATION_*, NO_CARE_RELATION, NOT_FOUND, FORBIDDEN, and those of `commit`. */
export async function ordainScale(visit: Visit, patient: string, wish: ScaleWish): Promise<Disclosed<Whom>> {
  const person = await ordainingScale(visit);
  await requireNeed(visit, patient, `Patient/${patient} observations`);
  await refuseOtherIdentity(visit, patient, wish.shown, "OBSERVATION_OTHER_PATIENT");
  if (wish.why.trim() === "") throw fhirErrorAt("OBSERVATION_INVALID", "why", { sv: "ange varför", en: "say why" });
  const why = neededText(wish.why, "why", LONGEST_WHY);
  const now = visit.clock();
  const day = zonedDate(now.getTime());
  const by = roleReference(person);
  const command: Command = wish.ends === null
    ? { kind: "create", type: "Goal", where: "Goal", ifNoneExist: `patient=${patient}&category=${OBSERVATION_URL}|${TARGET_CODE}&lifecycle-status=active`, resource: targetGoal(patient, { by, day, at: now.toISOString(), why }) }
    : { kind: "patch", type: "Goal", where: "Goal", id: wish.ends.id, ifMatch: String(wish.ends.version), operations: [{ op: "test", path: "/subject/reference", value: `Patient/${patient}` }, { op: "replace", path: "/lifecycleStatus", value: "cancelled" }, { op: "replace", path: "/statusDate", value: day }, { op: "add", path: "/statusReason", value: why }] }; // prettier-ignore
  const { key, ...rest } = wish;
  await commit(visit, [command], onceUnder(`observations scale ${person.hsaId} ${key}`, { patient, ...rest })).catch(
    (error: unknown) => {
      // prettier-ignore
      throw error instanceof FhirError && error.code === "VERSION_CONFLICT" ? fhirError("OBSERVATION_CHANGED") : error;
    },
  );
  return whomOf(visit, patient, EARLY_WARNING);
}
