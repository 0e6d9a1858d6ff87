/**
 * Reads a source file of the directory: one JSON document in HSA's words. Answers what it means, or everything that is
 * wrong with it. Pure; what refers to something outside the file is judged by `target.ts`.
 *
 * SPEC CLIN-DIRECTORY-1 · docs/operations/directory.md · HSA contracts authorizationmanagement 2.4, employee 3.0, organization 4.1
 */
import { PURPOSES } from "../../access/index.ts";
import { FhirError, parseJson, type JsonValue } from "../../fhir/index.ts";
import { Fields, Problems, type Problem } from "./fields.ts";
import {
  dutyKey,
  type Analysis,
  type Directory,
  type Duty,
  type Footing,
  type Person,
  type Provider,
  type Right,
  type Role,
  type Unit,
} from "./model.ts";

export const FORMAT = "eira-directory-1";

/** What a file says, and where it says each thing. */
export type Source = {
  readonly directory: Directory;
  /** Whether the file says how many of each it holds; a whole directory must. */
  readonly isCounted: boolean;
  /** The care provider that the file says a unit belongs to, by the unit's HSA-id. */
  readonly claimedProvider: ReadonlyMap<string, string>;
  readonly placeOf: (kind: keyof Directory, key: string) => string;
};

type Draft = {
  readonly problems: Problems;
  readonly places: Map<string, string>;
  readonly claimedProvider: Map<string, string>;
  readonly providers: Map<string, Provider>;
  readonly units: Map<string, Unit>;
  readonly roles: Map<string, Role>;
  readonly people: Map<string, Person>;
  readonly duties: Map<string, Duty>;
};

/** Reads the text. Every problem is told, none is guessed away. */
export function readSource(text: string): { readonly source: Source } | { readonly problems: readonly Problem[] } {
  const problems = new Problems();
  const value = parsed(text, problems);
  if (value === undefined) return { problems: problems.all };
  const file = new Fields(value, "", problems);
  const draft: Draft = {
    problems,
    places: new Map(),
    claimedProvider: new Map(),
    providers: new Map(),
    units: new Map(),
    roles: new Map(),
    people: new Map(),
    duties: new Map(),
  };
  file.oneOf("format", [FORMAT]);
  file.maybeText("source");
  file.maybeText("exported");
  for (const one of file.list("healthCareProvider")) takeProvider(draft, one);
  for (const one of file.list("healthCareUnit")) takeUnit(draft, one);
  for (const one of file.list("role")) takeRole(draft, one);
  for (const one of file.list("person")) takePerson(draft, one);
  for (const one of file.list("commission")) takeCommission(draft, one);
  refuseSharedHsaIds(draft);
  const isCounted = checkCounts(draft, file.one("count"));
  file.close();
  if (problems.all.length > 0) return { problems: problems.all };
  const { places, claimedProvider, ...directory } = draft;
  return {
    source: { directory, isCounted, claimedProvider, placeOf: (kind, key) => places.get(`${kind} ${key}`) ?? kind },
  };
}

function parsed(text: string, problems: Problems): JsonValue | undefined {
  try {
    return parseJson(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    for (const { sv = "", en } of error.issues)
      problems.note("", `filen är inte hel JSON: ${sv}`, `the file is not whole JSON: ${en}`);
    return undefined;
  }
}

/** Puts one thing by its key. Errors (noted): the key is there already. */
function put<T>(
  draft: Draft,
  kind: keyof Directory,
  at: { readonly fields: Fields; readonly name: string },
  entry: readonly [string, T],
): void {
  const [key, value] = entry;
  const map = draft[kind] as unknown as Map<string, T>;
  const before = draft.places.get(`${kind} ${key}`);
  if (key !== "" && before !== undefined)
    return at.fields.note(at.name, `«${key}» finns redan (${before})`, `"${key}" is there already (${before})`);
  draft.places.set(`${kind} ${key}`, at.fields.path);
  map.set(key, value);
}

function takeProvider(draft: Draft, one: Fields): void {
  const name = "healthCareProviderHsaId";
  const hsaId = one.hsaId(name);
  put(draft, "providers", { fields: one, name }, [
    hsaId,
    {
      hsaId,
      name: one.text("healthCareProviderName"),
      orgNo: one.maybeText("healthCareProviderOrgNo"),
      span: one.span("healthCareProviderStartDate", "healthCareProviderEndDate"),
    },
  ]);
  one.close();
}

function takeUnit(draft: Draft, one: Fields): void {
  const name = "healthCareUnitHsaId";
  const hsaId = one.hsaId(name);
  const provider = one.hsaId("healthCareProviderHsaId");
  const parent = one.maybeHsaId("parentHsaId") ?? provider;
  draft.claimedProvider.set(hsaId, provider);
  put(draft, "units", { fields: one, name }, [
    hsaId,
    {
      hsaId,
      name: one.text("healthCareUnitName"),
      parent,
      isCareUnit: one.flag("unitIsHealthCareUnit", true),
      span: one.span("healthCareUnitStartDate", "healthCareUnitEndDate"),
    },
  ]);
  one.close();
}

function takeRole(draft: Draft, one: Fields): void {
  const id = one.text("roleId");
  if (id !== "" && !/^[a-z0-9][a-z0-9-]{0,63}$/.test(id))
    one.note("roleId", "ska vara små bokstäver a–z, siffror och bindestreck", "is to be of a to z, digits and hyphens");
  put(draft, "roles", { fields: one, name: "roleId" }, [
    id,
    { id, name: one.text("roleName"), analysis: analysisOf(one) },
  ]);
  one.close();
}

function analysisOf(one: Fields): Analysis | null {
  const [id, date] = [one.maybeText("analysisId"), one.day("analysisDate")];
  if (id !== null && date !== null) return { id, date };
  if (id === null && date !== null)
    one.note("analysisId", "saknas fastän analysen har en dag", "is missing though the analysis has a day");
  if (id !== null && date === null)
    one.note("analysisDate", "saknas fastän rollen har en analys", "is missing though the role has an analysis");
  return null;
}

function takePerson(draft: Draft, one: Fields): void {
  const hsaId = one.hsaId("personHsaId");
  put(draft, "people", { fields: one, name: "personHsaId" }, [
    hsaId,
    {
      hsaId,
      given: one.text("givenName"),
      family: one.text("middleAndSurName"),
      title: one.text("title"),
      isProtected: one.flag("protectedPerson", false),
      span: one.span("personStartDate", "personEndDate"),
    },
  ]);
  one.close();
}

/** A commission has members; each of them is one assignment. */
function takeCommission(draft: Draft, one: Fields): void {
  const commission = one.hsaId("commissionHsaId");
  const before = draft.places.get(`commission ${commission}`);
  if (commission !== "" && before !== undefined)
    one.note(
      "commissionHsaId",
      `«${commission}» finns redan (${before})`,
      `"${commission}" is there already (${before})`,
    );
  draft.places.set(`commission ${commission}`, one.path);
  const common = {
    commission,
    name: one.text("commissionName"),
    purpose: one.oneOf("commissionPurpose", PURPOSES),
    rights: one.list("commissionRight").map(rightOf),
    unit: one.hsaId("healthCareUnitHsaId"),
    role: one.text("roleId"),
  };
  for (const member of one.list("member")) {
    const person = member.hsaId("personHsaId");
    const duty: Duty = { ...common, person, span: member.span("startDate", "endDate"), footing: footingOf(member) };
    put(draft, "duties", { fields: member, name: "personHsaId" }, [dutyKey(duty), duty]);
    member.close();
  }
  one.close();
}

function rightOf(one: Fields): Right {
  const right = {
    activity: one.text("activity"),
    informationClass: one.text("informationClass"),
    scope: one.text("scope"),
  };
  one.close();
  return right;
}

const KINDS = ["ordinary", "student", "deputy", "delegation"] as const;
const BY = { student: "supervisorHsaId", deputy: "deputyForHsaId", delegation: "delegatedByHsaId" } as const;

function footingOf(member: Fields): Footing {
  const kind = member.oneOf("kind", KINDS, "ordinary");
  if (kind === "ordinary") return { kind };
  const by = member.hsaId(BY[kind]);
  const task = kind === "delegation" ? member.text("task") : null;
  return { kind, by, task };
}

/** One HSA-id names one thing, in all of HSA. */
function refuseSharedHsaIds({ problems, places }: Draft): void {
  const kinds = new Map<string, string>();
  for (const [place, path] of places) {
    const [kind = "", key = ""] = place.split(" ");
    if (kind === "roles" || kind === "duties" || key === "") continue;
    const before = kinds.get(key);
    if (before !== undefined)
      problems.note(
        path,
        `HSA-id «${key}» är redan något annat (${before})`,
        `HSA-id "${key}" is something else already (${before})`,
      );
    else kinds.set(key, path);
  }
}

/** Errors (noted): a number that is not what the file holds, as when its source was cut off. */
function checkCounts(draft: Draft, count: Fields | undefined): boolean {
  if (count === undefined) return false;
  const found = {
    healthCareProvider: draft.providers.size,
    healthCareUnit: draft.units.size,
    role: draft.roles.size,
    person: draft.people.size,
    member: draft.duties.size,
  };
  let isWhole = true;
  for (const [name, held] of Object.entries(found)) {
    const said = count.count(name);
    if (said === null) isWhole = false;
    else if (said !== held && draft.problems.all.length === 0)
      count.note(
        name,
        `filen säger ${said} men har ${held}: den kan vara avhuggen`,
        `the file says ${said} but has ${held}: it may be cut off`,
      );
  }
  count.close();
  return isWhole;
}
