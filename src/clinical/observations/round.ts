/** A round of measuring as it stands in the record: its panel, what it holds, and what each value was. SPEC CLIN-OBS-8 */
import { fhirError, listOf, objectOf, type JsonObject } from "../../fhir/index.ts";
import { disclosedTogether, readResource, searchResources, type Disclosed, type Visit } from "../../journal/index.ts";
import { codesIn, objectIn, referenceIn, textIn } from "../said.ts";
import { CODES, isCoded } from "./codes.ts";
import { textOf } from "./desk.ts";
import { EARLY_WARNING } from "./knowledge/index.ts";
import { PART_NAMES, SCALE_SYSTEM, type PartName } from "./to-fhir.ts";
import { VALUE_NAMES, type Measured, type ValueName } from "./values.ts";

export type StandingRound = {
  readonly panel: JsonObject;
  readonly version: number;
  readonly parts: ReadonlyMap<PartName, JsonObject>;
  readonly score: JsonObject | null;
  /** By which scale it was scored. */
  readonly scale: string;
  readonly measured: Measured;
};

const MOST = "30";

/** Errors: NOT_FOUND (also of another patient's, and of what is no round), GONE, NO_CARE_RELATION, FORBIDDEN. */
export async function roundOf(visit: Visit, patient: string, id: string): Promise<Disclosed<StandingRound>> {
  const read = await readResource(visit, "Observation", id);
  const panel = objectIn(read.value.content);
  if (referenceIn(panel["subject"]) !== `Patient/${patient}` || !isCoded(panel["code"], CODES.panel))
    throw fhirError("NOT_FOUND");
  const ids = listOf(panel["hasMember"]).flatMap((one) => referenceIn(one)?.split("/")[1] ?? []);
  const found = await searchResources(visit, "Observation", [["patient", patient], ["_id", [...ids, "none"].join(",")], ["_count", MOST]]); // prettier-ignore
  return disclosedTogether([read, found] as const, ([{ version }, { rows }]) => {
    const members = rows.map(({ content }) => objectIn(content));
    const parts = new Map(PART_NAMES.flatMap((name) => members.filter(({ code }) => isCoded(code, CODES[name])).map((one) => [name, one] as const))); // prettier-ignore
    const score = members.find(({ code }) => isCoded(code, CODES.score)) ?? null;
    return { panel, version, parts, score, scale: scaleIn(score), measured: measuredIn(members) };
  });
}

function scaleIn(score: JsonObject | null): string {
  const codes = listOf(objectOf(score?.["method"])["coding"]).map(objectOf).filter(({ system }) => system === SCALE_SYSTEM); // prettier-ignore
  return textIn(codes[0]?.["code"]) ?? "1"; // a score is written with one
}

const MISTAKEN = "entered-in-error";

/** What stands, without what was a mistake. */
function measuredIn(members: readonly JsonObject[]): Measured {
  const standing = members.filter(({ status }) => status !== MISTAKEN);
  return Object.fromEntries(
    VALUE_NAMES.flatMap((name): [ValueName, string][] => {
      const text = standing.map((one) => textOf(one, name)).find((one) => one !== undefined);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

/** What a score asked for when it was written, by its id; null when it asked nobody. */
export function askedIn(score: JsonObject | null): string | null {
  const codes = codesIn(score?.["interpretation"]);
  return EARLY_WARNING.responses.find(({ id, loop }) => loop !== null && codes.includes(id))?.id ?? null;
}
