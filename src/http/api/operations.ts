/** How the ledger and the traffic with other systems stand, and asking for messages again. SPEC HTTP-OPERATIONS */
import { replayMessages, trafficFor } from "../../exchange/index.ts";
import { ledgerStanding } from "../../loop/index.ts";
import { jsonOf } from "../body.ts";
import { sendJson } from "../reply.ts";
import { route } from "../route.ts";

export const operations = route({
  method: "GET",
  path: "/api/operations",
  rule: "person",
  run: async ({ reply, visit }) => {
    const [ledger, traffic] = await Promise.all([ledgerStanding(visit), trafficFor(visit)]);
    const body = { ledger: ledger.value, ...traffic.value };
    return sendJson(reply, 200, body);
  },
});

export const replay = route({
  method: "POST",
  path: "/api/operations/replay",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const { value } = await replayMessages(visit, {
      channel: typeof body["channel"] === "string" ? body["channel"] : "",
      from: Number(body["from"]),
      until: Number(body["until"]),
    });
    return sendJson(reply, 200, { asked: value });
  },
});
