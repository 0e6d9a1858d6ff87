/** Vaccinationer: given vaccines with batch and dose number; not given is said as not given. SPEC WEB-LIST */
import { useParams } from "@tanstack/react-router";
import type { Immunization } from "fhir/r4";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { sayConcept } from "../../say/concepts.ts";
import { sayDay } from "../../say/dates.ts";
import { sourceOf } from "../../say/sources.ts";
import { Chip } from "../../ui/chip.tsx";
import { SourceText } from "../source-text.tsx";
import { ofType, useSection } from "../use-section.ts";
import { ListScreen } from "./list-screen.tsx";

export function ImmunizationsPage(): ReactNode {
  const { sections, immunization, source } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/vaccinationer" });
  const { loaded, refresh, isRefreshing } = useSection(patientId, "immunizations");
  const when = (one: Immunization): string | undefined => one.occurrenceDateTime ?? one.occurrenceString;
  const dose = (one: Immunization): string | undefined => {
    const protocol = one.protocolApplied?.find(
      (each) => each.doseNumberPositiveInt !== undefined || each.doseNumberString !== undefined,
    );
    return protocol && String(protocol.doseNumberPositiveInt ?? protocol.doseNumberString);
  };
  return (
    <ListScreen<Immunization>
      title={sections.immunizations}
      section={loaded}
      refresh={refresh}
      isRefreshing={isRefreshing}
      unknown={immunization.notRecorded}
      groups={({ items }) => [
        { title: sections.immunizations, rows: ofType(items, "Immunization"), nothing: immunization.notRecorded },
      ]}
      columns={({ beside }) => [
        {
          id: "time",
          header: immunization.time,
          isTight: true,
          sortBy: when,
          cell: (one) => (when(one) ? sayDay(when(one) ?? "") : immunization.timeMissing),
        },
        {
          id: "vaccine",
          header: immunization.vaccine,
          sortBy: (one) => sayConcept(one.vaccineCode),
          cell: (one) => <Vaccine one={one} />,
        },
        { id: "dose", header: immunization.dose, sortBy: dose, cell: dose },
        {
          id: "batch",
          header: immunization.batch,
          sortBy: (one) => one.lotNumber,
          cell: (one) => one.lotNumber ?? <span className="dim">{immunization.batchMissing}</span>,
        },
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

function Vaccine({ one }: { readonly one: Immunization }): ReactNode {
  const { immunization } = useTexts();
  return (
    <>
      <strong>{sayConcept(one.vaccineCode) ?? immunization.unnamed}</strong>{" "}
      {one.status === "completed" ? null : <Chip tone="warn">{immunization.statuses[one.status]}</Chip>}
    </>
  );
}
