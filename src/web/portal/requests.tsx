/** Remisser & beställningar: the own requests, who has each now and since when, in the words that staff read. SPEC WEB-REFERRAL-3 */
import { queryOptions } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useReferralTexts } from "../referrals/use-referral-texts.ts";
import { sayDay, sayMoment } from "../say/dates.ts";
import { LoadView } from "../ui/load-view.tsx";
import { get } from "../wire/call.ts";
import type { ReferralLook } from "../wire/referrals.ts";
import styles from "./portal.module.css";
import { usePortalTexts } from "./use-portal-texts.ts";
import { useLoaded } from "./use-portal.ts";

type OwnRequest = {
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
};

function requestsQuery(person: string) {
  return queryOptions({
    queryKey: ["portal", person, "requests"],
    queryFn: ({ signal }) =>
      get<{ readonly items: readonly OwnRequest[] }>(
        `/api/portal/patients/${encodeURIComponent(person)}/requests`,
        signal,
      ).then(({ items }) => items),
  });
}

export function Requests({ person }: { readonly person: string }): ReactNode {
  const { own } = useReferralTexts();
  const loaded = useLoaded(requestsQuery(person));
  return (
    <>
      <p>{own.means}</p>
      <LoadView loaded={loaded} unknown={own.none} lines={6}>
        {(items) =>
          items.length === 0 ? (
            <p data-state="unknown">{own.none}</p>
          ) : (
            <ul className={styles["list"]}>
              {items.map((one) => (
                <li key={one.id} className={styles["card"]}>
                  <Shown one={one} />
                </li>
              ))}
            </ul>
          )
        }
      </LoadView>
    </>
  );
}

function Shown({ one }: { readonly one: OwnRequest }): ReactNode {
  const { records } = usePortalTexts();
  const { own, national, target } = useReferralTexts();
  const { title, question, written, notes } = one;
  return (
    <>
      <div className={styles["top"]}>
        <h2>{title ?? records.unnamed}</h2>
        {written === null ? <span>{records.timeMissing}</span> : <time dateTime={written}>{sayMoment(written)}</time>}
      </div>
      <p>
        <strong>{stands(one, own, national)}</strong>
        {one.since === null ? "" : ` ${own.since(sayMoment(one.since))}`}
      </p>
      <p>{one.owner === null ? own.nobody : own.has(one.owner)}</p>
      {one.target === null ? null : (
        <p>
          {target}: {sayDay(one.target)}
        </p>
      )}
      {question === null ? null : <p className={styles["said"]}>{question}</p>}
      {notes.map((text) => (
        <p key={text} className={styles["said"]}>
          {text}
        </p>
      ))}
      {one.sender === null ? null : <p className="dim">{own.from(one.sender)}</p>}
    </>
  );
}

type Words = ReturnType<typeof useReferralTexts>;

function stands({ national, status, isBooked }: OwnRequest, own: Words["own"], words: Words["national"]): string {
  if (national === null) return own.statuses[status] ?? status;
  if (national.isWithdrawn) return own.withdrawn;
  if (national.isReturned) return own.returned;
  return isBooked && national.code === "4" ? own.booked : words[national.code];
}
