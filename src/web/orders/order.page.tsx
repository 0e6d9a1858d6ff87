/**
 * One order or referral as it was signed: its words with their seal, how it stands and who has it, its answers, taking it back, and paper.
 *
 * SPEC WEB-ORDER-8, WEB-ORDER-10
 */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { useTexts } from "../language/language.tsx";
import { useWish } from "../referrals/use-wish.ts";
import { sayConcept, sayConcepts } from "../say/concepts.ts";
import { sayDay, sayMoment } from "../say/dates.ts";
import { Button, TextInput } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import type { LoopRow } from "../wire/loops.ts";
import { orderQuery, type OrderLook } from "../wire/orders.ts";
import { referralQuery } from "../wire/referrals.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import { OrderState } from "./order-state.tsx";
import styles from "./orders.module.css";
import { useOrderLoops } from "./use-order-loops.ts";
import { useOrderTexts } from "./use-order-texts.ts";

export function OrderPage(): ReactNode {
  const { one } = useOrderTexts();
  const { patientId, orderId } = useParams({ from: "/work/patienter/$patientId/bestallning/$orderId" });
  const { loaded, fresh } = useLoaded(orderQuery(patientId, orderId));
  const loops = useOrderLoops(patientId);
  const loop = loops.rows.get(orderId);
  return (
    <Screen title={one.title} fresh={fresh}>
      <p className="no-print">
        <Link to="/patienter/$patientId/remisser" params={{ patientId }}>
          {one.back}
        </Link>
      </p>
      <LoadView loaded={loaded} unknown={one.missing} lines={8}>
        {(look) => <Facts look={look} state={<OrderState id={orderId} loops={loops} />} />}
      </LoadView>
      {loop === undefined ? null : <Withdraw key={loop.id} loop={loop} />}
    </Screen>
  );
}

function Facts({
  look: { request, seal, answers },
  state,
}: {
  readonly look: OrderLook;
  readonly state: ReactNode;
}): ReactNode {
  const texts = useOrderTexts();
  const { referral } = useTexts();
  const { one } = texts;
  const said = (text: string | undefined): ReactNode => text ?? <span className="dim">{one.notSaid}</span>;
  const parts = sayConcepts(request.orderDetail);
  const when = request.occurrenceDateTime;
  const notes = (request.note ?? []).map(({ text }) => text).join("\n");
  return (
    <dl className={styles["facts"]}>
      <dt>{one.what}</dt>
      <dd>
        <strong>{said(sayConcept(request.code))}</strong>
        {parts === undefined ? null : `\n${texts.includes(parts)}`}
      </dd>
      <dt>{texts.to}</dt>
      <dd>
        {said(
          request.performer
            ?.map(({ display }) => display)
            .filter(Boolean)
            .join(", ") || undefined,
        )}
      </dd>
      <dt>{one.state}</dt>
      <dd>{state}</dd>
      <dt>{texts.priority}</dt>
      <dd>{said(request.priority === undefined ? undefined : referral.priorities[request.priority])}</dd>
      <dt>{one.when}</dt>
      <dd>{when === undefined ? one.now : sayDay(when)}</dd>
      <dt>{one.by}</dt>
      <dd>{said(request.requester?.display)}</dd>
      <dt>{one.at}</dt>
      <dd>{said(request.authoredOn === undefined ? undefined : sayMoment(request.authoredOn))}</dd>
      <dt>{texts.question}</dt>
      <dd>{said(sayConcepts(request.reasonCode))}</dd>
      <dt>{one.notes}</dt>
      <dd>
        {said(notes === "" ? undefined : notes)}
        {request.supportingInfo === undefined ? null : `\n${one.attached(request.supportingInfo.length)}`}
      </dd>
      <dt>{one.answers}</dt>
      <dd>
        {answers.length === 0
          ? one.noAnswer
          : answers.map(({ id, code, issued }) => (
              <div key={id}>
                {sayConcept(code ?? undefined)} {issued === null ? "" : sayMoment(issued)}
              </div>
            ))}
      </dd>
      <dt>{one.number}</dt>
      <dd>
        {request.requisition?.value ?? request.id}
        {seal === null ? null : <span className="dim">{`\n${one.seal(seal)}`}</span>}
      </dd>
    </dl>
  );
}

/** Whoever sent it takes it back, with a reason; somebody sees to the patient then. */
function Withdraw({ loop }: { readonly loop: LoopRow }): ReactNode {
  const { one } = useOrderTexts();
  const { data: look } = useQuery(referralQuery(loop.id, loop.version));
  const wish = useWish(loop.id);
  const [reason, setReason] = useState("");
  const [isTold, setTold] = useState(false);
  if (wish.done === "cancel") return <p role="status">{one.withdrawn}</p>;
  if (look === undefined || !look.can.includes("cancel")) return null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (reason.trim() === "") return setTold(true);
    if (!wish.isTaking) void wish.take(look, "cancel", { reason });
  };
  return (
    <form onSubmit={submit} className={`${styles["withdraw"]} no-print`} aria-label={one.withdraw}>
      <TextInput
        label={one.reason}
        autoComplete="off"
        maxLength={1_000}
        value={reason}
        error={isTold && reason.trim() === "" ? one.reasonNeeded : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <p role="alert" className={styles["failure"]}>
        {wish.failure ?? ""}
      </p>
      <div>
        <Button type="submit" variant="default" loading={wish.isTaking}>
          {one.withdraw}
        </Button>
      </div>
    </form>
  );
}
