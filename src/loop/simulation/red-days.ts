/** The days on which Sweden is not at work: Saturdays, Sundays, and the red days and eves of the year. SPEC LOOP-SIM-6 · lagen (1989:253) om allmänna helgdagar */
import { addDays, dateFields, localDate, type LocalDate } from "../../base/index.ts";

const FIXED: ReadonlySet<string> = new Set(["01-01", "01-06", "05-01", "06-06", "12-24", "12-25", "12-26", "12-31"]);
const AFTER_EASTER: readonly number[] = [-2, 0, 1, 39, 49];
const SATURDAY = 6;

/** Whether offices are closed on a date. */
export function isRedDay(date: LocalDate): boolean {
  const weekday = weekdayOf(date);
  if (weekday === 0 || weekday === SATURDAY || FIXED.has(date.slice(5))) return true;
  const { year } = dateFields(date);
  const easter = easterOf(year);
  if (AFTER_EASTER.some((days) => addDays(easter, days) === date)) return true;
  return date >= localDate(year, 6, 19) && date <= localDate(year, 6, 25) && weekday === 5; // Midsummer's eve
}

function weekdayOf(date: LocalDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

/** Easter Sunday (Meeus, Jones and Butcher). */
function easterOf(year: number): LocalDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return localDate(year, Math.floor(f / 31), (f % 31) + 1);
}
