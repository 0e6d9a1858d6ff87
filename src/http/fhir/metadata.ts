/**
 * GET [base]/metadata: the CapabilityStatement, made from the routes and search parameters that are really there.
 *
 * SPEC HTTP-FHIR-METADATA · https://hl7.org/fhir/R4/http.html#capabilities
 */
import type { CapabilityStatementRestResourceSearchParam } from "fhir/r4";
import { topicCanonicals } from "../../exchange/index.ts";
import { fhirErrorAt, RESOURCE_TYPES, searchParametersOf as definitionsOf } from "../../fhir/index.ts";
import { parametersOf } from "../../search/index.ts";
import { refuseOtherFormats } from "../headers.ts";
import { smartSecurityOf } from "../oauth/smart.ts";
import type { HttpOptions } from "../options.ts";
import { parameter, queryOf } from "../query.ts";
import { sendText } from "../reply.ts";
import { route, type Route } from "../route.ts";
import { shapeOf } from "../shape.ts";
import { EVERY_TYPE } from "./operations/operation.ts";
import { terminologyCapabilities } from "./terminology/capabilities.ts";

const INSTANCE: ReadonlySet<string> = new Set([
  "read",
  "vread",
  "update",
  "patch",
  "delete",
  "history-instance",
  "history-type",
  "create",
  "search-type",
]);
const SYSTEM: ReadonlySet<string> = new Set(["transaction", "batch", "history-system", "search-system"]);

const MODES: ReadonlySet<string> = new Set(["full", "normative", "terminology"]);
/** What R4 says of itself that it is not settled yet: elements of the statement, of `rest`, and of each of its resources. */
const ON_TRIAL: ReadonlySet<string> = new Set(
  (
    "useContext imports messaging document custodian security supportedProfile versioning readHistory updateCreate " +
    "conditionalCreate conditionalRead conditionalUpdate conditionalDelete referencePolicy searchInclude searchRevInclude"
  ).split(" "),
);

const made = new WeakMap<HttpOptions, Map<string, string>>();

/** The route that tells what `routes`, the FHIR interactions that are there, can do. */
export function metadataOf(routes: readonly Route[]): Route {
  return route({
    method: "GET",
    path: "/fhir/R4/metadata",
    rule: "public",
    interaction: "capabilities",
    run: async ({ request, reply, options }) => {
      const parameters = queryOf(request);
      refuseOtherFormats(request, parameter(parameters, "_format"));
      const shape = shapeOf(parameters);
      const mode = parameter(parameters, "mode") || "full";
      if (!MODES.has(mode)) throw fhirErrorAt("SEARCH_VALUE_INVALID", "mode", "mode", [...MODES].join(", "));
      if (mode === "terminology")
        return sendText(reply, 200, shape(JSON.stringify(await terminologyCapabilities(options))));
      return sendText(reply, 200, shape(statementOf(options, routes, mode)));
    },
  });
}

/** The statement as text, which is the same as long as the server goes on. */
function statementOf(options: HttpOptions, routes: readonly Route[], mode: string): string {
  const known = made.get(options) ?? new Map<string, string>();
  made.set(options, known);
  let text = known.get(mode);
  if (text === undefined) {
    const settled = (name: string, value: unknown): unknown => (ON_TRIAL.has(name) ? undefined : value);
    text = JSON.stringify(capabilitiesOf(options, routes), mode === "normative" ? settled : undefined);
    known.set(mode, text);
  }
  return text;
}

function capabilitiesOf(options: HttpOptions, routes: readonly Route[]): unknown {
  const interactions = new Set(routes.flatMap(({ interaction }) => interaction?.split(" ") ?? []));
  const codes = (among: ReadonlySet<string>): { code: string }[] =>
    [...interactions].filter((code) => among.has(code)).map((code) => ({ code }));
  return {
    resourceType: "CapabilityStatement",
    url: `${options.journal.base}/metadata`,
    version: options.version,
    name: "Eira",
    title: "Eira",
    status: "active",
    date: options.journal.clock().toISOString(),
    publisher: "Eira",
    kind: "instance",
    software: { name: "Eira", version: options.version },
    implementation: { description: "Eira: one journal for a whole region", url: options.journal.base },
    instantiates: ["http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data"],
    fhirVersion: "4.0.1",
    format: ["application/fhir+json", "application/fhir+xml", "json", "xml"],
    patchFormat: ["application/json-patch+json", "application/fhir+json", "application/fhir+xml"],
    rest: [
      {
        mode: "server",
        security: {
          cors: true,
          description:
            "Bearer token of a registered client with SMART system scopes, or the session of a signed-in person.",
          ...smartSecurityOf(options),
        },
        resource: RESOURCE_TYPES.map((type) => ({
          ...resourceOf(type, codes(INSTANCE)),
          ...operationsOf(routes, type),
          ...(type === "Subscription" ? topicsAt(options.journal.base) : {}),
        })),
        interaction: codes(SYSTEM),
        searchParam: searchParametersOf("Resource"),
        ...operationsOf(routes, undefined),
        compartment: COMPARTMENTS.map((name) => `http://hl7.org/fhir/CompartmentDefinition/${name}`),
      },
    ],
  };
}

/** The operations on a type, or on the system when it is undefined; each once, however it may be called. */
function operationsOf(routes: readonly Route[], type: string | undefined): object {
  const found = routes.flatMap(({ operation }) => {
    const isHere = operation?.type === type || (type !== undefined && operation?.type === EVERY_TYPE);
    return isHere && operation !== undefined ? [operation] : [];
  });
  const operation = [...new Map(found.map((one) => [one.name, one.definition]))];
  return operation.length === 0 ? {} : { operation: operation.map(([name, definition]) => ({ name, definition })) };
}

/** The topics that can be subscribed to, where the R5 backport says that a server lists them. */
function topicsAt(base: string): object {
  const url = `${BACKPORT}capabilitystatement-subscriptiontopic-canonical`;
  return { extension: topicCanonicals(base).map((valueCanonical) => ({ url, valueCanonical })) };
}

const BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";

function resourceOf(type: string, interaction: readonly { code: string }[]): object {
  return {
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    interaction,
    versioning: "versioned-update",
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: "full-support",
    conditionalUpdate: true,
    conditionalDelete: "multiple",
    referencePolicy: ["literal", "logical", "local"],
    searchInclude: ["*", ...referencesOf(type).map((name) => `${type}:${name}`)],
    searchRevInclude: ["*", ...(referring().get(type) ?? [])],
    searchParam: searchParametersOf(type),
  };
}

/** What the definitions give the type, but for named queries, of which there are none; and what R4 defines in words. */
function searchParametersOf(type: string): CapabilityStatementRestResourceSearchParam[] {
  const ids = new Map(definitionsOf(type).map(({ name, id }) => [name, id]));
  const defined = [...parametersOf(type).values()].filter(({ name }) => name !== "_query");
  const inWords = (["_filter", "_has", "_list"] as const).map((name) => ({ name, type: "special" as const }));
  return [
    ...defined.map(({ name, type: kind }) => ({ name, definition: `${SEARCH_PARAMETER}${ids.get(name)}`, type: kind })),
    ...inWords,
  ];
}

const SEARCH_PARAMETER = "http://hl7.org/fhir/SearchParameter/";

let back: ReadonlyMap<string, readonly string[]> | undefined;

/** What can be asked to go along because it refers to a type, by that type. */
function referring(): ReadonlyMap<string, readonly string[]> {
  if (back !== undefined) return back;
  const found = new Map<string, string[]>(RESOURCE_TYPES.map((type) => [type, []]));
  for (const source of RESOURCE_TYPES) {
    for (const { name, type, targets } of parametersOf(source).values()) {
      if (type !== "reference") continue;
      for (const target of targets.length === 0 ? RESOURCE_TYPES : targets)
        found.get(target)?.push(`${source}:${name}`);
    }
  }
  back = found;
  return found;
}

const COMPARTMENTS = ["patient", "practitioner", "encounter", "device", "relatedPerson"];

function referencesOf(type: string): string[] {
  return [...parametersOf(type).values()].filter((parameter) => parameter.type === "reference").map(({ name }) => name);
}
