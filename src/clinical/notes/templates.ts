/**
 * The templates that a unit writes by: the region's, and the unit's own, which whoever works there proposes and another person there takes into
 * use or refuses. Every version is kept, and notes name the one that they were written by.
 *
 * SPEC CLIN-NOTE-TEMPLATE-1 to CLIN-NOTE-TEMPLATE-4 · F7, F23 · https://hl7.org/fhir/R4/plandefinition.html
 */
import type { PersonActor } from "../../access/index.ts";
import { newId } from "../../base/index.ts";
import { fhirError, fhirErrorAt, parseJson, type JsonObject } from "../../fhir/index.ts";
import {
  commit,
  disclosedTogether,
  readResource,
  searchResources,
  type Command,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { objectIn } from "../said.ts";
import { keeping, writing } from "./may.ts";
import {
  questionnaireOf,
  refuseBadTemplate,
  REGION_TEMPLATES,
  TEMPLATE_URL,
  templateIn,
  UNIT_TEMPLATES,
  type Template,
  type TemplateWords,
} from "./template.ts";

export type TemplateWish = TemplateWords & {
  /** The url of the template that it is a new version of, also of one of the region's; null of a new one. */
  readonly from: string | null;
};

const MOST = "500";
const CONTENT = "http://terminology.hl7.org/CodeSystem/plan-definition-type";

/** The region's templates and the unit's own, with every version of these. Errors: FORBIDDEN. */
export async function noteTemplates(visit: Visit): Promise<Disclosed<readonly Template[]>> {
  const { assignment } = await writing(visit, "search");
  return templatesOf(visit, assignment.unitHsaId);
}

export async function templatesOf(visit: Visit, unit: string): Promise<Disclosed<readonly Template[]>> {
  const found = await Promise.all([
    searchResources(visit, "Questionnaire", [["identifier", `${REGION_TEMPLATES}|`], ["_count", MOST]]), // prettier-ignore
    searchResources(visit, "PlanDefinition", [["identifier", `${UNIT_TEMPLATES}|${unit}`], ["_count", MOST]]), // prettier-ignore
  ]);
  return disclosedTogether(found, (pages) => pages.flatMap(({ rows }) => rows.flatMap(({ content }) => templateIn(objectIn(content))))); // prettier-ignore
}

/** Those that notes are written by: of the region's, what the unit has made its own is left out. */
export function inUse(all: readonly Template[]): readonly Template[] {
  const active = all.filter(({ state }) => state === "active");
  const own = new Set(active.flatMap(({ unit, url }) => (unit === null ? [] : [url])));
  return active.filter(({ unit, url }) => unit !== null || ![...own].some((one) => one.startsWith(`${url}:`)));
}

/** Proposes a template or a new version of one. Errors: NOTE_INVALID, FORBIDDEN. */
export async function proposeNoteTemplate(visit: Visit, wish: TemplateWish): Promise<Disclosed<readonly Template[]>> {
  const person = await keeping(visit);
  refuseBadTemplate(wish);
  const { unitHsaId: unit } = person.assignment;
  const all = (await templatesOf(visit, unit)).value;
  const versions = all.filter(({ url }) => url === wish.from);
  if (wish.from !== null && versions.length === 0) throw fhirErrorAt("NOTE_INVALID", "from", { sv: "mallen finns inte", en: "there is no such template" }); // prettier-ignore
  const region = versions.find((one) => one.unit === null);
  // What the unit changes of the region's is a template of its own, which says which one it came from.
  const url = region !== undefined ? `${region.url}:${unit}` : (wish.from ?? `${TEMPLATE_URL}:${newId(0, visit.clock().getTime(), visit.random(10))}`); // prettier-ignore
  const earlier = all.filter((one) => one.url === url && one.unit === unit);
  const version = String(Math.max(0, ...earlier.map((one) => Number(one.version) || 0)) + 1);
  const before = earlier.find(({ state }) => state === "active") ?? region ?? earlier[0];
  const questionnaire = questionnaireOf({ url, version, before }, wish);
  const resource: JsonObject = {
    resourceType: "PlanDefinition",
    contained: [questionnaire],
    url,
    identifier: [{ system: UNIT_TEMPLATES, value: unit }],
    version,
    title: wish.title.trim(),
    type: { coding: [{ system: CONTENT, code: "workflow-definition" }] },
    status: "draft",
    date: visit.clock().toISOString(),
    publisher: person.assignment.unit,
    author: [{ name: person.hsaId }],
    action: [{ title: wish.title.trim(), definitionCanonical: "#mall" }],
  };
  const command: Command = { kind: "create", type: "PlanDefinition", where: "PlanDefinition", resource, ifNoneExist: `url=${encodeURIComponent(url)}&status=draft` }; // prettier-ignore
  const { value } = await commit(visit, [command]);
  if (value[0]?.outcome === "existed") throw fhirErrorAt("NOTE_INVALID", "from", { sv: "ett förslag väntar redan på granskning", en: "a proposal waits already" }); // prettier-ignore
  return templatesOf(visit, unit);
}

export type Review = { readonly id: string; readonly approve: boolean };

/** Takes a colleague's proposal into use, in the place of the version before it, or refuses it. Errors: NOT_FOUND (also of one's own), VERSION_CONFLICT, FORBIDDEN. */
export async function reviewNoteTemplate(
  visit: Visit,
  { id, approve }: Review,
): Promise<Disclosed<readonly Template[]>> {
  const person = await keeping(visit);
  const { unitHsaId: unit } = person.assignment;
  const { value } = await readResource(visit, "PlanDefinition", id);
  const plan = parseJson(value.content) as JsonObject;
  const [proposal] = templateIn(plan); // a plan holds one template
  if (proposal?.unit !== unit || proposal.state !== "draft" || proposal.proposedBy === person.hsaId) throw fhirError("NOT_FOUND"); // prettier-ignore
  const standing = (await templatesOf(visit, unit)).value.filter((one) => one.unit === unit && one.url === proposal.url && one.state === "active"); // prettier-ignore
  const reviewed = { ...plan, status: approve ? "active" : "retired", ...reviewedBy(visit, person) };
  const commands: Command[] = [update(id, reviewed, value.version)];
  if (approve)
    for (const one of standing) {
      const before = (await readResource(visit, "PlanDefinition", one.id)).value;
      commands.push(update(one.id, { ...(parseJson(before.content) as JsonObject), status: "retired" }, before.version)); // prettier-ignore
    }
  await commit(visit, commands);
  return templatesOf(visit, unit);
}

function reviewedBy(visit: Visit, { hsaId }: PersonActor): JsonObject {
  return { reviewer: [{ name: hsaId }], lastReviewDate: visit.clock().toISOString().slice(0, 10) };
}

function update(id: string, resource: JsonObject, version: number): Command {
  return { kind: "update", type: "PlanDefinition", where: "PlanDefinition", id, resource, ifMatch: String(version) };
}
