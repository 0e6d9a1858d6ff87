/**
 * Chains into what resources contain: `subject:Patient.name=x` also finds what refers to a patient inside itself (`#p`). What is
 * contained has no row, so the rows that contain something of a chain's target are looked into, and those that meet the
 * chain there become a condition by id beside it. Nothing is stored for it: writing costs what it did.
 *
 * SPEC SEARCH-CONTAINED-5 · https://hl7.org/fhir/R4/search.html#contained
 */
import { isJsonArray, isJsonObject, PERSON_TYPES, type JsonObject, type JsonValue } from "../fhir/index.ts";
import { MOST_CONTAINERS } from "./contained.ts";
import { harvestOf } from "./extract.ts";
import { CONTAINED, tokenKey } from "./keys.ts";
import { meets } from "./meets.ts";
import type { Condition, TypePlan } from "./plan.ts";
import { UNPROTECTED } from "./protected.ts";
import { parameterOf } from "./registry.ts";
import { fieldsSql } from "./row-fields.ts";
import { sourceOf } from "./source.ts";
import { SqlWriter, type AccessPredicate, type Statement } from "./sql.ts";
import { compileWalk, type Walk } from "./walk.ts";

type Chain = Extract<Condition, { kind: "chain" }>;

/** The chains that begin at the rows of a type. */
export function chainsOf(conditions: readonly Condition[]): readonly Chain[] {
  return conditions.flatMap((one) => {
    if (one.kind === "chain") return [one];
    if (one.kind === "all" || one.kind === "any") return chainsOf(one.of);
    return one.kind === "not" ? chainsOf([one.of]) : [];
  });
}

/** The rows that contain something which a chain may lead to, and meet all that is no chain: one more than are looked into. */
export function compileHolders({ type, conditions }: TypePlan, access: AccessPredicate): Statement {
  const sql = new SqlWriter(access);
  const row = sql.row(type);
  const targets = new Set(chainsOf(conditions).flatMap((chain) => chain.targets.map((one) => one.type)));
  const keys = [...targets].map((one) => tokenKey(CONTAINED, one));
  const others = conditions.filter((one) => chainsOf([one]).length === 0);
  const guard = [...targets].some((one) => PERSON_TYPES.has(one)) ? [UNPROTECTED] : [];
  const { from, where } = sourceOf([{ kind: "keys", keys, negated: false }, ...others, ...guard], row, sql);
  return sql.statement(`SELECT ${fieldsSql(row)} FROM ${from} WHERE ${where} LIMIT ${sql.bind(MOST_CONTAINERS + 1)}`);
}

/** The conditions with each chain as what it is or, by id, one of the rows that meet it inside; only the latter when `only`. */
export function withHeld(conditions: readonly Condition[], rows: readonly Holder[], how: How): readonly Condition[] {
  return conditions.map((one) => {
    if (one.kind === "all" || one.kind === "any") return { ...one, of: withHeld(one.of, rows, how) };
    if (one.kind === "not") return { ...one, of: withHeld([one.of], rows, how)[0] ?? one.of };
    if (one.kind !== "chain") return one;
    const ids = rows.filter((row) => isMetInside(one, row, how.base)).map(({ id }) => id);
    const inside: Condition = { kind: "id", ids, negated: false };
    if (how.only) return inside;
    return ids.length === 0 ? one : { kind: "any", of: [one, inside] };
  });
}

/** A row that was found by `compileHolders`. */
export type Holder = { readonly type: string; readonly id: string; readonly resource: JsonObject };

export type How = { readonly only: boolean; readonly base: string | undefined };

function isMetInside({ references, targets }: Chain, { type, resource }: Holder, base: string | undefined): boolean {
  const names = new Set(references.flatMap((reference) => fragmentsIn(type, reference, resource)));
  const { contained } = resource;
  if (names.size === 0 || !isJsonArray(contained)) return false;
  return contained.filter(isJsonObject).some((one) => {
    if (typeof one["id"] !== "string" || !names.has(one["id"])) return false;
    const target = targets.find(({ type: wanted }) => wanted === one["resourceType"]);
    if (target === undefined || !canBeHeld(target.condition)) return false;
    return meets(target.condition, { resource: one, harvest: harvestOf(target.type, one, base) });
  });
}

/** Whether a condition can be told from a resource alone. A further chain, or words, would have to be asked of rows. */
function canBeHeld(condition: Condition): boolean {
  switch (condition.kind) {
    case "keys":
    case "text":
    case "range":
    case "presence":
    case "tuple":
    case "unprotected":
      return true;
    case "not":
      return canBeHeld(condition.of);
    case "all":
    case "any":
      return condition.of.every(canBeHeld);
    default:
      return false;
  }
}

const walks = new Map<string, readonly Walk[]>();

/** The ids of what a resource refers to within itself, by a reference parameter. */
function fragmentsIn(type: string, name: string, resource: JsonObject): string[] {
  const key = `${type}.${name}`;
  const known = walks.get(key) ?? (parameterOf(type, name)?.atoms ?? []).map(({ path }) => compileWalk(path));
  walks.set(key, known);
  const found: string[] = [];
  for (const walk of known) walk(resource, resource, (value) => void found.push(...fragmentOf(value)));
  return found;
}

function fragmentOf(value: JsonValue): string[] {
  const text = isJsonObject(value) ? value["reference"] : undefined;
  return typeof text === "string" && text.startsWith("#") ? [text.slice(1)] : [];
}
