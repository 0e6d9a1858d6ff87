/**
 * $graphql of the system and of one resource. The answer is GraphQL's, in JSON: what cannot be a query at all is 400,
 * what could not be given is told in `errors` beside the rest.
 *
 * SPEC HTTP-GRAPHQL · https://hl7.org/fhir/R4/resource-operation-graphql.html
 */
import {
  fhirErrorAt,
  isJsonObject,
  parseJson,
  writeJson,
  type JsonObject,
  type JsonValue,
} from "../../../fhir/index.ts";
import { gatherResources } from "../../../journal/index.ts";
import { parameterMissing } from "../../../terminology/index.ts";
import { jsonOf, refuseUnknownType, textOf } from "../../body.ts";
import { FHIR_JSON, header, mediaType } from "../../headers.ts";
import { parameter, queryOf } from "../../query.ts";
import { languageOf } from "../../reply.ts";
import { pathParameter, type Exchange, type Route } from "../../route.ts";
import type { Answer, Query } from "../graphql/run.ts";
import { OperationInput } from "../terminology/input.ts";
import { EVERY_TYPE, operationOn } from "./operation.ts";

const DECLARED = { name: "graphql", definition: "Resource-graphql", methods: ["GET", "POST"], run: answer } as const;
const QUERY_TYPE = "application/graphql";

export const graphqlRoutes: readonly Route[] = [
  ...operationOn({ ...DECLARED, type: undefined, paths: ["/$graphql"] }),
  ...operationOn({ ...DECLARED, type: EVERY_TYPE, paths: ["/:type/:id/$graphql"] }),
];

async function answer({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  const [type, id] = [pathParameter(request, "type"), pathParameter(request, "id")];
  if (type !== "") refuseUnknownType(type);
  const { checkQuery, runQuery } = await import("../graphql/run.ts"); // half of the server's own start, for what few ask
  const query = checkQuery(askedIn(request), type === "" ? undefined : type);
  if (!("document" in query)) return send(reply, 400, query);
  const asker = { base: visit.base, language: languageOf(request) };
  const { value } = await gatherResources(visit, "$graphql", async (gatherer) => {
    if (type === "") return runQuery(query, undefined, { ...asker, gatherer });
    const resource = await gatherer.read(type, id);
    return resource === undefined ? undefined : runQuery(query, { type, resource }, { ...asker, gatherer });
  });
  if (value === undefined) throw fhirErrorAt("NOT_FOUND", `${type}/${id}`);
  return send(reply, value.data === undefined ? 400 : 200, value);
}

/** The query of the address, of a JSON body, of Parameters, or the body itself. Errors: OPERATION_PARAMETER, CONTENT_TYPE. */
function askedIn(request: Exchange["request"]): Query {
  const given = queryOf(request);
  const inAddress = parameter(given, "query");
  if (request.method === "GET" || (inAddress !== undefined && !Buffer.isBuffer(request.body)))
    return queryFrom(inAddress, variablesIn(parameter(given, "variables")), parameter(given, "operationName"));
  const type = mediaType(header(request, "content-type") ?? "");
  if (type === QUERY_TYPE) return queryFrom(textOf(request), undefined, parameter(given, "operationName"));
  if (type === FHIR_JSON) return queryFrom(OperationInput.of(request, ["query"]).needed("query"), undefined, undefined);
  if (type !== "application/json") throw fhirErrorAt("CONTENT_TYPE", "Content-Type", `application/json, ${QUERY_TYPE}`);
  const body = jsonOf(request);
  return queryFrom(body["query"], body["variables"], body["operationName"] ?? undefined);
}

function variablesIn(text: string | undefined): JsonValue | undefined {
  return text === undefined || text === "" ? undefined : parseJson(text);
}

function queryFrom(
  text: JsonValue | undefined,
  variables: JsonValue | undefined,
  operationName: JsonValue | undefined,
): Query {
  if (typeof text !== "string" || text.trim() === "") throw parameterMissing("query");
  const given = variables ?? {};
  if (!isJsonObject(given)) throw parameterMissing("variables");
  if (operationName !== undefined && typeof operationName !== "string") throw parameterMissing("operationName");
  return { text, variables: given, operationName };
}

function send(reply: Exchange["reply"], status: number, value: Answer): unknown {
  return reply
    .code(status)
    .header("content-type", "application/json; charset=utf-8")
    .send(writeJson(value as unknown as JsonObject));
}
