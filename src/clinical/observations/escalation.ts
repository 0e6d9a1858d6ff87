/**
 * What a score asks for as a task of the unit's list, with the time within which somebody must have taken it over: from then on the ledger
 * sees to it that somebody answers. Pure.
 *
 * SPEC CLIN-OBS-6 · law 5 of the house · https://hl7.org/fhir/R4/task.html
 */
import type { JsonObject } from "../../fhir/index.ts";
import { OBSERVATION_URL } from "./codes.ts";
import type { Scoring } from "./to-fhir.ts";

export const ESCALATION_CODE = "atgard-vid-poang";

type Asked = {
  readonly patient: string;
  /** The score, as a reference. */
  readonly about: string;
  readonly unit: JsonObject;
  readonly by: JsonObject;
  readonly now: Date;
};

/** The task; nothing when the score asks nobody. */
export function escalationOf(
  { set, score, holds }: Scoring,
  { patient, about, unit, by, now }: Asked,
): JsonObject | undefined {
  // prettier-ignore
  const { response, total, atLeast } = score;
  if (response?.loop === null || response === null) return undefined;
  const { loop, asks, again, risk } = response;
  const sum = total === null ? `minst ${atLeast}` : String(total);
  const unsure = holds === "age-unknown" ? ` Åldern är inte känd: ${set.name} gäller från ${set.fromAge} år.` : "";
  const code = { system: OBSERVATION_URL, code: ESCALATION_CODE, display: "Åtgärd vid poäng" };
  return {
    resourceType: "Task",
    status: "requested",
    intent: "order",
    priority: loop.priority,
    code: { coding: [code], text: `${set.name} ${sum}: ${risk.sv}` },
    description: `${asks.sv} ${again.sv}${unsure}`,
    focus: { reference: about },
    for: { reference: `Patient/${patient}` },
    authoredOn: now.toISOString(),
    requester: by,
    owner: unit,
    restriction: { period: { end: new Date(now.getTime() + loop.minutes * 60_000).toISOString() } },
  };
}
