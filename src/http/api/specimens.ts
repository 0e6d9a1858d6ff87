/**
 * Drawing specimens: who waits for it, one patient's tubes and labels, printing them where somebody stands, marking them as drawn, and where
 * each tube is.
 *
 * SPEC HTTP-SPECIMEN · F39, F40
 */
import type { FastifyReply } from "fastify";
import {
  beginPrint,
  collectionList,
  collectionOf,
  collectTubes,
  endPrint,
  inputsOf,
  labelTubes,
  moveSpecimen,
  namePeople,
  NOT_DRAWN,
  notDrawn,
  printedNumbers,
  SPECIMEN_DEEDS,
  trackSpecimen,
  type Collection,
  type NotDrawn,
} from "../../clinical/index.ts";
import { sendToPrinter, zplOf, type LabelPlace } from "../../exchange/index.ts";
import { fhirErrorAt, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import { authorize, type Visit } from "../../journal/index.ts";
import { jsonOf } from "../body.ts";
import { parameter, queryOf } from "../query.ts";
import { piecesOf } from "../pieces.ts";
import { toldAsOf } from "../reply.ts";
import { pathParameter, route, type Exchange, type Route } from "../route.ts";

const OF = "/api/patients/:id/specimens";
const { maybeText, oneOf, textIn } = piecesOf("SPECIMEN_INVALID");

const list = route({
  method: "GET",
  path: "/api/specimens",
  rule: "person",
  run: async ({ reply, visit }) => toldAsOf(reply, visit, (await collectionList(visit)).value),
});

/** The places of the reader's unit, each with the printer that its labels come out of. */
const places = route({
  method: "GET",
  path: "/api/label-places",
  rule: "person",
  run: async ({ reply, visit, options }) => {
    await authorize(visit, "search", "Specimen", "label places"); // for those who draw specimens alone
    return toldAsOf(reply, visit, { items: placesOf(options.labelPlaces, visit).map(placeTold) });
  },
});

const collection = route({
  method: "GET",
  path: OF,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const withOthers = parameter(queryOf(request), "others") === "true";
    const { value } = await collectionOf(visit, pathParameter(request, "id"), { withOthers });
    return toldAsOf(reply, visit, collectionTold(value));
  },
});

type Wish = (exchange: Exchange<"person">, patient: string, body: JsonObject) => Promise<object>;

/** Whether other units' orders are taken along. */
function alongIn(body: JsonObject): { readonly withOthers: boolean } {
  const others = body["others"] ?? false;
  if (typeof others !== "boolean") throw fhirErrorAt("SPECIMEN_INVALID", "others", "true, false");
  return { withOthers: others };
}

/** One thing that is done for a patient; the patient's collection as it stands then is the answer. */
function wish(name: string, run: Wish): Route {
  return route({
    method: "POST",
    path: `${OF}/${name}`,
    rule: "person",
    run: async (exchange) => {
      const { request, reply, visit } = exchange;
      const patient = pathParameter(request, "id");
      const body = jsonOf(request);
      const along = alongIn(body);
      const done = await run(exchange, patient, body);
      const { value } = await collectionOf(visit, patient, along);
      return toldAsOf(reply, visit, { ...collectionTold(value), ...done });
    },
  });
}

const WISHES: readonly Route[] = [
  wish("labels", async ({ visit }, patient, body) => {
    await labelTubes(visit, patient, { ...alongIn(body), key: textIn(body, "key", 200) });
    return {};
  }),
  wish("print", printLabels),
  wish("collect", async ({ visit }, patient, body) => {
    const identity = isJsonObject(body["identity"] ?? null) ? (body["identity"] as JsonObject) : {};
    await collectTubes(visit, patient, {
      ...alongIn(body),
      identity: { how: oneOf(identity, "how", ["scan", "digits"]), said: textIn(identity, "said", 60) },
      numbers: textsOf(body, "numbers"),
      place: maybeText(body, "place", 80),
      key: textIn(body, "key", 200),
    });
    return {};
  }),
  wish("not-drawn", async ({ visit }, patient, body) => {
    const reasons = Object.keys(NOT_DRAWN) as NotDrawn[];
    await notDrawn(visit, patient, {
      ...alongIn(body),
      requests: textsOf(body, "requests"),
      reason: oneOf(body, "reason", reasons),
      note: maybeText(body, "note", 500) ?? "",
      key: textIn(body, "key", 200),
    });
    return {};
  }),
];

/** Printed where somebody stands, or by the browser there; never by a printer that nobody has been shown. */
async function printLabels({ visit, options }: Exchange<"person">, patient: string, body: JsonObject): Promise<object> {
  const code = maybeText(body, "place", 40);
  const place = placesOf(options.labelPlaces, visit).find((one) => one.code === code);
  if (code !== null && place === undefined) throw fhirErrorAt("SPECIMEN_INVALID", "place", { sv: "platsen är inte enhetens", en: "the place is not the unit's" }); // prettier-ignore
  const printer = place?.printer ?? null;
  // Who stands there was shown this printer: another one by now is not used in its stead.
  if (maybeText(body, "printer", 80) !== (printer?.title ?? null)) throw fhirErrorAt("SPECIMEN_INVALID", "printer", { sv: "platsen har en annan skrivare nu", en: "the place has another printer now" }); // prettier-ignore
  const begun = await beginPrint(visit, patient, {
    ...alongIn(body),
    numbers: textsOf(body, "numbers"),
    place: place?.title ?? null,
    printer: printer?.title ?? null,
    key: textIn(body, "key", 200),
  });
  if (printer === null) return { print: { outcome: "browser", labels: begun.labels } };
  if (!begun.isNew) return { print: { outcome: begun.status === "completed" ? "handed-over" : "unknown", labels: [] } };
  const outcome = await sendToPrinter(printer, zplOf(begun.labels));
  const why = outcome.kind === "failed" ? outcome.why : null;
  await endPrint(visit, patient, { task: begun.task, why });
  return { print: { outcome: outcome.kind, why, labels: [], printer: printer.title } };
}

const tracking = route({
  method: "GET",
  path: "/api/specimens/:number",
  rule: "person",
  run: async ({ request, reply, visit }) => tracked(reply, visit, pathParameter(request, "number")),
});

const step = route({
  method: "POST",
  path: "/api/specimens/:number/steps",
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const [number, body] = [pathParameter(request, "number"), jsonOf(request)];
    const did = oneOf(body, "did", SPECIMEN_DEEDS);
    const [seen, key] = [textIn(body, "seen", 20), textIn(body, "key", 200)];
    await moveSpecimen(visit, number, { did, note: maybeText(body, "note", 500) ?? "", seen, key });
    return tracked(reply, visit, number);
  },
});

async function tracked(reply: FastifyReply, visit: Visit, number: string): Promise<FastifyReply> {
  const { value } = await trackSpecimen(visit, number);
  const { responsible } = value.loop ?? {};
  const people = (await namePeople(visit, responsible === null || responsible === undefined ? [] : [responsible])).value; // prettier-ignore
  return toldAsOf(reply, visit, { ...value, names: Object.fromEntries([...people.values()].map(({ id, name }) => [id, name])) }); // prettier-ignore
}

export const SPECIMEN_ROUTES: readonly Route[] = [list, places, collection, ...WISHES, tracking, step];

function placesOf(places: readonly LabelPlace[] | undefined, { actor }: Visit): readonly LabelPlace[] {
  return actor.kind === "person" ? (places ?? []).filter(({ unit }) => unit === actor.assignment.unitHsaId) : [];
}

/** Where a printer is on the network is nobody's at a screen. */
function placeTold({ code, title, printer }: LabelPlace): object {
  return { code, title, printer: printer?.title ?? null };
}

function collectionTold({ person, isProtected, orders, tubes, drawn, attempts, prints, others }: Collection): object {
  return {
    person,
    isProtected,
    others,
    orders: orders.map(({ id, title, isUrgent, resource }) => ({
      id,
      title,
      isUrgent,
      by: isJsonObject(resource["requester"] ?? null)
        ? ((resource["requester"] as JsonObject)["display"] ?? null)
        : null,
      when: resource["occurrenceDateTime"] ?? resource["authoredOn"] ?? null,
      instruction: resource["patientInstruction"] ?? null,
    })),
    tubes: tubes.map(({ tube, requests, within, specimen, instead }) => ({
      tube,
      requests,
      within,
      number: specimen?.number ?? null,
      instead: instead?.number ?? null,
    })),
    drawn: drawn.map(({ number, state, requests, resource }) => ({ number, state, requests, at: (isJsonObject(resource["collection"] ?? null) ? (resource["collection"] as JsonObject)["collectedDateTime"] : null) ?? null })), // prettier-ignore
    attempts: attempts.map(({ description, authoredOn, basedOn }) => ({
      why: description ?? "",
      at: authoredOn ?? null,
      requests: referencesOf(basedOn),
    })),
    prints: prints.map((task) => ({
      numbers: printedNumbers(task),
      status: task["status"] ?? "",
      at: task["authoredOn"] ?? null,
      printer: inputsOf(task, "skrivare")[0] ?? null, // a print has one
    })),
  };
}

function referencesOf(value: JsonValue | undefined): readonly string[] {
  return (isJsonArray(value ?? null) ? (value as readonly JsonValue[]) : []).flatMap((one) => {
    const reference = isJsonObject(one) ? one["reference"] : undefined;
    return typeof reference === "string" ? [reference.replace("ServiceRequest/", "")] : [];
  });
}

function textsOf(body: JsonObject, name: string): readonly string[] {
  const value = body[name];
  if (
    !isJsonArray(value) ||
    value.length === 0 ||
    value.length > MOST ||
    !value.every((one) => typeof one === "string" && one.length <= LONGEST)
  )
    // prettier-ignore
    throw fhirErrorAt("SPECIMEN_INVALID", name, `1-${MOST}`);
  return value as readonly string[];
}

const MOST = 50;
const LONGEST = 64;
