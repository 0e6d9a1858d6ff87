/** GET [base]/[type]/[id]/_history/[vid] · SPEC HTTP-FHIR-VREAD · https://hl7.org/fhir/R4/http.html#vread */
import { readVersion } from "../../journal/index.ts";
import { sendContent, wantsContent } from "../binary.ts";
import { refuseUnknownType } from "../body.ts";
import { orDefinition } from "../definitions.ts";
import { refuseOtherFormats } from "../headers.ts";
import { parameter, queryOf } from "../query.ts";
import { sendText, sendVersion } from "../reply.ts";
import { pathParameter, route } from "../route.ts";
import { shapeOf } from "../shape.ts";

export const vread = route({
  method: "GET",
  path: "/fhir/R4/:type/:id/_history/:version",
  rule: "actor",
  interaction: "vread",
  run: async ({ request, reply, visit }) => {
    const parameters = queryOf(request);
    const format = parameter(parameters, "_format");
    const shape = shapeOf(parameters);
    const type = pathParameter(request, "type");
    refuseUnknownType(type);
    const asContent = type === "Binary" && wantsContent(request, format);
    if (!asContent) refuseOtherFormats(request, format);
    const [id, number] = [pathParameter(request, "id"), pathParameter(request, "version")];
    const send = async (): Promise<unknown> => {
      const version = await readVersion(visit, type, id, number);
      return sendVersion(reply, version, (content) =>
        asContent ? sendContent(request, reply, version) : sendText(reply, 200, shape(content)),
      );
    };
    return orDefinition(reply, { type, id, version: number }, send, shape);
  },
});
