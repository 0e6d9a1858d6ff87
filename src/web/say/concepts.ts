/**
 * Coded concepts, references and people in words. What has no words is undefined, never an empty string:
 * the screen then says "uppgift saknas" itself.
 *
 * SPEC WEB-SAY · https://hl7.org/fhir/R4/datatypes.html#CodeableConcept
 */
import type { CodeableConcept, Coding, Extension, HumanName, Identifier, Reference, Resource } from "fhir/r4";

import { identityNumberIn, type IdentityKind } from "../../base/index.ts";

const CALL_NAME = "CL";
const NAME_QUALIFIER = /iso21090-EN-qualifier$|NameQualifier$/i;

/** What is known beside a list: resources by reference ("Organization/x"), and the name of each resource's care unit. */
export type Beside = {
  readonly resources: ReadonlyMap<string, Resource>;
  readonly units: Readonly<Record<string, string>>;
};

/** Makes the look-up of what was sent with a list. */
export function besideOf(resources: readonly Resource[] = [], units: Readonly<Record<string, string>> = {}): Beside {
  return {
    resources: new Map(resources.map((resource) => [`${resource.resourceType}/${resource.id}`, resource])),
    units,
  };
}

/** The words of a concept: its own text, else the first coding that has a display, else its first code. */
export function sayConcept(concept: CodeableConcept | undefined): string | undefined {
  const codings = concept?.coding ?? [];
  const chosen =
    codings.find((coding) => coding.userSelected && coding.display) ?? codings.find((coding) => coding.display);
  return filled(concept?.text) ?? filled(chosen?.display) ?? codings.find((coding) => coding.code)?.code;
}

/** All concepts of a list in words, comma between. */
export function sayConcepts(concepts: readonly CodeableConcept[] | undefined): string | undefined {
  return filled((concepts ?? []).map(sayConcept).filter(Boolean).join(", "));
}

/** The code in one system, by the system's end or whole. */
export function codeIn(concept: CodeableConcept | undefined, system: string): Coding | undefined {
  return concept?.coding?.find((coding) => coding.system === system);
}

export function hasCode(concept: CodeableConcept | undefined, ...codes: readonly string[]): boolean {
  return (concept?.coding ?? []).some((coding) => coding.code !== undefined && codes.includes(coding.code));
}

/** Who or what a reference points to, in words: its display, else the name of what was sent beside. */
export function sayReferenceTo(reference: Reference | undefined, beside: Beside): string | undefined {
  const found = target(reference, beside);
  return filled(reference?.display) ?? (found && nameOf(found, beside));
}

export function target(reference: Reference | undefined, beside: Beside): Resource | undefined {
  return reference?.reference ? beside.resources.get(reference.reference.replace(/\/_history\/.*$/, "")) : undefined;
}

/** The resource's type that a reference points to, when it says so. */
export function typeOf(reference: Reference | undefined): string | undefined {
  return (
    reference?.type ?? /(?:^|\/)([A-Z][A-Za-z]+)\/[^/]+(?:\/_history\/[^/]+)?$/.exec(reference?.reference ?? "")?.[1]
  );
}

export type PersonName = {
  readonly family: string | undefined;
  readonly given: readonly string[];
  readonly call: string | undefined;
  readonly text: string | undefined;
};

/** The name in use: official before usual before any that is not old. */
export function personName(names: readonly HumanName[] | undefined): PersonName | undefined {
  const usable = (names ?? []).filter((name) => name.use !== "old" && name.use !== "maiden");
  const name =
    usable.find((one) => one.use === "official") ??
    usable.find((one) => one.use === "usual") ??
    usable[0] ??
    names?.[0];
  if (!name) return undefined;
  const given = name.given ?? [];
  return {
    family: filled(name.family),
    given,
    call: given.find((_, index) => isCallName(name._given?.[index]?.extension)),
    text: filled(name.text),
  };
}

/** "Ljungberg, Maria Birgitta", or what text there is. */
export function sayName(names: readonly HumanName[] | undefined): string | undefined {
  const name = personName(names);
  if (!name) return undefined;
  return filled([name.family, filled(name.given.join(" "))].filter(Boolean).join(", ")) ?? name.text;
}

export type Identity = {
  readonly kind: "personnummer" | "samordningsnummer" | "reservnummer" | "other";
  readonly text: string;
  readonly label: string | undefined;
};

/** The identity number to show: the Swedish number first, then a reserve number, then whatever there is. */
export function identityOf(identifiers: readonly Identifier[] | undefined): Identity | undefined {
  const found = (identifiers ?? []).filter((one) => filled(one.value)).map(identity);
  const order = ["personnummer", "samordningsnummer", "reservnummer", "other"] as const;
  return order.map((kind) => found.find((one) => one.kind === kind)).find(Boolean);
}

function identity({ system = "", value = "", type }: Identifier): Identity {
  const known = identityNumberIn(system, value);
  if (known) return { kind: shownKind(known.kind), text: known.formatted, label: undefined };
  // A value that its own series would not have is shown as it is, under its own label: somebody has to see it.
  const series = /(personnummer|samordningsnummer|reservnummer)$/i.exec(system)?.[1]?.toLowerCase();
  return { kind: (series as Identity["kind"] | undefined) ?? "other", text: value, label: sayConcept(type) };
}

function shownKind(kind: IdentityKind): Identity["kind"] {
  return kind === "personnummer" || kind === "samordningsnummer" ? kind : "reservnummer";
}

function isCallName(extensions: readonly Extension[] | undefined): boolean {
  return (extensions ?? []).some((one) => NAME_QUALIFIER.test(one.url) && one.valueCode === CALL_NAME);
}

function nameOf(resource: Resource, beside: Beside): string | undefined {
  const named = resource as {
    readonly name?: string | readonly HumanName[];
    readonly practitioner?: Reference;
    readonly code?: unknown;
  };
  if (typeof named.name === "string") return filled(named.name);
  if (Array.isArray(named.name)) return sayPlainName(named.name as readonly HumanName[]);
  return named.practitioner ? sayReferenceTo(named.practitioner, beside) : undefined;
}

function sayPlainName(names: readonly HumanName[]): string | undefined {
  const name = personName(names);
  return name && (name.text ?? filled([...name.given, name.family].filter(Boolean).join(" ")));
}

export function filled(text: string | undefined): string | undefined {
  return text?.trim() ? text : undefined;
}
