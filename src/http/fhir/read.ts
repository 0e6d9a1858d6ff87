/** GET [base]/[type]/[id] · SPEC HTTP-FHIR-READ · https://hl7.org/fhir/R4/http.html#read */
import { readResource } from "../../journal/index.ts";
import { sendContent, wantsContent } from "../binary.ts";
import { refuseUnknownType } from "../body.ts";
import { orDefinition } from "../definitions.ts";
import { refuseOtherFormats } from "../headers.ts";
import { parameter, queryOf } from "../query.ts";
import { sendText, sendVersion } from "../reply.ts";
import { pathParameter, route } from "../route.ts";
import { shapeOf } from "../shape.ts";

export const read = route({
  method: "GET",
  path: "/fhir/R4/:type/:id",
  rule: "actor",
  interaction: "read",
  run: async ({ request, reply, visit }) => {
    const parameters = queryOf(request);
    const format = parameter(parameters, "_format");
    const shape = shapeOf(parameters);
    const type = pathParameter(request, "type");
    refuseUnknownType(type);
    const asContent = type === "Binary" && wantsContent(request, format);
    if (!asContent) refuseOtherFormats(request, format);
    const id = pathParameter(request, "id");
    const send = async (): Promise<unknown> => {
      const version = await readResource(visit, type, id);
      return sendVersion(reply, version, (content) =>
        asContent ? sendContent(request, reply, version) : sendText(reply, 200, shape(content)),
      );
    };
    return orDefinition(reply, { type, id }, send, shape);
  },
});
