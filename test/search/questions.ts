/** Random questions about the world of corpus.ts: every parameter that the naive search knows, with every modifier. */
import { CODES, DATES, type Dice, LOINC, NAMES, NUMBERS, SYSTEMS, UNITS, URLS, type World } from "./corpus.ts";
import { idOf } from "./naive.ts";
import { PARAMETERS, type NaiveParameter } from "./naive-parameters.ts";

export type Criterion = readonly [name: string, value: string];

const PREFIXES = ["", "", "eq", "ne", "gt", "ge", "lt", "le", "sa", "eb"];
const MISSING = "missing";
const MODIFIERS: Readonly<Record<NaiveParameter["type"], readonly string[]>> = {
  token: ["", "", "", "not", "text", "of-type", MISSING],
  string: ["", "", "exact", "contains", MISSING],
  reference: ["", "", "Patient", "identifier", MISSING],
  uri: ["", "below", "above", MISSING],
  date: ["", "", "", MISSING],
  number: ["", "", "", MISSING],
  quantity: ["", "", "", MISSING],
  composite: [""],
};
const TYPES = Object.keys(PARAMETERS);

/** A criterion on a type; sometimes through a chain or a reverse chain. */
export function criterionFor(dice: Dice, world: World, type: string, depth = 0): Criterion {
  const roll = depth < 2 ? dice.below(100) : 100;
  if (roll < 12) return chainFor(dice, world, type, depth) ?? plainFor(dice, world, type);
  if (roll < 22) return hasFor(dice, world, type, depth) ?? plainFor(dice, world, type);
  return plainFor(dice, world, type);
}

function plainFor(dice: Dice, world: World, type: string): Criterion {
  if (dice.chance(6)) return ["_id", listed(dice, () => idOf(dice.one(world.get(type) ?? []).resource))];
  if (dice.chance(6))
    return ["_lastUpdated", `${dice.one(PREFIXES)}${dice.one(["2026-01-02", "2026-01-03T01:00:00.101Z", "2026-01"])}`];
  const [name, parameter] = dice.one(Object.entries(PARAMETERS[type] ?? {}));
  const modifier = modifierFor(dice, parameter);
  if (modifier === MISSING) return [`${name}:missing`, dice.one(["true", "false"])];
  return [
    modifier === "" ? name : `${name}:${modifier}`,
    listed(dice, () => valueFor(dice, world, parameter, modifier)),
  ];
}

function modifierFor(dice: Dice, { type, targets, bare }: NaiveParameter): string {
  const modifier = dice.one(MODIFIERS[type]);
  if (modifier === "Patient" && targets?.includes("Patient") !== true) return "";
  return (modifier === "of-type" || modifier === "text") && bare !== undefined ? "" : modifier;
}

function chainFor(dice: Dice, world: World, type: string, depth: number): Criterion | undefined {
  const links = Object.entries(PARAMETERS[type] ?? {}).filter(([, { type: kind }]) => kind === "reference");
  if (links.length === 0) return undefined;
  const [name, { targets = [] }] = dice.one(links);
  const target = dice.one(targets.filter((one) => TYPES.includes(one)));
  if (target === undefined) return undefined;
  const [rest, value] = criterionFor(dice, world, target, depth + 1);
  return [`${targets.length === 1 && dice.chance(50) ? name : `${name}:${target}`}.${rest}`, value];
}

function hasFor(dice: Dice, world: World, type: string, depth: number): Criterion | undefined {
  const links = TYPES.flatMap((source) =>
    Object.entries(PARAMETERS[source] ?? {})
      .filter(([, one]) => one.type === "reference" && one.targets?.includes(type))
      .map(([name]) => [source, name] as const),
  );
  if (links.length === 0) return undefined;
  const [source, name] = dice.one(links);
  const [rest, value] = criterionFor(dice, world, source, depth + 1);
  return [`_has:${source}:${name}:${rest}`, value];
}

function valueFor(dice: Dice, world: World, parameter: NaiveParameter, modifier: string): string {
  switch (parameter.type) {
    case "token":
      return tokenFor(dice, parameter, modifier);
    case "string":
      return escaped(part(dice, dice.one(NAMES)));
    case "reference":
      return modifier === "identifier"
        ? tokenFor(dice, { ...parameter, bare: undefined }, "")
        : referenceFor(dice, world, parameter, modifier);
    case "uri":
      return escaped(
        dice.one([
          ...URLS,
          "http://example.com/vs",
          "http://example.com/vs/",
          "http://example.com/vs/a/b/c",
          "http://example.com/sd",
          "http://example.com/sd|1",
          "http://example.com/sd|1.2.3",
        ]),
      );
    case "date":
      return `${dice.one(PREFIXES)}${dice.one(DATES)}`;
    case "number":
      return numberFor(dice);
    case "quantity":
      return quantityFor(dice);
    case "composite":
      return (parameter.parts ?? []).map((one) => valueFor(dice, world, one, "")).join("$");
  }
}

function tokenFor(dice: Dice, { bare }: NaiveParameter, modifier: string): string {
  if (modifier === "text") return escaped(part(dice, dice.one(NAMES)));
  const code = escaped(
    dice.one(bare === undefined ? CODES : ["true", "false", "male", "final", "finished", "home", "replaces"]),
  );
  const system = escaped(dice.one([...SYSTEMS, ...(bare ?? []), LOINC]));
  if (modifier === "of-type") return `${system}|${escaped(dice.one(CODES))}|${code}`;
  return dice.one([code, code, `${system}|${code}`, `|${code}`, `${system}|`]);
}

function referenceFor(dice: Dice, world: World, { targets = [] }: NaiveParameter, modifier: string): string {
  const type = modifier === "Patient" ? "Patient" : dice.one(targets.filter((one) => world.has(one)));
  if (type === undefined) return "Group/g1";
  const id = idOf(dice.one(world.get(type) ?? []).resource);
  return dice.one([`${type}/${id}`, `${type}/${id}`, id, "http://other.example/fhir/Practitioner/p1"]);
}

function numberFor(dice: Dice): string {
  return `${dice.one([...PREFIXES, "ap"])}${dice.one(NUMBERS)}`;
}

function quantityFor(dice: Dice): string {
  const [system, code, unit] = dice.one(UNITS);
  const number = numberFor(dice);
  return dice.one([
    number,
    system === undefined ? number : `${number}|${system}|${code}`,
    `${number}||${dice.one([code ?? unit, unit])}`,
  ]);
}

/** All of a text or its beginning, now and then in capitals. */
function part(dice: Dice, text: string): string {
  const piece = text.slice(0, 1 + dice.below(text.length));
  return dice.chance(30) ? piece.toUpperCase() : piece;
}

function escaped(text: string): string {
  return text.replace(/[\\,|$]/g, "\\$&");
}

function listed(dice: Dice, make: () => string): string {
  return dice.chance(20) ? `${make()},${make()}` : make();
}
