/**
 * A query from its text to its answer: read, checked, executed in rounds, shaped.
 *
 * SPEC HTTP-GRAPHQL · https://hl7.org/fhir/R4/graphql.html
 */
import {
  execute,
  getOperationAST,
  GraphQLError,
  Kind,
  parse,
  validate,
  visit as visitNodes,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from "graphql";
import { FhirError, type JsonObject, type Language } from "../../../fhir/index.ts";
import type { Gatherer } from "../../../journal/index.ts";
import { LIMITS, refuseCostly } from "./limits.ts";
import type { Scope } from "./resolve.ts";
import { schemaOf } from "./schema.ts";
import { isShaped, shapeData } from "./shape.ts";

export type Query = {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
};

/** A query that has been found to be in order. */
export type CheckedQuery = Query & { readonly document: DocumentNode; readonly schema: GraphQLSchema };

/** What a query is about: the whole system, or one resource. */
export type Focus = { readonly type: string; readonly resource: JsonObject } | undefined;

/** The answer as GraphQL has it; without `data` nothing was done. */
export type Answer = { readonly data?: unknown; readonly errors?: readonly object[] };

const KNOWN_QUERIES = 100;
const checked = new Map<string, Pick<CheckedQuery, "document" | "schema">>();
let whole: GraphQLSchema | undefined;

/** Reads and checks a query. A refusal is an answer with errors and without data. */
export function checkQuery(query: Query, root: string | undefined): CheckedQuery | Answer {
  if (query.text.length > LIMITS.length)
    return refusal([new GraphQLError(`The query is longer than ${LIMITS.length} characters.`)]);
  const key = `${root ?? ""} ${query.text}`;
  const before = checked.get(key);
  if (before !== undefined) return { ...query, ...before };
  try {
    const document = parse(query.text, { maxTokens: LIMITS.tokens, noLocation: false });
    const changing = document.definitions.find(
      (one) => one.kind === Kind.OPERATION_DEFINITION && one.operation !== "query",
    );
    if (changing !== undefined) return refusal([new GraphQLError("Only queries are answered.", { nodes: changing })]);
    const schema = schemaFor(document, root);
    const faults = validate(schema, document, undefined, { maxErrors: 10, hideSuggestions: true });
    if (faults.length > 0) return refusal(faults);
    refuseCostly(document);
    if (getOperationAST(document, query.operationName) === null)
      return refusal([new GraphQLError("The query does not say which of its operations is meant, or names one that it has not.")]); // prettier-ignore
    if (checked.size >= KNOWN_QUERIES) checked.clear();
    checked.set(key, { document, schema });
    return { ...query, document, schema };
  } catch (error) {
    if (error instanceof GraphQLError) return refusal([error]);
    throw error;
  }
}

/** Executes a query that has been checked. Errors: what is not an expected no. */
export async function runQuery(query: CheckedQuery, focus: Focus, asker: Asker): Promise<Answer> {
  const { document, schema, variables, operationName } = query;
  const operation = getOperationAST(document, operationName);
  if (operation === null || operation === undefined) throw new Error("a checked query without operation");
  const { gatherer, base, language } = asker;
  const scope: Scope = { gatherer, base, within: new WeakMap(), slices: new Map(), fields: 0 };
  const result = await execute({
    schema,
    document,
    rootValue: focus?.resource,
    contextValue: scope,
    variableValues: variables,
    operationName,
  });
  refuseUnexpected(result);
  const errors = result.errors?.map((error) => errorObject(error, language));
  if (result.data === undefined || result.data === null)
    return { ...(result.data === null ? { data: null } : {}), errors };
  const data = isShaped(document) ? shapeData(document, operation, result.data, scope.slices) : result.data;
  return { ...(errors === undefined ? {} : { errors }), data };
}

export type Asker = { readonly gatherer: Gatherer; readonly base: string; readonly language: Language };

/** A schema of what the query names; the whole one only where it is asked about. */
function schemaFor(document: DocumentNode, root: string | undefined): GraphQLSchema {
  const names = new Set<string>();
  visitNodes(document, { Name: ({ value }) => void names.add(value) });
  if (!names.has("__schema") && !names.has("__type")) return schemaOf(names, root);
  whole ??= schemaOf(undefined, undefined);
  return whole;
}

/** Anything but an expected no is a fault of ours, and an answer that hides it would be a wrong one. */
function refuseUnexpected({ errors = [] }: ExecutionResult): void {
  for (const { originalError } of errors) {
    const isExpected = originalError === undefined || originalError instanceof GraphQLError;
    if (isExpected || (originalError instanceof FhirError && originalError.status < 500)) continue;
    throw originalError;
  }
}

function refusal(errors: readonly GraphQLError[]): Answer {
  return { errors: errors.map((error) => errorObject(error, "en")) };
}

/** An error as GraphQL has it, with the OperationOutcome of what FHIR refused. */
function errorObject(error: GraphQLError, language: Language): object {
  const { message, locations, path, originalError } = error;
  const outcome = originalError instanceof FhirError ? originalError : undefined;
  const text = outcome?.issues[0]?.[language] ?? message.slice(0, 500);
  const extensions = outcome === undefined ? {} : { extensions: { resource: outcome.toOutcome(language) } };
  return { message: text, ...(locations && { locations }), ...(path && { path }), ...extensions };
}
