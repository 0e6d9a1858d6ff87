/** What a row is about, in full: an answer with its values, a request's question, a message, a task, a note. SPEC WEB-INBOX-2 */
import { useQuery } from "@tanstack/react-query";
import type {
  Communication,
  DiagnosticReport,
  FhirResource,
  Observation,
  ServiceRequest,
  Specimen,
  Task,
} from "fhir/r4";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, type ReactNode } from "react";
import { gravest, ValueText } from "../chart/results/value-text.tsx";
import { ofType, useBeside } from "../chart/use-section.ts";
import { useTexts } from "../language/language.tsx";
import { analysesOf, type Measured } from "../say/analyses.ts";
import { sayConcept, sayConcepts, sayReferenceTo, type Beside } from "../say/concepts.ts";
import { sayMoment } from "../say/dates.ts";
import { sourceOf } from "../say/sources.ts";
import { standingOf } from "../say/values.ts";
import { Chip } from "../ui/chip.tsx";
import { Failed } from "../ui/load-view.tsx";
import { failureOf } from "../wire/call.ts";
import { refusalOf } from "../wire/chart.ts";
import { reportsQuery, subjectQuery, type LoopAbout, type LoopRow } from "../wire/loops.ts";
import { BookingText, WithdrawnText } from "./booking-body.tsx";
import styles from "./inbox.module.css";
import { useInboxTexts } from "./use-inbox-texts.ts";

/** Told when a row's content has been on the screen, and whether that is an answer in which nothing deviates. */
export type Seeing = (row: LoopRow, isPlain: boolean) => void;
type BodyProps = { readonly row: LoopRow; readonly about: LoopAbout; readonly seen: Seeing };

export function Body({ row, about, seen }: BodyProps): ReactNode {
  const [type = "", id = ""] = about.subject.split("/");
  const { data, error, refetch } = useQuery(
    type === "DiagnosticReport" ? reportsQuery([{ id, version: row.version }]) : subjectQuery(type, id, row.version),
  );
  const { load } = useTexts();
  const { pane } = useInboxTexts();
  const mixed = data === undefined ? undefined : refusalOf(data, about.patient);
  const found = mixed === undefined ? data?.find((one) => one.resourceType === type && one.id === id) : undefined;
  useEffect(() => {
    if (found === undefined || data === undefined) return;
    const isReport = found.resourceType === "DiagnosticReport";
    seen(row, isReport && isPlain({ report: found, resources: data, beside: NOTHING }));
  }, [found, data, row, seen]);
  if (error ?? mixed) return <Failed failure={failureOf(error ?? mixed)} retry={() => void refetch()} />;
  if (data === undefined) return <p role="status">{load.loading}</p>;
  if (found === undefined) return <p className="dim">{pane.missing}</p>;
  return <Subject resource={found} resources={data} />;
}

/** Whether values deviate does not depend on who wrote them. */
const NOTHING: Beside = { resources: new Map(), units: {} };

type Shown<T> = { readonly resource: T; readonly resources: readonly FhirResource[] };

function Subject({ resource, resources }: Shown<FhirResource>): ReactNode {
  const beside = useBeside(useMemo(() => ({ resources, units: {} }), [resources]));
  switch (resource.resourceType) {
    case "DiagnosticReport":
      return <Report report={resource} resources={resources} beside={beside} />;
    case "ServiceRequest":
      return <Request request={resource} beside={beside} />;
    case "Communication":
      return <Message message={resource} beside={beside} />;
    case "Specimen":
      return <SpecimenText specimen={resource} />;
    case "Appointment":
      return <BookingText booking={resource} />;
    case "Task":
      return <TaskText task={resource} beside={beside} />;
    default:
      return null;
  }
}

export type ReportProps = {
  readonly report: DiagnosticReport;
  readonly resources: readonly FhirResource[];
  readonly beside: Beside;
};

function Report({ report, resources, beside }: ReportProps): ReactNode {
  const { result, source, value } = useTexts();
  const { pane } = useInboxTexts();
  const standing = standingOf(report.status);
  const when = report.effectiveDateTime ?? report.effectivePeriod?.start;
  const words = report.conclusion ?? sayConcepts(report.conclusionCode);
  return (
    <article className={styles["report"]} aria-label={sayConcept(report.code) ?? result.unnamed}>
      <p className="dim">
        {when ? sayMoment(when) : result.timeMissing} ·{" "}
        {sayReferenceTo(report.performer?.[0], beside) ?? sourceOf(report, beside).unit ?? source.unitMissing}{" "}
        {standing === "corrected" ? (
          <Chip tone="warn">{pane.correctedMark}</Chip>
        ) : standing === "final" ? null : (
          <Chip tone="note">{value.standings[standing]}</Chip>
        )}
      </p>
      <Values report={report} resources={resources} beside={beside} />
      {words === undefined ? null : (
        <p className={styles["words"]}>
          <strong>{pane.conclusion}:</strong> {words}
        </p>
      )}
    </article>
  );
}

/** The values of an answer: digits, unit, side and distance to the reference interval, standing. */
export function Values({ report, resources, beside }: ReportProps): ReactNode {
  const { result } = useTexts();
  const { pane } = useInboxTexts();
  const rows = useMemo(() => valuesOf({ report, resources, beside }), [report, resources, beside]);
  if (rows.length === 0) return report.conclusion === undefined ? <p className="dim">{pane.noValues}</p> : null;
  return (
    <table className={styles["values"]}>
      <caption className="visually-hidden">{sayConcept(report.code) ?? result.unnamed}</caption>
      <thead>
        <tr>
          <th scope="col">{pane.analysis}</th>
          <th scope="col">{pane.value}</th>
          <th scope="col">{pane.reference}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, one }) => (
          <tr key={one.id}>
            <th scope="row">{name ?? result.unnamed}</th>
            <td>
              <ValueText measured={one} unit={one.unit} />
              {one.note ? <span className={styles["small"]}> {one.note}</span> : null}
            </td>
            <td>
              <Band measured={one} />{" "}
              {one.parts
                .map((part) => part.value.reference)
                .filter(Boolean)
                .join(" / ")}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export type NamedValue = { readonly name: string | undefined; readonly one: Measured };

/** The values that one report names, in its order. */
export function valuesOf({ report, resources, beside }: ReportProps): readonly NamedValue[] {
  const named = new Set((report.result ?? []).flatMap(({ reference }) => reference ?? []));
  const own = resources.filter(
    (one): one is Observation => one.resourceType === "Observation" && named.has(`Observation/${one.id}`),
  );
  return analysesOf(own, [report], beside).flatMap(({ name, values }) => values.map((one) => ({ name, one })));
}

/** Whether nothing in an answer deviates, is provisional, or is missing: only such ones may be handled together. */
export function isPlain(props: ReportProps): boolean {
  const { report } = props;
  const values = valuesOf(props);
  return (
    standingOf(report.status) === "final" &&
    values.length > 0 &&
    values.length === (report.result ?? []).length &&
    values.every(({ one }) => one.standing === "final" && gravest(one) === "normal")
  );
}

const WIDE = 100;
const LOW = 25;
const HIGH = 75;

/** Where a value lies by its interval: the band is the interval, the mark the value; digits say the same beside it. */
function Band({ measured }: { readonly measured: Measured }): ReactNode {
  const [part, ...others] = measured.parts; // a pressure has two values and no band
  const { number, high } = part?.value ?? {};
  const low = part?.value.low ?? 0; // what has only an upper limit begins at nothing
  if (others.length > 0 || number === undefined || number < 0 || high === undefined || high <= low) return null;
  const at = LOW + ((number - low) / (high - low)) * (HIGH - LOW);
  const x = Math.min(WIDE - 3, Math.max(3, at));
  return (
    <svg className={styles["band"]} viewBox="0 0 100 12" aria-hidden="true" focusable="false">
      <line x1="0" y1="6" x2="100" y2="6" className={styles["axis"]} />
      <rect x={LOW} y="2" width={HIGH - LOW} height="8" rx="1" className={styles["interval"]} />
      <path d={`M${x} 1v10`} className={styles["point"]} data-outside={number < low || number > high} />
    </svg>
  );
}

function Request({ request, beside }: { readonly request: ServiceRequest; readonly beside: Beside }): ReactNode {
  const { referral, source } = useTexts();
  const { pane } = useInboxTexts();
  const notes = (request.note ?? []).map(({ text }) => text).filter(Boolean);
  const isUrgent = request.priority !== undefined && request.priority !== "routine";
  return (
    <article className={styles["report"]}>
      <p className="dim">
        {request.authoredOn ? sayMoment(request.authoredOn) : referral.timeMissing} ·{" "}
        {sayReferenceTo(request.requester, beside) ?? source.authorMissing}{" "}
        {isUrgent ? <Chip tone="warn">{referral.priorities[request.priority ?? "routine"]}</Chip> : null}
      </p>
      <WithdrawnText request={request} />
      <h3>{pane.question}</h3>
      <p className={styles["words"]}>{sayConcepts(request.reasonCode) ?? referral.reasonMissing}</p>
      {notes.length === 0 ? null : (
        <>
          <h3>{pane.background}</h3>
          {notes.map((text) => (
            <p key={text} className={styles["words"]}>
              {text}
            </p>
          ))}
        </>
      )}
    </article>
  );
}

function Message({ message, beside }: { readonly message: Communication; readonly beside: Beside }): ReactNode {
  const { source } = useTexts();
  return (
    <article className={styles["report"]}>
      <p className="dim">
        {message.sent ? sayMoment(message.sent) : ""} · {sayReferenceTo(message.sender, beside) ?? source.authorMissing}
      </p>
      {(message.payload ?? []).map(({ contentString = "" }) => (
        <p key={contentString} className={styles["words"]}>
          {contentString}
        </p>
      ))}
    </article>
  );
}

/** What is known of a tube that has not arrived, and the way to all of it. */
function SpecimenText({ specimen }: { readonly specimen: Specimen }): ReactNode {
  const { pane } = useInboxTexts();
  const number = specimen.accessionIdentifier?.value;
  const { collectedDateTime, collector } = specimen.collection ?? {};
  const why = (specimen.condition ?? []).map(({ text }) => text).filter(Boolean);
  return (
    <article className={styles["report"]}>
      <p className="dim">
        {pane.collected} {collectedDateTime ? sayMoment(collectedDateTime) : ""}
        {collector?.display ? ` · ${collector.display}` : ""}
      </p>
      {why.map((one) => (
        <p key={one} className={styles["words"]}>
          {one}
        </p>
      ))}
      {number === undefined ? null : (
        <p>
          <Link to="/prov/$number" params={{ number }}>
            {pane.toSpecimen}
          </Link>
        </p>
      )}
    </article>
  );
}

function TaskText({ task, beside }: { readonly task: Task; readonly beside: Beside }): ReactNode {
  const { source } = useTexts();
  return (
    <article className={styles["report"]}>
      <p className="dim">
        {task.authoredOn ? sayMoment(task.authoredOn) : ""} ·{" "}
        {sayReferenceTo(task.requester, beside) ?? source.authorMissing}
      </p>
      {task.description === undefined ? null : <p className={styles["words"]}>{task.description}</p>}
      {(task.note ?? []).map(({ text, time }) => (
        <p key={`${time ?? ""} ${text}`} className={styles["words"]}>
          {time ? `${sayMoment(time)}: ` : ""}
          {text}
        </p>
      ))}
    </article>
  );
}

/** The reports among what was fetched, by id. */
export function reportsIn(resources: readonly FhirResource[]): ReadonlyMap<string, DiagnosticReport> {
  return new Map(ofType(resources, "DiagnosticReport").map((one) => [one.id ?? "", one]));
}
