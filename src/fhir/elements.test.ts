/** The generated element tables, against an independent account of R4: the published typings. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { elementsOf, isPrimitiveType, memberName, RESOURCE_TYPES } from "./index.ts";
import { ELEMENTS } from "./generated/elements.ts";
import { VALUE_SETS } from "./generated/value-sets.ts";

interface Field {
  readonly isRequired: boolean;
  readonly isList: boolean;
  readonly codes: readonly string[];
}

/** The interfaces of the typings, with the fields that they inherit. */
function typings(): (name: string) => ReadonlyMap<string, Field> | undefined {
  const folder = createRequire(import.meta.url)
    .resolve("@types/fhir/package.json")
    .replace("package.json", "");
  const source = readFileSync(`${folder}r4.d.ts`, "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const found = new Map<string, { base: string | undefined; fields: Map<string, Field> }>();
  for (const [, name = "", base, body = ""] of source.matchAll(
    /export interface (\w+)(?:<[^{]*>)?(?: extends (\w+))? \{([\s\S]*?)\n\}/g,
  )) {
    const fields = new Map<string, Field>();
    for (const [, field = "", optional, type = ""] of body.matchAll(/^\s*(?:readonly )?(\w+)(\??): ([^;]+);/gm)) {
      const codes = [...type.matchAll(/'([^']*)'/g)].map(([, code = ""]) => code);
      fields.set(field, { isRequired: optional === "", isList: /\[\]|Array</.test(type), codes });
    }
    found.set(name, { base, fields });
  }
  const withInherited = (name: string): Map<string, Field> | undefined => {
    const own = found.get(name);
    return own && new Map([...((own.base && withInherited(own.base)) || []), ...own.fields]);
  };
  return withInherited;
}

const interfaceName = (holder: string): string =>
  holder
    .split(".")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");

test("FHIR-ELEMENT-1 every type has its elements, and each of them has a known type", () => {
  for (const type of RESOURCE_TYPES)
    assert.ok(
      elementsOf(type)?.some(({ name }) => name === "id"),
      type,
    );
  for (const holder of Object.keys(ELEMENTS)) {
    for (const element of elementsOf(holder) ?? []) {
      assert.ok(
        element.types.length > 0 && element.max >= 1 && element.min <= 1 && element.min <= element.max,
        `${holder}.${element.name}`,
      );
      assert.ok(element.isChoice || element.types.length === 1, `${holder}.${element.name}`);
      for (const { code, holder: backbone } of element.types) {
        const isKnown = backbone
          ? elementsOf(backbone)
          : isPrimitiveType(code) || code === "Resource" || elementsOf(code);
        assert.ok(isKnown, `${holder}.${element.name}: ${code}`);
      }
    }
  }
  assert.equal(elementsOf("toString"), undefined);
});

test("FHIR-ELEMENT-2 agrees with the published typings on every name, list and mandatory element", () => {
  const fieldsOf = typings();
  for (const holder of Object.keys(ELEMENTS)) {
    const fields = fieldsOf(interfaceName(holder));
    if (!fields && holder.startsWith("Bundle")) continue; // generic interfaces
    assert.ok(fields, holder);
    const members = new Set<string>();
    for (const element of elementsOf(holder) ?? []) {
      for (const type of element.types) {
        const name = memberName(element, type);
        members.add(name);
        const field = fields.get(name);
        // The typings say modifierExtension for backbone elements of data types only where they inherit it.
        assert.ok(field, `${holder}.${name} is not in R4`);
        assert.equal(element.max > 1, field.isList, `${holder}.${name} list`);
        if (!element.isChoice && !isPrimitiveType(type.code))
          assert.equal(element.min > 0, field.isRequired, `${holder}.${name} mandatory`);
      }
    }
    const missing = [...fields.keys()].filter(
      (name) => !name.startsWith("_") && name !== "resourceType" && !members.has(name),
    );
    assert.deepEqual(missing, [], holder);
  }
});

test("FHIR-ELEMENT-3 agrees with the published typings on the codes of every required binding", () => {
  const fieldsOf = typings();
  let compared = 0;
  for (const holder of Object.keys(ELEMENTS)) {
    for (const element of elementsOf(holder) ?? []) {
      const codes = fieldsOf(interfaceName(holder))?.get(element.name)?.codes ?? [];
      if (!element.valueSet || codes.length === 0) continue;
      const own = Object.values(VALUE_SETS[element.valueSet] ?? {}).flat();
      assert.deepEqual(own.toSorted(), codes.toSorted(), `${holder}.${element.name}`);
      compared++;
    }
  }
  assert.ok(compared > 200, `only ${compared} bindings were compared`);
});

test("FHIR-ELEMENT-4 knows summaries, modifiers, choices and targets", () => {
  const find = (holder: string, name: string) => elementsOf(holder)?.find((element) => element.name === name);
  assert.ok(find("Observation", "status")?.isSummary && find("Observation", "status")?.isModifier);
  assert.ok(!find("Patient", "photo")?.isSummary);
  assert.deepEqual(
    find("Patient", "deceased")?.types.map((type) => memberName(find("Patient", "deceased")!, type)),
    ["deceasedBoolean", "deceasedDateTime"],
  );
  assert.deepEqual(find("Encounter", "subject")?.types[0]?.targets, ["Group", "Patient"]);
  assert.equal(find("Observation", "focus")?.types[0]?.targets, undefined);
  assert.equal(find("Questionnaire.item", "item")?.types[0]?.holder, "Questionnaire.item");
});
