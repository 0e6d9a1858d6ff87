/** Who is away with whom in their place, and who is on duty at a list, as the screens fetch and register it. SPEC WEB-INBOX-8 */
import { queryOptions } from "@tanstack/react-query";
import { get, postFor } from "./call.ts";

export type Absence = {
  readonly id: string;
  readonly person: string;
  readonly since: string;
  readonly until: string;
  readonly deputy: string | null;
};
export type Turn = {
  readonly id: string;
  readonly worklist: string;
  readonly person: string;
  readonly since: string;
  readonly until: string;
  readonly rank: number;
};
export type Roster = {
  readonly asOf: string;
  readonly absences: readonly Absence[];
  readonly turns: readonly Turn[];
  readonly names: Readonly<Record<string, string>>;
};
/** Days and clocks as they are in Sweden: `2026-11-22`, `2026-11-22T16:00`. */
export type NewAbsence = {
  readonly person: string;
  readonly from: string;
  readonly through: string;
  readonly deputy: string | null;
};
export type NewTurn = {
  readonly worklist: string;
  readonly person: string;
  readonly from: string;
  readonly to: string;
  readonly rank: number;
};

export const rosterQuery = queryOptions({
  queryKey: ["loops", "roster"],
  queryFn: ({ signal }) => get<Roster>("/api/roster", signal),
});

export function addAbsence(wish: NewAbsence): Promise<Roster> {
  return postFor("/api/roster/absences", wish);
}

export function addTurn(wish: NewTurn): Promise<Roster> {
  return postFor("/api/roster/turns", wish);
}

export function endEntry(kind: "absences" | "turns", id: string): Promise<Roster> {
  return postFor(`/api/roster/${kind}/${encodeURIComponent(id)}/end`);
}
