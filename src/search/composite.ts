/**
 * Composite parameters: parts joined by `$` that must hold of the same element.
 *
 * SPEC SEARCH-COMPOSITE · https://hl7.org/fhir/R4/search.html#composite
 */
import { fociOf, type Focus } from "./composites.ts";
import { alternativesOf, invalidValue, tooCostly, unknownModifier, type Asked } from "./context.ts";
import { dateTest } from "./date.ts";
import { splitEscaped, unescaped } from "./escapes.ts";
import { compositeValue, tokenKey } from "./keys.ts";
import { LIMITS } from "./limits.ts";
import { numberTest } from "./number.ts";
import { allOf, anyOf, NOTHING, type Condition, type TupleTest } from "./plan.ts";
import { quantityTest } from "./quantity.ts";
import { referenceForms } from "./reference-forms.ts";
import { parameterOf, type Component } from "./registry.ts";
import { tokenForm } from "./token.ts";

/** A part by itself is asked as the parameter that it is. */
type AskPart = (asked: Asked) => Condition;

/** The condition of a composite parameter. It takes no modifier. */
export function compositeCondition(asked: Asked, askPart: AskPart): Condition {
  if (asked.modifier !== undefined) throw unknownModifier(asked);
  const foci = fociOf(asked.type, asked.parameter);
  return anyOf(
    alternativesOf(asked).flatMap((alternative) => {
      const values = splitEscaped(alternative, "$");
      if (values.length !== asked.parameter.components.length || values.includes(""))
        throw invalidValue(asked.written, partNames(asked));
      return foci.map((focus) => focusCondition(asked, focus, values, askPart));
    }),
  );
}

function focusCondition(asked: Asked, focus: Focus, values: readonly string[], askPart: AskPart): Condition {
  if (focus.way === "keys") return keyedTogether(asked, focus, values);
  const parts = focus.parts.map((part, at) => partCondition(asked, part, values[at]!, askPart));
  if (focus.way === "whole") return allOf(parts);
  // Each part alone is necessary, and has an index; the tuple says that they stand together.
  const tests = focus.parts.map((part, at) => tupleTest(asked, part, values[at]!));
  return allOf([...parts, { kind: "tuple", stored: focus.stored, tests }]);
}

function keyedTogether(asked: Asked, focus: Focus, values: readonly string[]): Condition {
  const forms = focus.parts.map((part, at) => partForms(asked, part, values[at]!));
  const together = forms.reduce<string[][]>(
    (some, list) => some.flatMap((one) => list.map((form) => [...one, form])),
    [[]],
  );
  if (together.length === 0) return NOTHING;
  if (together.length > LIMITS.keys) throw tooCostly(asked.written, `${together.length} > ${LIMITS.keys}`);
  return { kind: "keys", keys: together.map((parts) => tokenKey(focus.stored, compositeValue(parts))), negated: false };
}

function partCondition(asked: Asked, part: Component, value: string, askPart: AskPart): Condition {
  const parameter = parameterOf(asked.type, part.name);
  return parameter === undefined ? NOTHING : askPart({ ...asked, parameter, value });
}

function tupleTest({ type, written, context }: Asked, part: Component, value: string): TupleTest {
  switch (part.type) {
    case "quantity":
      return { kind: "ranges", of: "number", test: quantityTest(value, written) };
    case "number":
      return { kind: "ranges", of: "number", test: numberTest(unescaped(value), written, undefined) };
    case "date":
      return { kind: "ranges", of: "date", test: dateTest(unescaped(value), written, context) };
    default:
      return { kind: "forms", forms: [tokenForm(type, part.name, value) ?? []].flat() };
  }
}

function partForms({ type, context }: Asked, part: Component, value: string): string[] {
  const parameter = parameterOf(type, part.name);
  if (part.type !== "reference" || parameter === undefined) return [tokenForm(type, part.name, value) ?? []].flat();
  return referenceForms(parameter, undefined, unescaped(value), context.base);
}

function partNames({ parameter }: Asked): string {
  return parameter.components.map(({ name }) => name).join("$");
}
