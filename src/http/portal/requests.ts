/** The own referrals and orders: who has each now and since when. SPEC HTTP-PORTAL, CLIN-REFERRAL-10 */
import { ownRequests } from "../../clinical/index.ts";
import { sendJson } from "../reply.ts";
import { route } from "../route.ts";

export const portalRequests = route({
  method: "GET",
  path: "/api/portal/patients/:patient/requests",
  rule: "patient",
  run: async ({ reply, visit }) =>
    sendJson(reply.header("cache-control", "no-store"), 200, { items: (await ownRequests(visit)).value }),
});
