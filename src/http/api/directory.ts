/**
 * The directory's own calls for whoever keeps it: what is there, what a source file or a single change would do and for whom,
 * doing exactly that, and what is to be gone through regularly. Each is work of its own in the access engine.
 *
 * SPEC HTTP-API-DIRECTORY
 */
import type { PersonActor } from "../../access/index.ts";
import {
  applyDirectory,
  confirmAssignments,
  countsOf,
  directoryOverview,
  directoryPeople,
  lookAtDirectory,
  MOST_CONFIRMED,
  previewLines,
  PROTECTED_NAME,
  reviewDirectory,
  sessionsEnding,
  USUAL_MOST_ENDED,
  type DirectoryAsk,
  type Problem,
} from "../../clinical/index.ts";
import { fhirError, fhirErrorAt, type JsonObject } from "../../fhir/index.ts";
import type { Visit } from "../../journal/index.ts";
import { jsonOf } from "../body.ts";
import { parameter, queryOf, type Parameters } from "../query.ts";
import { toldAsOf } from "../reply.ts";
import { route } from "../route.ts";

const PATH = "/api/directory";
const PEOPLE = 50;
const LONGEST_WORDS = 100;
/** Problems that are told at once. */
const MOST_PROBLEMS = 200;

export const directory = route({
  method: "GET",
  path: PATH,
  rule: "person",
  run: async ({ reply, visit }) => toldAsOf(reply, visit, (await directoryOverview(keeping(visit))).value),
});

export const directoryStaff = route({
  method: "GET",
  path: `${PATH}/people`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const parameters = queryOf(request);
    const words = (parameter(parameters, "q") ?? "").slice(0, LONGEST_WORDS);
    const unit = parameter(parameters, "unit") ?? "";
    const ask = { words, unit: unit === "" ? undefined : unit, count: PEOPLE };
    return toldAsOf(reply, visit, (await directoryPeople(keeping(visit), ask)).value);
  },
});

export const directoryFindings = route({
  method: "GET",
  path: `${PATH}/review`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const parameters = queryOf(request);
    const ask = { months: wholeOf(parameters, "months", 12, 1200), units: wholeOf(parameters, "units", 3, 1000) };
    return toldAsOf(reply, visit, { items: (await reviewDirectory(keeping(visit), ask)).value, ...ask });
  },
});

export const confirmDirectory = route({
  method: "POST",
  path: `${PATH}/review`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const { assignments } = jsonOf(request);
    const isList = Array.isArray(assignments) && assignments.every((one) => typeof one === "string");
    if (!isList || assignments.length > MOST_CONFIRMED)
      throw fhirErrorAt("DIRECTORY_INVALID", "assignments", "assignments");
    const keeper = keeperOf(visit);
    const confirmed = await confirmAssignments(keeping(visit), assignments, {
      by: nameOf(keeper),
      keeper: keeper.hsaId,
    });
    return toldAsOf(reply, visit, { confirmed });
  },
});

export const previewDirectory = route({
  method: "POST",
  path: `${PATH}/preview`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const own = keeping(visit);
    const { value } = await lookAtDirectory(own, askOf(jsonOf(request), visit));
    if ("problems" in value) return toldAsOf(reply, visit, refused(value.problems));
    const { look } = value;
    const sessions = await sessionsEnding(own, look);
    return toldAsOf(reply, visit, {
      outcome: "preview",
      token: look.token,
      counts: countsOf(look.plan),
      sections: sectionsOf(previewLines(look)),
      sessions,
    });
  },
});

export const applyToDirectory = route({
  method: "POST",
  path: `${PATH}/apply`,
  rule: "person",
  run: async ({ request, reply, visit }) => {
    const body = jsonOf(request);
    const { token } = body;
    if (typeof token !== "string") throw fhirErrorAt("DIRECTORY_INVALID", "token", "token");
    const ask = { ...askOf(body, visit), token, by: nameOf(keeperOf(visit)) };
    const applied = await applyDirectory(keeping(visit), ask);
    return toldAsOf(reply, visit, applied.outcome === "refused" ? refused(applied.problems) : applied);
  },
});

/** The same visit as the work that this is. */
function keeping(visit: Visit): Visit {
  return { ...visit, work: "directory" };
}

function keeperOf({ actor }: Visit): PersonActor {
  if (actor.kind !== "person") throw fhirError("UNAUTHENTICATED");
  return actor;
}

function nameOf({ name, hsaId, protectedIdentity }: PersonActor): string {
  return `${protectedIdentity === true ? PROTECTED_NAME : name} (${hsaId})`;
}

function askOf({ text, isComplete, mostEnded }: JsonObject, visit: Visit): DirectoryAsk {
  const most = mostEnded ?? USUAL_MOST_ENDED;
  if (typeof text !== "string") throw fhirErrorAt("DIRECTORY_INVALID", "text", "text");
  if (typeof isComplete !== "boolean") throw fhirErrorAt("DIRECTORY_INVALID", "isComplete", "isComplete");
  if (typeof most !== "number" || !(most >= 0 && most <= 100))
    throw fhirErrorAt("DIRECTORY_INVALID", "mostEnded", "mostEnded");
  return { text, isComplete, mostEnded: most, keeper: keeperOf(visit).hsaId };
}

function refused(problems: readonly Problem[]): object {
  return { outcome: "refused", problems: problems.slice(0, MOST_PROBLEMS), more: problems.length > MOST_PROBLEMS };
}

/** Titles with the lines that stand under them. */
function sectionsOf(
  lines: readonly string[],
): readonly { readonly title: string; readonly lines: readonly string[] }[] {
  const sections: { readonly title: string; readonly lines: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith("  ")) sections.at(-1)?.lines.push(line.trim());
    else sections.push({ title: line, lines: [] });
  }
  return sections;
}

function wholeOf(parameters: Parameters, name: string, usual: number, most: number): number {
  const text = parameter(parameters, name) ?? String(usual);
  if (!/^\d{1,4}$/.test(text) || Number(text) > most) throw fhirErrorAt("SEARCH_VALUE_INVALID", name, name);
  return Number(text);
}
