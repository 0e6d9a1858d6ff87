/** Remisser och beställningar: what was asked for, of whom and where it stands. SPEC WEB-LIST */
import { useParams } from "@tanstack/react-router";
import type { ServiceRequest } from "fhir/r4";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { sayConcept, sayConcepts, sayReferenceTo } from "../../say/concepts.ts";
import { sayDay } from "../../say/dates.ts";
import { sourceOf } from "../../say/sources.ts";
import { Chip } from "../../ui/chip.tsx";
import { SourceText } from "../source-text.tsx";
import { ofType, useSection } from "../use-section.ts";
import { ListScreen } from "./list-screen.tsx";
import { OpenLoops } from "./open-loops.tsx";

export function ReferralsPage(): ReactNode {
  const { sections, referral, source } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/remisser" });
  const { loaded, refresh, isRefreshing } = useSection(patientId, "referrals");
  const statuses: Readonly<Record<string, string>> = referral.statuses;
  const what = (one: ServiceRequest): string | undefined => sayConcept(one.code) ?? sayConcepts(one.category);
  return (
    <ListScreen<ServiceRequest>
      title={sections.referrals}
      section={loaded}
      refresh={refresh}
      isRefreshing={isRefreshing}
      unknown={referral.notRecorded}
      above={<OpenLoops patientId={patientId} />}
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
          { id: "what", header: referral.what, sortBy: what, cell: (one) => <What one={one} words={what(one)} /> },
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
            cell: (one) => statuses[one.status] ?? one.status,
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

function What({ one, words }: { readonly one: ServiceRequest; readonly words: string | undefined }): ReactNode {
  const { referral } = useTexts();
  const isUrgent = one.priority !== undefined && one.priority !== "routine";
  return (
    <>
      <strong>{words ?? referral.unnamed}</strong>{" "}
      {isUrgent ? <Chip tone="warn">{referral.priorities[one.priority ?? "routine"]}</Chip> : null}
    </>
  );
}
