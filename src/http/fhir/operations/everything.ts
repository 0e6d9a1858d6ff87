/**
 * Patient, Encounter and Group: [id]/$everything, page by page.
 *
 * SPEC HTTP-EVERYTHING · https://hl7.org/fhir/R4/patient-operation-everything.html
 */
import { fhirErrorAt, isResourceType, outcomeOf, writeJson, type Issue, type Language } from "../../../fhir/index.ts";
import {
  disclosedTogether,
  readEverything,
  type Disclosed,
  type EverythingAsk,
  type EverythingPage,
} from "../../../journal/index.ts";
import { refuseOtherFormats } from "../../headers.ts";
import { parameter, queryOf } from "../../query.ts";
import { languageOf, sendText } from "../../reply.ts";
import { pathParameter, type Exchange, type Route } from "../../route.ts";
import { OperationInput } from "../terminology/input.ts";
import { countOf, instantOf, operationOn, withQuery } from "./operation.ts";

const LARGEST_PAGE = 1000;
const PARAMETERS = ["_since", "_type", "_count", "_cursor"];
const WITH_TIME = [...PARAMETERS, "start", "end"];

/** Told with an answer whose resources refer to more than is followed. */
const NOT_ALL_ALONG: Issue = {
  severity: "warning",
  code: "incomplete",
  sv: "Resurserna hänvisar till fler andra än vad som följer med; resten är utelämnade.",
  en: "The resources refer to more others than go along; the rest is left out.",
};

export const everythingRoutes: readonly Route[] = (["Patient", "Encounter", "Group"] as const).flatMap((type) =>
  operationOn({
    type,
    name: "everything",
    methods: ["GET", "POST"],
    paths: [`/${type}/:id/$everything`],
    run: (exchange) => answer(exchange, type),
  }),
);

async function answer({ request, reply, visit }: Exchange<"actor">, type: EverythingAsk["type"]): Promise<unknown> {
  refuseOtherFormats(request, parameter(queryOf(request), "_format"));
  const input = OperationInput.of(request, type === "Encounter" ? PARAMETERS : WITH_TIME);
  const id = pathParameter(request, "id");
  const page = await readEverything(visit, { type, id, ...askOf(input) });
  const form = { url: `${visit.base}/${type}/${id}/$everything`, base: visit.base, language: languageOf(request) };
  return sendText(reply, 200, bundleText(page, input.pairs(), form).value);
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

type Form = { readonly url: string; readonly base: string; readonly language: Language };

function bundleText(
  found: Disclosed<EverythingPage>,
  asked: readonly (readonly [string, string])[],
  { url, base, language }: Form,
): Disclosed<string> {
  return disclosedTogether([found], ([{ rows, next, total, isCut }]) => {
    const others = asked.filter(([name]) => name !== "_cursor");
    const links = [{ relation: "self", url: withQuery(url, asked) }];
    if (next !== null) links.push({ relation: "next", url: withQuery(url, [...others, ["_cursor", next]]) });
    const entries = rows.map(
      ({ type, id, content, mode }) =>
        `{"fullUrl":"${base}/${type}/${id}","resource":${content},"search":{"mode":"${mode}"}}`,
    );
    if (isCut)
      entries.push(`{"resource":${writeJson(outcomeOf([NOT_ALL_ALONG], language))},"search":{"mode":"outcome"}}`);
    const entry = entries.length === 0 ? "" : `,"entry":[${entries.join(",")}]`;
    const sum = total === null ? "" : `,"total":${total}`;
    return `{"resourceType":"Bundle","type":"searchset"${sum},"link":${JSON.stringify(links)}${entry}}`;
  });
}
