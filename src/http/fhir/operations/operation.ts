/**
 * What the operations on records have in common: how they are declared, and how parameters of time and number are read.
 *
 * SPEC HTTP-OPERATION · https://hl7.org/fhir/R4/operations.html
 */
import { dateRange } from "../../../fhir/index.ts";
import { parameterMissing } from "../../../terminology/index.ts";
import { route, type Exchange, type Method, type Route } from "../../route.ts";
import type { OperationInput } from "../terminology/input.ts";

/** The type of an operation that every resource type has. */
export const EVERY_TYPE = "Resource";

export type Declared = {
  /** The type in the CapabilityStatement; undefined for one of the whole system, EVERY_TYPE for one of all types. */
  readonly type: string | undefined;
  readonly name: string;
  /** The last part of the canonical address of its definition, when that is not `type-name`; all of it for one of our own. */
  readonly definition?: string;
  readonly methods: readonly Method[];
  /** Below the FHIR base: `/Patient/:id/$everything`. */
  readonly paths: readonly string[];
  readonly run: (exchange: Exchange<"actor">) => Promise<unknown>;
};

/** The routes of an operation. */
export function operationOn({ type, name, definition, methods, paths, run }: Declared): Route[] {
  const isOwn = definition?.startsWith("urn:") === true;
  const url = isOwn ? definition : `http://hl7.org/fhir/OperationDefinition/${definition ?? `${type}-${name}`}`;
  return paths.flatMap((path) =>
    methods.map((method) =>
      route({
        method,
        path: `/fhir/R4${path}`,
        rule: "actor",
        operation: { type, name, definition: url },
        run,
      }),
    ),
  );
}

/** One end of what a date or instant says, as an ISO instant. Errors: OPERATION_PARAMETER. */
export function instantOf(input: OperationInput, name: string, bound: "low" | "high"): string | undefined {
  const text = input.text(name);
  if (text === undefined || text === "") return undefined;
  const range = dateRange(text.replace(" ", "+")); // what a form makes of the plus of a time zone
  if (range === undefined) throw parameterMissing(name);
  return range[bound];
}

/** The size of a page, from 1 to `most`. Errors: OPERATION_PARAMETER. */
export function countOf(input: OperationInput, most: number): number {
  const count = input.whole("_count");
  if (count === 0) throw parameterMissing("_count");
  return Math.min(count ?? most, most);
}

/** An address with its parameters. */
export function withQuery(url: string, pairs: readonly (readonly [name: string, value: string])[]): string {
  const query = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  return query === "" ? url : `${url}?${query}`;
}
