/** PUT [base]/[type]/[id]: update, or create under an id of the client's choice · SPEC HTTP-FHIR-UPDATE · https://hl7.org/fhir/R4/http.html#update */
import { commit } from "../../journal/index.ts";
import { refuseUnknownType, resourceOf } from "../body.ts";
import { header, idempotencyKeyOf, ifMatchOf, onlyIfAbsentOf, refuseOtherFormats } from "../headers.ts";
import { parameter, queryOf } from "../query.ts";
import { sendWritten } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

export const update = route({
  method: "PUT",
  path: "/fhir/R4/:type/:id",
  rule: "actor",
  interaction: "update",
  run: async ({ request, reply, visit }) => {
    refuseOtherFormats(request, parameter(queryOf(request), "_format"));
    const type = pathParameter(request, "type");
    refuseUnknownType(type);
    const ifMatch = ifMatchOf(header(request, "if-match"));
    const command = {
      kind: "update",
      type,
      id: pathParameter(request, "id"),
      resource: resourceOf(request, type),
      where: type,
      ifMatch,
      onlyIfAbsent: onlyIfAbsentOf(header(request, "if-none-match")),
    } as const;
    const written = await commit(visit, [command], { idempotencyKey: idempotencyKeyOf(request) });
    return sendWritten(request, reply, written, visit.base);
  },
});
