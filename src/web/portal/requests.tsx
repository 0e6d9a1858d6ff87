/** Remisser & beställningar: the own requests, who has each now and since when, in the words that staff read. SPEC WEB-REFERRAL-3 */
import type { ReactNode } from "react";
import { useReferralTexts } from "../referrals/use-referral-texts.ts";
import { sayDay, sayMoment } from "../say/dates.ts";
import { LoadView } from "../ui/load-view.tsx";
import { requestsQuery, type OwnRequest } from "../wire/portal-requests.ts";
import styles from "./portal.module.css";
import { ReferForm } from "./refer-form.tsx";
import { RequestChanges } from "./request-changes.tsx";
import { usePortalTexts } from "./use-portal-texts.ts";
import { useLoaded } from "./use-portal.ts";

type RequestsProps = {
  readonly person: string;
  /** Whether whoever is signed in writes for the patient. */
  readonly mayWrite: boolean;
};

export function Requests({ person, mayWrite }: RequestsProps): ReactNode {
  const { own } = useReferralTexts();
  const loaded = useLoaded(requestsQuery(person));
  return (
    <>
      <p>{own.means}</p>
      {mayWrite ? <ReferForm person={person} /> : null}
      <LoadView loaded={loaded} unknown={own.none} lines={6}>
        {(items) =>
          items.length === 0 ? (
            <p data-state="unknown">{own.none}</p>
          ) : (
            <ul className={styles["list"]}>
              {items.map((one) => (
                <li key={one.id} className={styles["card"]}>
                  <Shown one={one} />
                  {mayWrite && (one.canAdd || one.canWithdraw) ? <RequestChanges person={person} one={one} /> : null}
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
      {one.isOwn && one.national?.code === "6" ? <p>{own.answered}</p> : null}
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
      {one.isOwn ? (
        <p className="dim">{own.byYou}</p>
      ) : one.sender === null ? null : (
        <p className="dim">{own.from(one.sender)}</p>
      )}
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
