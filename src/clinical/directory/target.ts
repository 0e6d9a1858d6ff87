/**
 * What the directory is to be: the file, laid over what is here unless the file is whole. Everything that the file refers
 * to must be there, a role must rest on an analysis, and nobody's assignment lasts longer than the person, the unit and
 * the care provider do.
 *
 * SPEC CLIN-DIRECTORY-2 CLIN-DIRECTORY-3 · PDL (2008:355) 4 kap. 2 §, HSLF-FS 2016:40 4 kap., SOSFS 1997:14 (delegation)
 */
import { addMonths, parseLocalDate } from "../../base/index.ts";
import { Problems, type Problem } from "./fields.ts";
import {
  chainOf,
  isWithin,
  providerOf,
  shared,
  type Directory,
  type Duty,
  type Role,
  type Span,
  type Unit,
} from "./model.ts";
import type { Source } from "./source.ts";

/** Whoever grants access without knowing its need and its risks breaks this rule. */
export const ANALYSIS_RULE = {
  sv: "En roll får inte användas förrän dess behovs- och riskanalys är gjord och angiven (PDL 4 kap. 2 §, HSLF-FS 2016:40 4 kap.).",
  en: "A role must not be used until its need-and-risk analysis is made and named (PDL ch. 4 s. 2, HSLF-FS 2016:40 ch. 4).",
} as const;

/** A delegation holds for a year at most (SOSFS 1997:14). */
const DELEGATION_MONTHS = 12;

type Judging = {
  readonly source: Source;
  readonly merged: Directory;
  readonly today: string;
  readonly problems: Problems;
  /** Duties of the merged directory by person and unit, each no longer than what it stands on. */
  readonly own: ReadonlyMap<string, readonly Duty[]>;
};

/** The directory as it will be, or what keeps it from being so. `known` is what the file need not repeat. */
export function targetOf(
  source: Source,
  known: Directory,
  today: string,
): { readonly target: Directory } | { readonly problems: readonly Problem[] } {
  const merged = laidOver(known, source.directory);
  const problems = new Problems();
  for (const unit of source.directory.units.values()) judgeUnit(source, merged, unit, problems);
  // What is judged next climbs the units, and a duty stands on them.
  if (problems.all.length > 0) return { problems: problems.all };
  const duties = new Map<string, Duty>();
  for (const [key, duty] of merged.duties) {
    const span = lastingSpan(merged, duty);
    if (span !== undefined) duties.set(key, { ...duty, span });
  }
  const judging: Judging = { source, merged, today, problems, own: byPersonAndUnit(duties.values()) };
  for (const role of source.directory.roles.values()) judgeRole(judging, role);
  for (const [key, duty] of source.directory.duties) judgeDuty(judging, key, duty);
  return problems.all.length > 0 ? { problems: problems.all } : { target: { ...merged, duties } };
}

function laidOver(under: Directory, over: Directory): Directory {
  const both = <T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...one, ...other]);
  return {
    providers: both(under.providers, over.providers),
    units: both(under.units, over.units),
    roles: both(under.roles, over.roles),
    people: both(under.people, over.people),
    duties: both(under.duties, over.duties),
  };
}

/** The days that a duty can hold, of those it is given for; nothing when there is none. */
export function lastingSpan({ people, units, providers }: Directory, { person, unit, span }: Duty): Span | undefined {
  const chain = chainOf(units, unit);
  const provider = providers.get(chain.at(-1)?.parent ?? "");
  const spans = [people.get(person)?.span, provider?.span, ...chain.map((one) => one.span)];
  return shared(span, ...spans.filter((one) => one !== undefined));
}

function byPersonAndUnit(duties: Iterable<Duty>): Map<string, Duty[]> {
  const found = new Map<string, Duty[]>();
  for (const duty of duties) {
    const key = `${duty.person} ${duty.unit}`;
    found.set(key, [...(found.get(key) ?? []), duty]);
  }
  return found;
}

function judgeUnit(source: Source, { units, providers }: Directory, unit: Unit, problems: Problems): void {
  const path = source.placeOf("units", unit.hsaId);
  const claimed = source.claimedProvider.get(unit.hsaId);
  if (!units.has(unit.parent) && !providers.has(unit.parent))
    return problems.note(
      `${path}.parentHsaId`,
      `enheten «${unit.parent}» finns inte`,
      `there is no unit "${unit.parent}"`,
    );
  const top = chainOf(units, unit.hsaId).at(-1);
  if (top !== undefined && units.has(top.parent))
    return problems.note(
      `${path}.parentHsaId`,
      "enheterna är del av varandra i en cirkel",
      "the units are part of each other in a circle",
    );
  const provider = providerOf(units, unit.hsaId);
  if (provider === undefined || !providers.has(provider))
    problems.note(`${path}.healthCareProviderHsaId`, "vårdgivaren finns inte", "there is no such care provider");
  else if (claimed !== provider)
    problems.note(
      `${path}.healthCareProviderHsaId`,
      `är «${claimed}», men det som enheten är del av hör till «${provider}»`,
      `is "${claimed}", but what the unit is part of belongs to "${provider}"`,
    );
}

function judgeRole({ source, merged, today, problems }: Judging, role: Role): void {
  const path = source.placeOf("roles", role.id);
  if (role.analysis !== null && role.analysis.date > today)
    problems.note(`${path}.analysisDate`, `${role.analysis.date} är inte än`, `${role.analysis.date} is yet to come`);
  if (role.analysis !== null) return;
  const used = [...merged.duties].filter(([key, duty]) => duty.role === role.id && !source.directory.duties.has(key));
  if (used.length > 0)
    problems.note(
      `${path}.analysisId`,
      `${used.length} uppdrag som inte står i filen har rollen. ${ANALYSIS_RULE.sv}`,
      `${used.length} assignments that are not in the file have the role. ${ANALYSIS_RULE.en}`,
    );
}

function judgeDuty(judging: Judging, key: string, duty: Duty): void {
  const { source, merged, problems } = judging;
  const member = source.placeOf("duties", key);
  const commission = member.replace(/\.member\[\d+\]$/, "");
  const note = (path: string, sv: string, en: string): void => problems.note(path, sv, en);
  const unit = merged.units.get(duty.unit);
  if (unit === undefined)
    note(`${commission}.healthCareUnitHsaId`, `enheten «${duty.unit}» finns inte`, `there is no unit "${duty.unit}"`);
  else if (!unit.isCareUnit)
    note(`${commission}.healthCareUnitHsaId`, `«${unit.name}» är ingen vårdenhet`, `"${unit.name}" is no care unit`);
  const role = merged.roles.get(duty.role);
  if (role === undefined)
    note(`${commission}.roleId`, `rollen «${duty.role}» finns inte`, `there is no role "${duty.role}"`);
  else if (role.analysis === null)
    note(`${commission}.roleId`, `«${role.name}»: ${ANALYSIS_RULE.sv}`, `"${role.name}": ${ANALYSIS_RULE.en}`);
  if (!merged.people.has(duty.person))
    note(`${member}.personHsaId`, `personen «${duty.person}» finns inte`, `there is no person "${duty.person}"`);
  if (unit === undefined || !merged.people.has(duty.person)) return;
  const span = lastingSpan(merged, duty);
  if (span === undefined)
    note(
      `${member}.startDate`,
      "uppdraget gäller ingen dag som personen, enheten och vårdgivaren också finns",
      "the assignment holds on no day that the person, the unit and the care provider are there",
    );
  else judgeFooting(judging, member, { ...duty, span });
}

/** Whoever learns, stands in or acts on delegation does so for a time, under somebody who works there all that time. */
function judgeFooting({ problems, own, merged }: Judging, path: string, duty: Duty): void {
  const { footing, span, person, unit } = duty;
  if (footing.kind === "ordinary") return;
  if (span.from === null || span.until === null)
    return problems.note(`${path}.endDate`, "behöver både början och slut", "needs both a beginning and an end");
  if (footing.kind === "delegation" && lastsTooLong(span.from, span.until))
    problems.note(
      `${path}.endDate`,
      "en delegering gäller i högst ett år (SOSFS 1997:14)",
      "a delegation holds for a year at most (SOSFS 1997:14)",
    );
  const { by } = footing;
  if (by === person)
    return problems.note(
      path,
      "ingen handleder, ersätter eller delegerar till sig själv",
      "nobody supervises, stands in for or delegates to themselves",
    );
  if (!merged.people.has(by)) return problems.note(path, `personen «${by}» finns inte`, `there is no person "${by}"`);
  const theirs = own.get(`${by} ${unit}`) ?? [];
  const covers = theirs.some(
    (one) => one.footing.kind === "ordinary" && (footing.kind === "deputy" || isWithin(span, one.span)),
  );
  if (!covers)
    problems.note(
      path,
      `«${by}» har inget eget uppdrag vid enheten hela tiden`,
      `"${by}" has no assignment of their own at the unit all that time`,
    );
}

function lastsTooLong(from: string, until: string): boolean {
  const first = parseLocalDate(from);
  return first === undefined || first > "9998" || until > addMonths(first, DELEGATION_MONTHS);
}
