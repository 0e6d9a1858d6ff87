/** Vårdkontakter: visits, admissions, calls and home visits, newest first, with ongoing ones marked. SPEC WEB-LIST */
import { useParams } from "@tanstack/react-router";
import type { Encounter } from "fhir/r4";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { sayConcepts } from "../../say/concepts.ts";
import { sayPeriod } from "../../say/dates.ts";
import { sourceOf } from "../../say/sources.ts";
import { Chip } from "../../ui/chip.tsx";
import { SourceText } from "../source-text.tsx";
import { ofType, useSection } from "../use-section.ts";
import { ListScreen } from "./list-screen.tsx";

export function ContactsPage(): ReactNode {
  const { sections, contact, source } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/vardkontakter" });
  const { loaded, refresh, isRefreshing } = useSection(patientId, "contacts");
  const classes: Readonly<Record<string, string>> = contact.classes;
  const kind = (one: Encounter): string => classes[one.class.code ?? ""] ?? one.class.display ?? contact.kindMissing;
  return (
    <ListScreen<Encounter>
      title={sections.contacts}
      section={loaded}
      refresh={refresh}
      isRefreshing={isRefreshing}
      unknown={contact.notRecorded}
      groups={({ items }) => [
        { title: sections.contacts, rows: ofType(items, "Encounter"), nothing: contact.notRecorded },
      ]}
      columns={({ beside }) => [
        {
          id: "time",
          header: contact.time,
          isTight: true,
          sortBy: (one) => one.period?.start,
          cell: (one) => sayPeriod(one.period) ?? contact.timeMissing,
        },
        { id: "kind", header: contact.kind, sortBy: kind, cell: kind },
        {
          id: "what",
          header: contact.what,
          sortBy: (one) => sayConcepts(one.type),
          cell: (one) => (
            <strong>
              {sayConcepts(one.type) ?? sayConcepts(one.serviceType ? [one.serviceType] : []) ?? contact.whatMissing}
            </strong>
          ),
        },
        {
          id: "reason",
          header: contact.reason,
          sortBy: (one) => sayConcepts(one.reasonCode),
          cell: (one) => sayConcepts(one.reasonCode) ?? <span className="dim">{contact.reasonMissing}</span>,
        },
        { id: "status", header: contact.status, sortBy: (one) => one.status, cell: (one) => <Status one={one} /> },
        {
          id: "source",
          header: source.unit,
          sortBy: (one) => sourceOf(one, beside).unit,
          cell: (one) => <SourceText source={sourceOf(one, beside)} />,
        },
      ]}
    />
  );
}

function Status({ one }: { readonly one: Encounter }): ReactNode {
  const { contact } = useTexts();
  const words = contact.statuses[one.status];
  return one.status === "finished" ? (
    words
  ) : (
    <Chip tone={one.status === "in-progress" ? "calm" : "plain"}>{words}</Chip>
  );
}
