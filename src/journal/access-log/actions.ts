/**
 * What the access log's own words for actions and purposes are in FHIR's and in the national log service's vocabulary.
 * The table is total: a test looks for an action that the code writes and the table does not know.
 *
 * SPEC JRN-LOG-WORDS · urn:riv:ehr:log:1 (ActivityTypeType, PurposeTypeType) · https://hl7.org/fhir/R4/auditevent.html
 */
import type { AccessLogEntry } from "../../store/index.ts";

export type ActivityType = "Läsa" | "Skriva" | "Signera" | "Utskrift" | "Vidimera" | "Radera" | "Nödöppning";

export type ActionWords = {
  /** AuditEvent.action */
  readonly action: "C" | "R" | "U" | "D" | "E";
  /** FHIR's code of the interaction, where it is one. */
  readonly interaction?: string;
  readonly activity: ActivityType;
};

const reads = (interaction?: string): ActionWords => ({ action: "R", interaction, activity: "Läsa" });
const runs: ActionWords = { action: "E", interaction: "operation", activity: "Läsa" };
const changes: ActionWords = { action: "U", interaction: "update", activity: "Skriva" };

export const ACTIONS: ReadonlyMap<string, ActionWords> = new Map<string, ActionWords>([
  ["read", reads("read")],
  ["vread", reads("vread")],
  ["history", reads("history")],
  ["search", reads("search")],
  ["create", { action: "C", interaction: "create", activity: "Skriva" }],
  ["update", changes],
  ["patch", { ...changes, interaction: "patch" }],
  ["write", changes],
  ["delete", { action: "D", interaction: "delete", activity: "Radera" }],
  ["meta-add", changes],
  ["meta-delete", changes],
  ["replay", reads()],
  ["replay messages", changes],
  ["everything", reads("operation")],
  ["graphql", reads("operation")],
  ["document", reads("operation")],
  ["export", reads("operation")],
  ["fetch file", reads()],
  ["notify", reads()],
  ["operation", runs],
  ["call", runs],
  ["job", runs],
  ["read job", runs],
  ["cancel job", runs],
  ["read access log", reads()],
  ["export access log", reads()],
  ["extract access log", reads()],
  ["sample access log", reads()],
  ["review access", { action: "C", activity: "Skriva" }],
  ["read review statistics", reads()],
  ["sign", { action: "C", activity: "Signera" }],
  ["note disagreement", { action: "C", activity: "Skriva" }],
  ["read signing", reads()],
  ["destroy", { action: "D", activity: "Radera" }],
  ["propose destruction", { action: "E", activity: "Skriva" }],
  ["approve destruction", { action: "E", activity: "Skriva" }],
  ["draw number", { action: "C", activity: "Skriva" }],
  ["read care", reads()],
  ["care", reads()],
  ["give reason", { action: "C", activity: "Skriva" }],
  ["register relation", { action: "C", activity: "Skriva" }],
  ["choose source", { action: "C", activity: "Skriva" }],
  ["record consent", { action: "C", activity: "Skriva" }],
  ["emergency access", { action: "E", activity: "Nödöppning" }],
  ["end care", { action: "U", activity: "Skriva" }],
  ["read blocks", reads()],
  ["blocks", reads()],
  ["block", { action: "C", activity: "Skriva" }],
  ["lift block", { action: "C", activity: "Skriva" }],
  ["emergency lift", { action: "C", activity: "Skriva" }],
  ["end block", { action: "U", activity: "Skriva" }],
  ["end lift", { action: "U", activity: "Skriva" }],
  ["sign-in", runs],
  ["ask about access", { action: "C", activity: "Skriva" }],
  ["read questions", reads()],
  ["take question", changes],
  ["answer question", changes],
  ["read proxies", reads()],
  ["grant proxy", { action: "C", activity: "Skriva" }],
  ["end proxy", { action: "U", activity: "Skriva" }],
  ["register guardian", { action: "C", activity: "Skriva" }],
  ["end guardian", { action: "U", activity: "Skriva" }],
  ["grant door", { action: "C", activity: "Skriva" }],
  ["end grant", changes],
  ["print letter", { action: "E", activity: "Utskrift" }],
  ["move letter", changes],
  ["read letters", reads()],
  ["open letter", reads()],
  ["write own referral", { action: "C", activity: "Skriva" }],
  ["answer letter", { action: "C", activity: "Skriva" }],
  ["read representatives", reads()],
  ["representatives", reads()],
]);

/** Purposes as the log says them, which are the national ones, with v3-ActReason's code. */
export const PURPOSES: ReadonlyMap<string, string> = new Map([
  ["Vård och behandling", "TREAT"],
  ["Kvalitetssäkring", "HQUALIMP"],
  ["Annan dokumentation enligt lag", "HLEGAL"],
  ["Statistik", "HOUTCOMS"],
  ["Administration", "HOPERAT"],
  ["Kvalitetsregister", "HQUALIMP"],
]);

/** Grounds of an emergency access carry it in their rule's name. */
const EMERGENCY = /^ACC-(?:[A-Z]+-)*(?:EMERGENCY|NODOPPNING)\b/;

/** True when the access stood on an emergency. */
export function isEmergency({ ground, action }: Pick<AccessLogEntry, "ground" | "action">): boolean {
  return EMERGENCY.test(ground) || action.startsWith("emergency");
}

/** The words of an entry's action. Errors: an action that the table does not know, which must not pass as another. */
export function wordsOf(entry: Pick<AccessLogEntry, "ground" | "action">): ActionWords {
  const words = ACTIONS.get(entry.action) ?? (entry.action.startsWith("loop") ? changes : undefined); // each step by its own name
  if (words === undefined) throw new Error(`The access log's action "${entry.action}" has no national word.`);
  return isEmergency(entry) ? { ...words, activity: "Nödöppning" } : words;
}

/** The log's actions that are one of FHIR's. */
export function actionsOf(code: string): readonly string[] {
  return [...ACTIONS].filter(([, { action }]) => action === code).map(([name]) => name);
}
