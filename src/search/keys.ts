/**
 * Token keys: what a row is found by in its `tokens` array. A key is hash64 of a value XOR hash64 of the parameter's
 * name, so that PostgreSQL, which has no such hash, can still go from a row's own `key` (hash64 of "Type/id") to what
 * another row refers to it by: `key # hash64("param:subject")`.
 *
 * SPEC SEARCH-KEY
 */
import { hash64, hash64Text, xorKeys } from "../base/index.ts";

/** Separates the parts of a value; FHIR forbids these characters in text, so no value can imitate another. */
const PART = "\u0001";
const OF_TYPE = "\u0002";
const PRESENT = "\u0003";
const BELOW = "\u0004";
const IDENTIFIER = "\u0005";
const LONG = "\u0007";
const ANY_VERSION = "\u0008";

/** The values that are hashed, each form in a space of its own. */
export const codeValue = (code: string): string => code;
export const systemCodeValue = (system: string, code: string): string => system + PART + code;
export const systemValue = (system: string): string => system + PART;
export const ofTypeValue = (system: string, code: string, value: string): string =>
  OF_TYPE + system + PART + code + PART + value;
export const belowValue = (prefix: string): string => BELOW + prefix;
/** A reference by its target's business identifier; `token` is one of the forms above. */
export const identifierValue = (token: string): string => IDENTIFIER + token;
/** A composite of token values, each one of the forms above. */
export const compositeValue = (parts: readonly string[]): string => parts.join("\u0006");
/** A canonical without its version; `url` alone finds every version, but only `url` itself is above `url|1`. */
export const anyVersionValue = (url: string): string => ANY_VERSION + url;
export const presentValue = PRESENT;
/** What a row keeps where its one code's key would stand, when it has none or several. */
export const NO_CODE_KEY = "0";
/** Marks a date range longer than `SHORT_RANGE_MS`, so that the others can be found by where they begin. */
export const longRangeValue = LONG;
export const SHORT_RANGE_MS = 2 * 86_400_000;

const names = new Map<string, bigint>();

/** The parameter's part of a key. */
export function nameHash(parameter: string): bigint {
  let hash = names.get(parameter);
  if (hash === undefined) {
    hash = hash64(`param:${parameter}`);
    names.set(parameter, hash);
  }
  return hash;
}

/** The parameter's part as decimal text, for SQL that computes keys from a row's own `key`. */
export function nameHashText(parameter: string): string {
  return nameHash(parameter).toString();
}

/** The key of one value of one parameter, as decimal text of an int8. */
export function tokenKey(parameter: string, value: string): string {
  return xorKeys(hash64(value), nameHash(parameter));
}

const COMMON_KEYS = 50_000;
let commonKeys = 0;
const common = new Map<string, Map<string, string>>();

/** The same for values that come again and again, such as codes: computed once. Half of an extraction's time else. */
export function commonKey(parameter: string, value: string): string {
  let known = common.get(parameter);
  if (known === undefined) {
    known = new Map<string, string>();
    common.set(parameter, known);
  }
  let key = known.get(value);
  if (key === undefined) {
    key = tokenKey(parameter, value);
    if (++commonKeys > COMMON_KEYS) forgetCommonKeys();
    known.set(value, key);
  }
  return key;
}

/** Values that are not as common as was thought must not fill the memory. */
function forgetCommonKeys(): void {
  commonKeys = 0;
  common.clear();
}

/** The row's own `key` column. */
export function ownKey(type: string, id: string): string {
  return hash64Text(`${type}/${id}`);
}

/** The key that every row referring to this resource carries, whichever element the reference stands in. */
export function referenceToken(type: string, id: string): string {
  return tokenKey(ANY_REFERENCE, `${type}/${id}`);
}

/** The name under which references are stored whatever their element; no parameter can be called so. */
export const ANY_REFERENCE = "ref:";

/** The name under which a row tells the types of the resources it contains; no parameter can be called so either. */
export const CONTAINED = "contained:";
