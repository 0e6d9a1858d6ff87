/**
 * Protected identity in FHIR: which resources say that a person is protected, what is taken out of them, and what of a
 * version that somebody writes back has to be put in again, since the writer never saw it.
 *
 * SPEC ACC-PROTECTED · https://hl7.org/fhir/R4/security-labels.html · HL7 Sweden SecurityLabel
 */
import { isHsaSystem } from "../../base/index.ts";
import {
  isJsonObject,
  isProtectionLabel,
  listOf,
  protectionLabels,
  type JsonObject,
  type JsonValue,
} from "../../fhir/index.ts";
import type { Protection } from "./facts.ts";
import { PROTECTED_TEXT, type Telling } from "./protected-identity.ts";

/** How a person's resource says that it is protected; undefined when it does not. */
export function protectionIn(resource: JsonObject): Protection | undefined {
  const labels = protectionLabels(resource);
  if (labels.length === 0) return undefined;
  const isRegistered = labels.some(isRegisterLabel);
  return { sekretessmarkering: !labels.every(isRegisterLabel), skyddadFolkbokforing: isRegistered };
}

function isRegisterLabel({ code }: JsonObject): boolean {
  return typeof code === "string" && code.toLowerCase() === "skyddadfolkbokforing";
}

/** Members of a person's resource that are telling, by what they tell. */
const MEMBERS: Readonly<Record<Telling, readonly string[]>> = {
  name: ["name"],
  number: ["identifier", "birthDate", "_birthDate"],
  address: ["address"],
  telecom: ["telecom"],
  municipality: ["extension"],
  "unit-trail": ["generalPractitioner", "managingOrganization", "link"],
};

/** Whatever of it is withheld, these go too: they can say anything, or are somebody else's address. */
const ALWAYS = ["contact", "photo", "text", "contained"];
/** Elements in whose place stands that they are withheld, whether they were there or not. */
const TOLD_WITHHELD: Readonly<Record<string, "list" | "one">> = {
  name: "list",
  identifier: "list",
  address: "list",
  telecom: "list",
  generalPractitioner: "list",
  managingOrganization: "one",
};
const PATIENTS_OWN: ReadonlySet<string> = new Set(["generalPractitioner", "managingOrganization"]);
const HARMLESS_EXTENSIONS: ReadonlySet<string> = new Set([
  "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired",
]);

const MASKED: JsonObject = {
  extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "masked" }],
};
const OBSERVATION_VALUE = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
const REDACTED: JsonObject = { system: OBSERVATION_VALUE, code: "REDACTED" };
const SUBSETTED: JsonObject = { system: OBSERVATION_VALUE, code: "SUBSETTED" };

/** A patient's or relative's resource without what is withheld; the resource itself is not changed. */
export function withoutTelling(resource: JsonObject, withheld: readonly Telling[]): JsonObject {
  if (withheld.length === 0) return resource;
  const members = membersOf(resource, withheld);
  const shown = { ...without(resource, members), meta: redactedMeta(resource) } as Record<string, JsonValue>;
  for (const name of members) {
    const form = TOLD_WITHHELD[name];
    const isHere = !PATIENTS_OWN.has(name) || resource["resourceType"] === "Patient";
    if (form !== undefined && isHere) shown[name] = form === "list" ? [maskOf(name)] : MASKED;
  }
  const kept = keptExtensions(resource);
  if (kept.length > 0) shown["extension"] = kept;
  return shown;
}

/** A name in words, so that whoever shows names shows why there is none. */
function maskOf(name: string): JsonObject {
  return name === "name" ? { ...MASKED, text: PROTECTED_TEXT } : MASKED;
}

/** Staff are known by HSA-id alone, whatever it is for. */
export function withoutStaffName(resource: JsonObject): JsonObject {
  const hsaIds = listOf(resource["identifier"]).filter(isHsaId);
  return {
    ...without(resource, STAFF_MEMBERS),
    meta: redactedMeta(resource),
    ...(hsaIds.length > 0 && { identifier: hsaIds }),
    name: [{ ...MASKED, text: PROTECTED_STAFF }],
  };
}

/** What stands in place of the name of staff with protected identity. */
export const PROTECTED_STAFF = "Skyddad identitet";
const STAFF_MEMBERS = [
  "identifier",
  "name",
  "telecom",
  "address",
  "birthDate",
  "_birthDate",
  "photo",
  "text",
  "contained",
];

/**
 * What was written, with everything in it again that the writer was not shown, as it stands in `before`: the withheld
 * members and the labels that protect. The marks of what was shown are taken off.
 */
export function keptTelling(written: JsonObject, before: JsonObject): JsonObject {
  const isStaff = before["resourceType"] === "Practitioner";
  const members = isStaff ? STAFF_MEMBERS : membersOf(before, WITHHELD_IN_CHART);
  const stays = members.flatMap((name) => (before[name] === undefined ? [] : [[name, before[name]] as const]));
  const kept = { ...without(written, members), meta: keptMeta(written, before), ...Object.fromEntries(stays) };
  return inOrderOf(kept, before);
}

/** Whatever a person may be shown of the protected, this is not among it. */
const WITHHELD_IN_CHART: readonly Telling[] = ["address", "telecom", "municipality", "unit-trail"];

/** True when what was written says anything else in a withheld member than what stands there, or what was shown of it. */
export function changesTelling(
  written: JsonObject,
  before: JsonObject,
  isSame: (a: JsonValue, b: JsonValue) => boolean,
): boolean {
  const isStaff = before["resourceType"] === "Practitioner";
  const members = isStaff ? STAFF_MEMBERS : membersOf(before, WITHHELD_IN_CHART);
  const shown = isStaff ? withoutStaffName(before) : withoutTelling(before, WITHHELD_IN_CHART);
  return members.some((name) => {
    const value = written[name];
    if (value === undefined) return false;
    return ![before[name], shown[name]].some((one) => one !== undefined && isSame(value, one));
  });
}

function membersOf(resource: JsonObject, withheld: readonly Telling[]): readonly string[] {
  const members = [...withheld.flatMap((one) => MEMBERS[one]), ...ALWAYS];
  return resource["resourceType"] === "Person" ? members.filter((name) => name !== "link") : members;
}

function keptExtensions(resource: JsonObject): readonly JsonValue[] {
  return listOf(resource["extension"]).filter(
    (one) => isJsonObject(one) && typeof one["url"] === "string" && HARMLESS_EXTENSIONS.has(one["url"]),
  );
}

/** Tagged as a part, so that it is not written back as the whole, and labelled as what somebody has taken out of. */
function redactedMeta({ meta }: JsonObject): JsonObject {
  const before = isJsonObject(meta) ? meta : {};
  const marked = (name: string, mark: JsonObject): JsonValue[] => {
    const others = listOf(before[name]).filter((one) => !isMark(one, mark));
    return [...others, mark];
  };
  return { ...before, security: marked("security", REDACTED), tag: marked("tag", SUBSETTED) };
}

function keptMeta({ meta }: JsonObject, before: JsonObject): JsonObject | undefined {
  const written = isJsonObject(meta) ? meta : {};
  const old = isJsonObject(before["meta"]) ? listOf(before["meta"]["security"]).filter(isProtectionLabel) : [];
  const own = listOf(written["security"]).filter((one) => !isMark(one, REDACTED) && !isProtectionLabel(one));
  const given = listOf(written["security"]).filter(
    (one) => isProtectionLabel(one) && !old.some((label) => isSameLabel(label, one)),
  );
  const tags = listOf(written["tag"]).filter((one) => !isMark(one, SUBSETTED));
  const labels = [...own, ...given, ...old];
  const kept: Record<string, JsonValue | undefined> = { ...written };
  delete kept["security"];
  delete kept["tag"];
  return { ...kept, ...(labels.length > 0 && { security: labels }), ...(tags.length > 0 && { tag: tags }) };
}

function isMark(label: JsonValue, { system, code }: JsonObject): boolean {
  return isJsonObject(label) && label["system"] === system && label["code"] === code;
}

function isSameLabel(a: JsonValue, b: JsonValue): boolean {
  return isJsonObject(a) && isJsonObject(b) && a["system"] === b["system"] && a["code"] === b["code"];
}

function without(resource: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(resource).filter(([name]) => !names.includes(name)));
}

/** Members in the order in which they stood, so that what says the same is the same text. */
function inOrderOf(resource: JsonObject, before: JsonObject): JsonObject {
  const names = [...Object.keys(before).filter((name) => resource[name] !== undefined), ...Object.keys(resource)];
  return Object.fromEntries([...new Set(names)].map((name) => [name, resource[name]]));
}

function isHsaId(identifier: JsonValue): boolean {
  return isJsonObject(identifier) && typeof identifier["system"] === "string" && isHsaSystem(identifier["system"]);
}
