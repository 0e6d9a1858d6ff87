/**
 * Days as people type them: "i" for today, "i-30", "i+3", "v47" for the Monday of that week, 20261121, 2026-11, 2026.
 *
 * SPEC WEB-DATE-5 · ux.md section 8 (dates typed, never picker-only)
 */
const DAY = 86_400_000;

/** YYYY-MM-DD, or undefined when the text is not a day. `today` is YYYY-MM-DD. */
export function typedDay(text: string, today: string): string | undefined {
  const typed = text.trim().toLowerCase();
  const relative = /^i(?:dag)?\s*(?:([+-])\s*(\d{1,5}))?$/.exec(typed);
  if (relative) return shifted(today, Number(`${relative[1] ?? "+"}${relative[2] ?? "0"}`));
  const week = /^v\.?\s*(\d{1,2})(?:[ -](\d{4}))?$/.exec(typed);
  if (week) return mondayOf(Number(week[1]), Number(week[2] ?? today.slice(0, 4)));
  const date = /^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?$/.exec(typed);
  return date ? existing(`${date[1]}-${date[2] ?? "01"}-${date[3] ?? "01"}`) : undefined;
}

function shifted(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

/** Monday of an ISO week: week 1 is the one with the year's first Thursday. */
function mondayOf(week: number, year: number): string | undefined {
  const fourth = Date.UTC(year, 0, 4);
  const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY + (week - 1) * 7 * DAY;
  const thursday = new Date(monday + 3 * DAY);
  return week >= 1 && thursday.getUTCFullYear() === year ? new Date(monday).toISOString().slice(0, 10) : undefined;
}

function existing(date: string): string | undefined {
  const ms = Date.parse(date);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date) ? date : undefined;
}
