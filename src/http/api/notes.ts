/**
 * Notes as the chart's screens ask: what one writes by and from, the draft that is being written, what is pulled in, writing it, its history, and
 * the unit's templates and phrases.
 *
 * SPEC HTTP-NOTE
 */
import {
  contactIn,
  discardNoteDraft,
  noteDesk,
  noteHistory,
  noteTemplates,
  phrasesOf,
  proposeNoteTemplate,
  pulledIn,
  pullIn,
  PULLS,
  retirePhrase,
  reviewNoteTemplate,
  saveNoteDraft,
  savePhrase,
  writeNote,
  type Contact,
  type SectionChange,
} from "../../clinical/index.ts";
import { fhirErrorAt, isFhirId, isJsonObject, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { proofOf } from "../fhir/operations/signing.ts";
import { piecesOf } from "../pieces.ts";
import { parameter, queryOf } from "../query.ts";
import { toldAsOf } from "../reply.ts";
import { pathParameter, route, type Exchange, type Route } from "../route.ts";
import { change } from "./change.ts";

const OF = "/api/patients/:id/notes";
const LONGEST_TEXT = 50_000;
const { idIn, keyIn, listIn, maybeText, textIn, wholeIn } = piecesOf("NOTE_INVALID");

type Ask = (exchange: Exchange<"person">) => Promise<object>;

function asked(path: string, run: Ask): Route {
  return route({
    method: "GET",
    path,
    rule: "person",
    run: async (exchange) => toldAsOf(exchange.reply, exchange.visit, await run(exchange)),
  });
}

const patientOf = ({ request }: Exchange<"person">): string => pathParameter(request, "id");

export const NOTE_ROUTES: readonly Route[] = [
  asked("/api/note-templates", async ({ visit }) => ({ templates: (await noteTemplates(visit)).value })),
  change("/api/note-templates", async ({ visit }, body) => {
    const from = maybeText(body, "from", 300);
    const words = listIn(body, "words").map((one) => {
      const word = isJsonObject(one) ? one : {};
      return { title: textIn(word, "title", 200), isNeeded: word["isNeeded"] === true };
    });
    const wish = { from, title: textIn(body, "title", 200), contacts: textsIn(body, "contacts"), professions: textsIn(body, "professions"), words }; // prettier-ignore
    return { templates: (await proposeNoteTemplate(visit, wish)).value };
  }),
  change("/api/note-templates/:template/review", async ({ request, visit }, body) => {
    const id = idIn(pathParameter(request, "template"), "template");
    if (typeof body["approve"] !== "boolean") throw wrong("approve");
    return { templates: (await reviewNoteTemplate(visit, { id, approve: body["approve"] })).value };
  }),
  change("/api/note-phrases", async ({ visit }, body) => {
    const whose = body["whose"];
    if (whose !== "unit" && whose !== "own") throw wrong("whose");
    const wish = { short: textIn(body, "short", 40), text: textIn(body, "text", LONGEST_TEXT), whose, key: keyIn(body) } as const; // prettier-ignore
    return { phrases: (await savePhrase(visit, wish)).value };
  }),
  asked("/api/note-phrases", async ({ visit }) => ({ phrases: (await phrasesOf(visit)).value })),
  change("/api/note-phrases/:phrase/retire", async ({ request, visit }) => ({
    phrases: (await retirePhrase(visit, idIn(pathParameter(request, "phrase"), "phrase"))).value,
  })),
  asked(`${OF}/desk`, async (exchange) => (await noteDesk(exchange.visit, patientOf(exchange))).value),
  asked(`${OF}/pull`, async (exchange) => {
    const query = queryOf(exchange.request);
    const kind = PULLS.find((one) => one === parameter(query, "kind"));
    const word = parameter(query, "word") ?? "";
    if (kind === undefined || word.length > 80) throw wrong("kind");
    return { lines: (await pullIn(exchange.visit, patientOf(exchange), { kind, word })).value };
  }),
  asked(`${OF}/:note/history`, async (exchange) => {
    const note = idIn(pathParameter(exchange.request, "note"), "note");
    return (await noteHistory(exchange.visit, patientOf(exchange), note)).value;
  }),
  change(`${OF}/draft`, async (exchange, body) => {
    const draft = (body["draft"] ?? null) === null ? null : idIn(body["draft"], "draft");
    const wish = { window: textIn(body, "window", 64), turn: wholeIn(body, "turn"), draft, template: textIn(body, "template", 300), contact: contactOf(body), changes: listIn(body, "changes").map(changeIn) }; // prettier-ignore
    return { draft: (await saveNoteDraft(exchange.visit, patientOf(exchange), wish)).value };
  }),
  change(`${OF}/draft/discard`, async (exchange, body) => {
    await discardNoteDraft(exchange.visit, patientOf(exchange), seenIn(body));
    return { draft: null };
  }),
  change(OF, async (exchange, body) => {
    const sections = listIn(body, "sections").map((one, at) => {
      const section = isJsonObject(one) ? one : {};
      return { key: textIn(section, "key", 80, `sections[${at}].key`), text: textIn(section, "text", LONGEST_TEXT, `sections[${at}].text`) }; // prettier-ignore
    });
    const proof = body["sign"] === true ? await proofOf(exchange) : null;
    const wish = { key: keyIn(body), shown: maybeText(body, "shown", 40), draft: seenIn(body), template: textIn(body, "template", 300), contact: contactOf(body), sections, proof }; // prettier-ignore
    return (await writeNote(exchange.visit, patientOf(exchange), wish)).value;
  }),
];

function changeIn(value: JsonValue, at: number): SectionChange {
  const one = isJsonObject(value) ? value : {};
  const text = (name: string, longest: number): string => textIn(one, name, longest, `changes[${at}].${name}`);
  const pulled = pulledIn(one["pulled"]);
  if (pulled === undefined) throw wrong(`changes[${at}].pulled`);
  return {
    key: text("key", 80),
    title: text("title", 80),
    was: text("was", LONGEST_TEXT),
    text: text("text", LONGEST_TEXT),
    pulled,
    settled: textsIn(one, "settled"),
  };
}

function contactOf(body: JsonObject): Contact {
  const contact = contactIn(body["contact"]);
  if (contact === undefined || (contact.kind === "there" && !isFhirId(contact.encounter))) throw wrong("contact");
  return contact;
}

function seenIn(body: JsonObject): { readonly id: string; readonly version: number } {
  const draft = isJsonObject(body["draft"]) ? body["draft"] : {};
  return { id: idIn(draft["id"], "draft.id"), version: wholeIn(draft, "version") };
}

function wrong(place: string): Error {
  return fhirErrorAt("NOTE_INVALID", place, place);
}

function textsIn(body: JsonObject, name: string): readonly string[] {
  return listIn(body, name).map((one) => {
    if (typeof one !== "string" || one.length > LONGEST_TEXT) throw wrong(name);
    return one;
  });
}
