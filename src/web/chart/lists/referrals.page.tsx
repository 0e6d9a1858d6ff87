/** Beställningar och remisser: what was asked for, of whom, how each stands in the ledger and who has it. SPEC WEB-LIST, WEB-ORDER-8 */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ServiceRequest } from "fhir/r4";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { OrderState } from "../../orders/order-state.tsx";
import styles from "../../orders/orders.module.css";
import { useOrderLoops, type OrderLoops } from "../../orders/use-order-loops.ts";
import { useOrderTexts } from "../../orders/use-order-texts.ts";
import { sayConcept, sayConcepts, sayReferenceTo } from "../../say/concepts.ts";
import { sayDay } from "../../say/dates.ts";
import { sourceOf } from "../../say/sources.ts";
import { Chip } from "../../ui/chip.tsx";
import { allCommands } from "../../command/registry.ts";
import { Button } from "../../ui/controls.ts";
import { draftQuery } from "../../wire/orders.ts";
import { SourceText } from "../source-text.tsx";
import { ofType, useSection } from "../use-section.ts";
import { ListScreen } from "./list-screen.tsx";
import { OpenLoops } from "./open-loops.tsx";

export function ReferralsPage(): ReactNode {
  const { sections, referral, source } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/remisser" });
  const { loaded, refresh, isRefreshing } = useSection(patientId, "referrals");
  const loops = useOrderLoops(patientId);
  const what = (one: ServiceRequest): string | undefined => sayConcept(one.code) ?? sayConcepts(one.category);
  return (
    <ListScreen<ServiceRequest>
      title={sections.referrals}
      section={loaded}
      refresh={refresh}
      isRefreshing={isRefreshing}
      unknown={referral.notRecorded}
      above={
        <>
          <Begun patientId={patientId} />
          <OpenLoops patientId={patientId} />
        </>
      }
      groups={({ items }) => [
        { title: sections.referrals, rows: ofType(items, "ServiceRequest"), nothing: referral.notRecorded },
      ]}
      columns={({ beside }) => {
        const receiver = (one: ServiceRequest): string | undefined =>
          (one.performer ?? [])
            .map((each) => sayReferenceTo(each, beside))
            .filter(Boolean)
            .join(", ") || undefined;
        return [
          {
            id: "time",
            header: referral.time,
            isTight: true,
            sortBy: (one) => one.authoredOn,
            cell: (one) => (one.authoredOn ? sayDay(one.authoredOn) : referral.timeMissing),
          },
          {
            id: "what",
            header: referral.what,
            sortBy: what,
            cell: (one) => <What one={one} words={what(one)} patientId={patientId} />,
          },
          {
            id: "reason",
            header: referral.reason,
            sortBy: (one) => sayConcepts(one.reasonCode),
            cell: (one) => sayConcepts(one.reasonCode) ?? <span className="dim">{referral.reasonMissing}</span>,
          },
          {
            id: "receiver",
            header: referral.receiver,
            sortBy: receiver,
            cell: (one) => receiver(one) ?? <span className="dim">{referral.receiverMissing}</span>,
          },
          {
            id: "status",
            header: referral.status,
            sortBy: (one) => one.status,
            cell: (one) => <Stands one={one} loops={loops} />,
          },
          {
            id: "source",
            header: source.unit,
            sortBy: (one) => sourceOf(one, beside).unit,
            cell: (one) => <SourceText source={sourceOf(one, beside)} />,
          },
        ];
      }}
    />
  );
}

type WhatProps = { readonly one: ServiceRequest; readonly words: string | undefined; readonly patientId: string };

function What({ one, words, patientId }: WhatProps): ReactNode {
  const { referral } = useTexts();
  const isUrgent = one.priority !== undefined && one.priority !== "routine";
  return (
    <>
      <Link to="/patienter/$patientId/bestallning/$orderId" params={{ patientId, orderId: one.id ?? "" }}>
        <strong>{words ?? referral.unnamed}</strong>
      </Link>{" "}
      {isUrgent ? <Chip tone="warn">{referral.priorities[one.priority ?? "routine"]}</Chip> : null}
    </>
  );
}

/** In the ledger's words where the reader's lists have it; else as the record says. */
function Stands({ one, loops }: { readonly one: ServiceRequest; readonly loops: OrderLoops }): ReactNode {
  const { referral } = useTexts();
  const { list } = useOrderTexts();
  const statuses: Readonly<Record<string, string>> = referral.statuses;
  if (loops.rows.has(one.id ?? "")) return <OrderState id={one.id ?? ""} loops={loops} />;
  return (
    <>
      {statuses[one.status] ?? one.status}
      {one.status === "active" && loops.isKnown ? <span className="dim"> ({list.elsewhere})</span> : null}
    </>
  );
}

/** An order that was begun and has not been sent. */
function Begun({ patientId }: { readonly patientId: string }): ReactNode {
  const { list } = useOrderTexts();
  const count = useQuery(draftQuery(patientId)).data?.draft?.lines.length ?? 0;
  if (count === 0) return null;
  const resume = (): void =>
    allCommands()
      .find(({ id }) => id === "orders.order")
      ?.run();
  return (
    <p className={`${styles["begun"]} no-print`} role="note">
      {list.began(count)}
      <Button size="compact-sm" variant="default" onClick={resume}>
        {list.resume}
      </Button>
    </p>
  );
}
