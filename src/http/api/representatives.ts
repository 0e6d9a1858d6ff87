/** Who reads for a patient, as the chart asks for and changes it. SPEC JRN-DOOR-STAFF */
import { addDays, parseLocalDate, startOfDate } from "../../base/index.ts";
import { fhirErrorAt, type JsonObject } from "../../fhir/index.ts";
import { addGuardian, decideAtUnit, endDecision, endRepresentative, representativesOf } from "../../journal/index.ts";
import { jsonOf } from "../body.ts";
import { doorTextIn } from "../pieces.ts";
import { told } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

const PATH = "/api/patients/:id/representatives";
const DECISIONS = "/api/patients/:id/door-decisions";

export const representatives = route({
  method: "GET",
  path: PATH,
  rule: "person",
  run: async ({ request, reply, visit }) =>
    told(reply, (await representativesOf(visit, pathParameter(request, "id"))).value),
});

export const registerRepresentative = route({
  method: "POST",
  path: PATH,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const since = new Date(startOfDate(dayOf(body, "since"))).toISOString();
    const wish = { number: doorTextIn(body, "number"), since, reason: doorTextIn(body, "reason") };
    return told(reply, (await addGuardian(visit, pathParameter(request, "id"), wish)).value);
  },
});

export const removeRepresentative = route({
  method: "POST",
  path: `${PATH}/:representative/end`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const which = { patient: pathParameter(request, "id"), id: pathParameter(request, "representative") };
    return told(reply, (await endRepresentative(visit, which, doorTextIn(jsonOf(request), "reason"))).value);
  },
});

export const decideDoor = route({
  method: "POST",
  path: DECISIONS,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const kind = (["child", "guardian"] as const).find((one) => one === body["kind"]);
    if (kind === undefined)
      throw fhirErrorAt("DOOR_INVALID", "kind", { sv: "kind", en: "kind" }, { sv: "child | guardian", en: "child | guardian" }); // prettier-ignore
    const wish = {
      kind,
      guardian: kind === "guardian" ? doorTextIn(body, "guardian") : null,
      until: new Date(startOfDate(addDays(dayOf(body, "until"), 1)) - 1).toISOString(),
      reason: doorTextIn(body, "reason"),
      isAgreed: body["agreed"] === true,
    };
    return told(reply, (await decideAtUnit(visit, pathParameter(request, "id"), wish)).value);
  },
});

export const undecideDoor = route({
  method: "POST",
  path: `${DECISIONS}/:decision/end`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const which = { patient: pathParameter(request, "id"), id: pathParameter(request, "decision") };
    return told(reply, (await endDecision(visit, which, doorTextIn(jsonOf(request), "reason"))).value);
  },
});

function dayOf(body: JsonObject, name: string) {
  const day = parseLocalDate(doorTextIn(body, name));
  if (day === undefined || day > "9998")
    throw fhirErrorAt("DOOR_INVALID", name, { sv: name, en: name }, { sv: "en dag", en: "a day" });
  return day;
}
