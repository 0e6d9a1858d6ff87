/** Överkänslighet: what the patient does not tolerate, in force and past, and in words what is known when there is none. SPEC WEB-ALLERGY */
import { useParams } from "@tanstack/react-router";
import type { AllergyIntolerance } from "fhir/r4";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import {
  allergyState,
  isActive,
  isMistaken,
  isNoneKnown,
  isSevere,
  sayReactions,
  saySubstance,
} from "../../say/allergies.ts";
import { sayDay } from "../../say/dates.ts";
import { sourceOf } from "../../say/sources.ts";
import { Chip } from "../../ui/chip.tsx";
import { SourceText } from "../source-text.tsx";
import { ofType, useSection } from "../use-section.ts";
import { ListScreen } from "./list-screen.tsx";

export function AllergiesPage(): ReactNode {
  const { sections, allergy, source } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/overkanslighet" });
  const { loaded, refresh, isRefreshing } = useSection(patientId, "allergies");
  return (
    <ListScreen<AllergyIntolerance>
      title={sections.allergies}
      section={loaded}
      refresh={refresh}
      isRefreshing={isRefreshing}
      unknown={allergy.notRecordedMeans}
      verdict={({ items, hasMore }) => {
        const state = allergyState(ofType(items, "AllergyIntolerance"), hasMore);
        if (state.state === "none-known")
          return {
            noneKnown: state.statements.map((one) =>
              [saySubstance(one) ?? allergy.noneKnown, one.recordedDate ? `(${sayDay(one.recordedDate)})` : ""]
                .join(" ")
                .trim(),
            ),
          };
        return state.state === "unknown" ? "unknown" : "some";
      }}
      groups={({ items }) => {
        const all = ofType(items, "AllergyIntolerance").filter((one) => !isNoneKnown(one));
        const isCurrent = (one: AllergyIntolerance): boolean => isActive(one) && !isMistaken(one);
        return [
          { title: allergy.current, rows: all.filter(isCurrent), nothing: allergy.noCurrent },
          { title: allergy.past, rows: all.filter((one) => !isCurrent(one)), nothing: allergy.noPast, isMuted: true },
        ];
      }}
      columns={({ beside }) => [
        { id: "substance", header: allergy.substance, sortBy: saySubstance, cell: (one) => <Substance one={one} /> },
        {
          id: "reaction",
          header: allergy.reaction,
          sortBy: sayReactions,
          cell: (one) => sayReactions(one) ?? <span className="dim">{allergy.reactionMissing}</span>,
        },
        {
          id: "risk",
          header: allergy.risk,
          sortBy: (one) => one.criticality,
          cell: (one) => allergy.criticalities[one.criticality ?? "unable-to-assess"],
        },
        {
          id: "kind",
          header: allergy.kind,
          sortBy: (one) => one.type,
          cell: (one) =>
            [
              one.type ? allergy.types[one.type] : undefined,
              ...(one.category ?? []).map((each) => allergy.categories[each]),
            ]
              .filter(Boolean)
              .join(", "),
        },
        {
          id: "recorded",
          header: allergy.recorded,
          isTight: true,
          sortBy: (one) => one.recordedDate,
          cell: (one) => (one.recordedDate ? sayDay(one.recordedDate) : allergy.timeMissing),
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

function Substance({ one }: { readonly one: AllergyIntolerance }): ReactNode {
  const { allergy } = useTexts();
  const words: Readonly<Record<string, string>> = { ...allergy.statuses };
  const standing = [...(one.clinicalStatus?.coding ?? []), ...(one.verificationStatus?.coding ?? [])]
    .map((coding) => words[coding.code ?? ""])
    .find(Boolean);
  return (
    <>
      <strong>{saySubstance(one) ?? allergy.unnamed}</strong>{" "}
      {isSevere(one) ? <Chip tone="alarm">{allergy.severe}</Chip> : null} {standing ? <Chip>{standing}</Chip> : null}
    </>
  );
}
