/** POST [base]/[type], also with If-None-Exist · SPEC HTTP-FHIR-CREATE · https://hl7.org/fhir/R4/http.html#create */
import { binaryOf } from "../binary.ts";
import { resourceOf } from "../body.ts";
import { header } from "../headers.ts";
import { answerCommand } from "../reply-written.ts";
import { route } from "../route.ts";

export const create = route({
  method: "POST",
  path: "/fhir/R4/:type",
  rule: "actor",
  interaction: "create",
  run: (exchange) =>
    answerCommand(exchange, (type) => {
      const { request } = exchange;
      const resource = (type === "Binary" ? binaryOf(request) : undefined) ?? resourceOf(request, type);
      return { kind: "create", type, resource, where: type, ifNoneExist: header(request, "if-none-exist") };
    }),
});
