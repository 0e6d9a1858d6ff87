/** DELETE [base]/[type]/[id] · SPEC HTTP-FHIR-DELETE · https://hl7.org/fhir/R4/http.html#delete */
import { commit } from "../../journal/index.ts";
import { refuseUnknownType } from "../body.ts";
import { header, idempotencyKeyOf, ifMatchOf } from "../headers.ts";
import { sendWritten } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

export const remove = route({
  method: "DELETE",
  path: "/fhir/R4/:type/:id",
  rule: "actor",
  interaction: "delete",
  run: async ({ request, reply, visit }) => {
    const type = pathParameter(request, "type");
    refuseUnknownType(type);
    const command = {
      kind: "delete",
      type,
      id: pathParameter(request, "id"),
      where: type,
      ifMatch: ifMatchOf(header(request, "if-match")),
    } as const;
    const written = await commit(visit, [command], { idempotencyKey: idempotencyKeyOf(request) });
    return sendWritten(request, reply, written, visit.base);
  },
});
