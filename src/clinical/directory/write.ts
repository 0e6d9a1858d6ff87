/**
 * A plan as FHIR resources: new ones under ids that follow from the HSA-ids, changed ones with everything in them that the
 * directory has no word for. Nothing is deleted: what ends is no longer in use, and has a last day.
 *
 * SPEC CLIN-DIRECTORY-7 · HL7 FHIR R4 Organization, Location, Practitioner, PractitionerRole, CodeSystem
 */
import { createHash } from "node:crypto";
import { HSA_SYSTEM, newId } from "../../base/index.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import type { UpdateCommand } from "../../journal/index.ts";
import type { Here, Standing } from "./here.ts";
import { chainOf, type Duty, type Person, type Provider, type Role, type Span, type Unit } from "./model.ts";
import type { Change, DutyChange, Plan } from "./plan.ts";
import {
  CARE_UNIT_TYPE,
  COMMISSION,
  FOOTING,
  ORG_NUMBER,
  ORGANIZATION_PERIOD,
  OTHER_UNIT_TYPE,
  PERSON_PERIOD,
  PROTECTED,
  PROTECTED_NAME,
  PROVIDER_TYPE,
  ROLE_SYSTEM,
  SECURITY_LABEL,
  UNIT_TYPE,
} from "./words.ts";

/** What is written together: the organization first, then one person after the other with all assignments, last what closes. */
export type Work = {
  readonly opening: readonly UpdateCommand[];
  readonly people: readonly (readonly UpdateCommand[])[];
  readonly closing: readonly UpdateCommand[];
};

type Writing = { readonly here: Here; readonly plan: Plan; readonly today: string };

/** The commands of a plan. */
export function workOf(here: Here, plan: Plan, today: string): Work {
  const writing: Writing = { here, plan, today };
  const opening: UpdateCommand[] = plan.roles.length === 0 ? [] : [roleSystem(writing)];
  const closing: UpdateCommand[] = [];
  for (const one of plan.providers) (one.kind === "closed" ? closing : opening).push(providerCommand(writing, one));
  // What is part of another comes after it, for when they are not written together.
  const depth = ({ key }: Change<Unit>): number => chainOf(plan.target.units, key).length;
  for (const one of plan.units.toSorted((a, b) => depth(a) - depth(b))) {
    const all = [unitCommand(writing, one), ...placeCommand(writing, one)];
    (one.kind === "closed" ? closing : opening).push(...all);
  }
  return { opening, people: personCommands(writing), closing };
}

/** The same id for the same thing, in every installation; home 0, since the directory belongs to no patient. */
export function directoryId(kind: string, key: string): string {
  const hash = createHash("sha256").update(`eira directory ${kind} ${key}`).digest();
  return newId(0, 0, hash);
}

function command(type: string, id: string, standing: Standing | undefined, resource: JsonObject): UpdateCommand {
  const common = { kind: "update", type, id, where: type, resource: { ...resource, resourceType: type, id } } as const;
  return standing === undefined ? { ...common, onlyIfAbsent: true } : { ...common, ifMatch: standing.version };
}

function idOf({ here }: Writing, kind: string, key: string): string {
  return here.standing.get(`${kind} ${key}`)?.id ?? directoryId(kind, key);
}

function organizationId(writing: Writing, hsaId: string): string {
  const kind = writing.plan.target.providers.has(hsaId) ? "providers" : "units";
  return idOf(writing, kind, hsaId);
}

/** The days of what ends today, unless it has ended before or not yet begun. */
function endedSpan({ from, until }: Span, today: string): Span {
  const last = until !== null && until < today ? until : today;
  return { from, until: from !== null && from > last ? from : last };
}

function periodOf({ from, until }: Span): JsonObject | undefined {
  if (from === null && until === null) return undefined;
  return { ...(from === null ? {} : { start: from }), ...(until === null ? {} : { end: until }) };
}

/** The elements of a list but those that are replaced. */
function others(raw: JsonObject, name: string, isReplaced: (one: JsonObject) => boolean): JsonValue[] {
  const list = raw[name];
  if (!isJsonArray(list)) return [];
  return list.filter((one) => !isJsonObject(one) || !isReplaced(one));
}

/** An empty list is no FHIR. */
function listed(name: string, list: readonly JsonValue[]): JsonObject {
  return list.length === 0 ? {} : { [name]: [...list] };
}

function without(raw: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(raw).filter(([name]) => !names.includes(name)));
}

function periodExtension(raw: JsonObject, url: string, span: Span): JsonObject {
  const kept = others(raw, "extension", (one) => one["url"] === url);
  const period = periodOf(span);
  return listed("extension", period === undefined ? kept : [...kept, { url, valuePeriod: period }]);
}

function hsaIdentifier(hsaId: string): JsonObject {
  return { system: HSA_SYSTEM, value: hsaId };
}

function organization(standing: Standing | undefined, { hsaId, name, span }: Provider | Unit): JsonObject {
  const raw = standing?.raw ?? { identifier: [hsaIdentifier(hsaId)] };
  return { ...without(raw, "extension"), ...periodExtension(raw, ORGANIZATION_PERIOD, span), name };
}

function typed(raw: JsonObject, type: { readonly code: string; readonly text: string }): JsonObject {
  const known = new Set<unknown>([PROVIDER_TYPE.text, CARE_UNIT_TYPE.text, OTHER_UNIT_TYPE.text]);
  const isThere = isJsonArray(raw["type"]) && raw["type"].some((one) => isJsonObject(one) && one["text"] === type.text);
  if (isThere) return {};
  const kept = others(raw, "type", (one) => known.has(one["text"]));
  const concept = { coding: [{ system: UNIT_TYPE, code: type.code, display: type.text }], text: type.text };
  return { type: [concept, ...kept] };
}

function providerCommand(writing: Writing, { kind, key, subject }: Change<Provider>): UpdateCommand {
  const standing = writing.here.standing.get(`providers ${key}`);
  const one = kind === "closed" ? endedOf(subject, writing.today) : subject;
  const resource = organization(standing, one);
  const kept = others(resource, "identifier", ({ system }) => system === ORG_NUMBER);
  const identifier = one.orgNo === null ? kept : [...kept, { system: ORG_NUMBER, value: one.orgNo }];
  const whole = { ...resource, ...typed(resource, PROVIDER_TYPE), identifier, active: kind !== "closed" };
  return command("Organization", idOf(writing, "providers", key), standing, whole);
}

function endedOf<T extends { readonly span: Span }>(one: T, today: string): T {
  return { ...one, span: endedSpan(one.span, today) };
}

function unitCommand(writing: Writing, { kind, key, subject, before }: Change<Unit>): UpdateCommand {
  const standing = writing.here.standing.get(`units ${key}`);
  const one = kind === "closed" ? endedOf(subject, writing.today) : subject;
  const resource = organization(standing, one);
  const { units, providers } = writing.plan.target;
  const display = units.get(one.parent)?.name ?? providers.get(one.parent)?.name;
  const isElsewhere = standing === undefined || before?.parent !== one.parent;
  const partOf = isElsewhere
    ? {
        partOf: {
          reference: `Organization/${organizationId(writing, one.parent)}`,
          ...(display === undefined ? {} : { display }),
        },
      }
    : {};
  const type = typed(resource, one.isCareUnit ? CARE_UNIT_TYPE : OTHER_UNIT_TYPE);
  return command("Organization", idOf(writing, "units", key), standing, {
    ...resource,
    ...type,
    ...partOf,
    active: kind !== "closed",
  });
}

/** A care unit has a place of its own; it is opened, named and closed with the unit. */
function placeCommand(writing: Writing, { kind, key, before, after }: Change<Unit>): UpdateCommand[] {
  const standing = writing.here.places.get(key);
  if (standing === undefined && (after === undefined || !after.isCareUnit)) return [];
  const raw = standing?.raw ?? {
    mode: "instance",
    physicalType: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/location-physical-type", code: "bu" }] },
    managingOrganization: { reference: `Organization/${idOf(writing, "units", key)}` },
    name: after?.name ?? key,
  };
  const isNamedAlike = before !== undefined && raw["name"] === before.name;
  const name = isNamedAlike && after !== undefined ? { name: after.name } : {};
  const resource = { ...raw, ...name, status: kind === "closed" ? "inactive" : "active" };
  return [command("Location", placeId(writing, key), standing, resource)];
}

function placeId({ here }: Writing, unit: string): string {
  return here.places.get(unit)?.id ?? directoryId("places", unit);
}

function personCommands(writing: Writing): (readonly UpdateCommand[])[] {
  const byPerson = new Map<string, UpdateCommand[]>();
  const add = (person: string, one: UpdateCommand): void => {
    byPerson.set(person, [...(byPerson.get(person) ?? []), one]);
  };
  const renamed = new Set<string>();
  for (const one of writing.plan.people) {
    add(one.key, personCommand(writing, one));
    if (one.before !== undefined && one.after !== undefined && shownAs(one.before) !== shownAs(one.after))
      renamed.add(one.key);
  }
  const written = new Set<string>();
  for (const one of writing.plan.duties) {
    written.add(one.standingKey);
    add(one.subject.person, dutyCommand(writing, one));
  }
  for (const [key, standing] of writing.here.standing) {
    const [kind, , person = ""] = key.split(" ");
    if (kind === "duties" && renamed.has(person) && !written.has(key.slice("duties ".length)))
      add(person, shownAnew(writing, standing, person));
  }
  return [...byPerson.values()];
}

/** How a person stands in the lists of others; nothing of somebody whose identity is protected. */
function shownAs({ given, family, title, isProtected }: Person): string {
  return isProtected ? PROTECTED_NAME : `${given} ${family}, ${title}`;
}

function personReference(writing: Writing, person: string): JsonObject {
  const one = writing.plan.target.people.get(person) ?? writing.here.directory.people.get(person);
  const display = one === undefined ? {} : { display: shownAs(one) };
  return { reference: `Practitioner/${idOf(writing, "people", person)}`, ...display };
}

/** A protected identity must not live on in assignments that say it, in use or not. */
function shownAnew(writing: Writing, standing: Standing, person: string): UpdateCommand {
  const practitioner = personReference(writing, person);
  return command(standing.type, standing.id, standing, { ...standing.raw, practitioner });
}

function personCommand(writing: Writing, { kind, key, subject, before }: Change<Person>): UpdateCommand {
  const standing = writing.here.standing.get(`people ${key}`);
  const one = kind === "closed" ? endedOf(subject, writing.today) : subject;
  const raw = standing?.raw ?? { identifier: [hsaIdentifier(key)] };
  const resource: JsonObject = {
    ...without(raw, "extension", "meta"),
    ...periodExtension(raw, PERSON_PERIOD, one.span),
    ...named(raw, before, one),
    ...titled(raw, before, one),
    ...labelled(raw, one.isProtected),
    active: kind !== "closed",
  };
  return command("Practitioner", idOf(writing, "people", key), standing, resource);
}

function named(raw: JsonObject, before: Person | undefined, { given, family }: Person): JsonObject {
  if (before?.given === given && before.family === family) return {};
  const kept = others(raw, "name", ({ use }) => use === "official" || use === undefined);
  return { name: [{ use: "official", family, given: [given], text: `${given} ${family}` }, ...kept] };
}

function titled(raw: JsonObject, before: Person | undefined, { title }: Person): JsonObject {
  if (before?.title === title) return {};
  const [first, ...rest] = isJsonArray(raw["qualification"]) ? raw["qualification"] : [];
  const code = isJsonObject(first) && isJsonObject(first["code"]) ? first["code"] : {};
  return { qualification: [{ ...(isJsonObject(first) ? first : {}), code: { ...code, text: title } }, ...rest] };
}

function labelled(raw: JsonObject, isProtected: boolean): JsonObject {
  const meta = isJsonObject(raw["meta"]) ? raw["meta"] : {};
  const isOurs = ({ system, code }: JsonObject): boolean => system === SECURITY_LABEL && code !== "DEMO";
  const kept = others(meta, "security", isOurs);
  const labels = others(meta, "security", (one) => !isOurs(one));
  const protection = labels.length > 0 ? labels : [{ system: SECURITY_LABEL, code: PROTECTED }];
  const labelled = {
    ...without(meta, "security"),
    ...listed("security", isProtected ? [...kept, ...protection] : kept),
  };
  return Object.keys(labelled).length === 0 ? {} : { meta: labelled };
}

function dutyCommand(writing: Writing, { kind, key, standingKey, subject, after }: DutyChange): UpdateCommand {
  const standing = writing.here.standing.get(`duties ${standingKey}`);
  const id = standing?.id ?? directoryId("duties", key);
  const one = kind === "closed" ? endedOf(subject, writing.today) : subject;
  const raw = standing?.raw ?? {};
  const period = periodOf(one.span);
  const resource: JsonObject = {
    ...without(raw, "period"),
    ...(after === undefined ? {} : dutyElements(writing, raw, after)),
    ...(period === undefined ? {} : { period }),
    active: kind !== "closed",
    practitioner: personReference(writing, one.person),
  };
  return command("PractitionerRole", id, standing, resource);
}

function dutyElements(writing: Writing, raw: JsonObject, duty: Duty): JsonObject {
  const { units, roles } = writing.plan.target;
  const kept = others(raw, "identifier", ({ system }) => system === HSA_SYSTEM);
  const identifier = duty.commission === null ? kept : [hsaIdentifier(duty.commission), ...kept];
  const role = roles.get(duty.role);
  const unit = units.get(duty.unit);
  const reference = `Organization/${idOf(writing, "units", duty.unit)}`;
  const extensions = others(raw, "extension", ({ url }) => url === COMMISSION || url === FOOTING);
  return {
    ...(duty.commission === null
      ? {}
      : listed("extension", [...extensions, commissionExtension(duty), ...footingExtension(duty)])),
    ...listed("identifier", identifier),
    organization: { reference, ...(unit === undefined ? {} : { display: unit.name }) },
    ...(role === undefined
      ? {}
      : { code: [{ coding: [{ system: ROLE_SYSTEM, code: role.id, display: role.name }], text: role.name }] }),
    ...(raw["location"] === undefined && unit?.isCareUnit === true
      ? { location: [{ reference: `Location/${placeId(writing, duty.unit)}`, display: unit.name }] }
      : {}),
  };
}

function part(url: string, valueString: string): JsonObject {
  return { url, valueString };
}

function commissionExtension({ name, purpose, rights }: Duty): JsonObject {
  const all = rights.map(({ activity, informationClass, scope }) => ({
    url: "right",
    extension: [part("activity", activity), part("informationClass", informationClass), part("scope", scope)],
  }));
  return { url: COMMISSION, extension: [part("name", name), part("purpose", purpose), ...all] };
}

function footingExtension({ footing }: Duty): JsonObject[] {
  if (footing.kind === "ordinary") return [];
  const by = { url: "by", valueIdentifier: hsaIdentifier(footing.by) };
  const task = footing.task === null ? [] : [part("task", footing.task)];
  return [{ url: FOOTING, extension: [part("kind", footing.kind), by, ...task] }];
}

/** All roles that there have been; those that are used no longer say so. */
function roleSystem({ here, plan }: Writing): UpdateCommand {
  const standing = here.roleSystem;
  const roles = plan.target.roles;
  const before = standing?.raw["concept"];
  const retired = (isJsonArray(before) ? before : []).flatMap((one) => {
    const isGone = isJsonObject(one) && typeof one["code"] === "string" && !roles.has(one["code"]);
    return isGone ? [retiredConcept(one)] : [];
  });
  const resource: JsonObject = {
    ...(standing?.raw ?? {
      url: ROLE_SYSTEM,
      name: "Roller",
      title: "Roller som behörighet ges i",
      status: "active",
      content: "complete",
      caseSensitive: true,
      property: [
        { code: "analysis", type: "string", description: "Behovs- och riskanalys" },
        { code: "analysisDate", type: "dateTime", description: "Analysens dag" },
        { code: "status", type: "code", description: "retired: används inte längre" },
      ],
    }),
    concept: [...[...roles.values()].map(conceptOf), ...retired],
  };
  return command("CodeSystem", standing?.id ?? directoryId("roles", ""), standing, resource);
}

function conceptOf({ id, name, analysis }: Role): JsonObject {
  const property =
    analysis === null
      ? []
      : [
          { code: "analysis", valueString: analysis.id },
          { code: "analysisDate", valueDateTime: analysis.date },
        ];
  return { code: id, display: name, ...listed("property", property) };
}

function retiredConcept(concept: JsonObject): JsonObject {
  const kept = others(concept, "property", ({ code }) => code === "status");
  return { ...concept, property: [...kept, { code: "status", valueCode: "retired" }] };
}
