/**
 * How one patient's records stand to the person who asks: what is open and on what grounds, what is hidden and what could open it. The
 * facts are what the store has; what they lead to is decided in `access`.
 *
 * SPEC JRN-CARE · PDL (2008:355) 4 kap. 1–4 §§, lag (2022:913), HSLF-FS 2016:40 4 kap.
 */
import {
  OPENS,
  patientReach,
  surveySources,
  type AccessRule,
  type Opening,
  type PatientFacts,
  type PersonActor,
  type Staff,
  type Survey,
} from "../../access/index.ts";
import type { CareFact, CareKind, CareSource, ReadTx, StandingOpening } from "../../store/index.ts";

/** A fact as it is shown to those whom it is for. */
export type ShownFact = {
  readonly id: string;
  readonly kind: CareKind;
  readonly isOwn: boolean;
  readonly source: Place | null;
  readonly reason: string | null;
  readonly since: string;
  readonly until: string | null;
};

/** A care provider and a unit by their HSA-ids; a null unit is all of it, `-` what has none. */
export type Place = { readonly careProvider: string; readonly careUnit: string | null };

export type OpenPlace = {
  readonly place: Place;
  readonly rule: string;
  readonly law: string;
  readonly sentence: string;
  /** When it closes if nothing else opens it; null when no end is set, as while a contact lasts. */
  readonly until: string | null;
};
export type HiddenPlace = {
  /** Null where naming the place would tell what the patient has hidden. */
  readonly place: Place | null;
  readonly rule: string;
  readonly law: string;
  readonly sentence: string;
  /** What could open it, in the order in which it is done. */
  readonly openings: readonly Opening[];
};

export type CareState = {
  /** Set when the person sees nothing of the patient yet: why, and what could be done. */
  readonly refusal: Omit<HiddenPlace, "place"> | null;
  readonly open: readonly OpenPlace[];
  readonly hidden: readonly HiddenPlace[];
  /** What the person, and the person's unit, have registered and has not passed. */
  readonly facts: readonly ShownFact[];
};

type Look = Pick<ReadTx, "care" | "blocks">;

/** How the patient's records stand to the person now. */
export async function careState(
  look: Look,
  person: PersonActor,
  { patient, now, isProtected }: { readonly patient: string; readonly now: Date; readonly isProtected: boolean },
): Promise<CareState> {
  const facts: CareFact[] = [];
  for (const one of [patient, ...(await look.care.others(patient))]) facts.push(...(await look.care.facts(one)));
  const openings = await look.care.openings([patient]);
  const contacts = openings.filter(({ contact }) => contact !== null);
  const blocks = await look.blocks.of(patient);
  const known: PatientFacts = {
    ...openingFacts(facts, person, contacts),
    blocks: blocks.map((block) => ({
      id: block.id,
      kind: block.kind,
      careProvider: block.careProvider,
      careUnit: block.careUnit,
      start: block.since,
      end: block.until,
      excluded: block.exceptKinds,
      cancelled: null,
      lifted: block.liftedUntil === null ? null : now.toISOString(),
      revokes: [],
    })),
    protection: { sekretessmarkering: isProtected, skyddadFolkbokforing: false },
  };
  const reach = patientReach(staffOf(person), known, { at: now.toISOString() });
  return stateOf(surveySources(reach, await look.care.sources(patient)), { facts, openings }, person);
}

/** The facts that may open something to people of the person's unit, as the decision takes them. */
export function openingFacts(
  facts: readonly CareFact[],
  { assignment }: PersonActor,
  contacts: readonly Pick<StandingOpening, "since" | "until">[] = [],
): Pick<PatientFacts, "relations" | "reasons" | "choices" | "consents" | "emergencies"> {
  const { providerHsaId: careProvider, unitHsaId: careUnit } = assignment;
  const here = facts.filter((fact) => fact.careUnit === careUnit && fact.careProvider === careProvider);
  const of = (kind: CareKind): readonly CareFact[] => here.filter((fact) => fact.kind === kind);
  const standing = { cancelled: null, deleted: null };
  return {
    relations: [
      ...of("relation").map((one) => ({ ...one, ...standing, start: one.since, end: one.until })),
      ...contacts.map(({ since, until }) => ({
        id: "contact",
        careProvider,
        careUnit,
        employee: null,
        start: since ?? LONG_AGO,
        end: until,
        registered: LONG_AGO,
        ...standing,
      })),
    ],
    reasons: of("reason").map((one) => ({ ...timed(one), reason: one.reason ?? "" })),
    choices: of("choice").map((one) => ({
      id: one.id,
      employee: one.employee ?? "",
      careProvider: one.sourceProvider ?? "",
      careUnit: one.sourceUnit,
      chosen: one.since,
      expires: one.until ?? one.since,
    })),
    consents: of("consent").map((one) => ({ ...one, ...standing, type: "Consent", start: one.since, end: one.until })),
    emergencies: of("emergency").map((one) => ({ ...timed(one), reason: one.reason ?? "" })),
  };
}

const LONG_AGO = "0001-01-02";

function timed(fact: CareFact): { id: string; employee: string; careUnit: string; start: string; end: string } {
  const { id, employee, careUnit, since, until } = fact;
  return { id, employee: employee ?? "", careUnit, start: since, end: until ?? since };
}

/** The assignment itself is decided with each request, before anything is asked of a patient. */
function staffOf({ hsaId, assignment }: PersonActor): Staff {
  return {
    employee: hsaId,
    careProvider: assignment.providerHsaId,
    careUnit: assignment.unitHsaId,
    from: null,
    until: null,
    purpose: "Vård och behandling",
    isClinical: true,
    analysis: "decided with each request",
    term: null,
  };
}

type Registered = { readonly facts: readonly CareFact[]; readonly openings: readonly StandingOpening[] };

function stateOf(survey: Survey, { facts, openings }: Registered, { hsaId, assignment }: PersonActor): CareState {
  const words = <T extends { rule: string; law: string; sentence: string }>({ rule, law, sentence }: T) => ({
    rule,
    law,
    sentence,
  });
  const isMine = (one: CareFact): boolean =>
    one.careUnit === assignment.unitHsaId && (one.employee === null || one.employee === hsaId);
  // The unit's contacts and what it was asked are given to the decision as a relation of the unit; where nothing else is one, they are named.
  const isRelated = facts.some((one) => one.kind === "relation" && isMine(one));
  const ofUnit = openings.some(({ rule }) => rule === OPENS.contact.rule) ? OPENS.contact : OPENS.request;
  const grounded = (grounds: AccessRule): AccessRule =>
    grounds.rule === OPENS.relation.rule && !isRelated ? ofUnit : grounds;
  return {
    refusal: survey.refusal === null ? null : { ...words(survey.refusal), openings: survey.refusal.openings },
    open: survey.open.map(({ source, grounds }) => ({
      place: source,
      ...words(grounded(grounds)),
      until: endOf(source, openings, assignment.unitHsaId),
    })),
    hidden: survey.hidden.map((one) => ({ place: one.source, ...words(one), openings: one.openings })),
    facts: facts.filter(isMine).map((one) => ({
      id: one.id,
      kind: one.kind,
      isOwn: one.employee === hsaId,
      source: one.sourceProvider === null ? null : { careProvider: one.sourceProvider, careUnit: one.sourceUnit },
      reason: one.reason,
      since: one.since,
      until: one.until,
    })),
  };
}

/** When the last that opens a source ends; what leans on a need of the own unit ends with that at the latest. */
function endOf(
  { careProvider, careUnit }: CareSource,
  openings: readonly StandingOpening[],
  own: string,
): string | null {
  const lastOf = (some: readonly StandingOpening[]): string | null =>
    some.some(({ until }) => until === null)
      ? null
      : (some
          .flatMap(({ until }) => until ?? [])
          .toSorted()
          .at(-1) ?? null);
  const here = openings.filter(
    ({ sourceProvider, sourceUnit }) =>
      sourceProvider === careProvider && (sourceUnit === null || sourceUnit === careUnit),
  );
  const firm = here.filter(({ leans }) => !leans);
  if (firm.length > 0) return lastOf(firm);
  const need = lastOf(openings.filter(({ leans, sourceUnit }) => !leans && sourceUnit === own));
  const leaning = lastOf(here);
  return [need, leaning].flatMap((one) => one ?? []).toSorted()[0] ?? null;
}

export type { CareSource };
