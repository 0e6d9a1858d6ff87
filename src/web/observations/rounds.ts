/**
 * The rounds among observations: what was measured together, as it stands, in the version that was seen. One of which not all is here is
 * none: whoever corrected it would take back what they do not see.
 *
 * SPEC WEB-OBS-6
 */
import type { CodeableConcept, Observation } from "fhir/r4";
import { hasCode } from "../say/concepts.ts";
import { valueOf } from "../say/values.ts";
import type { Measured, ValueName } from "../wire/observations.ts";
import type { SeenRound } from "./dock.ts";

const PANEL = "85353-1";
const CODES: Readonly<Record<Exclude<ValueName, "consciousness">, string>> = {
  breaths: "9279-1",
  saturation: "59408-5",
  oxygen: "syrgastillforsel",
  systolic: "8480-6",
  diastolic: "8462-4",
  pulse: "8867-4",
  temperature: "8310-5",
};

/** By when they were measured. */
export function roundsIn(observations: readonly Observation[]): ReadonlyMap<string, SeenRound> {
  const byId = new Map(observations.map((one) => [one.id ?? "", one]));
  const panels = observations.filter(({ code, status }) => hasCode(code, PANEL) && status !== "entered-in-error");
  return new Map(panels.flatMap((panel) => roundOf(panel, byId)).map((one) => [one.when, one]));
}

function roundOf(panel: Observation, byId: ReadonlyMap<string, Observation>): readonly SeenRound[] {
  const ids = (panel.hasMember ?? []).map(({ reference }) => reference?.split("/")[1] ?? "");
  const members = ids.flatMap((id) => byId.get(id) ?? []);
  const { effectiveDateTime: when, id } = panel;
  if (when === undefined || id === undefined || ids.length === 0 || members.length < ids.length) return [];
  const score = members.find(({ code }) => hasCode(code, "news2"));
  const standing = members.filter(({ status }) => status !== "entered-in-error");
  const scale = score === undefined ? null : (score.method?.coding?.[0]?.code ?? "1"); // it is written with one
  return [{ id, version: Number(panel.meta?.versionId), when, measured: measuredIn(standing), scale }];
}

function measuredIn(members: readonly Observation[]): Measured {
  const parts = members.flatMap((one) => (one.component === undefined ? [one] : one.component));
  const found = Object.entries(CODES).flatMap(([name, code]) => textsIn(parts, code).map((text) => [name, text] as const));
  return Object.fromEntries([...found, ...levelIn(members).map((level) => ["consciousness", level] as const)]);
} // prettier-ignore

type Part = { readonly code: CodeableConcept } & Parameters<typeof valueOf>[0];

function textsIn(parts: readonly Part[], code: string): readonly string[] {
  return parts.filter((one) => hasCode(one.code, code)).flatMap((one) => valueOf(one).text?.replace(",", ".") ?? []);
}

/** The letter that each level's code begins with. */
function levelIn(members: readonly Observation[]): readonly string[] {
  const codes = members.filter(({ code }) => hasCode(code, "67775-7")).flatMap((one) => one.valueCodeableConcept?.coding ?? []); // prettier-ignore
  return codes.flatMap(({ code }) => /^([acvpu])-/.exec(code ?? "")?.[1]?.toUpperCase() ?? []).slice(0, 1); // all codes say one level
}
