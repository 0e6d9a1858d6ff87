/**
 * From a query string to a plan. Everything is checked here: what the type has, what a modifier may stand on, how much
 * is asked for. What is not understood is refused, or left out and told when the caller asked for lenient handling.
 *
 * SPEC SEARCH-PARSE · https://hl7.org/fhir/R4/search.html · https://hl7.org/fhir/R4/search.html#errors
 */
import { hash64Text } from "../base/index.ts";
import { FhirError, fhirErrorAt, isResourceType, RESOURCE_TYPES, type Issue } from "../fhir/index.ts";
import { criterionOf } from "./chain.ts";
import { compartmentCondition, compartmentTypes } from "./compartment.ts";
import { invalidValue, tooCostly, unknownParameter, type ParseContext } from "./context.ts";
import { FRAGMENT } from "./contained.ts";
import { decodeCursor } from "./cursor.ts";
import { parseInclude } from "./includes.ts";
import { LIMITS } from "./limits.ts";
import type {
  Compartment,
  Condition,
  Contained,
  Include,
  SearchPlan,
  SortKey,
  Summary,
  Total,
  TypePlan,
} from "./plan.ts";
import { leavesOutProtected, tellingOf, UNPROTECTED, type Telling } from "./protected.ts";
import { sortKeysOf } from "./sort.ts";
import { isNarrowing } from "./where.ts";

export type SearchOptions = {
  /** Leave out parameters that are not known instead of refusing (`Prefer: handling=lenient`). */
  readonly lenient?: boolean;
  /** Milliseconds since 1970; `ap` on a date widens by the time from then. */
  readonly now?: number;
  /** This server's own FHIR address. */
  readonly base?: string;
  /** Only what is in this compartment. */
  readonly compartment?: Compartment;
};

export type SearchParameters = readonly (readonly [name: string, value: string])[];

/** Read by http/, and not part of the question. */
const OF_HTTP: ReadonlySet<string> = new Set(["_format", "_pretty"]);
const TOTALS: ReadonlySet<string> = new Set<Total>(["none", "estimate", "accurate"]);
const CONTAINED: ReadonlySet<string> = new Set<Contained["search"]>(["false", "true", "both"]);
const CONTAINED_TYPES: ReadonlySet<string> = new Set<Contained["answer"]>(["container", "contained"]);
const SUMMARIES: ReadonlySet<string> = new Set<Summary>(["true", "text", "data", "count", "false"]);

/** The plan of a search of one type. Errors: SEARCH_* of the catalogue, TYPE_UNKNOWN. */
export function parseSearch(type: string, parameters: SearchParameters, options: SearchOptions = {}): SearchPlan {
  if (!isResourceType(type)) throw fhirErrorAt("TYPE_UNKNOWN", type, type);
  return new PlanReader([type], parameters, options).plan();
}

/** The plan of a search of several types: those of `_type`, or all. */
export function parseSystemSearch(parameters: SearchParameters, options: SearchOptions = {}): SearchPlan {
  const named = parameters.filter(([name]) => name === "_type").flatMap(([, value]) => value.split(","));
  const types = named.filter((type) => type !== "");
  for (const type of types) if (!isResourceType(type)) throw invalidValue("_type", "Patient,Observation");
  const { compartment } = options;
  const all = compartment === undefined ? RESOURCE_TYPES : compartmentTypes(compartment.type, RESOURCE_TYPES);
  return new PlanReader(types.length === 0 ? all : [...new Set(types)], parameters, options, true).plan();
}

class PlanReader {
  private readonly types: readonly string[];
  private readonly parameters: SearchParameters;
  private readonly options: SearchOptions;
  private readonly isSystem: boolean;
  private readonly context: ParseContext;
  private readonly conditions: Condition[][];
  private readonly telling: Telling[][];
  private readonly used: (readonly [string, string])[] = [];
  private readonly asked: (readonly [string, string])[] = [];
  private readonly ignored: Issue[] = [];
  private readonly sort: SortKey[] = [];
  private readonly includes: Include[] = [];
  private readonly revincludes: Include[] = [];
  private count: number = LIMITS.defaultCount;
  private total: Total = "none";
  private summary: Summary = "false";
  private contained: Contained = { search: "false", answer: "container" };
  private elements: readonly string[] = [];
  private cursor: string | undefined;

  constructor(types: readonly string[], parameters: SearchParameters, options: SearchOptions, isSystem = false) {
    this.types = types;
    this.parameters = parameters;
    this.options = options;
    this.isSystem = isSystem;
    this.context = { base: options.base, now: options.now };
    this.conditions = types.map(() => []);
    this.telling = types.map(() => []);
  }

  plan(): SearchPlan {
    if (this.parameters.length > LIMITS.parameters)
      throw tooCostly("?", `${this.parameters.length} > ${LIMITS.parameters}`);
    for (const [name, value] of this.parameters) this.read(name, value);
    if (this.contained.search !== "false") this.sortByFragment();
    const fingerprint = this.fingerprint();
    return {
      types: this.typePlans(),
      sort: this.sort,
      count: this.count,
      countOnly: this.count === 0 || this.summary === "count",
      total: this.total,
      summary: this.summary,
      contained: this.contained,
      elements: this.elements,
      includes: this.includes,
      revincludes: this.revincludes,
      cursor: this.cursor === undefined ? undefined : decodeCursor(this.cursor, fingerprint, this.sort),
      used: this.used,
      ignored: this.ignored,
      fingerprint,
    };
  }

  /** A parameter without a value says nothing (R4: it is ignored). */
  private read(name: string, value: string): void {
    if (value === "" || OF_HTTP.has(name)) return;
    if (value.includes("\0")) throw invalidValue(name, "text without NUL");
    try {
      this.readKnown(name, value);
      if (name !== "_cursor") this.used.push([name, value]);
    } catch (error) {
      if (!this.mayIgnore(error)) throw error;
      this.ignored.push(...(error as FhirError).issues.map((issue): Issue => ({ ...issue, severity: "warning" })));
    }
  }

  /** R4 lets a lenient server pass over a parameter it does not know, but never over a modifier or a value. */
  private mayIgnore(error: unknown): boolean {
    return this.options.lenient === true && error instanceof FhirError && error.code === "SEARCH_PARAM_UNKNOWN";
  }

  private readKnown(name: string, value: string): void {
    const [plain = "", modifier] = name.split(":", 2);
    switch (plain) {
      case "_count":
        this.count = readCount(value);
        return;
      case "_total":
        this.total = oneOf(name, value, TOTALS) as Total;
        return;
      case "_summary":
        this.summary = oneOf(name, value, SUMMARIES) as Summary;
        return;
      case "_elements":
        this.elements = value
          .split(",")
          .map((one) => one.trim())
          .filter((one) => one !== "");
        return;
      case "_sort":
        this.readSort(name, value);
        return;
      case "_include":
        this.addInclude(this.includes, name, modifier, value);
        return;
      case "_revinclude":
        this.addInclude(this.revincludes, name, modifier, value);
        return;
      case "_cursor":
        this.cursor = value;
        return;
      case "_contained":
        this.contained = { ...this.contained, search: oneOf(name, value, CONTAINED) as Contained["search"] };
        this.asked.push([name, value]);
        return;
      case "_containedType":
        this.contained = { ...this.contained, answer: oneOf(name, value, CONTAINED_TYPES) as Contained["answer"] };
        this.asked.push([name, value]);
        return;
      case "_type":
        if (this.isSystem) return;
        throw unknownParameter(name, this.types[0]!);
      default:
        this.addCriterion(name, value);
    }
  }

  private addCriterion(name: string, value: string): void {
    const conditions = this.types.map((type) => criterionOf(type, name, value, this.context));
    for (const [at, condition] of conditions.entries()) {
      this.conditions[at]!.push(condition);
      this.telling[at]!.push(tellingOf(this.types[at]!, name, value));
    }
    this.asked.push([name, value]);
  }

  private readSort(name: string, value: string): void {
    this.sort.push(...sortKeysOf(this.types, name, value));
    if (this.sort.length > LIMITS.sortKeys) throw tooCostly(name, `${this.sort.length} > ${LIMITS.sortKeys}`);
    this.asked.push([name, value]);
  }

  private addInclude(list: Include[], name: string, modifier: string | undefined, value: string): void {
    for (const one of value.split(",")) list.push(parseInclude(name, modifier, one));
    if (list.length > LIMITS.includes) throw tooCostly(name, `${list.length} > ${LIMITS.includes}`);
  }

  /** Resources in others have no order of their own but that of their places; nor is there a compartment of them. */
  private sortByFragment(): void {
    if (this.sort.length > 0) throw fhirErrorAt("NOT_SUPPORTED", "_sort", "_sort + _contained");
    if (this.options.compartment !== undefined) throw fhirErrorAt("NOT_SUPPORTED", "_contained", "_contained");
    this.sort.push({ parameter: FRAGMENT, descending: false, as: "text" });
  }

  private typePlans(): TypePlan[] {
    const { compartment } = this.options;
    return this.types.map((type, at) => {
      const within = compartment === undefined ? [] : [compartmentCondition(type, compartment)];
      const asked = [...within, ...this.conditions[at]!];
      const { sort } = this;
      const isWithin = compartment !== undefined;
      const isNarrow = asked.some(isNarrowing);
      const guard = leavesOutProtected({ type, telling: this.telling[at]!, sort, isWithin, isNarrow });
      return { type, conditions: guard ? [...asked, UNPROTECTED] : asked };
    });
  }

  private fingerprint(): string {
    const { type, id } = this.options.compartment ?? { type: "", id: "" };
    const within = type === "" ? "" : `${type}/${id}`;
    return hash64Text(JSON.stringify([this.isSystem ? "" : this.types[0], within, this.asked]));
  }
}

/** The size of a page; more than the limit means the limit. */
function readCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw invalidValue("_count", `0–${LIMITS.count}`);
  return Math.min(Number(value), LIMITS.count);
}

function oneOf(name: string, value: string, allowed: ReadonlySet<string>): string {
  if (!allowed.has(value)) throw invalidValue(name, [...allowed].join(", "));
  return value;
}
