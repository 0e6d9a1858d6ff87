/**
 * Every extension in a resource against its definition, wherever it stands: may it stand there, is it among the right
 * kind, and is it what its definition says? One whose definition is not here is not wrong, but said to be unknown.
 *
 * SPEC FHIR-PROFILE-EXTENSION · https://hl7.org/fhir/R4/defining-extensions.html#context
 */
import { elementsOf } from "../elements.ts";
import { isJsonObject } from "../json-value.ts";
import { isResourceType } from "../resource-types.ts";
import { safeWord } from "../outcomes.ts";
import { partsOf } from "./canonical.ts";
import type { Context, Definition, Definitions } from "./definition.ts";
import { PROFILE_FAULTS } from "./faults.ts";
import { enter, itemsIn, placeOf, type Form } from "./items.ts";
import { textOf } from "./rule.ts";
import { expressionOf, issueOf, spend, type Item, type ProfileRun } from "./run.ts";

/** What holds an extension: its names as contexts are written, and the urls of extensions around it. */
interface Holder {
  readonly item: Item;
  readonly names: readonly string[];
}

const DEEPEST = 100;

/** Judges the extensions in a resource and in everything in it. */
export function judgeExtensions(resource: Item, at: number, run: ProfileRun, definitions: Definitions): void {
  walk({ item: resource, names: namesOfType(resource.type) }, at, { run, definitions });
}

interface Walk {
  readonly run: ProfileRun;
  readonly definitions: Definitions;
}

function walk(holder: Holder, at: number, walking: Walk): void {
  const { item } = holder;
  const { run } = walking;
  if (at > DEEPEST || !spend(run)) return;
  const value = isJsonObject(item.value) ? item.value : item.beside;
  if (!isJsonObject(value)) return;
  const members = membersOf(isJsonObject(item.value) ? item.type : BESIDE);
  for (const key in value) {
    const child = value[key];
    const member = typeof child === "object" ? members.get(key) : undefined;
    if (member === undefined) continue;
    for (const inner of itemsIn(value, member.forms)) {
      if (!isJsonObject(inner.value) && !isJsonObject(inner.beside)) continue;
      const end = enter(run, at, inner);
      if (member.isExtension && isJsonObject(inner.value)) judgeExtension(holder, inner, end, walking);
      walk({ item: inner, names: namesOf(holder, inner, member.name) }, end, walking);
    }
  }
}

/** Any type: what may stand beside a plain value is what every type has. */
const BESIDE = "Period";

interface Member {
  readonly name: string;
  readonly forms: readonly Form[];
  readonly isExtension: boolean;
}

const members = new Map<string, ReadonlyMap<string, Member>>();

/** The members in which something may have extensions: objects, and what stands beside plain values. */
function membersOf(holder: string): ReadonlyMap<string, Member> {
  const known = members.get(holder);
  if (known !== undefined) return known;
  const made = new Map<string, Member>();
  for (const { name } of elementsOf(holder) ?? []) {
    const place = placeOf(holder, name);
    const isExtension = name === "extension" || name === "modifierExtension";
    for (const form of place?.forms ?? [])
      made.set(form.beside ?? form.member, { name: place?.name ?? name, forms: [form], isExtension });
  }
  members.set(holder, made);
  return made;
}

/** The names of an element: by every type on its way, by its own type, and by the kinds that its type is of. */
function namesOf(holder: Holder, inner: Item, name: string): string[] {
  const { type, value } = inner;
  if (type === "Extension" && isJsonObject(value)) return ["Extension", "Element", textOf(value["url"])];
  const step = name.replace("[x]", "");
  const paths = holder.names.filter((one) => !KINDS.has(one)).map((one) => `${one}.${step}`);
  return [...paths, ...paths.map((one) => `${one}[x]`), ...namesOfType(type)];
}

const KINDS: ReadonlySet<string> = new Set(["Element", "BackboneElement", "Resource", "DomainResource", "Extension"]);
const PLAIN_RESOURCES: ReadonlySet<string> = new Set(["Binary", "Bundle", "Parameters"]);

function namesOfType(type: string): string[] {
  if (isResourceType(type))
    return PLAIN_RESOURCES.has(type) ? [type, "Resource"] : [type, "Resource", "DomainResource"];
  return type.includes(".") ? [type, "BackboneElement", "Element"] : [type, "Element"];
}

function judgeExtension(holder: Holder, extension: Item, at: number, { run, definitions }: Walk): void {
  const url = isJsonObject(extension.value) ? textOf(extension.value["url"]) : "";
  const isModifier = extension.member === "modifierExtension";
  // A part of another extension is named within that one and judged with it.
  if (holder.item.type === "Extension" && !url.includes(":")) return;
  const definition = definitions.find(url);
  const tell = (fault: Parameters<typeof issueOf>[0]): void => {
    run.issues.push(issueOf(fault, expressionOf(run.path, at), [safeWord(url)]));
  };
  if (definition === undefined || definition.type !== "Extension")
    return tell(isModifier ? PROFILE_FAULTS.modifierUnknown : PROFILE_FAULTS.extensionUnknown);
  if (definition.isModifier !== isModifier) tell(PROFILE_FAULTS.extensionPlace);
  if (!mayStandIn(definition, holder)) tell(PROFILE_FAULTS.extensionContext);
  definition.judge(extension, at, run);
}

/** A context in FHIRPath, or in another profile's element, is not judged. */
function mayStandIn({ contexts }: Definition, { names }: Holder): boolean {
  return contexts.length === 0 || contexts.some((one) => isContext(one, names));
}

function isContext({ kind, expression }: Context, names: readonly string[]): boolean {
  if (kind === "extension") return names.includes(partsOf(expression).url);
  return kind !== "element" || expression.includes("#") || expression.includes("/") || names.includes(expression);
}
