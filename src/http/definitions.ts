/**
 * What R4 itself defines, readable and found as if it lay here: search parameters, operations, compartments, code systems,
 * value sets and concept maps. Nothing of it is stored; what is stored under the same id or address goes before it.
 *
 * SPEC HTTP-DEFINITION · https://hl7.org/fhir/R4/http.html#read
 */
import type { FastifyReply } from "fastify";
import { definitionTextsOf, FhirError, fhirErrorAt, isJsonObject, parseJson, type JsonObject } from "../fhir/index.ts";
import { findsUnstored, parseSearch, selfQuery, type SearchPlan } from "../search/index.ts";
import { hl7Texts } from "../terminology/index.ts";
import type { Command } from "../journal/index.ts";
import { isNotModified, readConditionOf } from "./headers-read.ts";
import type { Parameters } from "./query.ts";
import { negotiated, sendText, versionHeaders } from "./reply.ts";

type Definition = { readonly id: string; readonly url: string; readonly text: string };

/** When R4 (4.0.1) was published: that is when its definitions were last changed. */
const PUBLISHED = "2019-11-01T09:29:23.356+11:00";
const META = `"meta":{"versionId":"1","lastUpdated":"${PUBLISHED}"}`;
const VERSION = 1;
const IN_TERMINOLOGY: ReadonlySet<string> = new Set(["CodeSystem", "ValueSet", "ConceptMap"]);
const DEFINED: ReadonlySet<string> = new Set([
  ...IN_TERMINOLOGY,
  "SearchParameter",
  "OperationDefinition",
  "CompartmentDefinition",
]);

const URL_IN = /"url":"(http[^"]*)","(?:resourceType|version)"/;
const made = new Map<string, ReadonlyMap<string, Definition>>();

/** R4's own resources of a type by their ids; none of most types. */
function definitionsOf(type: string): ReadonlyMap<string, Definition> {
  let known = made.get(type);
  if (known === undefined) {
    const texts = IN_TERMINOLOGY.has(type) ? hl7Texts(type) : [...definitionTextsOf(type)];
    known = new Map(texts.map(([id, text]) => [id, definitionOf(id, text)]));
    if (DEFINED.has(type)) made.set(type, known);
  }
  return known;
}

function definitionOf(id: string, text: string): Definition {
  const rest = text.startsWith('{"id":') ? text.slice(text.indexOf(",") + 1) : text.slice(1);
  return { id, url: URL_IN.exec(text)?.[1] ?? "", text: `{"id":"${id}",${META},${rest}` };
}

/** Sends R4's own resource when `read` finds that there is none here. Errors: those of `read`. */
export async function orDefinition(
  reply: FastifyReply,
  { type, id, version }: { readonly type: string; readonly id: string; readonly version?: string | undefined },
  read: () => Promise<unknown>,
  shape: (content: string) => string,
): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    const text = definitionInstead(error, { type, id, version });
    if (text === undefined) throw error;
    versionHeaders(reply, VERSION, PUBLISHED);
    if (isNotModified(readConditionOf(reply.request), VERSION, PUBLISHED)) return negotiated(reply).code(304).send();
    return sendText(reply, 200, shape(text));
  }
}

/** R4's own resource, for a read that found nothing else under the name. */
export function definitionInstead(
  error: unknown,
  {
    type,
    id,
    version = String(VERSION),
  }: { readonly type: string; readonly id: string; readonly version?: string | undefined },
): string | undefined {
  const isNotHere = error instanceof FhirError && error.code === "NOT_FOUND";
  return isNotHere && version === String(VERSION) ? definitionAt(type, id)?.text : undefined;
}

function definitionAt(type: string, id: string): Definition | undefined {
  return DEFINED.has(type) ? definitionsOf(type).get(id) : undefined;
}

/** Refuses to change what R4 defines. Errors: METHOD_NOT_ALLOWED. */
export function refuseDefinition(command: Command): Command {
  if (command.kind === "create" || !("id" in command) || command.id === undefined) return command;
  if (definitionAt(command.type, command.id) === undefined) return command;
  const method = { update: "PUT", patch: "PATCH", delete: "DELETE" }[command.kind];
  throw fhirErrorAt("METHOD_NOT_ALLOWED", `${command.type}.id`, method);
}

/** What a search finds of R4's own definitions, besides the rows. */
export type Defined = {
  readonly plan: SearchPlan;
  readonly found: readonly Definition[];
  /** Where among them the page begins, when it begins there. */
  readonly begin: number | undefined;
  /** The parameters without that beginning. */
  readonly parameters: Parameters;
};

const CURSOR = /^def(\d{1,6})$/;

/** The cursor of a page that begins among the definitions. */
export function definedFrom(plan: SearchPlan, at: number): string {
  const query = selfQuery({ ...plan, cursor: undefined });
  return `${query === "" ? "" : `${query}&`}_cursor=def${at}`;
}

/** Nothing for types that R4 has no definitions of. Errors: SEARCH_*. */
export function definedIn(type: string | undefined, given: Parameters, lenient: boolean): Defined | undefined {
  if (type === undefined || !DEFINED.has(type)) return undefined;
  const cursor = given.findLast(([name]) => name === "_cursor")?.[1] ?? "";
  const begin = CURSOR.exec(cursor)?.[1];
  const parameters = begin === undefined ? given : given.filter(([name]) => name !== "_cursor");
  const plan = parseSearch(type, parameters, { lenient });
  const found = candidatesOf(type, plan).filter((one) => findsUnstored(plan, resourceOf(type, one, plan)));
  return { plan, found, parameters, begin: begin === undefined ? undefined : Number(begin) };
}

/** Parameters whose values stand in a definition as they are asked for. */
const VERBATIM: ReadonlySet<string> = new Set(["code", "base", "target", "resource"]);

/** Those that can be meant: of thousands few are looked into when an address, an id or a code is named. */
function candidatesOf(type: string, { used }: SearchPlan): readonly Definition[] {
  let left = [...definitionsOf(type).values()];
  for (const [name, value] of used) {
    const asked = new Set(value.split(","));
    if (name === "_id") left = left.filter(({ id }) => asked.has(id));
    if (name === "url")
      left = left.filter(({ url }) => [...asked].some((one) => one.split("|")[0] === url.split("|")[0]));
    const words = [...asked].map((one) => `"${one.split("|").at(-1) ?? ""}"`);
    if (VERBATIM.has(name) && !words.includes('""'))
      left = left.filter(({ text }) => words.some((word) => text.includes(word)));
  }
  return left;
}

/** What is told by a code system's concepts. */
function isOfConcepts(type: string, name: string): boolean {
  return type === "CodeSystem" && name.split(":")[0] === "code";
}

const parsed = new Map<string, JsonObject>();

/** The resource, without the concepts of a code system unless they are asked for. */
function resourceOf(type: string, { id, text }: Definition, { used }: SearchPlan): JsonObject {
  const key = `${type}/${id}`;
  const known = parsed.get(key);
  const isWhole = used.some(([name]) => isOfConcepts(type, name));
  if (known !== undefined && !isWhole) return known;
  const resource = parseJson(text);
  if (!isJsonObject(resource)) throw new Error(`a definition that is none: ${key}`);
  if (isWhole) return resource;
  const { concept: _, ...head } = resource;
  parsed.set(key, head);
  return head;
}
