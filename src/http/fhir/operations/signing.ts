/**
 * Operations of our own on notes: $sign a version, $correct it with a reason, $disagree in the patient's words, and $signatures, which
 * tells all of it as Provenance and Communication. Each names the version that was seen by If-Match.
 *
 * SPEC HTTP-SIGN · PDL (2008:355) 3 kap. 8, 10 och 14 §§
 */
import { fhirError, isJsonArray, isJsonObject, parseJson, writeJson, type JsonObject } from "../../../fhir/index.ts";
import {
  besideOf,
  correctRecord,
  noteDisagreement,
  provenanceOf,
  readResource,
  SIGNABLE,
  signingOfRecord,
  signRecord,
  type Proof,
  type SignableType,
} from "../../../journal/index.ts";
import { parameterMissing } from "../../../terminology/index.ts";
import { resourceOf } from "../../body.ts";
import { header, refuseOtherFormats, seenVersionOf } from "../../headers.ts";
import { parameter, queryOf } from "../../query.ts";
import { sendText, versionHeaders } from "../../reply.ts";
import { pathParameter, type Exchange, type Route } from "../../route.ts";
import { OperationInput } from "../terminology/input.ts";
import { operationOn } from "./operation.ts";

type Run = (exchange: Exchange<"actor">, type: SignableType) => Promise<unknown>;

const declared = (name: string, method: "GET" | "POST", run: Run): readonly Route[] =>
  SIGNABLE.flatMap((type) =>
    operationOn({
      type,
      name,
      definition: `urn:x-eira:operation:${name}`,
      methods: [method],
      paths: [`/${type}/:id/$${name}`],
      run: (exchange) => {
        refuseOtherFormats(exchange.request, parameter(queryOf(exchange.request), "_format"));
        return run(exchange, type);
      },
    }),
  );

export const signingRoutes: readonly Route[] = [
  ...declared("sign", "POST", sign),
  ...declared("correct", "POST", correct),
  ...declared("disagree", "POST", disagree),
  ...declared("signatures", "GET", signatures),
];

/** How long ago whoever signs may have proved who they are. */
const PROVED_WITHIN_MINUTES = 60;

async function sign(exchange: Exchange<"actor">, type: SignableType): Promise<unknown> {
  const { request, reply, visit } = exchange;
  OperationInput.of(request, []);
  const version = seenVersion(request);
  const { value } = await signRecord(visit, {
    type,
    id: pathParameter(request, "id"),
    version,
    proof: await proofOf(exchange),
  });
  return sendText(reply, 200, writeJson(provenanceOf(value)));
}

async function correct({ request, reply, visit }: Exchange<"actor">, type: SignableType): Promise<unknown> {
  const version = seenVersion(request);
  const { reason, resource } = correctionIn(request, type);
  const { value } = await correctRecord(visit, { type, id: pathParameter(request, "id"), version, reason, resource });
  versionHeaders(reply, value.version, value.lastUpdated);
  return sendText(reply, 200, value.content ?? "");
}

async function disagree({ request, reply, visit }: Exchange<"actor">, type: SignableType): Promise<unknown> {
  const version = seenVersion(request);
  const words = OperationInput.of(request, ["text"]).needed("text");
  await noteDisagreement(visit, { type, id: pathParameter(request, "id"), version, words });
  return answerBeside({ request, reply, visit }, type);
}

function signatures(exchange: Exchange<"actor">, type: SignableType): Promise<unknown> {
  OperationInput.of(exchange.request, []);
  return answerBeside(exchange, type);
}

async function answerBeside(
  { request, reply, visit }: Pick<Exchange<"actor">, "request" | "reply" | "visit">,
  type: SignableType,
): Promise<unknown> {
  const id = pathParameter(request, "id");
  const { value: record } = await readResource(visit, type, id);
  const { value: state } = await signingOfRecord(visit, { type, id });
  const { subject } = parseJson(record.content) as JsonObject;
  return sendText(reply, 200, writeJson(besideOf(isJsonObject(subject) ? subject : undefined, state)));
}

/**
 * How the person proved who they are, lately enough to sign with. Somebody who signed in without proof, as in a demonstration, has none
 * to renew, and the seal says so. Errors: PROOF_TOO_OLD.
 */
/** How the person has proved who they are, lately enough to sign. Errors: PROOF_TOO_OLD. */
export async function proofOf({
  request,
  sessions,
  visit,
}: Pick<Exchange<"actor">, "request" | "sessions" | "visit">): Promise<Proof> {
  const recent = await sessions.authenticatedWithin(request, PROVED_WITHIN_MINUTES);
  if (recent !== undefined) return recent;
  const { authenticated } = await sessions.identify(request);
  if (authenticated !== undefined && authenticated.method !== "none") throw fhirError("PROOF_TOO_OLD");
  return authenticated ?? { method: "none", name: "Utan legitimation", acr: "", at: visit.clock().toISOString() };
}

/** Errors: IF_MATCH_MISSING, since nothing is signed or corrected that may not have been seen; IF_MATCH_INVALID. */
function seenVersion(request: Exchange["request"]): string {
  const version = seenVersionOf(header(request, "if-match"));
  if (version === undefined) throw fhirError("IF_MATCH_MISSING");
  return version;
}

/** The reason and the corrected resource, its numbers as written. Errors: OPERATION_PARAMETER, those of a body. */
function correctionIn(
  request: Exchange["request"],
  type: SignableType,
): { readonly reason: string; readonly resource: JsonObject } {
  const { parameter: given } = resourceOf(request, "Parameters");
  const parts = (isJsonArray(given) ? given : []).filter(isJsonObject);
  const strange = parts.find(({ name }) => name !== "reason" && name !== "resource");
  if (strange !== undefined) throw parameterMissing(writeJson(strange["name"] ?? null).slice(0, 100));
  const reason = parts.find(({ name }) => name === "reason")?.["valueString"];
  const resource = parts.find(({ name }) => name === "resource")?.["resource"];
  if (typeof reason !== "string") throw parameterMissing("reason");
  if (!isJsonObject(resource) || resource["resourceType"] !== type) throw parameterMissing("resource");
  return { reason, resource };
}
