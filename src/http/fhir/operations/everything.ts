/**
 * Patient, Encounter and Group: [id]/$everything, and Patient/$everything, page by page.
 *
 * SPEC HTTP-EVERYTHING · https://hl7.org/fhir/R4/patient-operation-everything.html
 */
import { fhirErrorAt, isResourceType, outcomeOf, writeJson, type Issue, type Language } from "../../../fhir/index.ts";
import {
  disclosedTogether,
  everythingOfAll,
  readEverything,
  refuseVisit,
  type Disclosed,
  type EverythingAsk,
  type EverythingPage,
} from "../../../journal/index.ts";
import { refuseOtherFormats } from "../../headers.ts";
import { parameter, queryOf } from "../../query.ts";
import { languageOf, sendText } from "../../reply.ts";
import { pathParameter, type Exchange, type Route } from "../../route.ts";
import { shapeOf, type Shape } from "../../shape.ts";
import { OperationInput } from "../terminology/input.ts";
import { countOf, instantOf, operationOn, withQuery } from "./operation.ts";

const LARGEST_PAGE = 1000;
const PARAMETERS = ["_since", "_type", "_count", "_cursor", "_summary", "_elements"];
const WITH_TIME = [...PARAMETERS, "start", "end"];

/** Told with an answer whose resources refer to more than is followed. */
const NOT_ALL_ALONG: Issue = {
  severity: "warning",
  code: "incomplete",
  sv: "Resurserna hänvisar till fler andra än vad som följer med; resten är utelämnade.",
  en: "The resources refer to more others than go along; the rest is left out.",
};

const declared = { name: "everything", methods: ["GET", "POST"] } as const;

export const everythingRoutes: readonly Route[] = [
  ...(["Patient", "Encounter", "Group"] as const).flatMap((type) =>
    operationOn({
      ...declared,
      type,
      paths: [`/${type}/:id/$everything`],
      run: (exchange) => answer(exchange, type),
    }),
  ),
  ...operationOn({ ...declared, type: "Patient", paths: ["/Patient/$everything"], run: answerOfAll }),
];

async function answer({ request, reply, visit }: Exchange<"actor">, type: EverythingAsk["type"]): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  const input = OperationInput.of(request, type === "Encounter" ? PARAMETERS : WITH_TIME);
  const id = pathParameter(request, "id");
  const url = `${visit.base}/${type}/${id}/$everything`;
  const form = { url, base: visit.base, language: languageOf(request), shape: shapeIn(input) };
  const page = await readEverything(visit, { type, id, ...askOf(input) });
  return sendText(reply, 200, bundleText(page, input.pairs(), form).value);
}

/** Everything about all patients, one after the other: for systems, since nobody takes part in the care of everybody. */
async function answerOfAll({ request, reply, visit }: Exchange<"actor">): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  if (visit.actor.kind === "person")
    return refuseVisit(
      visit,
      "Patient/$everything",
      "Alla patienters uppgifter lämnas till system med egen behörighet.",
    );
  const input = OperationInput.of(request, WITH_TIME);
  const url = `${visit.base}/Patient/$everything`;
  const form = { url, base: visit.base, language: languageOf(request), shape: shapeIn(input) };
  const page = await everythingOfAll(visit, askOf(input));
  return sendText(reply, 200, bundleText(page, input.pairs(), form).value);
}

/** Errors: SEARCH_VALUE_INVALID for a summary that is unknown, or that is none of resources. */
function shapeIn(input: OperationInput): Shape {
  if (input.text("_summary") === "count") throw fhirErrorAt("SEARCH_VALUE_INVALID", "_summary", "_summary");
  return shapeOf(input.pairs());
}

function askOf(input: OperationInput): Omit<EverythingAsk, "type" | "id"> {
  const types = input
    .texts("_type")
    .flatMap((text) => text.split(","))
    .map((type) => type.trim())
    .filter((type) => type !== "");
  const strange = types.find((type) => !isResourceType(type));
  if (strange !== undefined) throw fhirErrorAt("TYPE_UNKNOWN", "_type", strange);
  return {
    types,
    start: instantOf(input, "start", "low"),
    end: instantOf(input, "end", "high"),
    since: instantOf(input, "_since", "low"),
    count: countOf(input, LARGEST_PAGE),
    cursor: input.text("_cursor"),
  };
}

type Form = { readonly url: string; readonly base: string; readonly language: Language; readonly shape: Shape };

function bundleText(
  found: Disclosed<EverythingPage>,
  asked: readonly (readonly [string, string])[],
  { url, base, language, shape }: Form,
): Disclosed<string> {
  return disclosedTogether([found], ([{ rows, next, total, isCut }]) => {
    const others = asked.filter(([name]) => name !== "_cursor");
    const links = [{ relation: "self", url: withQuery(url, asked) }];
    if (next !== null) links.push({ relation: "next", url: withQuery(url, [...others, ["_cursor", next]]) });
    const entries = rows.map(
      ({ type, id, content, mode }) =>
        `{"fullUrl":"${base}/${type}/${id}","resource":${shape(content)},"search":{"mode":"${mode}"}}`,
    );
    if (isCut)
      entries.push(`{"resource":${writeJson(outcomeOf([NOT_ALL_ALONG], language))},"search":{"mode":"outcome"}}`);
    const entry = entries.length === 0 ? "" : `,"entry":[${entries.join(",")}]`;
    const sum = total === null ? "" : `,"total":${total}`;
    return `{"resourceType":"Bundle","type":"searchset"${sum},"link":${JSON.stringify(links)}${entry}}`;
  });
}
