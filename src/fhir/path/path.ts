/**
 * FHIRPath behind a small face of our own: fhirpath.js, loaded when first needed because it is heavy
 * (0.3 to 1.2 s), with a bound on what an expression from outside may cost.
 *
 * SPEC FHIR-PATH · http://hl7.org/fhirpath/N1/ · https://hl7.org/fhir/R4/fhirpath.html
 */
import { isJsonArray, isJsonObject, isNumber, numberOf, type JsonObject, type JsonValue } from "../json-value.ts";
import type { Phrase } from "../outcomes.ts";

/** Why an expression is not evaluated, in words for a caller. */
export class PathError extends Error {
  readonly reason: Phrase;

  constructor(reason: Phrase) {
    super(reason.en);
    this.reason = reason;
  }
}

/** How many nodes may still be looked at; several expressions can share it. */
export interface Work {
  room: number;
}

export interface FhirPath {
  /**
   * The places in a resource that an expression leads to: `Patient.name[0].given[1]`.
   * @throws PathError when it cannot be read, costs too much, or leads to what is not in the resource
   */
  readonly placesOf: (resource: JsonObject, expression: string, work?: Work) => readonly string[];
}

const LONGEST = 2_000;
const MOST_NODES = 500_000;
const MOST_KEPT = 500;

// What a path needs. No patterns (they can take for ever), nothing that repeats, fetches or knows the time.
const FUNCTIONS: ReadonlySet<string> = new Set(
  (
    "all allFalse allTrue anyFalse anyTrue as children combine contains count descendants distinct empty endsWith " +
    "exclude exists extension first hasValue iif indexOf intersect is isDistinct last length lower not ofType select " +
    "single skip startsWith subsetOf substring supersetOf tail take toDecimal toInteger toString union upper where"
  ).split(" "),
);
const WORDS = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[^]*?\*\//g;
const CALL = /([A-Za-z_]\w*)\s*\(/g;
const OPERATORS: ReadonlySet<string> = new Set([
  "and",
  "or",
  "xor",
  "implies",
  "in",
  "contains",
  "div",
  "mod",
  "is",
  "as",
]);

let engine: FhirPath | undefined;

/** Loads the engine once. */
export async function loadFhirPath(): Promise<FhirPath> {
  engine ??= await makeEngine();
  return engine;
}

/** The engine. @throws TypeError when nobody has loaded it */
export function fhirPath(): FhirPath {
  if (!engine) throw new TypeError("loadFhirPath comes first");
  return engine;
}

type Compiled = (resource: unknown, environment: object) => readonly unknown[];

async function makeEngine(): Promise<FhirPath> {
  const [{ default: fhirpath }, { default: model }] = await Promise.all([
    import("fhirpath"),
    import("fhirpath/fhir-context/r4/index.js"),
  ]);
  const kept = new Map<string, Compiled>();
  let current: Work = { room: 0 };
  const countStep = (_context: unknown, _focus: unknown, result: unknown): void => {
    spend(current, 1 + (Array.isArray(result) ? result.length : 0));
  };
  const compile = (expression: string): Compiled => {
    const known = kept.get(expression);
    if (known) return known;
    refuseCostly(expression);
    const options = { resolveInternalTypes: false, traceFn: () => {}, debugger: countStep } as const;
    const compiled = fhirpath.compile(expression, model, options) as Compiled;
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(expression, compiled);
    return compiled;
  };
  return {
    placesOf: (resource, expression, work = allowedWork()) => {
      current = work;
      const plain = plainOf(resource, work);
      return translated(() => compile(expression)(plain, { resource: plain })).map(placeOf);
    },
  };
}

/** What one request may cost. */
export function allowedWork(): Work {
  return { room: MOST_NODES };
}

function spend(work: Work, nodes: number): void {
  work.room -= nodes;
  if (work.room >= 0) return;
  throw new PathError({ sv: "uttrycket kräver för mycket arbete", en: "the expression takes too much work" });
}

function refuseCostly(expression: string): void {
  if (expression.length > LONGEST)
    throw new PathError({ sv: "uttrycket är för långt", en: "the expression is too long" });
  for (const [, name = ""] of expression.replace(WORDS, "''").matchAll(CALL)) {
    if (FUNCTIONS.has(name) || OPERATORS.has(name)) continue;
    throw new PathError({
      sv: "uttrycket använder en funktion som inte tillåts här",
      en: "the expression uses a function that is not permitted here",
    });
  }
}

function translated<T>(evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof PathError) throw error;
    throw new PathError({
      sv: "uttrycket går inte att tolka som FHIRPath",
      en: "the expression cannot be understood as FHIRPath",
    });
  }
}

function placeOf(node: unknown): string {
  const named = node as { readonly fullPropertyName?: () => string | undefined } | null;
  const place = typeof named?.fullPropertyName === "function" ? named.fullPropertyName() : undefined;
  if (place !== undefined) return place;
  throw new PathError({
    sv: "uttrycket leder inte till en plats i resursen",
    en: "the expression does not lead to a place in the resource",
  });
}

/** A copy with JavaScript's numbers, which the engine may write on. */
function plainOf(value: JsonValue | undefined, work: Work): unknown {
  spend(work, 1);
  if (isNumber(value)) return numberOf(value);
  if (isJsonArray(value)) return value.map((item) => plainOf(item, work));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, plainOf(child, work)]));
}
