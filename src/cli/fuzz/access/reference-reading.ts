/**
 * How the reference reads moments and facts, by itself: days by the European rule for summer time (from 1996), and what a
 * sound fact looks like as one line of field names.
 *
 * SPEC ACC-ORACLE
 */
export type Loose = Readonly<Record<string, unknown>>;
const HOUR = 3_600_000;
export const loose = (value: unknown): Loose => (typeof value === "object" && value !== null ? (value as Loose) : {});
/** A list that is none counts as one thing that nobody can read. */
export const list = (value: unknown): readonly Loose[] => (Array.isArray(value) ? value.map(loose) : [{}]);

const changes = (year: number, month: number): number => {
  const last = new Date(Date.UTC(year, month, 0));
  return last.getTime() - last.getUTCDay() * 24 * HOUR + HOUR;
};
const isSummer = (utc: number): boolean => {
  const year = new Date(utc).getUTCFullYear();
  return utc >= changes(year, 3) && utc < changes(year, 10);
};
const midnight = (utcDay: number): number => utcDay - (isSummer(utcDay - 2 * HOUR) ? 2 : 1) * HOUR;
export const swedishDay = (utc: number): string =>
  new Date(utc + (isSummer(utc) ? 2 : 1) * HOUR).toISOString().slice(0, 10);

/** Milliseconds of a moment; a day is its first or, as an end, its last one. NaN when it cannot be read. */
export function when(value: unknown, side: "start" | "end" = "start"): number {
  if (typeof value !== "string") return Number.NaN;
  const known = read[side].get(value) ?? reckon(value, side);
  if (read[side].size > KEPT) read[side].clear();
  read[side].set(value, known);
  return known;
}
/** The same few moments come again and again. */
const KEPT = 20_000;
const read = { start: new Map<string, number>(), end: new Map<string, number>() };

function reckon(value: string, side: "start" | "end"): number {
  const day = Date.parse(`${value.slice(0, 10)}T00:00:00Z`);
  const isDay = !Number.isNaN(day) && new Date(day).toISOString().slice(0, 10) === value.slice(0, 10);
  if (!isDay) return Number.NaN;
  if (value.length === 10) return side === "start" ? midnight(day) : midnight(day + 24 * HOUR) - 1;
  return /^.{10}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)
    ? Date.parse(value)
    : Number.NaN;
}

export const isId = (value: unknown): boolean => typeof value === "string" && /^[\dA-Za-z-]{1,32}$/.test(value);
const isSaid = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";
const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  id: isId,
  time: (value) => !Number.isNaN(when(value)),
  text: isSaid,
  flag: (value) => typeof value === "boolean",
  revoke: (value) => value === "PatientsConsent" || value === "Emergency",
  consent: (value) => value === "Consent" || value === "Emergency",
};
const forms = new Map<string, readonly { name: string; kind: string; mayBeNull: boolean }[]>();
function fieldsOf(form: string): readonly { name: string; kind: string; mayBeNull: boolean }[] {
  const fields = form.split(" ").map((field) => {
    const [name = "", kind = ""] = field.split(/[:?]/);
    return { name, kind, mayBeNull: field.endsWith("?") };
  });
  forms.set(form, fields);
  return fields;
}
/** Whether a fact is as `form` says: `name:kind`, with `?` for what may be null. */
export const sound = (fact: Loose, form: string): boolean =>
  (forms.get(form) ?? fieldsOf(form)).every(
    ({ name, kind, mayBeNull }) => (mayBeNull && fact[name] === null) || KINDS[kind]?.(fact[name]) === true,
  );
export const ordered = (start: unknown, end: unknown): boolean => end === null || when(start) <= when(end, "end");
export const within = (start: unknown, end: unknown, hours: number): boolean =>
  when(end, "end") - when(start) <= hours * HOUR;
export const holds = (now: number, start: unknown, end: unknown): boolean =>
  (start === null || when(start) <= now) && (end === null || now <= when(end, "end"));
export const isPast = (value: unknown, now: number): boolean => when(value) <= now;
export const standing = (fact: Loose, now: number): boolean =>
  isPast(fact["registered"], now) && !isPast(fact["cancelled"], now) && !isPast(fact["deleted"], now);
