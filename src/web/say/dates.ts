/**
 * Dates and ages as Swedish care writes them: 2026-11-21, kl 14.05, with exactly the precision that was recorded.
 * All clocks are shown in Swedish time, whatever zone the computer or the sender has.
 *
 * SPEC WEB-DATE · https://hl7.org/fhir/R4/datatypes.html#dateTime
 */
const PARTIAL = /^\d{4}(-\d{2})?(-\d{2})?$/;
const SWEDISH = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Europe/Stockholm",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

export type Age = { readonly unit: "years" | "months" | "weeks" | "days"; readonly count: number };

/** "2026-11-21 kl 14.05"; a date without time stays a date, a year stays a year. Not a date: the text itself. */
export function sayMoment(value: string): string {
  if (PARTIAL.test(value)) return value;
  const local = swedish(value);
  return local ? `${local.day} kl ${local.clock}` : value;
}

/** The day only: "2026-11-21". */
export function sayDay(value: string): string {
  if (PARTIAL.test(value)) return value;
  return swedish(value)?.day ?? value;
}

/** The clock only: "14.05", or undefined when only a date was recorded. */
export function sayClock(value: string): string | undefined {
  return PARTIAL.test(value) ? undefined : swedish(value)?.clock;
}

/** A period, open ends said as such: "2026-01-02 – 2026-03-04", "2026-01-02 –". */
export function sayPeriod(
  period: { readonly start?: string | undefined; readonly end?: string | undefined } | undefined,
): string | undefined {
  if (!period?.start && !period?.end) return undefined;
  const [start, end] = [period.start ? sayMoment(period.start) : "", period.end ? sayMoment(period.end) : ""];
  if (start && end && start.slice(0, 10) === end.slice(0, 10) && end.length > 10) return `${start}–${end.slice(14)}`;
  return `${start} – ${end}`.trim();
}

/** Milliseconds for sorting and graphs. A date without a clock counts as its noon, so that no zone moves it to another day. */
export function millis(value: string | undefined): number | undefined {
  if (!value) return undefined;
  const full = PARTIAL.test(value) ? `${(value + "-01-01").slice(0, 10)}T12:00:00Z` : value;
  const ms = Date.parse(full);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Age on the day `at`, in the unit care uses: days to 2 weeks, weeks to 3 months, months to 2 years, then years. */
export function ageAt(birthDate: string, at: string): Age | undefined {
  const [born, day] = [parts(birthDate), parts(sayDay(at))];
  if (!born || !day) return undefined;
  const months = (day.y - born.y) * 12 + day.m - born.m - (day.d < born.d ? 1 : 0);
  const days = Math.round((Date.UTC(day.y, day.m - 1, day.d) - Date.UTC(born.y, born.m - 1, born.d)) / 86_400_000);
  if (days < 0) return undefined;
  if (days < 14) return { unit: "days", count: days };
  if (months < 3) return { unit: "weeks", count: Math.floor(days / 7) };
  if (months < 24) return { unit: "months", count: months };
  return { unit: "years", count: Math.floor(months / 12) };
}

function swedish(value: string): { readonly day: string; readonly clock: string } | undefined {
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) return undefined;
  const part = new Map(SWEDISH.formatToParts(ms).map(({ type, value: text }) => [type, text]));
  return {
    day: `${part.get("year")}-${part.get("month")}-${part.get("day")}`,
    clock: `${part.get("hour")}.${part.get("minute")}`,
  };
}

function parts(date: string): { readonly y: number; readonly m: number; readonly d: number } | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(date);
  return found ? { y: Number(found[1]), m: Number(found[2]), d: Number(found[3]) } : undefined;
}
