/** What the patient's own page asks for and changes, about one patient at a time. SPEC HTTP-PORTAL */
import { addDays, parseLocalDate, startOfDate } from "../../base/index.ts";
import { answerLetter, openOwnLetter, ownLetters, readOwnSection } from "../../clinical/index.ts";
import { fhirErrorAt, type JsonObject } from "../../fhir/index.ts";
import {
  askAboutAccess,
  blockAtDoor,
  giveConsent,
  grantProxy,
  liftAtDoor,
  ownBlocks,
  ownConsents,
  ownLog,
  ownProxies,
  ownQuestions,
  withdrawConsent,
  withdrawProxy,
} from "../../journal/index.ts";
import { jsonOf } from "../body.ts";
import { doorTextIn } from "../pieces.ts";
import { parameter, queryOf } from "../query.ts";
import { told } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

const OF = "/api/portal/patients/:patient";
const PAGE = 30;

export const portalLog = route({
  method: "GET",
  path: `${OF}/log`,
  rule: "patient",
  run: async ({ request, reply, visit }) => {
    const parameters = queryOf(request);
    const ask = { count: PAGE, before: parameter(parameters, "before"), withOwn: parameter(parameters, "own") === "1" };
    return told(reply, (await ownLog(visit, ask)).value);
  },
});

/** A part of the patient's own records, as FHIR says them. */
export const portalRecords = route({
  method: "GET",
  path: `${OF}/records`,
  rule: "patient",
  run: async ({ request, reply, visit }) => {
    const parameters = queryOf(request);
    const ask = { count: PAGE, before: parameter(parameters, "before") };
    const { value } = await readOwnSection(visit, parameter(parameters, "of") ?? "notes", ask);
    return reply
      .code(200)
      .header("content-type", "application/json; charset=utf-8")
      .header("cache-control", "no-store")
      .send(`{"items":[${value.items.join(",")}],"next":${JSON.stringify(value.next)}}`);
  },
});

export const portalLetters = route({
  method: "GET",
  path: `${OF}/letters`,
  rule: "patient",
  run: async ({ reply, visit }) => told(reply, { items: (await ownLetters(visit)).value }),
});

/** Opening changes something: the sender sees that it has been read. */
export const portalLetterOpened = route({
  method: "POST",
  path: `${OF}/letters/:letter/open`,
  rule: "patient",
  run: async ({ request, reply, visit }) =>
    told(reply, (await openOwnLetter(visit, pathParameter(request, "letter"))).value),
});

export const portalLetterAnswer = route({
  method: "POST",
  path: `${OF}/letters/:letter/answers`,
  rule: "patient",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const answer = { words: doorTextIn(body, "words"), key: doorTextIn(body, "key") };
    return told(reply, { items: (await answerLetter(visit, pathParameter(request, "letter"), answer)).value });
  },
});

export const portalQuestions = route({
  method: "GET",
  path: `${OF}/questions`,
  rule: "patient",
  run: async ({ reply, visit }) => told(reply, { items: (await ownQuestions(visit)).value }),
});

export const portalAsk = route({
  method: "POST",
  path: `${OF}/questions`,
  rule: "patient",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const words = body["words"] === undefined ? "" : doorTextIn(body, "words");
    return told(reply, { items: (await askAboutAccess(visit, doorTextIn(body, "line"), words)).value });
  },
});

export const portalBlocks = route({
  method: "GET",
  path: `${OF}/blocks`,
  rule: "patient",
  run: async ({ reply, visit }) => told(reply, (await ownBlocks(visit)).value),
});

export const portalBlock = route({
  method: "POST",
  path: `${OF}/blocks`,
  rule: "patient",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const careUnit = body["careUnit"] === null ? null : doorTextIn(body, "careUnit");
    return told(reply, (await blockAtDoor(visit, { careProvider: doorTextIn(body, "careProvider"), careUnit })).value);
  },
});

export const portalUnblock = route({
  method: "POST",
  path: `${OF}/blocks/:block/end`,
  rule: "patient",
  run: async ({ request, reply, visit }) =>
    told(reply, (await liftAtDoor(visit, pathParameter(request, "block"))).value),
});

export const portalConsents = route({
  method: "GET",
  path: `${OF}/consents`,
  rule: "patient",
  run: async ({ reply, visit }) => told(reply, (await ownConsents(visit)).value),
});

export const portalConsent = route({
  method: "POST",
  path: `${OF}/consents`,
  rule: "patient",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const place = { careProvider: doorTextIn(body, "careProvider"), careUnit: doorTextIn(body, "careUnit") };
    return told(reply, (await giveConsent(visit, { ...place, until: endOf(body, "until") })).value);
  },
});

export const portalDissent = route({
  method: "POST",
  path: `${OF}/consents/:consent/end`,
  rule: "patient",
  run: async ({ request, reply, visit }) =>
    told(reply, (await withdrawConsent(visit, pathParameter(request, "consent"))).value),
});

export const portalProxies = route({
  method: "GET",
  path: `${OF}/proxies`,
  rule: "patient",
  run: async ({ reply, visit }) => told(reply, { items: (await ownProxies(visit)).value }),
});

export const portalGrant = route({
  method: "POST",
  path: `${OF}/proxies`,
  rule: "patient",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const wish = {
      number: doorTextIn(body, "number"),
      label: doorTextIn(body, "label"),
      until: endOf(body, "until"),
      writes: body["writes"] === true,
    };
    return told(reply, { items: (await grantProxy(visit, wish)).value });
  },
});

export const portalWithdraw = route({
  method: "POST",
  path: `${OF}/proxies/:proxy/end`,
  rule: "patient",
  run: async ({ request, reply, visit }) =>
    told(reply, { items: (await withdrawProxy(visit, pathParameter(request, "proxy"))).value }),
});

/** The last moment of a day in the region. */
function endOf(body: JsonObject, name: string): string {
  const day = parseLocalDate(doorTextIn(body, name));
  if (day === undefined) throw fhirErrorAt("DOOR_INVALID", name, { sv: name, en: name }, { sv: "en dag", en: "a day" });
  return new Date(startOfDate(addDays(day, 1)) - 1).toISOString();
}
