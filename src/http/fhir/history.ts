/** GET …/_history of one resource, a type, or everything · SPEC HTTP-FHIR-HISTORY · https://hl7.org/fhir/R4/http.html#history */
import { refuseUnknownType } from "../body.ts";
import { isLenient, refuseOtherFormats } from "../headers.ts";
import { historyBundle } from "../history-bundle.ts";
import { parameter, queryOf } from "../query.ts";
import { sendText } from "../reply.ts";
import { pathParameter, route, type Exchange } from "../route.ts";

const declared = { method: "GET", rule: "actor", run: (exchange: Exchange<"actor">) => answer(exchange) } as const;

export const historyInstance = route({
  ...declared,
  path: "/fhir/R4/:type/:id/_history",
  interaction: "history-instance",
});
export const historyType = route({ ...declared, path: "/fhir/R4/:type/_history", interaction: "history-type" });
export const historySystem = route({ ...declared, path: "/fhir/R4/_history", interaction: "history-system" });

async function answer({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  const parameters = queryOf(request);
  refuseOtherFormats(request, parameter(parameters, "_format"));
  const type = pathParameter(request, "type") || undefined;
  if (type !== undefined) refuseUnknownType(type);
  const id = pathParameter(request, "id") || undefined;
  const { value } = await historyBundle(visit, { type, id }, { parameters, lenient: isLenient(request) });
  return sendText(reply, 200, value);
}
