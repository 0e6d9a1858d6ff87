/** One line of the timeline: time, kind, what, and from where; it leads to the screen where the thing itself is shown. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Sought } from "../../../base/index.ts";
import { useTexts } from "../../language/language.tsx";
import { sayClock, sayDay } from "../../say/dates.ts";
import { signingOf } from "../../say/notes.ts";
import { tasteOf } from "../../say/timeline-filter.ts";
import type { TimelineEntry } from "../../say/timeline.ts";
import { standingOf } from "../../say/values.ts";
import { Chip } from "../../ui/chip.tsx";
import { Highlight } from "../../ui/highlight.tsx";
import type { SectionPath } from "../sections.ts";
import { SourceText } from "../source-text.tsx";
import styles from "./timeline.module.css";

type TimelineRowProps = {
  readonly entry: TimelineEntry;
  readonly sought: readonly Sought[];
  readonly patientId: string;
  readonly previousDay: string | undefined;
};

export function TimelineRow({ entry, sought, patientId, previousDay }: TimelineRowProps): ReactNode {
  const { timeline, types } = useTexts();
  const typeNames: Readonly<Record<string, string>> = types;
  const day = entry.when ? sayDay(entry.when) : timeline.timeMissing;
  const target = targetOf(entry);
  const title = entry.title === undefined ? undefined : <Highlight text={entry.title} sought={sought} />;
  return (
    <article className={styles["row"]} data-row tabIndex={-1} data-type={entry.type}>
      <span className={styles["when"]} data-repeat={entry.when?.slice(0, 10) === previousDay}>
        <span>{day}</span> <span className={styles["clock"]}>{entry.when ? sayClock(entry.when) : undefined}</span>
      </span>
      <span className={styles["type"]}>{typeNames[entry.type] ?? entry.type}</span>
      <span className={styles["what"]}>
        <strong>
          {target ? (
            <Link to={target.to} params={{ patientId }} search={target.search}>
              {title ?? timeline.untitled}
            </Link>
          ) : (
            (title ?? (entry.summary ? null : timeline.untitled))
          )}
        </strong>{" "}
        <Mark entry={entry} /> <Highlight text={tasteOf(entry, sought)} sought={sought} />
      </span>
      <span className={styles["from"]}>
        <SourceText source={entry} />
      </span>
    </article>
  );
}

function Mark({ entry }: { readonly entry: TimelineEntry }): ReactNode {
  const { note, value } = useTexts();
  const { resource } = entry;
  if (resource.resourceType === "Composition" || resource.resourceType === "DocumentReference") {
    const signing = signingOf(resource);
    return signing === "signed" ? null : (
      <Chip tone={signing === "unsigned" ? "warn" : "note"}>{note.signings[signing]}</Chip>
    );
  }
  if (resource.resourceType !== "Observation" && resource.resourceType !== "DiagnosticReport") return null;
  const standing = standingOf(resource.status);
  return standing === "final" ? null : <Chip tone="note">{value.standings[standing]}</Chip>;
}

type Target = { readonly to: SectionPath; readonly search: Readonly<Record<string, string>> };

function targetOf({ resource, id }: TimelineEntry): Target | undefined {
  switch (resource.resourceType) {
    case "Composition":
    case "DocumentReference":
      return { to: "/patienter/$patientId/anteckningar", search: { anteckning: id } };
    case "MedicationRequest":
    case "MedicationStatement":
      return { to: "/patienter/$patientId/lakemedel", search: {} };
    case "DiagnosticReport":
      return { to: "/patienter/$patientId/svar", search: resource.conclusion ? { vy: "utlatanden" } : {} };
    case "Condition":
      return { to: "/patienter/$patientId/diagnoser", search: {} };
    case "AllergyIntolerance":
      return { to: "/patienter/$patientId/overkanslighet", search: {} };
    case "Encounter":
      return { to: "/patienter/$patientId/vardkontakter", search: {} };
    case "ServiceRequest":
      return { to: "/patienter/$patientId/remisser", search: {} };
    case "Immunization":
      return { to: "/patienter/$patientId/vaccinationer", search: {} };
    default:
      return undefined;
  }
}
