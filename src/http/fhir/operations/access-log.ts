/** AuditEvent/$access-log: the access log as AuditEvents · SPEC HTTP-ACCESS-LOG · https://hl7.org/fhir/R4/auditevent.html */
import { disclosedTogether, readLogEvent, searchLog } from "../../../journal/index.ts";
import { refuseOtherFormats } from "../../headers.ts";
import { parameter, queryOf } from "../../query.ts";
import { sendText } from "../../reply.ts";
import { pathParameter, type Exchange, type Route } from "../../route.ts";
import { shapeOf } from "../../shape.ts";
import { OperationInput } from "../terminology/input.ts";
import { operationOn, withQuery } from "./operation.ts";

const declared = { type: "AuditEvent", name: "access-log", definition: "urn:eira:operation:access-log" } as const;

export const accessLogRoutes: readonly Route[] = [
  ...operationOn({ ...declared, methods: ["GET", "POST"], paths: ["/AuditEvent/$access-log"], run: search }),
  ...operationOn({ ...declared, methods: ["GET"], paths: ["/AuditEvent/:id/$access-log"], run: read }),
];

async function search({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  const asked = OperationInput.of(request).pairs();
  const shape = shapeOf(asked);
  const found = await searchLog(visit, asked);
  const { value } = disclosedTogether([found], ([{ events, next }]) => {
    const url = `${visit.base}/AuditEvent/$access-log`;
    const criteria = asked.filter(([name]) => name !== "_cursor");
    const links = [
      { relation: "self", url: withQuery(url, asked) },
      ...(next === null ? [] : [{ relation: "next", url: withQuery(url, [...criteria, ["_cursor", next]]) }]),
    ];
    const entries = events.map((event) => `{"resource":${shape(JSON.stringify(event))},"search":{"mode":"match"}}`);
    const entry = entries.length === 0 ? "" : `,"entry":[${entries.join(",")}]`;
    return `{"resourceType":"Bundle","type":"searchset","link":${JSON.stringify(links)}${entry}}`;
  });
  return sendText(reply, 200, value);
}

async function read({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  const parameters = queryOf(request);
  refuseOtherFormats(request, parameter(parameters, "_format"));
  const shape = shapeOf(parameters);
  const { value } = await readLogEvent(visit, pathParameter(request, "id"));
  return sendText(reply, 200, shape(JSON.stringify(value)));
}
