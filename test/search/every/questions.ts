/** For one parameter: questions with every modifier and prefix that it may have, each with what the naive search says. */
import { isJsonObject, isNumber, numberText, type JsonObject, type JsonValue } from "../../../src/fhir/index.ts";
import type { Dice } from "../corpus.ts";
import { codedIn, folded, textsIn, valueMeets } from "../naive.ts";
import { componentsOf, DEFINITIONS, fociOf, typeOf, unlimitedValuesOf, valuesOf, type Definition } from "./naive.ts";

/** A question, and whether a resource answers it. */
export type Question = { readonly query: string; readonly meets: (resource: JsonObject) => boolean };

export type World = ReadonlyMap<string, readonly JsonObject[]>;

const PREFIXES = ["", "eq", "ne", "gt", "ge", "lt", "le", "sa", "eb"];
const TEXT_WORDS = ["asa", "lena", "oberg", "von", "essen"];

export class Asker {
  private readonly definition: Definition;
  private readonly world: World;
  private readonly dice: Dice;
  private readonly values: readonly JsonValue[];

  constructor(definition: Definition, type: string, world: World, dice: Dice) {
    this.definition = definition;
    this.world = world;
    this.dice = dice;
    this.values =
      definition.type === "composite" ? [] : (world.get(type) ?? []).flatMap((one) => valuesOf(definition, one));
  }

  questions(type: string): Question[] {
    switch (this.definition.type) {
      case "token":
        return [...this.missing(), ...this.tokens()];
      case "string":
        return [...this.missing(), ...this.strings()];
      case "reference":
        return [...this.missing(), ...this.references()];
      case "uri":
        return [...this.missing(), ...this.uris()];
      case "date":
        return [...this.missing(), ...this.ranges(this.dateText(), PREFIXES)];
      case "number":
        return [...this.missing(), ...this.ranges(this.numberText(), [...PREFIXES, "ap"])];
      case "quantity":
        return [...this.missing(), ...this.quantities()];
      case "composite":
        return this.composites(type);
      case "special":
        return [];
    }
  }

  private any(modifier: string | undefined, asked: string): (resource: JsonObject) => boolean {
    return (resource) => this.meets(valuesOf(this.definition, resource), modifier, asked);
  }

  private meets(values: readonly JsonValue[], modifier: string | undefined, asked: string): boolean {
    const { type, target } = this.definition;
    if (type === "special") return false;
    const parameter = { type, get: () => [], targets: target };
    return values.some((value) =>
      valueMeets({ ...parameter, bare: isJsonObject(value) ? undefined : [] }, [value], modifier, asked, {}),
    );
  }

  private ask(modifier: string, value: string, meets: (resource: JsonObject) => boolean): Question {
    const name = modifier === "" ? this.definition.code : `${this.definition.code}:${modifier}`;
    return { query: `${name}=${encodeURIComponent(value)}`, meets };
  }

  private missing(): Question[] {
    const isMissing = (resource: JsonObject): boolean => valuesOf(this.definition, resource).length === 0;
    return [this.ask("missing", "true", isMissing), this.ask("missing", "false", (resource) => !isMissing(resource))];
  }

  private tokens(): Question[] {
    const coded = this.values.flatMap(codedIn);
    const codes = coded.filter(({ code }) => code !== undefined);
    const isBare = this.values.some((value) => !isJsonObject(value));
    const one = codes.length === 0 ? { code: "nosuch" } : this.dice.one(codes);
    const code = escaped(one.code ?? "");
    const both = isBare || one.system === undefined ? code : `${escaped(one.system)}|${code}`;
    const plain = [
      code,
      both,
      `${code},nosuch`,
      ...(isBare ? [] : [`|${code}`, `${escaped(one.system ?? "urn:none")}|`]),
    ];
    const either = (asked: string) => (resource: JsonObject) =>
      asked.split(/(?<!\\),/).some((alternative) => this.any(undefined, alternative)(resource));
    const text = coded.find((other) => other.text !== undefined)?.text ?? "nosuch";
    const begin = escaped(text.slice(0, 3));
    return [
      ...plain.map((asked) => this.ask("", asked, either(asked))),
      ...plain.slice(1, 2).map((asked) => this.ask("not", asked, (resource) => !either(asked)(resource))),
      ...(isBare ? [] : [this.ask("text", begin, this.any("text", begin)), ...this.ofType(), ...this.concepts(one)]),
    ];
  }

  private ofType(): Question[] {
    const typed = this.values.filter(isJsonObject).find((value) => isJsonObject(value["type"]));
    const [first] = isJsonObject(typed?.["type"]) ? codedIn(typed["type"]) : [];
    const value = typeof typed?.["value"] === "string" ? typed["value"] : "nosuch";
    const asked = `${escaped(first?.system ?? "urn:none")}|${escaped(first?.code ?? "none")}|${escaped(value)}`;
    return [this.ask("of-type", asked, this.any("of-type", asked))];
  }

  /** Terminology is asked for a value set or a hierarchy that has exactly this code (see `meaningOf` of the test). */
  private concepts({ system, code }: { readonly system?: string; readonly code?: string }): Question[] {
    if (system === undefined || code === undefined) return [];
    const asked = `${escaped(system)}|${escaped(code)}`;
    const url = escaped(JSON.stringify([system, code]));
    const has = this.any(undefined, asked);
    return [
      this.ask("in", url, has),
      this.ask("not-in", url, (resource) => !has(resource)),
      this.ask("below", asked, has),
      this.ask("above", asked, has),
    ];
  }

  private strings(): Question[] {
    const texts = this.values.flatMap(textsIn);
    const text = texts.length === 0 ? "nosuch" : this.dice.one(texts);
    const begin = escaped(text.slice(0, 1 + this.dice.below(text.length)));
    const inner = escaped(text.slice(1));
    const word = this.dice.one(TEXT_WORDS);
    return [
      this.ask("", begin, this.any(undefined, begin)),
      this.ask("", begin.toUpperCase(), this.any(undefined, begin.toUpperCase())),
      this.ask("exact", escaped(text), this.any("exact", escaped(text))),
      this.ask("exact", begin, this.any("exact", begin)),
      this.ask("contains", inner, this.any("contains", inner)),
      this.ask("text", word, (resource) =>
        valuesOf(this.definition, resource)
          .flatMap(textsIn)
          .some((one) =>
            folded(one)
              .split(/[^a-z0-9]+/)
              .includes(word),
          ),
      ),
    ];
  }

  private references(): Question[] {
    const literal = this.values.filter((value) => typeof value === "string" || typeOf(value) !== undefined);
    const value = literal.length === 0 ? undefined : this.dice.one(literal);
    if (value === undefined) return [this.ask("", "Patient/none", () => false)];
    if (typeof value === "string")
      return [this.ask("", escaped(value), this.any(undefined, escaped(value))), ...this.ranked(value)];
    const text = isJsonObject(value) && typeof value["reference"] === "string" ? value["reference"] : "";
    const type = typeOf(value) ?? "";
    const id = text.slice(text.lastIndexOf("/") + 1);
    const isHere = !text.startsWith("http");
    const mayBe = this.definition.target?.includes(type) !== false;
    return [
      this.ask("", text, this.any(undefined, text)),
      ...(isHere
        ? [
            this.ask("", id, this.any(undefined, id)),
            ...(mayBe ? [this.ask(type, id, this.any(type, id))] : []),
            ...this.hierarchy(text),
          ]
        : []),
      ...(mayBe ? [this.ask(type, text, this.any(type, text))] : []),
      ...this.byIdentifier(),
    ];
  }

  private byIdentifier(): Question[] {
    const resources = this.world.get(this.ofType0()) ?? [];
    const all = resources.flatMap((one) => unlimitedValuesOf(this.definition, one));
    const carried = all
      .filter(isJsonObject)
      .flatMap((value) => (isJsonObject(value["identifier"]) ? [value["identifier"]] : []));
    const [first] = carried.flatMap(codedIn);
    const asked = escaped(first?.code ?? "nosuch");
    return [
      this.ask("identifier", asked, (resource) =>
        this.meets(unlimitedValuesOf(this.definition, resource), "identifier", asked),
      ),
    ];
  }

  private ofType0(): string {
    const [base = ""] = this.definition.base;
    return base;
  }

  /** What lies below or above a resource, by the parameter of its type that says what it is part of. */
  private hierarchy(text: string): Question[] {
    const [type = ""] = text.split("/");
    return (["below", "above"] as const).map((direction) => {
      const reached = this.reached(type, text, direction);
      return this.ask(direction, text, (resource) =>
        valuesOf(this.definition, resource).some(
          (value) => isJsonObject(value) && reached.has(String(value["reference"])),
        ),
      );
    });
  }

  private reached(type: string, text: string, direction: "below" | "above"): ReadonlySet<string> {
    const found = new Set([text]);
    const links = (this.world.get(type) ?? []).flatMap((resource) =>
      parentsOf(resource).map((parent) => [`${type}/${String(resource["id"])}`, parent] as const),
    );
    for (let size = 0; size < found.size;) {
      size = found.size;
      for (const [child, parent] of links) {
        if (direction === "below" && found.has(parent)) found.add(child);
        if (direction === "above" && found.has(child)) found.add(parent);
      }
    }
    return found;
  }

  private ranked(value: string): Question[] {
    return (["below", "above"] as const).map((direction) =>
      this.ask(direction, escaped(value), (resource) =>
        valuesOf(this.definition, resource).some((one) =>
          valueMeets({ type: "uri", get: () => [] }, [one], direction, escaped(value), resource),
        ),
      ),
    );
  }

  private uris(): Question[] {
    const texts = this.values.filter((value) => typeof value === "string");
    const text = texts.length === 0 ? "http://example.com/none" : this.dice.one(texts);
    const above = text.includes("://") ? text.slice(0, Math.max(text.lastIndexOf("/"), 10)) : text;
    return [
      this.ask("", escaped(text), this.any(undefined, escaped(text))),
      this.ask("below", escaped(above), this.any("below", escaped(above))),
      this.ask("above", escaped(text), this.any("above", escaped(text))),
    ];
  }

  private ranges(text: string, prefixes: readonly string[]): Question[] {
    return prefixes.map((prefix) => this.ask("", `${prefix}${text}`, this.any(undefined, `${prefix}${text}`)));
  }

  private quantities(): Question[] {
    const text = this.numberText();
    const unit = this.dice.one([
      "",
      "",
      "|http://unitsofmeasure.org|mg",
      "|http://unitsofmeasure.org|ug",
      "|urn:other|mg",
      "||mg",
    ]);
    return [...PREFIXES, "ap"].map((prefix) => {
      const asked = `${prefix}${text}${prefix === "" ? "|http://unitsofmeasure.org|mg" : unit}`;
      return this.ask("", asked, this.any(undefined, asked));
    });
  }

  private dateText(): string {
    return this.dice.one([
      "2024-03-31",
      "2024",
      "2024-10-27",
      "2024-03",
      "2024-10-27T02:30:00+02:00",
      "2024-03-31T12:00:00.123Z",
    ]);
  }

  private numberText(): string {
    const [value] = this.values;
    return this.dice.one([...(isNumber(value) ? [numberText(value)] : []), "5", "5.4", "100", "1e2", "-1", "5.40"]);
  }

  private composites(type: string): Question[] {
    const resources = this.world.get(type) ?? [];
    const components = componentsOf(this.definition);
    const foci = resources
      .flatMap((one) => fociOf(this.definition, one))
      .filter((focus) => focus.every((part) => part.length > 0));
    const focus = foci.length === 0 ? undefined : this.dice.one(foci);
    const asked = components.map(({ definition }, at) => partText(definition, focus?.[at]?.[0] ?? null, this.dice));
    const partMeets = (part: Definition, values: readonly JsonValue[], value: string): boolean =>
      new Asker(part, "", this.world, this.dice).meets(values, undefined, value);
    const meets = (resource: JsonObject): boolean =>
      fociOf(this.definition, resource).some((one) =>
        one.every((values, at) => partMeets(components[at]!.definition, values, asked[at]!)),
      );
    return [this.ask("", asked.join("$"), meets)];
  }
}

/** What a resource says that it is part of, when that is of its own type and R4 has a parameter for it. */
function parentsOf({ resourceType, partOf }: JsonObject): string[] {
  const isAsked = DEFINITIONS.some(({ code, base }) => /^part-?of$/.test(code) && base.includes(String(resourceType)));
  if (!isAsked) return [];
  const list = Array.isArray(partOf) ? (partOf as readonly JsonValue[]) : [partOf ?? null];
  return list.flatMap((one) =>
    isJsonObject(one) && String(one["reference"]).startsWith(`${String(resourceType)}/`)
      ? [String(one["reference"])]
      : [],
  );
}

function partText({ type }: Definition, value: JsonValue, dice: Dice): string {
  switch (type) {
    case "token": {
      const [coded] = value === null ? [] : codedIn(value);
      return escaped(coded?.code ?? "nosuch");
    }
    case "string":
      return escaped(value === null ? "nosuch" : (textsIn(value)[0] ?? "nosuch"));
    case "reference":
      return escaped(isJsonObject(value) ? String(value["reference"] ?? "Patient/none") : String(value ?? "none"));
    case "uri":
      return escaped(String(value ?? "http://example.com/none"));
    case "date":
      return dice.one(["2024", "ge2024-03-31", "lt2024-10"]);
    default:
      return dice.one(
        ["5", "gt5", "le100", "5.4|http://unitsofmeasure.org|mg", "ne5"].slice(0, type === "quantity" ? 5 : 3),
      );
  }
}

function escaped(text: string): string {
  return text.replace(/[\\,|$]/g, "\\$&");
}
