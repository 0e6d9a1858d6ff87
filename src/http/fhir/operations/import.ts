/**
 * POST [base]/$import with NDJSON in the body: kept as it comes, and taken in by work that goes on by itself. Inputs by
 * address are not fetched: this server calls nobody to be given data.
 *
 * SPEC HTTP-IMPORT · https://github.com/smart-on-fhir/bulk-import (draft)
 */
import type { Readable } from "node:stream";
import { fhirError, fhirErrorAt } from "../../../fhir/index.ts";
import {
  filesOf,
  keepUpload,
  newJobId,
  refuseUnlessWriter,
  refuseVisit,
  refuseWhenFull,
  startJob,
  type ImportAsk,
} from "../../../journal/index.ts";
import { mediaType } from "../../headers.ts";
import { queryOf } from "../../query.ts";
import { route } from "../../route.ts";
import { sendAccepted } from "./job-status.ts";

/** Most that can be sent in one import. */
const MOST_BYTES = 4 * 1024 ** 3;

export const NDJSON_TYPES: readonly string[] = [
  "application/fhir+ndjson",
  "application/ndjson",
  "application/x-ndjson",
];

export const importRoute = route({
  method: "POST",
  path: "/fhir/R4/$import",
  rule: "actor",
  streams: true,
  operation: { type: undefined, name: "import", definition: "urn:x-eira:OperationDefinition:import" },
  run: async (exchange) => {
    const { request, reply, visit } = exchange;
    reply.header("connection", "close"); // what is refused half way is not read to its end
    if (visit.actor.kind === "person")
      return refuseVisit(visit, "$import", "Inläsning görs av system med egen behörighet, inte av en person i vården.");
    await refuseUnlessWriter(visit);
    filesOf(visit);
    const [strange] = queryOf(request).filter(([name]) => !["_format", "_pretty"].includes(name));
    if (strange !== undefined) throw fhirErrorAt("OPERATION_PARAMETER", strange[0], strange[0]);
    const type = mediaType(request.headers["content-type"] ?? "");
    if (type.endsWith("json") && !NDJSON_TYPES.includes(type))
      throw fhirErrorAt("NOT_SUPPORTED", "input", {
        sv: "indata som hämtas från adresser; skicka dem som NDJSON (application/fhir+ndjson)",
        en: "inputs that are fetched from addresses; send them as NDJSON (application/fhir+ndjson)",
      });
    if (!NDJSON_TYPES.includes(type) || (request.headers["content-encoding"] ?? "identity") !== "identity")
      throw fhirError("CONTENT_TYPE", "application/fhir+ndjson");
    await refuseWhenFull(visit);
    const id = newJobId(visit);
    const bytes = await keepUpload(visit, id, request.body as Readable, MOST_BYTES);
    const ask: ImportAsk = { url: `${visit.base}/$import`, bytes };
    return sendAccepted(exchange, await startJob(visit, "import", ask, id));
  },
});
