/** One group of the medication list as a table: line with what the checks say, kind, since when and till when, standing, who and where. SPEC WEB-MED, WEB-ORDAIN-5 */
import { useMemo, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { Findings } from "../../medication/findings.tsx";
import type { Standing } from "../../medication/standing.ts";
import { useMedicationTexts } from "../../medication/use-medication-texts.ts";
import { sayConcept } from "../../say/concepts.ts";
import { sayDay, sayPeriod } from "../../say/dates.ts";
import type { Prescribed } from "../../say/medication.ts";
import { sourceOf } from "../../say/sources.ts";
import { Chip } from "../../ui/chip.tsx";
import { ListTable, type ListColumn } from "../../ui/list-table.tsx";
import type { Rows } from "../use-section.ts";
import { SourceText } from "../source-text.tsx";
import { MedicationText } from "./medication-row.tsx";
import { MedicationActs } from "./medication-acts.tsx";
import type { FhirResource } from "fhir/r4";

export type MedicationEntry = Standing & { readonly rows: Rows<FhirResource> };

export function MedicationTable({
  caption,
  entries,
}: {
  readonly caption: string;
  readonly entries: readonly MedicationEntry[];
}): ReactNode {
  const { medication, source } = useTexts();
  const { kind, kinds } = useMedicationTexts();
  const columns = useMemo(
    (): readonly ListColumn<MedicationEntry>[] => [
      {
        id: "line",
        header: medication.line,
        sortBy: ({ line }) => line.substance,
        cell: (entry) => <LineCell entry={entry} />,
      },
      {
        id: "kind",
        header: kind,
        isTight: true,
        sortBy: (entry) => kinds[entry.kind],
        cell: (entry) => kinds[entry.kind],
      },
      {
        id: "since",
        header: medication.since,
        isTight: true,
        sortBy: ({ prescribed }) => sinceOf(prescribed),
        cell: ({ prescribed }) => <Time prescribed={prescribed} />,
      },
      {
        id: "status",
        header: medication.status,
        sortBy: ({ prescribed }) => prescribed.status,
        cell: ({ prescribed }) => <Status prescribed={prescribed} />,
      },
      {
        id: "source",
        header: source.unit,
        sortBy: ({ prescribed, rows }) => sourceOf(prescribed, rows.beside).unit,
        cell: ({ prescribed, rows }) => <SourceText source={sourceOf(prescribed, rows.beside)} />,
      },
    ],
    [medication, source, kind, kinds],
  );
  return (
    <ListTable
      caption={caption}
      rows={entries}
      columns={columns}
      rowId={({ prescribed }) => `${prescribed.resourceType}/${prescribed.id}`}
    />
  );
}

function LineCell({ entry: { line, findings, seen } }: { readonly entry: MedicationEntry }): ReactNode {
  return (
    <>
      <MedicationText line={line} />
      {findings === undefined ? null : <Findings findings={findings} />}
      {seen === null ? null : <MedicationActs id={seen.id} name={line.substance ?? "?"} />}
    </>
  );
}

function Time({ prescribed }: { readonly prescribed: Prescribed }): ReactNode {
  const { medication } = useTexts();
  const since = sinceOf(prescribed);
  const valid =
    prescribed.resourceType === "MedicationRequest" ? sayPeriod(prescribed.dispenseRequest?.validityPeriod) : undefined;
  return (
    <>
      {since ? sayDay(since) : medication.sinceMissing}
      {valid ? <span className="dim">{` (${medication.valid} ${valid})`}</span> : null}
    </>
  );
}

function Status({ prescribed }: { readonly prescribed: Prescribed }): ReactNode {
  const { medication } = useTexts();
  const statuses: Readonly<Record<string, string>> = medication.statuses;
  const words = statuses[prescribed.status] ?? prescribed.status;
  const reason =
    prescribed.resourceType === "MedicationRequest"
      ? sayConcept(prescribed.statusReason)
      : prescribed.statusReason?.map(sayConcept).filter(Boolean).join(", ");
  return (
    <>
      {prescribed.status === "active" ? (
        words
      ) : (
        <Chip tone={prescribed.status === "on-hold" || prescribed.status === "unknown" ? "warn" : "plain"}>
          {words}
        </Chip>
      )}
      {prescribed.resourceType === "MedicationStatement" ? <span className="dim"> {medication.stated}</span> : null}
      {reason ? <span className="dim"> {reason}</span> : null}
    </>
  );
}

function sinceOf(prescribed: Prescribed): string | undefined {
  if (prescribed.resourceType === "MedicationRequest") return prescribed.authoredOn;
  return prescribed.effectivePeriod?.start ?? prescribed.effectiveDateTime ?? prescribed.dateAsserted;
}
