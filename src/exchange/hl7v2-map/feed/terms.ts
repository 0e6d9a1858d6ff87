/**
 * What has been agreed on telling a partner of without its asking: of what, from whose records, on which legal basis, and how much of people
 * with protected identity. What is not agreed is not told. SPEC EXCH-FEED-TERMS · PDL (2008:355) 4 kap. 1 §
 */
import { isHsaId } from "../../../base/index.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../../fhir/index.ts";

export const TOLD = ["results", "visits", "patients", "bookings", "documents"] as const;
export type TellingKind = (typeof TOLD)[number];

export type FeedTerms = {
  readonly tells: ReadonlySet<TellingKind>;
  /** Whose records, by HSA-id; none means all units of the care provider that the partner's unit belongs to. */
  readonly units: readonly string[];
  /** Classes of visits (v3 ActCode: IMP, AMB, EMER); none means all. */
  readonly classes: readonly string[];
  /**
   * `own-unit`: its own unit's records, and only people who have been there. `care-provider`: records of its care provider, but for those
   * that a patient's block keeps from its unit.
   */
  readonly basis: "own-unit" | "care-provider";
  /** Of people with protected identity: nothing but the id here, their numbers too, or everything. */
  readonly protected: "withhold" | "number" | "whole";
};

const MEMBERS: ReadonlySet<string> = new Set(["tells", "units", "classes", "basis", "protected"]);

/** The terms as a configuration says them. `refuse` hears what cannot be used. */
export function feedTermsIn(value: JsonValue | undefined, unit: string, refuse: (why: string) => never): FeedTerms {
  if (!isJsonObject(value)) return refuse("feed is to be an object");
  const strange = Object.keys(value).find((name) => !MEMBERS.has(name));
  if (strange !== undefined) return refuse(`feed.${strange} is not known`);
  const asked = textsIn(value, "tells", refuse);
  const tells = TOLD.filter((kind) => asked.includes(kind));
  if (tells.length === 0 || tells.length < asked.length) refuse(`feed.tells is to be some of ${TOLD.join(", ")}`);
  const basis = choice(value, "basis", ["own-unit", "care-provider"], refuse);
  const listed = textsIn(value, "units", refuse);
  const stranger = listed.find((one) => !isHsaId(one));
  if (stranger !== undefined) refuse(`feed.units: ${stranger} is no HSA-id`);
  if (basis === "own-unit" && listed.some((one) => one !== unit))
    refuse("feed.units: its own unit is all that own-unit opens");
  return {
    tells: new Set(tells),
    units: basis === "own-unit" ? [unit] : listed,
    classes: textsIn(value, "classes", refuse),
    basis,
    protected:
      value["protected"] === undefined
        ? "withhold"
        : choice(value, "protected", ["withhold", "number", "whole"], refuse),
  };
}

function choice<T extends string>(
  value: JsonObject,
  member: string,
  among: readonly T[],
  refuse: (why: string) => never,
): T {
  return among.find((one) => one === value[member]) ?? refuse(`feed.${member} is to be ${among.join(" or ")}`);
}

function textsIn(value: JsonObject, member: string, refuse: (why: string) => never): readonly string[] {
  const list = value[member] ?? [];
  if (!isJsonArray(list) || !list.every((one) => typeof one === "string"))
    return refuse(`feed.${member} is to be a list of texts`);
  return list;
}
