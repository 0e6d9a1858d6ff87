/**
 * $validate on a type and on a resource: what is wrong with what was sent, or with what is stored. The answer is always
 * an OperationOutcome with 200; only a call that makes no sense is refused.
 *
 * SPEC HTTP-VALIDATE · https://hl7.org/fhir/R4/resource-operation-validate.html
 */
import {
  informationOutcome,
  isJsonArray,
  isJsonObject,
  outcomeOf,
  parseJson,
  parseXml,
  writeJson,
  type JsonObject,
  type JsonValue,
} from "../../../fhir/index.ts";
import { validateFor, type ValidateMode } from "../../../journal/index.ts";
import { parameterMissing } from "../../../terminology/index.ts";
import { refuseUnknownType, textOf } from "../../body.ts";
import { isXml, refuseOtherContent, refuseOtherFormats } from "../../headers.ts";
import { operationQueryOf, parameter, queryOf } from "../../query.ts";
import { languageOf, sendText } from "../../reply.ts";
import { pathParameter, type Exchange } from "../../route.ts";
import { EVERY_TYPE, operationOn } from "./operation.ts";

const MODES: readonly string[] = ["create", "update", "delete", "profile"] satisfies ValidateMode[];
const OF_FORM: ReadonlySet<string> = new Set(["_format", "_pretty"]);
const MOST_PROFILES = 20;

const VALIDATE = { type: EVERY_TYPE, name: "validate", run: answer } as const;

/** Without a body there must be something that is stored. */
export const validateRoutes = [
  ...operationOn({ ...VALIDATE, methods: ["POST"], paths: ["/:type/$validate"] }),
  ...operationOn({ ...VALIDATE, methods: ["GET", "POST"], paths: ["/:type/:id/$validate"] }),
];

async function answer({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  const type = pathParameter(request, "type");
  refuseUnknownType(type);
  const id = pathParameter(request, "id") || undefined;
  const { resource, mode, profiles } = givenIn(request, type);
  // What is to be created has no place yet, and what is to be deleted is what is there.
  if (resource === undefined && (id === undefined || mode === "create")) throw parameterMissing("resource");
  if (mode === "delete" && id === undefined) throw parameterMissing("mode");
  const sent = mode === "delete" ? undefined : resource;
  const { value } = await validateFor(visit, { type, id, resource: sent, mode, profiles });
  const language = languageOf(request);
  const outcome =
    value.length === 0 ? informationOutcome("Allt är OK.", "All OK", language) : outcomeOf(value, language);
  return sendText(reply, 200, writeJson(outcome));
}

interface Given {
  readonly resource: JsonObject | undefined;
  readonly mode: ValidateMode | undefined;
  readonly profiles: readonly string[];
}

/** The call's parameters: of the address, of Parameters in the body, or the resource itself as the body. */
function givenIn(request: Exchange["request"], type: string): Given {
  const query = operationQueryOf(request).filter(([name]) => !OF_FORM.has(name));
  const body = request.method === "POST" ? bodyOf(request) : undefined;
  const parts = body !== undefined && isParameters(body, type) ? objectsOf(body["parameter"]) : undefined;
  const names = [
    ...query.map(([name]) => name),
    ...(parts ?? []).map(({ name }) => (typeof name === "string" ? name : "")),
  ];
  const strange = names.find(
    (name) => !["profile", "mode", ...(parts === undefined ? [] : ["resource"])].includes(name),
  );
  if (strange !== undefined) throw parameterMissing(strange);
  const texts = (wanted: string): string[] => [
    ...query.filter(([name]) => name === wanted).map(([, value]) => value),
    ...(parts ?? []).filter(({ name }) => name === wanted).map((part) => valueOf(part, wanted)),
  ];
  const profiles = texts("profile");
  if (profiles.length > MOST_PROFILES || profiles.includes("")) throw parameterMissing("profile");
  return { resource: parts === undefined ? body : resourceIn(parts), mode: modeOf(texts("mode")), profiles };
}

/** Parameters that are themselves to be judged are no call: they have no parameter of the call's names. */
function isParameters({ resourceType, parameter: given }: JsonObject, type: string): boolean {
  if (resourceType !== "Parameters") return false;
  return type !== "Parameters" || objectsOf(given).some(({ name }) => name === "resource" || name === "mode");
}

/** Whatever resource it is: that it is another one than the address says is for the answer to tell. */
function bodyOf(request: Exchange["request"]): JsonObject | undefined {
  if (!Buffer.isBuffer(request.body) || request.body.length === 0) return undefined;
  refuseOtherContent(request);
  const text = textOf(request);
  const body: JsonValue = isXml(request.headers["content-type"] ?? "") ? parseXml(text) : parseJson(text);
  if (!isJsonObject(body)) throw parameterMissing("resource");
  return body;
}

function resourceIn(parts: readonly JsonObject[]): JsonObject | undefined {
  const [part, ...others] = parts.filter(({ name }) => name === "resource");
  if (part === undefined) return undefined;
  if (others.length > 0 || !isJsonObject(part["resource"])) throw parameterMissing("resource");
  return part["resource"];
}

function modeOf(texts: readonly string[]): ValidateMode | undefined {
  const [mode, ...others] = texts;
  if (mode === undefined) return undefined;
  if (others.length > 0 || !isMode(mode)) throw parameterMissing("mode");
  return mode;
}

function isMode(text: string): text is ValidateMode {
  return MODES.includes(text);
}

function valueOf(part: JsonObject, name: string): string {
  for (const member in part) {
    const value = part[member];
    if (member.startsWith("value") && typeof value === "string") return value;
  }
  throw parameterMissing(name);
}

function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}
