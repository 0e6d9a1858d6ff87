/** The chosen row beside the list: who it is about, what it is, where it stands, its content, and every step it has taken. SPEC WEB-INBOX-2, WEB-SENT-2 */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, type ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { sayDay, sayMoment } from "../say/dates.ts";
import { actionIn, toneOf } from "../say/loops.ts";
import { patientFacts } from "../say/patients.ts";
import { ReferralPanel } from "../referrals/referral-panel.tsx";
import { Chip } from "../ui/chip.tsx";
import { Failed } from "../ui/load-view.tsx";
import { failureOf } from "../wire/call.ts";
import { historyQuery, type LoopAbout, type LoopRow, type LoopStep, type Names } from "../wire/loops.ts";
import { Body, type Seeing } from "./bodies.tsx";
import { CriticalPanel } from "./critical-panel.tsx";
import styles from "./inbox.module.css";
import { Deadline, isClosed, RiskMark, titleOf } from "./loop-row.tsx";
import { useInboxTexts } from "./use-inbox-texts.ts";

/** Fetched when the first unsigned note is chosen. */
const SignatureBody = lazy(() => import("./signature-body.tsx").then((read) => ({ default: read.SignatureBody })));

type PaneProps = {
  readonly row: LoopRow;
  readonly about: LoopAbout | undefined;
  readonly names: Names;
  readonly me: string | undefined;
  readonly now: number;
  readonly seen: Seeing;
  /** What can be done with it. */
  readonly children: ReactNode;
};

export function LoopPane({ row, about, names, me, now, seen, children }: PaneProps): ReactNode {
  const texts = useInboxTexts();
  const { load } = useTexts();
  return (
    <article aria-label={titleOf(about, texts)}>
      {about === undefined ? null : <WhoseBand about={about} now={now} />}
      <header className={styles["head"]}>
        <p className={styles["line"]}>
          <RiskMark row={row} /> <span className={styles["kind"]}>{texts.kinds[row.kind]}</span>{" "}
          <Chip tone={toneOf(row.kind, row.state)}>{texts.states[row.state]}</Chip>
          <Deadline row={row} now={now} />
        </p>
        <h2>{titleOf(about, texts)}</h2>
        <Facts row={row} names={names} me={me} />
      </header>
      {children}
      <CriticalPanel key={`critical ${row.id}`} row={row} me={me} now={now} />
      <ReferralPanel key={row.id} row={row} />
      {about === undefined ? null : isClosed(about) ? (
        <Door about={about} />
      ) : row.kind === "signature" ? (
        <Suspense fallback={<p role="status">{load.loading}</p>}>
          <SignatureBody row={row} about={about} seen={seen} />
        </Suspense>
      ) : (
        <Body row={row} about={about} seen={seen} />
      )}
      <History row={row} me={me} />
    </article>
  );
}

/** Whose it is, above all else: rows of many patients are handled here after one another. */
function WhoseBand({ about, now }: { readonly about: LoopAbout; readonly now: number }): ReactNode {
  const { patient: words, age: ages } = useTexts();
  const { pane, row } = useInboxTexts();
  const { person, patient } = about;
  if (patient === null) return <p className={styles["band-of"]}>{row.noPatient}</p>;
  if (person === null) return null;
  const facts = patientFacts(person, new Date(now).toISOString());
  return (
    <p className={styles["band-of"]} data-patient={patient}>
      {facts.isProtected ? <span className="print-only">{words.protectedPaper(patient)}</span> : null}
      <span className={facts.isProtected ? "no-print" : ""}>
        <strong>{facts.name ?? words.nameMissing}</strong> {facts.identity?.text ?? words.identityMissing}{" "}
        {facts.born === undefined ? words.birthMissing : words.born(sayDay(facts.born))}
        {facts.age === undefined ? "" : `, ${ages[facts.age.unit](facts.age.count)}`}{" "}
        {facts.isDeceased ? <Chip tone="note">{words.deceased}</Chip> : null}
        {facts.isProtected ? <Chip tone="warn">{words.protected}</Chip> : null}
      </span>{" "}
      <Link to="/patienter/$patientId/oversikt" params={{ patientId: patient }}>
        {pane.openChart}
      </Link>
    </p>
  );
}

function Facts({ row, names, me }: Pick<PaneProps, "row" | "names" | "me">): ReactNode {
  const { pane, row: words } = useInboxTexts();
  const nameOf = (id: string | null): string =>
    id === null ? words.nobody : id === me ? words.me : id.startsWith("patient ") ? pane.patient : (names[id] ?? id);
  const sender = row.sentBy === null ? nameOf(row.sender) : `${nameOf(row.sender)} · ${nameOf(row.sentBy)}`;
  const facts = [
    [pane.owner, row.owner === null ? undefined : nameOf(row.owner)],
    [pane.responsible, row.owner === null ? undefined : nameOf(row.responsible)],
    [pane.sender, sender],
    [pane.receiver, row.receiver === null || row.receiver === row.owner ? undefined : nameOf(row.receiver)],
    [pane.since, sayMoment(row.since)],
    [pane.deadline, row.deadline === null ? undefined : sayMoment(row.deadline)],
  ] as const;
  return (
    <dl className={styles["facts"]}>
      {facts.map(([name, value]) =>
        value === undefined ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function Door({ about: { patient } }: { readonly about: LoopAbout }): ReactNode {
  const { pane } = useInboxTexts();
  return (
    <p className={styles["door"]} role="note">
      {pane.door}{" "}
      {patient === null ? null : (
        <Link to="/patienter/$patientId/oversikt" params={{ patientId: patient }}>
          {pane.toDoor}
        </Link>
      )}
    </p>
  );
}

function History({ row, me }: Pick<PaneProps, "row" | "me">): ReactNode {
  const { load } = useTexts();
  const { pane } = useInboxTexts();
  const { data, error, refetch } = useQuery(historyQuery(row.id, row.version));
  return (
    <section className={styles["history"]} aria-label={pane.history}>
      <h3>{pane.history}</h3>
      {data !== undefined ? (
        <ol>
          {data.steps.map((step) => (
            <Step key={step.version} step={step} names={data.names} me={me} />
          ))}
        </ol>
      ) : error ? (
        <Failed failure={failureOf(error)} retry={() => void refetch()} />
      ) : (
        <p role="status">{load.loading}</p>
      )}
    </section>
  );
}

function Step({
  step,
  names,
  me,
}: {
  readonly step: LoopStep;
  readonly names: Names;
  readonly me: string | undefined;
}): ReactNode {
  const { events, pane, actions, row, notes } = useInboxTexts();
  const nameOf = (id: string): string =>
    id.startsWith("patient ") || id === PORTAL
      ? pane.patient
      : id === "system" || id.startsWith("client ")
        ? pane.system
        : id === me
          ? row.me
          : (names[id] ?? id);
  const { action, words } = actionIn(step.note);
  const said = [action === undefined ? undefined : actions[action], Object.hasOwn(notes, words) ? notes[words] : words]
    .filter(Boolean)
    .join(" ");
  const to = [step.owner, step.responsible].flatMap((one) => (one === null ? [] : [nameOf(one)])).join(" · ");
  return (
    <li>
      <strong>{pane.historyStep(events[step.event] ?? step.event, nameOf(step.by))}</strong>
      {to === "" ? "" : ` → ${to}`}
      {said === "" ? null : <span className={styles["words"]}> ”{said}”</span>}
      <span className={styles["small"]}> {sayMoment(step.at)}</span>
    </li>
  );
}

/** The patient's own page, as the journal names who writes. */
const PORTAL = "client patientportalen";
