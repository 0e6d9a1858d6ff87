/** Observation/$lastn · SPEC HTTP-LASTN · https://hl7.org/fhir/R4/observation-operation-lastn.html */
import { disclosedTogether, readLastN } from "../../../journal/index.ts";
import { parameterMissing } from "../../../terminology/index.ts";
import { refuseOtherFormats } from "../../headers.ts";
import { parameter, queryOf } from "../../query.ts";
import { sendText } from "../../reply.ts";
import type { Exchange, Route } from "../../route.ts";
import { shapeOf } from "../../shape.ts";
import { OperationInput } from "../terminology/input.ts";
import { operationOn, withQuery } from "./operation.ts";

const MOST = 1000;

export const lastnRoutes: readonly Route[] = operationOn({
  type: "Observation",
  name: "lastn",
  methods: ["GET", "POST"],
  paths: ["/Observation/$lastn"],
  run: answer,
});

async function answer({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  const input = OperationInput.of(request);
  const asked = input.pairs();
  const max = input.whole("max") ?? 1;
  if (max < 1 || max > MOST) throw parameterMissing("max");
  const shape = shapeOf(asked);
  const criteria = asked.filter(([name]) => name !== "max");
  const found = await readLastN(visit, criteria, max);
  const { value } = disclosedTogether([found], ([rows]) => {
    const entries = rows.map(
      ({ type, id, content }) =>
        `{"fullUrl":"${visit.base}/${type}/${id}","resource":${shape(content)},"search":{"mode":"match"}}`,
    );
    const link = JSON.stringify([{ relation: "self", url: withQuery(`${visit.base}/Observation/$lastn`, asked) }]);
    const entry = entries.length === 0 ? "" : `,"entry":[${entries.join(",")}]`;
    return `{"resourceType":"Bundle","type":"searchset","total":${rows.length},"link":${link}${entry}}`;
  });
  return sendText(reply, 200, value);
}
