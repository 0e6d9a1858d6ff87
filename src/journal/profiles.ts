/**
 * The profiles that this server has, read when first needed and followed: whoever asks looks at most once a second
 * whether a definition has changed, so that every worker has a change within that time, and its own changes at once.
 *
 * SPEC JRN-PROFILE
 */
import { canonicalParts, isJsonArray, isJsonObject, parseJson, ProfileSet, type JsonObject } from "../fhir/index.ts";
import { parametersOf, tokenKey } from "../search/index.ts";
import type { Store } from "../store/index.ts";
import type { Command } from "./commands.ts";

type Active = {
  set: ProfileSet;
  stamp: string;
  /** When the stamp was last asked for; 0 when it must be. */
  asked: number;
  /** What several ask for at once is done once. */
  looking: Promise<ProfileSet> | undefined;
  /** How often something was changed here: who began to look before that may have seen what was. */
  changes: number;
};

const FOLLOW_MS = 1000;
const AT_ONCE = 20;
const actives = new WeakMap<Store, Active>();
const DEFINING: ReadonlySet<string> = new Set(["StructureDefinition", "ValueSet"]);

/** The profiles as they are stored, at most a second ago. */
export async function activeProfiles(store: Store): Promise<ProfileSet> {
  const active = activeOf(store);
  if (performance.now() - active.asked < FOLLOW_MS && active.asked > 0) return active.set;
  if (active.looking === undefined) {
    const looking: Promise<ProfileSet> = look(store, active).finally(() => {
      if (active.looking === looking) active.looking = undefined;
    });
    active.looking = looking;
  }
  return active.looking;
}

/** After a write of these commands: what they changed counts from the next question on. */
export function forgetChanged(store: Store, commands: readonly Command[]): void {
  if (!commands.some(({ type }) => DEFINING.has(type))) return;
  const active = activeOf(store);
  active.changes += 1;
  active.asked = 0;
  active.looking = undefined;
}

/** Whether any of the commands, or what tells of them, could have to do with a profile; most have not, and cost nothing. */
export function mayClaim(commands: readonly Command[], provenance?: JsonObject): boolean {
  if (provenance !== undefined && hasPlace(provenance)) return true;
  return commands.some(
    (command) =>
      command.kind === "patch" ||
      ((command.kind === "create" || command.kind === "update") && hasPlace(command.resource)),
  );
}

/** Whether a resource claims something, or holds resources that may. */
function hasPlace(resource: JsonObject): boolean {
  const { meta, contained, resourceType } = resource;
  if (isJsonObject(meta) && meta["profile"] !== undefined) return true;
  return contained !== undefined || resourceType === "Bundle";
}

function activeOf(store: Store): Active {
  const known = actives.get(store);
  if (known !== undefined) return known;
  const made: Active = { set: new ProfileSet([]), stamp: "", asked: 0, looking: undefined, changes: 0 };
  actives.set(store, made);
  return made;
}

async function look(store: Store, active: Active): Promise<ProfileSet> {
  const [asked, { changes }] = [performance.now(), active];
  const stamp = await store.definitionStamp();
  const set = stamp === active.stamp ? active.set : await load(store);
  if (changes !== active.changes) return set;
  Object.assign(active, { set, stamp, asked });
  return set;
}

async function load(store: Store): Promise<ProfileSet> {
  const definitions = await parsed(await store.structureDefinitions());
  const keys = [...new Set(definitions.flatMap(requiredValueSets))].map((url) => tokenKey(URL_NAME, url));
  const valueSets = keys.length === 0 ? [] : await parsed(await store.valueSets(keys));
  return new ProfileSet([...definitions, ...valueSets]);
}

/** The name under which a ValueSet's address is stored. */
const URL_NAME = parametersOf("ValueSet").get("url")?.sources[0]?.name ?? "url";

/** Others are answered in between: a large package takes a while to read. */
async function parsed(texts: readonly string[]): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  for (const [index, text] of texts.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
    const value = parseJson(text);
    if (isJsonObject(value)) found.push(value);
  }
  return found;
}

/** The value sets with a required binding, in snapshot and differential. */
function requiredValueSets({ snapshot, differential }: JsonObject): string[] {
  return [snapshot, differential].flatMap((one) => {
    const elements = isJsonObject(one) && isJsonArray(one["element"]) ? one["element"] : [];
    return elements.flatMap((element) => {
      const binding = isJsonObject(element) ? element["binding"] : undefined;
      if (!isJsonObject(binding) || binding["strength"] !== "required") return [];
      return typeof binding["valueSet"] === "string" ? [canonicalParts(binding["valueSet"]).url] : [];
    });
  });
}
