/**
 * The door to a chart that nothing opens to the reader: why, and what can be done. A usual reason takes one key or one click; emergency
 * access asks twice. Afterwards the chart opens at the address one was heading for.
 *
 * SPEC WEB-DOOR · PDL (2008:355) 4 kap. 1 § · ux.md T14
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { Button } from "../../ui/controls.ts";
import { Failed, useFailureWords } from "../../ui/load-view.tsx";
import { failureOf } from "../../wire/call.ts";
import { careQuery, type CareWish, type Opening } from "../../wire/care.ts";
import { overviewQuery } from "../../wire/chart.ts";
import styles from "./care.module.css";
import { EmergencyForm } from "./emergency-form.tsx";
import { ReasonForm } from "./reason-form.tsx";
import { useChangeCare, type CareChanging } from "./use-care.ts";

type DoorProps = {
  readonly patientId: string;
  /** The chart was open until just now. */
  readonly hasEnded: boolean;
  readonly opened: () => void;
  /** Something opens the chart that was not registered here: a contact of the unit, or who sits at the screen. */
  readonly isOpenAlready: () => void;
};

export function Door({ patientId, hasEnded, opened, isOpenAlready }: DoorProps): ReactNode {
  const { care } = useTexts();
  const queries = useQueryClient();
  const { data, error, refetch, isFetching } = useQuery(careQuery(patientId));
  const changing = useChangeCare(patientId, async ({ refusal }) => {
    if (refusal === null) await queries.prefetchQuery(overviewQuery(patientId));
  });
  const heading = useFocusOnce();
  const isOpen = data?.refusal === null && !isFetching && !changing.isChanging;
  useEffect(() => {
    if (isOpen) isOpenAlready();
  }, [isOpen, isOpenAlready]);
  useEffect(() => {
    document.title = `${care.door} – Eira`;
  }, [care.door]);
  const send = (wish: CareWish): void =>
    void changing.change(wish).then((state) => (state?.refusal === null ? opened() : undefined));
  const openings: readonly Opening[] = data?.refusal?.openings ?? (data ? ["give-reason"] : []);
  return (
    <section className={styles["door"]} aria-labelledby="door">
      <h1 id="door" tabIndex={-1} ref={heading}>
        {care.door}
      </h1>
      <div role="alert">
        {hasEnded ? <p className={styles["ended"]}>{care.ended}</p> : null}
        {data?.refusal ? <p lang="sv">{data.refusal.sentence}</p> : null}
      </div>
      {data === undefined && error ? <Failed failure={failureOf(error)} retry={() => void refetch()} /> : null}
      <Ways openings={openings} send={send} isChanging={changing.isChanging} />
      <Refused changing={changing} />
      <p className="visually-hidden" role="status">
        {changing.isChanging ? care.working : ""}
      </p>
    </section>
  );
}

type WayProps = { readonly send: (wish: CareWish) => void; readonly isChanging: boolean };

/** What can be done, in the order in which it is thought of. */
function Ways({ openings, ...way }: WayProps & { readonly openings: readonly Opening[] }): ReactNode {
  const { care } = useTexts();
  return (
    <>
      {openings.length > 0 ? <p className="dim">{care.logged}</p> : null}
      {openings.includes("give-reason") ? <ReasonForm {...way} /> : null}
      {openings.includes("register-relation") ? <Relation {...way} /> : null}
      {openings.includes("emergency-access") ? (
        <div className={styles["way"]}>
          <h2>{care.emergencyTitle}</h2>
          <EmergencyForm {...way} hasKey />
        </div>
      ) : null}
    </>
  );
}

function Relation({ send, isChanging }: WayProps): ReactNode {
  const { care } = useTexts();
  return (
    <div className={styles["way"]}>
      <h2>{care.relationTitle}</h2>
      <p className="dim">{care.relationMeans}</p>
      <Button variant="default" disabled={isChanging} onClick={() => send({ kind: "relation" })}>
        {care.relation}
      </Button>
    </div>
  );
}

/** Why a change could not be made. */
export function Refused({ changing: { failure } }: { readonly changing: CareChanging }): ReactNode {
  return <div role="alert">{failure ? <Words failure={failure} /> : null}</div>;
}

function Words({ failure }: { readonly failure: NonNullable<CareChanging["failure"]> }): ReactNode {
  const { care } = useTexts();
  return (
    <p className={styles["failure"]}>
      {care.failed} {useFailureWords(failure)}
    </p>
  );
}

/** The heading takes the focus, so that screen readers say it; not from somebody who is typing. */
function useFocusOnce(): { readonly current: HTMLHeadingElement | null } {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const { activeElement } = document;
    if (!(activeElement instanceof HTMLInputElement)) heading.current?.focus({ preventScroll: true });
  }, []);
  return heading;
}
