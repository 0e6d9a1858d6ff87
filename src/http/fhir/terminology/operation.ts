/**
 * Declares a terminology operation: by GET and by POST, on the type and on an instance.
 *
 * SPEC HTTP-OP · https://hl7.org/fhir/R4/terminology-service.html
 */
import type { Resource } from "fhir/r4";
import {
  askTerminology,
  readResource,
  type Disclosed,
  type TerminologyAsk,
  type Visit,
} from "../../../journal/index.ts";
import { languagesOf, type Scope } from "../../../terminology/index.ts";
import { definitionInstead } from "../../definitions.ts";
import { refuseOtherFormats } from "../../headers.ts";
import { parameter, queryOf } from "../../query.ts";
import { sendText } from "../../reply.ts";
import { shapeOf, type Shape } from "../../shape.ts";
import { pathParameter, route, type Exchange, type Route } from "../../route.ts";
import { OperationInput } from "./input.ts";

type CanonicalType = "CodeSystem" | "ValueSet" | "ConceptMap";

export type OperationCall<T extends Resource = Resource> = {
  readonly input: OperationInput;
  /** The resource that the operation was called on. */
  readonly instance: T | undefined;
  /** When the call came (ISO 8601). */
  readonly now: string;
};

export type Operation<T extends Resource> = {
  readonly type: CanonicalType;
  readonly name: string;
  readonly parameters: readonly string[];
  /** Whether it can be called on one resource. */
  readonly onInstance: boolean;
  readonly run: (scope: Scope, call: OperationCall<T>) => Promise<Resource>;
};

/** The routes of an operation. */
export function operationRoutes<T extends Resource>(operation: Operation<T>): Route[] {
  const { type, name, onInstance } = operation;
  const paths = [`/fhir/R4/${type}/$${name}`, ...(onInstance ? [`/fhir/R4/${type}/:id/$${name}`] : [])];
  const described = { type, name, definition: `http://hl7.org/fhir/OperationDefinition/${type}-${name}` };
  return paths.flatMap((path, at) =>
    (["GET", "POST"] as const).map((method) =>
      route({
        method,
        path,
        rule: "actor",
        operation: described,
        run: (exchange) => answer(exchange, operation, at === 1),
      }),
    ),
  );
}

async function answer<T extends Resource>(
  { request, reply, visit }: Exchange<"actor">,
  operation: Operation<T>,
  isOnInstance: boolean,
): Promise<unknown> {
  const { type, name, parameters, run } = operation;
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  const input = OperationInput.of(request, [...parameters, "displayLanguage", ...OF_ANSWER]);
  const shape = shapeIn(input);
  const instance = isOnInstance
    ? (JSON.parse(await instanceText(visit, { type, id: pathParameter(request, "id") })) as T)
    : undefined;
  const ask = askOf(`${type}/$${name}`, input, request.headers["accept-language"]);
  const now = visit.clock().toISOString();
  return sendResource(reply, await askTerminology(visit, ask, (scope) => run(scope, { input, instance, now })), shape);
}

/** What is stored under the name, else what R4 itself defines. Errors: NOT_FOUND, GONE, FORBIDDEN. */
async function instanceText(visit: Visit, address: { readonly type: string; readonly id: string }): Promise<string> {
  try {
    return (await readResource(visit, address.type, address.id)).value.content;
  } catch (error) {
    const text = definitionInstead(error, address);
    if (text === undefined) throw error;
    return text;
  }
}

/** Parameters that leave parts of an answer out. */
export const OF_ANSWER = ["_summary", "_elements"] as const;

/** Errors: SEARCH_VALUE_INVALID for a summary that FHIR does not know. */
export function shapeIn(input: OperationInput): Shape {
  return shapeOf(OF_ANSWER.flatMap((name) => input.texts(name).map((value) => [name, value] as const)));
}

/** The languages and versions that a call names. */
export function askOf(what: string, input: OperationInput, acceptLanguage: string | undefined): TerminologyAsk {
  const languages = [...languagesOf(input.text("displayLanguage")), ...languagesOf(acceptLanguage)];
  return { what, languages, versions: input.texts("system-version") };
}

export function sendResource(reply: Exchange["reply"], { value }: Disclosed<Resource>, shape: Shape): unknown {
  return sendText(reply, 200, shape(JSON.stringify(value)));
}
