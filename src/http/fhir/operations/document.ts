/** Composition/$document and Composition/[id]/$document · SPEC HTTP-DOCUMENT · https://hl7.org/fhir/R4/composition-operation-document.html */
import { fhirErrorAt, parseJson, type JsonObject } from "../../../fhir/index.ts";
import {
  commit,
  disclosedTogether,
  readDocument,
  versionOf,
  type CommitOptions,
  type Disclosed,
  type DocumentParts,
  type Visit,
  type Written,
} from "../../../journal/index.ts";
import { parameterMissing } from "../../../terminology/index.ts";
import { idempotencyKeyOf, refuseOtherFormats } from "../../headers.ts";
import { parameter, queryOf } from "../../query.ts";
import { sendText } from "../../reply.ts";
import { pathParameter, type Exchange, type Route } from "../../route.ts";
import { OperationInput } from "../terminology/input.ts";
import { operationOn } from "./operation.ts";

export const documentRoutes: readonly Route[] = operationOn({
  type: "Composition",
  name: "document",
  methods: ["GET", "POST"],
  paths: ["/Composition/$document", "/Composition/:id/$document"],
  run: answer,
});

async function answer({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  const inPath = pathParameter(request, "id");
  const input = OperationInput.of(request, inPath === "" ? ["id", "persist"] : ["persist"]);
  const id = inPath === "" ? idOf(input.needed("id"), visit) : inPath;
  const persist = input.flag("persist") === true;
  // What only reads can be called from anywhere; keeping something is not reading.
  if (persist && request.method !== "POST") throw fhirErrorAt("METHOD_NOT_ALLOWED", "persist", request.method);
  const parts = await readDocument(visit, id);
  const text = disclosedTogether([parts], ([found]) => bundleText(found, visit));
  if (!persist) return sendText(reply, 200, text.value);
  // The text has a new identifier and time each call; the key stands for what was asked.
  const options = { idempotencyKey: idempotencyKeyOf(request), keyFor: { operation: "$document", id } };
  return sendKept(reply, visit, await keep(visit, parts, [text, options]));
}

/** An id, or the composition's address here. Errors: OPERATION_PARAMETER. */
function idOf(text: string, { base }: Visit): string {
  const local = text.startsWith(`${base}/`) ? text.slice(base.length + 1) : text;
  const [, id] = /^(?:Composition\/)?([A-Za-z0-9\-.]{1,64})$/.exec(local) ?? [];
  if (id === undefined) throw parameterMissing("id");
  return id;
}

function bundleText({ rows }: DocumentParts, visit: Visit): string {
  const identifier = { system: "urn:ietf:rfc:3986", value: `urn:uuid:${uuidOf(visit.random(16))}` };
  const entries = rows.map(
    ({ type, id, content }) => `{"fullUrl":"${visit.base}/${type}/${id}","resource":${content}}`,
  );
  const head = `{"resourceType":"Bundle","identifier":${JSON.stringify(identifier)},"type":"document"`;
  return `${head},"timestamp":"${visit.clock().toISOString()}","entry":[${entries.join(",")}]}`;
}

/** Keeps the document as a Bundle of the composition's owner. */
function keep(
  visit: Visit,
  { value: { owner } }: Disclosed<DocumentParts>,
  [{ value }, options]: readonly [Disclosed<string>, CommitOptions],
): Promise<Disclosed<readonly Written[]>> {
  const resource = parseJson(value) as JsonObject;
  return commit(visit, [{ kind: "create", type: "Bundle", where: "Bundle", resource, owner }], options);
}

/** Answers the document as it was kept, by this call or by the first one under its key. */
function sendKept(reply: Exchange["reply"], { base }: Visit, { value }: Disclosed<readonly Written[]>): unknown {
  const [written] = value;
  const version = written === undefined ? undefined : versionOf(written);
  if (version === undefined) throw new Error("a kept document gave no version");
  reply.header("location", `${base}/Bundle/${version.id}/_history/${version.version}`);
  return sendText(reply, 200, version.content);
}

function uuidOf(bytes: Uint8Array): string {
  const random = Uint8Array.from(bytes);
  random[6] = ((random[6] ?? 0) & 0x0f) | 0x40;
  random[8] = ((random[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(random).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
