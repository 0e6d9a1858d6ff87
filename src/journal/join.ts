/**
 * Joining two records of the same human, and parting them: Patient.link says it on both, and nothing else changes. What the joining took from
 * the replaced one (that it was active) stands in its link, so that parting gives each the very words that it had. The links are made from
 * the whole record, also of somebody whose identity is protected, and nothing of it is told.
 *
 * SPEC JRN-JOIN · https://hl7.org/fhir/R4/patient.html#links
 */
import { reachSetting } from "../access/index.ts";
import {
  fhirError,
  isFhirId,
  isJsonObject,
  listOf,
  parseJson,
  type JsonObject,
  type JsonValue,
} from "../fhir/index.ts";
import { authorize } from "./authorize.ts";
import type { PatchCommand } from "./commands.ts";
import type { Visit } from "./context.ts";
import { refuseMissing } from "./read.ts";

/** What `active` said before the record was replaced, on the link that replaced it; without it nothing was said. */
export const WAS_ACTIVE = "urn:eira:samma-person:aktiv";

export type Pair = { readonly survivor: JsonObject; readonly replaced: JsonObject };

/** Both as they are when one stands for both. */
export function joinedPair({ survivor, replaced }: Pair): Pair {
  const { active } = replaced;
  const extension = typeof active === "boolean" ? { extension: [{ url: WAS_ACTIVE, valueBoolean: active }] } : {};
  const by: JsonObject = { ...extension, other: { reference: nameOf(survivor) }, type: "replaced-by" };
  return {
    survivor: withLink(survivor, { other: { reference: nameOf(replaced) }, type: "replaces" }),
    replaced: withLink({ ...replaced, active: false }, by),
  };
}

/** Both as they were. */
export function partedPair({ survivor, replaced }: Pair): Pair {
  const link = linksOf(replaced).find((one) => isTo(one, survivor, "replaced-by"));
  return {
    survivor: withoutLinks(survivor, (one) => isTo(one, replaced, "replaces")),
    replaced: withoutLinks(link === undefined ? replaced : withActive(replaced, wasActive(link)), (one) =>
      isTo(one, survivor, "replaced-by"),
    ),
  };
}

/** Whom a record is replaced by, by id. */
export function replacedBy(patient: JsonObject): string | undefined {
  const link = linksOf(patient).find(({ type }) => type === "replaced-by");
  return link === undefined ? undefined : referenceOf(link)?.slice("Patient/".length);
}

/** Whom a record replaces, by id. */
export function replacesIn(patient: JsonObject): readonly string[] {
  return linksOf(patient).flatMap((one) =>
    one["type"] === "replaces" ? (referenceOf(one)?.slice("Patient/".length) ?? []) : [],
  );
}

/** What is wished of two records, in the versions that were seen. */
export type JoinWish = { readonly survivor: Seen; readonly replaced: Seen };
export type Seen = { readonly id: string; readonly version: string };

/** The commands that join; none when it is said already. Errors: NOT_FOUND, FORBIDDEN, JOIN_SAME, JOIN_REPLACED, VERSION_CONFLICT. */
export async function joinCommands(visit: Visit, wish: JoinWish): Promise<readonly PatchCommand[]> {
  if (wish.survivor.id === wish.replaced.id) throw fhirError("JOIN_SAME");
  const before = await pairOf(visit, wish);
  if (replacedBy(before.replaced) === wish.survivor.id) return [];
  // A chain has one end and no circle: only who stands alone can take another in, or be taken in.
  if (replacedBy(before.replaced) !== undefined || replacedBy(before.survivor) !== undefined)
    throw fhirError("JOIN_REPLACED");
  return commandsOf(wish, before, joinedPair(before));
}

/** The commands that part; none when nothing is said any more. Errors: NOT_FOUND, FORBIDDEN, JOIN_NOT, VERSION_CONFLICT. */
export async function partCommands(visit: Visit, wish: JoinWish): Promise<readonly PatchCommand[]> {
  const before = await pairOf(visit, wish);
  const by = replacedBy(before.replaced);
  if (by === undefined) return [];
  if (by !== wish.survivor.id) throw fhirError("JOIN_NOT");
  return commandsOf(wish, before, partedPair(before));
}

/** The command that says that a patient is somebody's relative too. Errors: NOT_FOUND, FORBIDDEN. */
export async function seeAlsoCommand(visit: Visit, patient: string, reference: string): Promise<PatchCommand> {
  const before = await wholeOf(visit, patient);
  const link: JsonObject = { other: { reference }, type: "seealso" };
  return commandOf({ id: patient, version: versionOf(before) }, before, withLink(before, link));
}

async function pairOf(visit: Visit, { survivor, replaced }: JoinWish): Promise<Pair> {
  return { survivor: await wholeOf(visit, survivor.id), replaced: await wholeOf(visit, replaced.id) };
}

async function wholeOf(visit: Visit, id: string): Promise<JsonObject> {
  const { reach } = await authorize(visit, "read", "Patient", `Patient/${id}`);
  const row = isFhirId(id) ? await visit.store.readOne(reachSetting(reach), "Patient", id) : undefined;
  if (row === undefined) return refuseMissing(visit, "read", `Patient/${id}`, undefined);
  return parseJson(row.content) as JsonObject;
}

function commandsOf({ survivor, replaced }: JoinWish, before: Pair, after: Pair): readonly PatchCommand[] {
  return [commandOf(survivor, before.survivor, after.survivor), commandOf(replaced, before.replaced, after.replaced)];
}

/** Of the whole record only what the links are is changed. */
function commandOf({ id, version }: Seen, before: JsonObject, after: JsonObject): PatchCommand {
  const operations = (["active", "link"] as const).flatMap((name): readonly JsonValue[] => {
    const [was, is] = [before[name], after[name]];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    if (is === undefined) return [{ op: "remove", path: `/${name}` }];
    return [{ op: was === undefined ? "add" : "replace", path: `/${name}`, value: is }];
  });
  return { kind: "patch", type: "Patient", id, where: "Patient", operations, ifMatch: version, isLinking: true };
}

function versionOf({ meta }: JsonObject): string {
  const version = isJsonObject(meta) ? meta["versionId"] : undefined;
  return typeof version === "string" ? version : "";
}

function nameOf({ id }: JsonObject): string {
  return `Patient/${typeof id === "string" ? id : ""}`;
}

function linksOf({ link }: JsonObject): readonly JsonObject[] {
  return listOf(link).filter(isJsonObject);
}

function referenceOf({ other }: JsonObject): string | undefined {
  const reference = isJsonObject(other) ? other["reference"] : undefined;
  return typeof reference === "string" && reference.startsWith("Patient/") ? reference : undefined;
}

function isTo(link: JsonValue, other: JsonObject, type: string): boolean {
  return isJsonObject(link) && link["type"] === type && referenceOf(link) === nameOf(other);
}

function withLink(patient: JsonObject, link: JsonObject): JsonObject {
  return { ...patient, link: [...listOf(patient["link"]), link] };
}

function withoutLinks(patient: JsonObject, isOut: (link: JsonValue) => boolean): JsonObject {
  const kept = listOf(patient["link"]).filter((one) => !isOut(one));
  const { link: _link, ...others } = patient;
  return kept.length === 0 ? others : { ...patient, link: kept };
}

function withActive(patient: JsonObject, active: boolean | undefined): JsonObject {
  if (active !== undefined) return { ...patient, active };
  const { active: _active, ...others } = patient;
  return others;
}

function wasActive({ extension }: JsonObject): boolean | undefined {
  const found = listOf(extension).find((one) => isJsonObject(one) && one["url"] === WAS_ACTIVE);
  return isJsonObject(found) && typeof found["valueBoolean"] === "boolean" ? found["valueBoolean"] : undefined;
}
