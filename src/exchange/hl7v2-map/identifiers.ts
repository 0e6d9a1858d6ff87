/**
 * Numbers with who gave them out: HL7's CX (patients) and EI (orders, bookings, documents) to FHIR's Identifier and back. An authority
 * that no table knows is kept under a system of its own, from which it is got back. SPEC EXCH-MAP-ID
 */
import { identityNumberIn, parseIdentityNumber } from "../../base/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import type { NewComponent, NewRepetition, Segment } from "../hl7v2/codec/index.ts";
import { objectIn, objectsIn, said, textIn } from "./json.ts";
import { repeatsOf, textAt } from "./segments.ts";
import { AUTHORITY, NUMBER_TYPE } from "./tables/index.ts";

export type AssignedNumber = { readonly system: string; readonly value: string };

/** The namespace of the numbers that are ids here. */
export const OWN_NAMESPACE = "EIRA";
const NAMESPACE = "urn:eira:hl7v2:utgivare:";

/** Who gave a number out, as a FHIR system: an OID, a URI, or a name that only the two ends know. */
function systemOf(
  name: string | undefined,
  universal: string | undefined,
  kind: string | undefined,
): string | undefined {
  if (universal !== undefined && kind === "ISO") return AUTHORITY.toFhir(universal) ?? `urn:oid:${universal}`;
  if (universal !== undefined) return universal;
  return name === undefined ? undefined : `${NAMESPACE}${name}`;
}

type Authority = readonly [name: string | undefined, universal: string | undefined, kind: string | undefined];

function authorityOf(system: string): Authority {
  if (system.startsWith(NAMESPACE)) return [system.slice(NAMESPACE.length), undefined, undefined];
  const oid = AUTHORITY.toHl7(system) ?? (system.startsWith("urn:oid:") ? system.slice("urn:oid:".length) : undefined);
  return oid === undefined ? [undefined, system, "URI"] : [undefined, oid, "ISO"];
}

/** The numbers of a PID-3 (or MRG-1): identity numbers in their stored form, local ones as they are. Ids of this system are left out. */
export function numbersAt(segment: Segment, field: number): readonly AssignedNumber[] {
  return repeatsOf(segment, field).flatMap((place) => {
    const value = textAt(segment, `${place}.1`);
    if (value === undefined) return [];
    const name = textAt(segment, `${place}.4.1`);
    if (name === OWN_NAMESPACE) return [];
    const system = systemOf(name, textAt(segment, `${place}.4.2`), textAt(segment, `${place}.4.3`));
    return numberOf(system, value) ?? [];
  });
}

/** A number whose kind is known is compared in one form, however it was written; one that breaks its own rules is none. */
function numberOf(system: string | undefined, value: string): AssignedNumber | undefined {
  if (system !== undefined && AUTHORITY.toHl7(system) !== undefined) {
    const known = identityNumberIn(system, value);
    return known === undefined ? undefined : { system: known.system, value: known.value };
  }
  if (system !== undefined) return { system, value };
  const known = parseIdentityNumber(value);
  return known === undefined ? undefined : { system: known.system, value: known.value };
}

/** Whether a system's numbers are given to people in the whole country or region, and not by one system for itself. */
export function isIdentitySystem(system: string): boolean {
  return AUTHORITY.toHl7(system) !== undefined;
}

/** The numbers of a Patient, in any use. */
export function numbersIn(resource: JsonObject): readonly AssignedNumber[] {
  return objectsIn(resource["identifier"]).flatMap((one) => {
    const [system, value] = [textIn(one["system"]), textIn(one["value"])];
    return system === undefined || value === undefined ? [] : [{ system, value }];
  });
}

/** A Patient's number as PID-3 has it. */
export function cxOf({ system, value }: AssignedNumber): NewRepetition {
  const authority: NewComponent = { parts: authorityOf(system) };
  return [value, undefined, undefined, authority, NUMBER_TYPE.toHl7(system)];
}

/** An EI (order, booking, document, visit): its number and system, or the id here that it names. */
export type Named = { readonly own: string } | AssignedNumber;

export function entityAt(segment: Segment | undefined, place: string): Named | undefined {
  const value = textAt(segment, `${place}.1`);
  if (value === undefined) return undefined;
  const name = textAt(segment, `${place}.2`);
  if (name === OWN_NAMESPACE) return { own: value };
  const system = systemOf(name, textAt(segment, `${place}.3`), textAt(segment, `${place}.4`));
  return { system: system ?? `${NAMESPACE}`, value };
}

export function eiOf(named: Named): NewRepetition {
  if ("own" in named) return [named.own, OWN_NAMESPACE];
  return [named.value, ...authorityOf(named.system)];
}

/** The same name twice is one name. */
export function nameText(named: Named): string {
  return "own" in named ? `${OWN_NAMESPACE}|${named.own}` : `${named.system}|${named.value}`;
}

const IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203";

export function identifierOf({ system, value }: AssignedNumber, type?: "PLAC" | "FILL" | "VN"): JsonObject {
  const kind = type === undefined ? {} : { coding: [{ system: IDENTIFIER_TYPE, code: type }] };
  return said({ type: kind, system, value });
}

/** The identifier of a type, such as the number that the one who placed an order gave it. */
export function identifierIn(resource: JsonObject, type: "PLAC" | "FILL" | "VN"): AssignedNumber | undefined {
  const found = objectsIn(resource["identifier"]).find((one) =>
    objectsIn(objectIn(one["type"])["coding"]).some(({ code }) => code === type),
  );
  const [system, value] = [textIn(found?.["system"]), textIn(found?.["value"])];
  return system === undefined || value === undefined ? undefined : { system, value };
}

/** What an order, booking or document is called in messages: its own number if it has one, else its id here. */
export function placerOf(resource: JsonObject): Named {
  return identifierIn(resource, "PLAC") ?? { own: textIn(resource["id"]) ?? "" };
}
