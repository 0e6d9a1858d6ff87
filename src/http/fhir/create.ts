/** POST [base]/[type], also with If-None-Exist · SPEC HTTP-FHIR-CREATE · https://hl7.org/fhir/R4/http.html#create */
import { commit } from "../../journal/index.ts";
import { refuseUnknownType, resourceOf } from "../body.ts";
import { binaryOf } from "../binary.ts";
import { header, idempotencyKeyOf, refuseOtherFormats } from "../headers.ts";
import { parameter, queryOf } from "../query.ts";
import { sendWritten } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

export const create = route({
  method: "POST",
  path: "/fhir/R4/:type",
  rule: "actor",
  interaction: "create",
  run: async ({ request, reply, visit }) => {
    refuseOtherFormats(request, parameter(queryOf(request), "_format"));
    const type = pathParameter(request, "type");
    refuseUnknownType(type);
    const resource = (type === "Binary" ? binaryOf(request) : undefined) ?? resourceOf(request, type);
    const command = {
      kind: "create",
      type,
      resource,
      where: type,
      ifNoneExist: header(request, "if-none-exist"),
    } as const;
    const written = await commit(visit, [command], { idempotencyKey: idempotencyKeyOf(request) });
    return sendWritten(request, reply, written, visit.base);
  },
});
