/** The names of units and care providers, which are the region's common knowledge and nobody's record. SPEC JRN-DOOR-BLOCK */
import { DOOR_TYPES, reachSetting } from "../../access/index.ts";
import { HSA_SYSTEM } from "../../base/index.ts";
import { isJsonArray, isJsonObject, parseJson } from "../../fhir/index.ts";
import { compileSearch, parseSearch } from "../../search/index.ts";
import type { JournalOptions } from "../context.ts";
import type { AtDoorOf } from "./grounds.ts";

type Source = { readonly careProvider: string; readonly careUnit: string | null };

/** A place where records were written. */
export type Place = {
  readonly careProvider: string;
  readonly providerName: string;
  readonly careUnit: string;
  readonly unitName: string;
};

export type Named = {
  readonly names: ReadonlyMap<string, string>;
  readonly placesOf: (sources: readonly Source[]) => readonly Place[];
};

/** Types whose rows are written at a place; a person's own record belongs to nobody. */
const WITH_PLACE = [...DOOR_TYPES].filter((type) => type !== "Patient" && type !== "Task" && type !== "Communication");

/** Where the patient's records were written, as far as the patient sees them. */
export function ownPlaces({ store }: JournalOptions, { actor, grounds }: AtDoorOf): Promise<readonly Source[]> {
  return store.read(reachSetting(grounds.reach), (look) => look.door.sourcesOf(WITH_PLACE, actor.patient));
}

const AT_ONCE = 100;

/** Names of what has an HSA-id in the directory; what is not there goes by its id. */
export async function placesOf({ store, base, clock }: JournalOptions, sources: readonly Source[]): Promise<Named> {
  const ids = [...new Set(sources.flatMap(({ careProvider, careUnit }) => [careProvider, careUnit ?? []].flat()))];
  const names = new Map<string, string>();
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE).map((id) => `${HSA_SYSTEM}|${id}`);
    const asked = [
      ["identifier", some.join(",")],
      ["_count", String(2 * AT_ONCE)],
    ] as const;
    const plan = parseSearch("Organization", asked, { base, now: clock().getTime() });
    const rows = await store.search(
      "*",
      compileSearch(plan, () => "TRUE"),
    );
    for (const { content } of rows) for (const [id, name] of namesIn(String(content))) names.set(id, name);
  }
  const nameOf = (id: string): string => names.get(id) ?? id;
  return {
    names,
    placesOf: (some) =>
      some.flatMap(({ careProvider, careUnit }) =>
        careUnit === null
          ? []
          : [{ careProvider, providerName: nameOf(careProvider), careUnit, unitName: nameOf(careUnit) }],
      ),
  };
}

function namesIn(content: string): [string, string][] {
  const organization = parseJson(content);
  if (!isJsonObject(organization)) return [];
  const { name, identifier } = organization;
  const ids = isJsonArray(identifier) ? identifier.filter(isJsonObject) : [];
  return ids.flatMap((one) =>
    one["system"] === HSA_SYSTEM && typeof one["value"] === "string" && typeof name === "string"
      ? [[one["value"], name] as [string, string]]
      : [],
  );
}
