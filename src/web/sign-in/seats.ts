/** Every person with every assignment as one choice, filtered by any words of it and grouped by unit or profession. SPEC WEB-SIGN-2 */
import type { Person } from "../wire/session.ts";

export type GroupBy = "unit" | "profession";
export type Seat = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly profession: string;
  readonly unit: string;
  readonly provider: string;
};
export type SeatGroup = { readonly name: string; readonly aside: string; readonly seats: readonly Seat[] };

export function seatsOf(people: readonly Person[]): readonly Seat[] {
  return people.flatMap(({ name, title, profession, assignments }) =>
    assignments.map(({ id, unit, provider }) => ({ id, name, title, profession, unit, provider })),
  );
}

/** Groups in Swedish order; a seat is kept when every word typed is somewhere in it. */
export function groupSeats(seats: readonly Seat[], typed: string, by: GroupBy): readonly SeatGroup[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const wordsOf = (seat: Seat): string =>
    [seat.name, seat.title, seat.profession, seat.unit, seat.provider].join(" ").toLowerCase();
  const kept = seats.filter((seat) => words.every((word) => wordsOf(seat).includes(word)));
  const names = [...new Set(kept.map((seat) => seat[by]))].toSorted(inSwedish);
  return names.map((name) => {
    const own = kept.filter((seat) => seat[by] === name).toSorted((a, b) => inSwedish(a.name, b.name));
    return { name: capital(name), aside: by === "unit" ? (own[0]?.provider ?? "") : "", seats: own };
  });
}

function inSwedish(a: string, b: string): number {
  return a.localeCompare(b, "sv");
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
