/** The patient's own referrals and orders: which there are, and what the patient writes. SPEC WEB-REFERRAL */
import { queryOptions } from "@tanstack/react-query";
import { get, postFor } from "./call.ts";
import type { ReferralLook } from "./referrals.ts";

export type OwnRequest = {
  readonly id: string;
  readonly title: string | null;
  readonly question: string | null;
  readonly notes: readonly string[];
  readonly written: string | null;
  readonly status: string;
  readonly sender: string | null;
  readonly owner: string | null;
  readonly since: string | null;
  readonly national: ReferralLook["national"] | null;
  readonly target: string | null;
  readonly isBooked: boolean;
  /** Written here, by the patient. */
  readonly isOwn: boolean;
  readonly canAdd: boolean;
  readonly canWithdraw: boolean;
};
type Items = { readonly items: readonly OwnRequest[] };
type OwnUnit = { readonly id: string; readonly title: string };

const pathOf = (person: string): string => `/api/portal/patients/${encodeURIComponent(person)}`;
const itemsOf = ({ items }: Items): readonly OwnRequest[] => items;

export function requestsQuery(person: string) {
  return queryOptions({
    queryKey: ["portal", person, "requests"],
    queryFn: ({ signal }) => get<Items>(`${pathOf(person)}/requests`, signal).then(itemsOf),
  });
}

/** Units to write to, by words of their names. */
export function unitsQuery(person: string, words: string) {
  return queryOptions({
    queryKey: ["portal", person, "units", words],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly OwnUnit[] }>(
        `${pathOf(person)}/units?${new URLSearchParams({ words })}`,
        signal,
      ).then(({ items }) => items),
    enabled: words.length > 1,
  });
}

type Wish = {
  readonly unit: string;
  readonly matter: string;
  readonly words: string;
  readonly isSecondOpinion: boolean;
  readonly key: string;
};

export function writeReferral(person: string, wish: Wish): Promise<readonly OwnRequest[]> {
  return postFor<Items>(`${pathOf(person)}/requests`, wish).then(itemsOf);
}

export function addToReferral(
  person: string,
  id: string,
  said: { readonly words: string; readonly key: string },
): Promise<readonly OwnRequest[]> {
  return postFor<Items>(`${pathOf(person)}/requests/${encodeURIComponent(id)}/words`, said).then(itemsOf);
}

export function withdrawReferral(person: string, id: string, reason: string): Promise<readonly OwnRequest[]> {
  return postFor<Items>(`${pathOf(person)}/requests/${encodeURIComponent(id)}/end`, { reason }).then(itemsOf);
}
