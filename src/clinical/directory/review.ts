/**
 * The periodic review of who may do what: analyses that have grown old, roles in use without one, assignments without a
 * last day, people with assignments at many units, and sessions that are open though their assignment has ended.
 *
 * SPEC CLIN-REVIEW · HSLF-FS 2016:40 4 kap.: access is followed up regularly
 */
import type { PersonActor } from "../../access/index.ts";
import { addDays, addMonths, parseLocalDate, type LocalDate } from "../../base/index.ts";
import { disclosedTogether, Standings, today, type Disclosed, type Visit } from "../../journal/index.ts";
import { readHere } from "./here.ts";
import { holdsOn, type Directory, type Duty } from "./model.ts";
import { namesOf, type Names } from "./names.ts";

export type ReviewAsk = {
  /** How many months an analysis may be old, and how long ago an assignment may have been gone through. */
  readonly months: number;
  /** At how many units a person may have assignments. */
  readonly units: number;
};

export type Finding = {
  readonly kind:
    | "old-analysis"
    | "no-analysis"
    | "no-end"
    | "many-units"
    | "ended-session"
    | "expiring"
    | "not-reviewed";
  /** Role id or HSA-id. */
  readonly key: string;
  readonly sv: string;
  /** The assignment's id, of what can be said to have been gone through. */
  readonly assignment?: string;
};

/** Everything that somebody has to look at, by kind. */
export async function reviewDirectory(visit: Visit, ask: ReviewAsk): Promise<Disclosed<readonly Finding[]>> {
  const here = await readHere(visit);
  const day = parseLocalDate(today(visit));
  if (day === undefined) throw new RangeError("the clock tells no day");
  const sessions = await endedSessions(visit);
  return disclosedTogether([here], ([{ directory, roleNames, reviewed, standing }]) => {
    const names = namesOf(directory, directory);
    const duties = [...directory.duties].filter(([, duty]) => (duty.span.until ?? day) >= day);
    const unnamed = duties.filter(([key]) => roleNames.has(key)).map(([, duty]) => duty);
    const working = duties.map(([, duty]) => duty);
    return [
      ...analyses(directory, working, addMonths(day, -ask.months)),
      ...withoutRole(unnamed),
      ...working.filter(({ span }) => span.until === null).map((duty) => withoutEnd(duty, names)),
      ...working.filter(({ span }) => isExpiring(span, day)).map((duty) => expiring(duty, names)),
      ...manyUnits(
        working.filter(({ span }) => holdsOn(span, day)),
        ask.units,
        names,
      ),
      ...sessions.map((actor) => sessionFinding(actor, names)),
      ...duties.flatMap(([key, duty]): Finding[] => {
        const last = reviewed.get(key) ?? duty.span.from;
        const id = standing.get(`duties ${key}`)?.id;
        return id === undefined || (last ?? "") >= addMonths(day, -ask.months)
          ? []
          : [notReviewed(duty, { last: reviewed.get(key), id, names })];
      }),
    ];
  });
}

function analyses({ roles }: Directory, duties: readonly Duty[], oldest: string): Finding[] {
  const used = new Map<string, number>();
  for (const { role } of duties) used.set(role, (used.get(role) ?? 0) + 1);
  return [...roles.values()].flatMap(({ id, name, analysis }): Finding[] => {
    const has = `${used.get(id) ?? 0} uppdrag`;
    if (analysis === null)
      return [{ kind: "no-analysis", key: id, sv: `Rollen ${name} saknar behovs- och riskanalys (${has})` }];
    if (analysis.date >= oldest) return [];
    return [
      { kind: "old-analysis", key: id, sv: `Rollen ${name}: analys ${analysis.id} är från ${analysis.date} (${has})` },
    ];
  });
}

/** Assignments in roles that the directory does not know rest on no analysis at all. */
function withoutRole(duties: readonly Duty[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { role } of duties) counts.set(role, (counts.get(role) ?? 0) + 1);
  return [...counts].map(([role, count]) => ({
    kind: "no-analysis",
    key: role,
    sv: `${count} uppdrag har rollen ${role === "" ? "(ingen)" : role}, som katalogen inte har och som därför saknar analys`,
  }));
}

function withoutEnd({ person, unit, role, span }: Duty, names: Names): Finding {
  const since = span.from === null ? "" : ` sedan ${span.from}`;
  return {
    kind: "no-end",
    key: person,
    sv: `${names.person(person)}, ${names.role(role)} vid ${names.unit(unit)}: tills vidare${since}`,
  };
}

/** Ends so soon that somebody should ask whether it is to go on. */
const SOON_DAYS = 30;

function isExpiring({ until }: Duty["span"], day: LocalDate): boolean {
  return until !== null && until <= addDays(day, SOON_DAYS);
}

function expiring({ person, unit, role, span }: Duty, names: Names): Finding {
  return {
    kind: "expiring",
    key: person,
    sv: `${names.person(person)}, ${names.role(role)} vid ${names.unit(unit)}: upphör ${span.until}`,
  };
}

function notReviewed(
  { person, unit, role }: Duty,
  { last, id, names }: { readonly last: string | undefined; readonly id: string; readonly names: Names },
): Finding {
  const since = last === undefined ? "har inte gåtts igenom" : `gicks senast igenom ${last}`;
  return {
    kind: "not-reviewed",
    key: person,
    sv: `${names.person(person)}, ${names.role(role)} vid ${names.unit(unit)}: ${since}`,
    assignment: id,
  };
}

function manyUnits(duties: readonly Duty[], most: number, names: Names): Finding[] {
  const units = new Map<string, Set<string>>();
  for (const { person, unit } of duties) units.set(person, (units.get(person) ?? new Set()).add(unit));
  return [...units].flatMap(([person, at]): Finding[] =>
    at.size <= most
      ? []
      : [
          {
            kind: "many-units",
            key: person,
            sv: `${names.person(person)} har uppdrag vid ${at.size} enheter: ${[...at].map(names.unit).join("; ")}`,
          },
        ],
  );
}

/** They are refused at their next request already; here they are told, so that somebody asks why they were open. */
async function endedSessions({ store, clock }: Visit): Promise<readonly PersonActor[]> {
  const standings = new Standings(store, clock);
  const ended: PersonActor[] = [];
  for (const actor of (await store.openSessions()) as readonly PersonActor[])
    if ((await standings.now(actor)) === undefined) ended.push(actor);
  return ended;
}

function sessionFinding({ hsaId, assignment }: PersonActor, names: Names): Finding {
  return {
    kind: "ended-session",
    key: hsaId,
    sv: `${names.person(hsaId)} är inloggad med ett uppdrag vid ${assignment.unit} som har upphört`,
  };
}
