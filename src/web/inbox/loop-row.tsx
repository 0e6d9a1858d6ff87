/** One row of the ledger: how grave, what, whose, whom it is about, how long it has, and what comes next. SPEC WEB-INBOX-1, WEB-INBOX-3 */
import type { ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { sayMoment } from "../say/dates.ts";
import { isLate, leftTo, nextStep, toneOf } from "../say/loops.ts";
import { patientFacts } from "../say/patients.ts";
import { Chip } from "../ui/chip.tsx";
import type { LoopAbout, LoopRow, Names } from "../wire/loops.ts";
import styles from "./inbox.module.css";
import type { InboxTexts } from "./texts.ts";
import { useInboxTexts } from "./use-inbox-texts.ts";

export type RowProps = {
  readonly row: LoopRow;
  readonly about: LoopAbout | undefined;
  readonly hasFailed: boolean;
  readonly names: Names;
  readonly me: string | undefined;
  readonly now: number;
  readonly list: "inbox" | "sent";
  readonly isOpen: boolean;
  readonly isMarked: boolean;
  readonly show: () => void;
  readonly mark: () => void;
};

export function Row(props: RowProps): ReactNode {
  const { row, about, isOpen, isMarked, show, mark, list } = props;
  const texts = useInboxTexts();
  const title = titleOf(about, texts);
  return (
    <li className={styles["item"]} data-risk={row.risk} data-marked={isMarked}>
      {list === "inbox" ? (
        <label className={styles["mark"]}>
          <input type="checkbox" checked={isMarked} onChange={mark} aria-label={texts.row.mark(title)} />
        </label>
      ) : null}
      <button
        type="button"
        className={styles["row"]}
        data-row
        data-loop={row.id}
        aria-current={isOpen}
        onClick={show}
        onFocus={show}
      >
        <Facts {...props} title={title} />
      </button>
    </li>
  );
}

function Facts({
  row,
  about,
  hasFailed,
  names,
  me,
  now,
  list,
  title,
}: RowProps & { readonly title: string }): ReactNode {
  const texts = useInboxTexts();
  const next = nextStep(row);
  return (
    <>
      <span className={styles["line"]}>
        <RiskMark row={row} />
        <span className={styles["kind"]}>{texts.kinds[row.kind]}</span>
        <Deadline row={row} now={now} />
      </span>
      <strong className={styles["title"]}>{title}</strong>
      <span className={styles["whose"]}>
        <Whose about={about} hasFailed={hasFailed} now={now} />
      </span>
      <span className={styles["line"]}>
        <Chip tone={toneOf(row.kind, row.state)}>{texts.states[row.state]}</Chip>
        <span className={styles["small"]}>
          {list === "sent" ? texts.row.has(holderOf(row, { names, me, texts })) : holderOf(row, { names, me, texts })}
          {list === "sent" ? ` · ${texts.row.since(sayMoment(row.since))}` : ""}
          {list === "inbox" && next !== undefined ? ` · ${texts.row.next(texts.steps[next] ?? next)}` : ""}
          {row.level > 0 ? ` · ${texts.climbed(row.level)}` : ""}
        </span>
      </span>
    </>
  );
}

const SIGNS = ["‼", "!", "▲", "·"] as const;

/** Colour, pattern, sign and word: none of them alone (WCAG 1.4.1). */
export function RiskMark({ row }: { readonly row: Pick<LoopRow, "kind" | "risk"> }): ReactNode {
  const { risks } = useInboxTexts();
  return (
    <span className={styles["risk"]} data-risk={row.risk}>
      <span aria-hidden="true">{SIGNS[row.risk]}</span> {risks[row.kind === "result" ? "result" : "other"][row.risk]}
    </span>
  );
}

export function Deadline({ row, now }: { readonly row: LoopRow; readonly now: number }): ReactNode {
  const texts = useInboxTexts();
  if (row.deadline === null) return <span className={styles["left"]}>{texts.done}</span>;
  return (
    <time
      className={styles["left"]}
      dateTime={row.deadline}
      title={sayMoment(row.deadline)}
      data-late={isLate(row, now)}
    >
      {texts.left(leftTo(row.deadline, now))}
    </time>
  );
}

export function titleOf(about: LoopAbout | undefined, { row }: InboxTexts): string {
  if (about === undefined) return row.patientLoading;
  if (isClosed(about)) return row.closed;
  return about.title ?? row.titleMissing;
}

/** The row is about a patient whose record nothing opens to the reader. */
export function isClosed({ title, person, patient }: LoopAbout): boolean {
  return title === null && person === null && patient !== null;
}

export function holderOf(
  { owner, responsible }: LoopRow,
  { names, me, texts }: { readonly names: Names; readonly me: string | undefined; readonly texts: InboxTexts },
): string {
  const person =
    responsible === null ? texts.row.nobody : responsible === me ? texts.row.me : (names[responsible] ?? responsible);
  return owner === null ? texts.done : texts.row.owner(names[owner] ?? owner, person);
}

/** Whom it is about. A list names nobody whose identity is protected; the pane beside it does, as the chart does. */
function Whose({
  about,
  hasFailed,
  now,
}: {
  readonly about: LoopAbout | undefined;
  readonly hasFailed: boolean;
  readonly now: number;
}): ReactNode {
  const { row } = useInboxTexts();
  const { patient: words, age: ages, signing } = useTexts();
  if (about === undefined) return hasFailed ? row.patientFailed : "";
  if (about.patient === null) return row.noPatient;
  if (about.person === null) return isClosed(about) ? "" : signing.patientMissing;
  const facts = patientFacts(about.person, new Date(now).toISOString());
  if (facts.isProtected) return words.protected;
  const age = facts.age === undefined ? "" : `, ${ages[facts.age.unit](facts.age.count)}`;
  return `${facts.name ?? words.nameMissing} ${facts.identity?.text ?? ""}${age}`;
}
