/** PATCH [base]/[type]/[id] with JSON Patch or FHIRPath Patch · SPEC HTTP-FHIR-PATCH · https://hl7.org/fhir/R4/http.html#patch */
import { commit } from "../../journal/index.ts";
import { patchOf, refuseUnknownType } from "../body.ts";
import { header, idempotencyKeyOf, ifMatchOf, refuseOtherFormats } from "../headers.ts";
import { parameter, queryOf } from "../query.ts";
import { sendWritten } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

export const patch = route({
  method: "PATCH",
  path: "/fhir/R4/:type/:id",
  rule: "actor",
  interaction: "patch",
  run: async ({ request, reply, visit }) => {
    refuseOtherFormats(request, parameter(queryOf(request), "_format"));
    const type = pathParameter(request, "type");
    refuseUnknownType(type);
    const ifMatch = ifMatchOf(header(request, "if-match"));
    const command = {
      kind: "patch",
      type,
      id: pathParameter(request, "id"),
      operations: patchOf(request),
      where: type,
      ifMatch,
    } as const;
    const written = await commit(visit, [command], { idempotencyKey: idempotencyKeyOf(request) });
    return sendWritten(request, reply, written, visit.base);
  },
});
