/** Ordering: what can be ordered and who gets it, the basket that is being filled, signing it, sets, and one order. SPEC WEB-ORDER · HTTP-ORDER */
import { queryOptions } from "@tanstack/react-query";
import type { CodeableConcept, ServiceRequest } from "fhir/r4";
import { CallFailed, get, postFor } from "./call.ts";
import { patientPath, refuseOthers } from "./chart.ts";
import { isAsSealed } from "./damaged.ts";

export type Category = "laboratory" | "imaging" | "consultation";
export type Need = "question" | "history" | "contact";
export type Priority = "routine" | "urgent" | "asap" | "stat";
export type Destination = {
  readonly list: string;
  readonly title: string;
  readonly isCarried: boolean;
  readonly detour: "merged" | "closed" | "empty" | "unknown" | null;
  readonly isException: boolean;
};
export type Receiver = { readonly reference: string; readonly name: string; readonly goesTo: Destination | null };
export type Orderable = {
  readonly id: string;
  readonly url: string;
  readonly version: string;
  readonly title: string;
  readonly category: Category;
  readonly key: string;
  readonly parts: readonly { readonly key: string; readonly name: string }[];
  readonly receivers: readonly Receiver[];
  readonly questions: readonly string[];
  readonly needs: readonly Need[];
  readonly isEmergencyBlood?: boolean;
  readonly publisher: string | null;
};
export type SetLine = { readonly item: string; readonly priority: Priority | null; readonly question: string | null };
export type OrderSet = {
  readonly id: string;
  readonly title: string;
  readonly whose: "unit" | "own";
  readonly lines: readonly SetLine[];
  readonly publisher: string | null;
};
export type Catalogue = {
  readonly items: readonly Orderable[];
  readonly sets: readonly OrderSet[];
  readonly more: boolean;
};
export type OrderLine = {
  readonly item: string;
  readonly version: string;
  readonly receiver: string;
  readonly goesTo: string | null;
  readonly priority: Priority;
  readonly when: string | null;
  readonly question: string;
  readonly history: string;
  readonly contact: string;
  readonly attached: readonly string[];
};
export type Draft = {
  readonly id: string;
  readonly version: number;
  readonly saved: string;
  readonly lines: readonly OrderLine[];
  readonly unread: number;
};
export type Recent = {
  readonly key: string;
  readonly kind: "ordered" | "answered";
  readonly at: string;
  readonly by: string | null;
};
export type Source = {
  readonly kind: "problem" | "allergy" | "language" | "phone";
  readonly text: string;
  readonly from: string | null;
  readonly at: string | null;
};
export type Basket = {
  readonly draft: Draft | null;
  readonly recent: readonly Recent[];
  readonly sources: readonly Source[];
  readonly answers: readonly { readonly reference: string; readonly title: string; readonly at: string | null }[];
};
export type OrderLook = {
  readonly request: ServiceRequest;
  readonly seal: string | null;
  readonly answers: readonly {
    readonly id: string;
    readonly code: CodeableConcept | null;
    readonly status: string | null;
    readonly issued: string | null;
  }[];
  readonly same?: readonly string[];
};

const FRESH_MS = 60_000;
const pathOf = (patient: string): string => `${patientPath(patient)}/orders`;

/** Of no patient; where things go may change, so it is asked again now and then, and by the server when one signs. */
export const catalogueQuery = queryOptions({
  queryKey: ["order-catalogue"],
  queryFn: ({ signal }) => get<Catalogue>("/api/order-catalogue", signal),
  staleTime: FRESH_MS,
});

export function basketQuery(patient: string) {
  return queryOptions({
    queryKey: ["patient", patient, "order-basket"],
    queryFn: ({ signal }) => get<Basket>(`${pathOf(patient)}/basket`, signal),
    // What is being filled in is not replaced under the hands of whoever fills it in.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    staleTime: 0,
    gcTime: 0,
  });
}

/** What is begun and not sent, without what it is made from. */
export function draftQuery(patient: string) {
  return queryOptions({
    queryKey: ["patient", patient, "order-draft"],
    queryFn: ({ signal }) => get<{ readonly draft: Draft | null }>(`${pathOf(patient)}/draft`, signal),
  });
}

export function orderQuery(patient: string, order: string) {
  return queryOptions({
    queryKey: ["patient", patient, "order", order],
    queryFn: async ({ signal }) => {
      const look = await get<OrderLook>(`${pathOf(patient)}/${encodeURIComponent(order)}`, signal);
      refuseOthers([look.request], patient, look.same);
      if (!isAsSealed(look.request)) throw new CallFailed({ kind: "unreadable", said: undefined, status: undefined });
      return look;
    },
  });
}

export type SeenDraft = Pick<Draft, "id" | "version"> | null;

export async function saveDraft(patient: string, seen: SeenDraft, lines: readonly OrderLine[]): Promise<Draft | null> {
  return (await postFor<{ readonly draft: Draft | null }>(`${pathOf(patient)}/basket`, { seen, lines })).draft;
}

export type SignWish = {
  readonly key: string;
  /** The number that stands in the banner; null when the patient has none. */
  readonly shown: string | null;
  readonly draft: string | null;
  readonly lines: readonly OrderLine[];
};

/** Answers the ids of the requests, in the order of the lines. */
export async function signOrders(patient: string, wish: SignWish): Promise<readonly string[]> {
  return (await postFor<{ readonly orders: readonly string[] }>(pathOf(patient), wish)).orders;
}

export function saveSet(wish: {
  readonly title: string;
  readonly whose: "unit" | "own";
  readonly lines: readonly SetLine[];
  readonly key: string;
}): Promise<Catalogue> {
  return postFor("/api/order-sets", wish);
}

export function retireSet(id: string): Promise<Catalogue> {
  return postFor(`/api/order-sets/${encodeURIComponent(id)}/retire`);
}
