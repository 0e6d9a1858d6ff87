/**
 * Letters as the screens of staff ask: to whom and by which ways, the words as they will be read, sending, how each recipient's stands,
 * what is to be printed, and the templates of the unit.
 *
 * SPEC HTTP-LETTER
 */
import {
  composeLetter,
  letterOptions,
  lettersOf,
  lettersUnderWay,
  letterTemplates,
  letterToPrint,
  proposeTemplate,
  reviewTemplate,
  sendLetter,
  type LetterRecipient,
  type LetterWords,
} from "../../clinical/index.ts";
import { fhirErrorAt, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { DELIVERY_DEEDS, letterCode, stepDelivery, TRANSPORTS } from "../../loop/index.ts";
import { jsonOf } from "../body.ts";
import { piecesOf } from "../pieces.ts";
import { told } from "../reply.ts";
import { pathParameter, route } from "../route.ts";

const OF = "/api/patients/:id/letters";
const { idIn, maybeText, oneOf } = piecesOf("LETTER_INVALID");

export const letters = route({
  method: "GET",
  path: OF,
  rule: "person",
  run: async ({ request, reply, visit }) =>
    told(reply, { items: (await lettersOf(visit, pathParameter(request, "id"))).value }),
});

export const letterChoices = route({
  method: "GET",
  path: `${OF}/options`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const options = (await letterOptions(visit, pathParameter(request, "id"))).value;
    const templates = (await letterTemplates(visit)).value.filter(({ state }) => state === "current");
    return told(reply, { ...options, templates });
  },
});

export const letterPreview = route({
  method: "POST",
  path: `${OF}/preview`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    return told(reply, await composeLetter(visit, pathParameter(request, "id"), wordsIn(jsonOf(request))));
  },
});

export const sendLetters = route({
  method: "POST",
  path: OF,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const [patient, body] = [pathParameter(request, "id"), jsonOf(request)];
    const all = body["recipients"];
    if (!isJsonArray(all)) throw fhirErrorAt("LETTER_INVALID", "recipients", "recipients");
    const recipients = all.map(recipientIn);
    const id = await sendLetter(visit, patient, { ...wordsIn(body), recipients, key: textIn(body, "key", 100) });
    return told(reply, { id, items: (await lettersOf(visit, patient)).value });
  },
});

export const lettersQueue = route({
  method: "GET",
  path: "/api/letters",
  rule: "person",
  run: async ({ reply, visit }) => told(reply, { items: (await lettersUnderWay(visit)).value }),
});

export const printLetter = route({
  method: "GET",
  path: "/api/letters/:loop/print",
  rule: "person",
  run: async ({ request, reply, visit }) =>
    told(reply, (await letterToPrint(visit, pathParameter(request, "loop"))).value),
});

/** By the loop's id, or by the code on the paper. */
export const letterStep = route({
  method: "POST",
  path: "/api/letters/steps",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const did = oneOf(body, "did", DELIVERY_DEEDS);
    const of = body["code"] === undefined ? { loop: textIn(body, "loop", 64) } : { code: textIn(body, "code", 40) };
    const { value } = await stepDelivery(visit, { of, did, key: textIn(body, "key", 100) });
    const { loop, state, transport, version } = value;
    return told(reply, { loop, state, transport, version, code: letterCode(loop) ?? null });
  },
});

export const templates = route({
  method: "GET",
  path: "/api/letter-templates",
  rule: "person",
  run: async ({ reply, visit }) => told(reply, { items: (await letterTemplates(visit)).value }),
});

export const newTemplate = route({
  method: "POST",
  path: "/api/letter-templates",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const id = (body["id"] ?? null) === null ? null : idIn(body["id"], "id");
    const [kind, title, words] = [textIn(body, "kind", 40), textIn(body, "title", 500), textIn(body, "words", 20_000)];
    return told(reply, { items: (await proposeTemplate(visit, { id, kind, title, words })).value });
  },
});

export const judgeTemplate = route({
  method: "POST",
  path: "/api/letter-templates/:template/review",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const { version, approve } = jsonOf(request);
    if (typeof version !== "number" || !Number.isInteger(version) || version < 1 || version > 1_000_000)
      throw fhirErrorAt("LETTER_INVALID", "version", "version");
    if (typeof approve !== "boolean") throw fhirErrorAt("LETTER_INVALID", "approve", "true, false");
    const id = idIn(pathParameter(request, "template"), "template");
    return told(reply, { items: (await reviewTemplate(visit, { id, version, approve })).value });
  },
});

function wordsIn(body: JsonObject): LetterWords {
  const maybe = (name: string): string | null => ((body[name] ?? null) === null ? null : idIn(body[name], name));
  const [template, booking] = [maybe("template"), maybe("booking")];
  return {
    kind: textIn(body, "kind", 40),
    template,
    booking,
    title: textIn(body, "title", 500),
    text: textIn(body, "text", 20_000),
  };
}

const TO = /^(?:(?:Patient|RelatedPerson)\/)?[A-Za-z0-9.-]{1,64}$/;

function recipientIn(value: JsonValue, at: number): LetterRecipient {
  const where = `recipients[${at}]`;
  const one = isJsonObject(value) ? value : {};
  const way = TRANSPORTS.find((name) => name === one["way"]);
  if (way === undefined) throw fhirErrorAt("LETTER_INVALID", `${where}.way`, TRANSPORTS.join(", "));
  if (isJsonObject(one["address"] ?? null)) {
    const address = one["address"] as JsonObject;
    const [name, line] = [textIn(address, "name", 100), textIn(address, "line", 200)];
    return {
      to: "",
      way,
      address: { name, line, postalCode: textIn(address, "postalCode", 10), city: textIn(address, "city", 60) },
    };
  }
  const to = textIn(one, "to", 100);
  if (!TO.test(to)) throw fhirErrorAt("LETTER_INVALID", `${where}.to`, "to");
  return { to, way, address: null };
}

/** Half a letter is looked at, too: what is not written yet is empty. */
function textIn(body: JsonObject, name: string, longest: number): string {
  return maybeText(body, name, longest) ?? "";
}
