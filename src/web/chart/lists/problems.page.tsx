/** Diagnoser & problem: the problem list, ongoing first, and below it what is over. SPEC WEB-PROBLEM */
import { useParams } from "@tanstack/react-router";
import type { Condition } from "fhir/r4";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { codeOfProblem, isNoProblem, isOver, problemTime } from "../../say/problems.ts";
import { sayConcept, sayConcepts } from "../../say/concepts.ts";
import { sourceOf } from "../../say/sources.ts";
import { Chip } from "../../ui/chip.tsx";
import { SourceText } from "../source-text.tsx";
import { ofType, useSection } from "../use-section.ts";
import { ListScreen } from "./list-screen.tsx";

export function ProblemsPage(): ReactNode {
  const { sections, problem, source } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/diagnoser" });
  const { loaded, refresh, isRefreshing } = useSection(patientId, "problems");
  return (
    <ListScreen<Condition>
      title={sections.problems}
      section={loaded}
      refresh={refresh}
      isRefreshing={isRefreshing}
      unknown={problem.notRecorded}
      verdict={({ items, hasMore }) =>
        hasMore || ofType(items, "Condition").some((one) => !isNoProblem(one))
          ? "some"
          : { noneKnown: [problem.noneKnown] }
      }
      groups={({ items }) => {
        const all = ofType(items, "Condition").filter((one) => !isNoProblem(one));
        return [
          { title: problem.ongoing, rows: all.filter((one) => !isOver(one)), nothing: problem.noOngoing },
          { title: problem.over, rows: all.filter(isOver), nothing: problem.noOver, isMuted: true },
        ];
      }}
      columns={({ beside }) => [
        { id: "code", header: problem.code, isTight: true, sortBy: codeOfProblem, cell: codeOfProblem },
        { id: "name", header: problem.name, sortBy: (one) => sayConcept(one.code), cell: (one) => <Name one={one} /> },
        {
          id: "since",
          header: problem.since,
          isTight: true,
          sortBy: (one) => problemTime(one).sort,
          cell: (one) => problemTime(one).text ?? problem.timeMissing,
        },
        {
          id: "category",
          header: problem.category,
          sortBy: (one) => sayConcepts(one.category),
          cell: (one) => sayConcepts(one.category),
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

function Name({ one }: { readonly one: Condition }): ReactNode {
  const { problem } = useTexts();
  const standings: Readonly<Record<string, string>> = problem.verification;
  const verification = one.verificationStatus?.coding?.map((coding) => standings[coding.code ?? ""]).find(Boolean);
  const note = (one.note ?? []).map(({ text }) => text).join(" ");
  return (
    <>
      <strong>{sayConcept(one.code) ?? problem.unnamed}</strong>{" "}
      {verification ? <Chip tone="note">{verification}</Chip> : null}
      {note ? <span className="dim"> {note}</span> : null}
    </>
  );
}
