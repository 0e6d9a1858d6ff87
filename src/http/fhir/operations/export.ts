/**
 * GET and POST [base]/$export, [base]/Patient/$export, [base]/Group/[id]/$export: asks for a bulk export, which goes on by
 * itself. Only machine clients may: nobody takes part in the care of everybody.
 *
 * SPEC HTTP-EXPORT · https://hl7.org/fhir/uv/bulkdata/STU2/export.html · PDL 4 kap. 1 §
 */
import { filesOf, refuseVisit, startJob } from "../../../journal/index.ts";
import { pathParameter, route, type Exchange, type Route } from "../../route.ts";
import { exportAskOf, type ExportLevel } from "./export-ask.ts";
import { sendAccepted } from "./job-status.ts";

const DEFINITION = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition";

async function answer(exchange: Exchange<"actor">, level: ExportLevel): Promise<unknown> {
  const { request, visit } = exchange;
  if (visit.actor.kind === "person")
    return refuseVisit(visit, "$export", "Massuttag görs av system med egen behörighet, inte av en person i vården.");
  filesOf(visit);
  const ask = await exportAskOf(request, visit, level);
  return sendAccepted(exchange, await startJob(visit, "export", ask));
}

type Place = {
  readonly path: string;
  readonly type: string | undefined;
  readonly definition: string;
  readonly level: (exchange: Exchange<"actor">) => ExportLevel;
};

const PLACES: readonly Place[] = [
  { path: "/$export", type: undefined, definition: "export", level: () => ({ kind: "system" }) },
  { path: "/Patient/$export", type: "Patient", definition: "patient-export", level: () => ({ kind: "patient" }) },
  {
    path: "/Group/:id/$export",
    type: "Group",
    definition: "group-export",
    level: ({ request }) => ({ kind: "group", id: pathParameter(request, "id") }),
  },
];

export const exportRoutes: readonly Route[] = PLACES.flatMap(({ path, type, definition, level }) =>
  (["GET", "POST"] as const).map((method) =>
    route({
      method,
      path: `/fhir/R4${path}`,
      rule: "actor",
      operation: { type, name: "export", definition: `${DEFINITION}/${definition}` },
      run: (exchange) => answer(exchange, level(exchange)),
    }),
  ),
);
