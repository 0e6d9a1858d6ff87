/**
 * Reads the facts that open something. One that does not hold together opens nothing and is named for the alarm; what the
 * other facts open stays open, so that one bad row locks nobody out of a whole patient.
 *
 * SPEC ACC-FACTS
 */
import { CONSENT_TYPES, PURPOSES, type AccessLimits } from "./facts.ts";
import { firstOf, isWithin, spanOf, type Span } from "./moments.ts";

/** A fact of unknown shape: it comes from a store, another system or a person's hand. */
type Raw = Readonly<Record<string, unknown>>;

const ID = /^[A-Za-z0-9-]{1,32}$/;
const HOUR_MS = 3_600_000;

export function isId(value: unknown): value is string {
  return typeof value === "string" && ID.test(value);
}

export function isIdOrNull(value: unknown): value is string | null {
  return value === null || isId(value);
}

export function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

/** The members of a list. A list that is none has one member that nobody can read, so that it is never taken for an empty one. */
export function membersOf(list: unknown): readonly Raw[] {
  return Array.isArray(list) ? list.map(rawOf) : [{}];
}

/** An object, or one without anything in it. */
export function rawOf(value: unknown): Raw {
  return typeof value === "object" && value !== null ? (value as Raw) : {};
}

/** Whether something that may be null (not so) has come about: undefined when it cannot be read. */
export function hasHappened(value: unknown, at: number): boolean | undefined {
  if (value === null) return false;
  const moment = firstOf(value);
  return moment === undefined ? undefined : moment <= at;
}

/** What a fact says of whom; `isInForce` at the moment that was asked about. */
export type Opening = {
  readonly careProvider: string | null;
  readonly careUnit: string | null;
  readonly employee: string | null;
  readonly isInForce: boolean;
};
export type ConsentOpening = Opening & { readonly type: (typeof CONSENT_TYPES)[number] };

/** A care relation; undefined when it does not hold together. */
export function readRelation(raw: Raw, at: number): Opening | undefined {
  const { careProvider, careUnit, employee, start, end } = raw;
  const span = start === null ? undefined : spanOf(start, end);
  const isStanding = readStanding(raw, at);
  if (!isId(careProvider) || !isId(careUnit) || !isIdOrNull(employee)) return undefined;
  if (span === undefined || isStanding === undefined) return undefined;
  return { careProvider, careUnit, employee, isInForce: isStanding && isWithin(span, at) };
}

/** A consent, or the statement that there was an emergency, which must be short. */
export function readConsent(raw: Raw, at: number, limits: AccessLimits): ConsentOpening | undefined {
  const type = CONSENT_TYPES.find((one) => one === raw["type"]);
  const read = readRelation(raw, at);
  if (type === undefined || read === undefined) return undefined;
  if (raw["representedBy"] !== null && !isText(raw["representedBy"])) return undefined;
  if (type === "Emergency" && shortSpan(raw["start"], raw["end"], limits.emergencyHours) === undefined)
    return undefined;
  return { ...read, type };
}

export function readReason(raw: Raw, at: number, limits: AccessLimits): Opening | undefined {
  const { employee, careUnit, reason, start, end } = raw;
  const span = shortSpan(start, end, limits.reasonHours);
  if (!isId(employee) || !isId(careUnit) || !isText(reason) || span === undefined) return undefined;
  return { careProvider: null, careUnit, employee, isInForce: isWithin(span, at) };
}

export function readChoice(raw: Raw, at: number, limits: AccessLimits): Opening | undefined {
  const { employee, careProvider, careUnit, chosen, expires } = raw;
  const span = shortSpan(chosen, expires, limits.choiceHours);
  if (!isId(employee) || !isId(careProvider) || !isIdOrNull(careUnit) || span === undefined) return undefined;
  return { careProvider, careUnit, employee, isInForce: isWithin(span, at) };
}

export function readEmergency(raw: Raw, at: number, limits: AccessLimits): Opening | undefined {
  const { employee, reason, start, end } = raw;
  const span = shortSpan(start, end, limits.emergencyHours);
  if (!isId(employee) || !isText(reason) || span === undefined) return undefined;
  return { careProvider: null, careUnit: null, employee, isInForce: isWithin(span, at) };
}

/** The person who asks, with both ends of the assignment read. */
export type ReadStaff = {
  readonly employee: string;
  readonly careProvider: string;
  readonly careUnit: string;
  readonly isAssigned: boolean;
  readonly isInCare: boolean;
  readonly isAnalysed: boolean;
};

/** Undefined when the assignment does not hold together: then nothing at all is opened. */
export function readStaff(value: unknown, at: number): ReadStaff | undefined {
  const { employee, careProvider, careUnit, from, until, purpose, isClinical, analysis, term } = rawOf(value);
  const known = PURPOSES.find((one) => one === purpose);
  const assigned = spanOf(from, until);
  const limited = term === null ? EVER : termOf(rawOf(term));
  if (!isId(employee) || !isId(careProvider) || !isId(careUnit)) return undefined;
  if (known === undefined || typeof isClinical !== "boolean") return undefined;
  if (assigned === undefined || limited === undefined) return undefined;
  if (analysis !== null && !isText(analysis)) return undefined;
  return {
    employee,
    careProvider,
    careUnit,
    isAssigned: isWithin(assigned, at) && isWithin(limited, at),
    isInCare: isClinical && known === "Vård och behandling",
    isAnalysed: analysis !== null,
  };
}

const EVER: Span = { first: -Infinity, last: Infinity };

/** A student's or a delegation's time has both ends. */
function termOf({ from, until }: Raw): Span | undefined {
  return from === null || until === null ? undefined : spanOf(from, until);
}

/** A span with both ends that is no longer than it may be. */
function shortSpan(start: unknown, end: unknown, hours: number): Span | undefined {
  const span = start === null || end === null ? undefined : spanOf(start, end);
  return span !== undefined && span.last - span.first <= hours * HOUR_MS ? span : undefined;
}

/** Registered, neither taken back nor registered by mistake. */
function readStanding({ registered, cancelled, deleted }: Raw, at: number): boolean | undefined {
  const isRegistered = registered === null ? undefined : hasHappened(registered, at);
  const isCancelled = hasHappened(cancelled, at);
  const isDeleted = hasHappened(deleted, at);
  if (isRegistered === undefined || isCancelled === undefined || isDeleted === undefined) return undefined;
  return isRegistered && !isCancelled && !isDeleted;
}
