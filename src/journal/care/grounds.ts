/**
 * On what grounds a person reached a patient's records, for the log: not only that the assignment is in care, but what opens this
 * patient. And the refusal of whoever asks for one patient's records without any, who must not take "nothing" for an answer.
 *
 * SPEC JRN-CARE · PDL (2008:355) 4 kap. 1 §, HSLF-FS 2016:40 4 kap. 9 §
 */
import { CLOSES, OPENS, reachSetting, type AccessRule, type PersonActor } from "../../access/index.ts";
import { fhirError } from "../../fhir/index.ts";
import type { Condition, SearchPlan } from "../../search/index.ts";
import type { AccessLogEntry, CareLook, StandingOpening, Store } from "../../store/index.ts";
import { recordRefusal } from "../authorize.ts";
import { groundText, type Visit } from "../context.ts";

/** Grounds of care as the decision words them before the patient is known. */
const GENERAL = "ACC-NEED · ";

/** What is said of each rule, of whoever it is about; the first that holds names the access. */
const SAID: ReadonlyMap<string, string> = new Map([
  [OPENS.emergency.rule, "nödöppning"],
  [OPENS.relation.rule, "har en vårdrelation till patienten"],
  [OPENS.contact.rule, "vårdenheten har en vårdkontakt med patienten"],
  [OPENS.request.rule, "vårdenheten har fått en remiss, beställning eller uppgift som gäller patienten"],
  [OPENS.reason.rule, "har angett ett skäl"],
  [OPENS.choice.rule, "har aktivt valt en annan vårdenhets uppgifter"],
  [OPENS.consent.rule, "patienten samtycker till andra vårdgivares uppgifter"],
  [OPENS.cohesiveEmergency.rule, "andra vårdgivares uppgifter i en nödsituation"],
]);
const RULES: readonly AccessRule[] = Object.values(OPENS);

const CACHE_MS = 2_000;
const CACHE_SIZE = 10_000;
type Kept = { readonly until: number; readonly openings: readonly StandingOpening[] };
type Keeping = {
  readonly known: Map<string, Kept>;
  readonly asking: Map<string, Promise<ReadonlyMap<string, readonly StandingOpening[]>>>;
};
const kept = new WeakMap<Store, Keeping>();

/** Makes durable what was shown, with the grounds of each patient. */
export async function recordShown(visit: Visit, entries: readonly AccessLogEntry[]): Promise<void> {
  await visit.store.recordAccess(await withGrounds(visit, entries));
}

/** Entries with what opened each patient; `look` when they are written in a transaction, which alone sees what it has opened. */
export async function withGrounds(
  visit: Visit,
  entries: readonly AccessLogEntry[],
  look?: CareLook,
): Promise<readonly AccessLogEntry[]> {
  const { actor } = visit;
  if (actor.kind !== "person" || visit.isUnguarded === true) return entries;
  const patients = new Set(entries.flatMap((entry) => (isGeneral(entry) ? [entry.patient] : [])));
  if (patients.size === 0) return entries;
  const found = await openingsFor(visit, actor, [...patients], look);
  return entries.map((entry) => {
    const openings = isGeneral(entry) ? found.get(entry.patient) : undefined;
    return openings === undefined || openings.length === 0 ? entry : { ...entry, ground: groundOf(actor, openings) };
  });
}

/** Those of some patients whose records something opens to the visit, as it stands in a transaction; to systems all of them. */
export async function openAmong(
  { actor, isUnguarded }: Visit,
  patients: readonly string[],
  look: CareLook,
): Promise<ReadonlySet<string>> {
  if (actor.kind !== "person" || isUnguarded === true || patients.length === 0) return new Set(patients);
  const openings = await look.care.openings(patients);
  const own = openings.filter(
    ({ leans, sourceProvider }) => !leans && sourceProvider === actor.assignment.providerHsaId,
  );
  return new Set(own.map(({ patient }) => patient));
}

/** Refuses one patient's records to a person whom nothing opens them to. Errors: NO_CARE_RELATION. */
export async function requireNeed(visit: Visit, patient: string, asked: string, look?: CareLook): Promise<void> {
  const { actor } = visit;
  if (actor.kind !== "person" || visit.isUnguarded === true) return;
  const openings = look === undefined ? await openingsNow(visit, actor, patient) : await look.care.openings([patient]);
  if (openings.some(({ leans, sourceProvider }) => !leans && sourceProvider === actor.assignment.providerHsaId)) return;
  if (look === undefined) await recordRefusal(visit, "care", groundText(CLOSES.need), [asked]);
  throw fhirError("NO_CARE_RELATION");
}

/**
 * Refuses "nothing" for an answer about one patient to a person whom nothing opens the patient to. Whoever is shown something has what
 * opens it; that there is such a patient opens nothing, so that their own resource does not count. Errors: NO_CARE_RELATION.
 */
export async function refuseEmptyWithoutNeed(visit: Visit, { plan, of, rows, asked }: Emptiness): Promise<void> {
  if (rows.some(({ type }) => type !== "Patient")) return;
  const patient = of ?? patientOf(plan) ?? (plan.revincludes.length > 0 && rows.length === 1 ? rows[0]?.id : undefined);
  if (patient !== undefined) await requireNeed(visit, patient, asked);
}

type Shown = { readonly type: string; readonly id: string };
type Emptiness = {
  readonly plan: SearchPlan;
  /** Who was asked about when the search was widened to the person's other records. */
  readonly of?: string | undefined;
  readonly rows: readonly Shown[];
  readonly asked: string;
};

/** The one patient whose records a search is about, when its criteria name one. The patients' own resources are no records. */
function patientOf({ types, revincludes }: SearchPlan): string | undefined {
  if (types.every(({ type, conditions }) => type === "Patient" && !conditions.some(looksFurther)))
    if (revincludes.length === 0) return undefined;
  const [first, ...others] = types.map(({ type, conditions }) => namedIn(type, conditions));
  return others.every((one) => one === first) ? first : undefined;
}

function looksFurther(condition: Condition): boolean {
  return condition.kind === "has" || (condition.kind === "all" && condition.of.some(looksFurther));
}

function namedIn(type: string, conditions: readonly Condition[]): string | undefined {
  for (const condition of conditions) {
    const named = namedBy(type, condition);
    if (named !== undefined) return named;
  }
  return undefined;
}

function namedBy(type: string, condition: Condition): string | undefined {
  switch (condition.kind) {
    case "compartment":
      return condition.patient;
    case "keys":
      return condition.negated ? undefined : onlyOf(condition.whose);
    case "id":
      return type === "Patient" && !condition.negated ? onlyOf(condition.ids) : undefined;
    case "chain": {
      const target = onlyOf(condition.targets);
      return condition.ownPatient && target !== undefined ? namedBy(target.type, target.condition) : undefined;
    }
    case "all":
      return namedIn(type, condition.of);
    default:
      return undefined;
  }
}

function onlyOf<T>(values: readonly T[] = []): T | undefined {
  return values.length === 1 ? values[0] : undefined;
}

function isGeneral({ patient, outcome, ground }: AccessLogEntry): boolean {
  return patient !== null && outcome === "granted" && ground.startsWith(GENERAL);
}

function groundOf({ title, assignment, app }: PersonActor, openings: readonly StandingOpening[]): string {
  const rules = new Set(openings.map(({ rule }) => rule));
  const said = [...SAID].flatMap(([rule, words]) => (rules.has(rule) ? [words] : []));
  const first = RULES.find(({ rule }) => rule === [...SAID.keys()].find((one) => rules.has(one)));
  const sentence = `${title} med uppdrag vid ${assignment.unit}: ${said.join("; ")}.${app === undefined ? "" : ` Genom appen ${app.name}.`}`;
  return groundText({ ...(first ?? OPENS.contact), sentence });
}

/** What stands open to the person of each patient: as it was at most two seconds ago, for the log. */
async function openingsFor(
  visit: Visit,
  person: PersonActor,
  patients: readonly (string | null)[],
  look?: CareLook,
): Promise<ReadonlyMap<string | null, readonly StandingOpening[]>> {
  const named = patients.filter((patient) => patient !== null);
  if (look !== undefined) return byPatient(await look.care.openings(named));
  const { known } = keptFor(visit);
  const now = performance.now();
  const isKept = (patient: string): boolean => (known.get(nameOf(person, patient))?.until ?? 0) > now;
  const missing = named.filter((patient) => !isKept(patient));
  if (missing.length > 0) await askNow(visit, person, missing);
  return new Map(named.map((patient) => [patient, known.get(nameOf(person, patient))?.openings ?? []]));
}

/** What stands open to the person of one patient now. Whoever asks while it is being asked gets the same answer. */
async function openingsNow(visit: Visit, person: PersonActor, patient: string): Promise<readonly StandingOpening[]> {
  const { asking } = keptFor(visit);
  const name = nameOf(person, patient);
  const standing = asking.get(name) ?? askNow(visit, person, [patient]).finally(() => asking.delete(name));
  asking.set(name, standing);
  return (await standing).get(patient) ?? [];
}

async function askNow(
  visit: Visit,
  person: PersonActor,
  patients: readonly string[],
): Promise<ReadonlyMap<string, readonly StandingOpening[]>> {
  const { hsaId: employee, assignment } = person;
  const { providerHsaId: careProvider, unitHsaId: careUnit } = assignment;
  const reach = reachSetting({ kind: "provider", careProvider, careUnit, employee });
  const { known } = keptFor(visit);
  const found = byPatient(await visit.store.read(reach, (look) => look.care.openings(patients)));
  if (known.size >= CACHE_SIZE) known.clear();
  const until = performance.now() + CACHE_MS;
  for (const [patient, openings] of found) known.set(nameOf(person, patient), { until, openings });
  return found;
}

function byPatient<T extends { readonly patient: string }>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) found.set(row.patient, [...(found.get(row.patient) ?? []), row]);
  return found;
}

function nameOf({ hsaId, assignment }: PersonActor, patient: string): string {
  return `${assignment.unitHsaId} ${hsaId} ${patient}`;
}

function keptFor({ store }: Visit): Keeping {
  const found = kept.get(store) ?? { known: new Map(), asking: new Map() };
  kept.set(store, found);
  return found;
}
