/** The own referrals and orders: who has each now and since when; and what patients write themselves. SPEC HTTP-PORTAL, CLIN-REFERRAL-10, CLIN-REFERRAL-12 */
import {
  addToOwnReferral,
  ownRequests,
  unitsAtDoor,
  withdrawOwnReferral,
  writeOwnReferral,
} from "../../clinical/index.ts";
import { jsonOf } from "../body.ts";
import { doorTextIn } from "../pieces.ts";
import { parameter, queryOf } from "../query.ts";
import { told } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

const OF = "/api/portal/patients/:patient";

export const portalRequests = route({
  method: "GET",
  path: `${OF}/requests`,
  rule: "patient",
  run: async ({ reply, visit }) => told(reply, { items: (await ownRequests(visit)).value }),
});

export const portalUnits = route({
  method: "GET",
  path: `${OF}/units`,
  rule: "patient",
  run: async ({ request, reply, visit }) =>
    told(reply, { items: (await unitsAtDoor(visit, parameter(queryOf(request), "words") ?? "")).value }),
});

export const portalRefer = route({
  method: "POST",
  path: `${OF}/requests`,
  rule: "patient",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const wish = {
      unit: doorTextIn(body, "unit"),
      matter: doorTextIn(body, "matter"),
      words: doorTextIn(body, "words"),
      isSecondOpinion: body["isSecondOpinion"] === true,
      key: doorTextIn(body, "key"),
    };
    return told(reply, { items: (await writeOwnReferral(visit, wish)).value });
  },
});

export const portalReferralWords = route({
  method: "POST",
  path: `${OF}/requests/:request/words`,
  rule: "patient",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const said = { words: doorTextIn(body, "words"), key: doorTextIn(body, "key") };
    return told(reply, { items: (await addToOwnReferral(visit, pathParameter(request, "request"), said)).value });
  },
});

export const portalReferralEnd = route({
  method: "POST",
  path: `${OF}/requests/:request/end`,
  rule: "patient",
  run: async ({ request, reply, visit }) => {
    const reason = doorTextIn(jsonOf(request), "reason");
    return told(reply, { items: (await withdrawOwnReferral(visit, pathParameter(request, "request"), reason)).value });
  },
});
