/**
 * $meta of the system, a type, a resource and a version; $meta-add and $meta-delete of a resource.
 *
 * SPEC HTTP-META · https://hl7.org/fhir/R4/resource-operation-meta.html
 */
import { isJsonArray, isJsonObject, parseJson, writeJson, type JsonObject } from "../../../fhir/index.ts";
import {
  changeMeta,
  disclosedTogether,
  readLabels,
  readResource,
  readVersion,
  type Disclosed,
} from "../../../journal/index.ts";
import { parameterMissing } from "../../../terminology/index.ts";
import { refuseUnknownType, resourceOf } from "../../body.ts";
import { refuseOtherFormats } from "../../headers.ts";
import { parameter, queryOf } from "../../query.ts";
import { sendText } from "../../reply.ts";
import { pathParameter, type Exchange, type Route } from "../../route.ts";
import { OperationInput } from "../terminology/input.ts";
import { EVERY_TYPE, operationOn } from "./operation.ts";

const MOST_LABELS = 500;
const META = { name: "meta", definition: "Resource-meta", methods: ["GET", "POST"], run: answerMeta } as const;

export const metaRoutes: readonly Route[] = [
  ...operationOn({ ...META, type: undefined, paths: ["/$meta"] }),
  ...operationOn({
    ...META,
    type: EVERY_TYPE,
    paths: ["/:type/$meta", "/:type/:id/$meta", "/:type/:id/_history/:version/$meta"],
  }),
  ...(["add", "delete"] as const).flatMap((kind) =>
    operationOn({
      type: EVERY_TYPE,
      name: `meta-${kind}`,
      methods: ["POST"],
      paths: [`/:type/:id/$meta-${kind}`],
      run: (exchange) => answerChange(exchange, kind),
    }),
  ),
];

async function answerMeta({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  OperationInput.of(request, []);
  const [type, id, version] = ["type", "id", "version"].map((name) => pathParameter(request, name) || undefined);
  if (type !== undefined) refuseUnknownType(type);
  if (type === undefined || id === undefined) return send(reply, await readLabels(visit, type));
  const found =
    version === undefined ? await readResource(visit, type, id) : await readVersion(visit, type, id, version);
  return send(
    reply,
    disclosedTogether([found], ([{ content }]) => metaOf(parseJson(content) as JsonObject)),
  );
}

async function answerChange({ request, reply, visit }: Exchange<"actor">, kind: "add" | "delete"): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  const [type, id] = [pathParameter(request, "type"), pathParameter(request, "id")];
  refuseUnknownType(type);
  return send(reply, await changeMeta(visit, { kind, type, id, meta: givenMeta(request) }));
}

/** The Meta that is sent along, as it was written. Errors: OPERATION_PARAMETER unless there is just one. */
function givenMeta(request: Exchange["request"]): JsonObject {
  OperationInput.of(request, ["meta"]);
  const { parameter: given } = resourceOf(request, "Parameters");
  const metas = (isJsonArray(given) ? given : []).map((one) => (isJsonObject(one) ? one["valueMeta"] : undefined));
  const [meta] = metas;
  if (metas.length !== 1 || !isJsonObject(meta)) throw parameterMissing("meta");
  const labels = Object.values(meta).reduce<number>((sum, one) => sum + (isJsonArray(one) ? one.length : 0), 0);
  if (labels > MOST_LABELS) throw parameterMissing("meta");
  return meta;
}

function metaOf({ meta }: JsonObject): JsonObject {
  return isJsonObject(meta) ? meta : {};
}

function send(reply: Exchange["reply"], { value }: Disclosed<JsonObject>): unknown {
  // A value must not be empty, so a Meta without anything is no value.
  const parameters = { resourceType: "Parameters", parameter: [{ name: "return", valueMeta: value }] };
  const empty = { resourceType: "Parameters" };
  return sendText(reply, 200, writeJson(Object.keys(value).length === 0 ? empty : parameters));
}
