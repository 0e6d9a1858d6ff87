/**
 * Answers without deviation, gone through together: each stands with its patient and values, what has been wholly in sight counts as
 * seen, and only that is handled, after one question.
 *
 * SPEC WEB-INBOX-4 · ux.md T6
 */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useCommands, type Command } from "../command/registry.ts";
import { useBeside } from "../chart/use-section.ts";
import { useTexts } from "../language/language.tsx";
import { patientFacts } from "../say/patients.ts";
import { Button } from "../ui/controls.ts";
import { Failed } from "../ui/load-view.tsx";
import { failureOf } from "../wire/call.ts";
import { reportsQuery, type LoopAbout, type LoopRow } from "../wire/loops.ts";
import { isPlain, reportsIn, Values } from "./bodies.tsx";
import styles from "./inbox.module.css";
import { titleOf } from "./loop-row.tsx";
import { useInboxTexts } from "./use-inbox-texts.ts";

/** At most so many are looked at together. */
export const MOST_TOGETHER = 50;

type NormalsProps = {
  readonly rows: readonly LoopRow[];
  readonly abouts: ReadonlyMap<string, LoopAbout>;
  readonly isTaking: boolean;
  readonly handle: (rows: readonly LoopRow[]) => void;
  readonly close: () => void;
};

export function Normals({ rows, abouts, isTaking, handle, close }: NormalsProps): ReactNode {
  const { load } = useTexts();
  const texts = useInboxTexts();
  const { normals } = texts;
  const shown = rows.filter(({ id }) => Boolean(abouts.get(id)?.person));
  const named = shown.map((row) => ({ id: reportOf(abouts.get(row.id)), version: row.version }));
  const { data, error, refetch } = useQuery(reportsQuery(named));
  const beside = useBeside(useMemo(() => ({ resources: data ?? [], units: {} }), [data]));
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const reports = useMemo(() => reportsIn(data ?? []), [data]);
  const plain = shown.filter((row) => {
    const report = reports.get(reportOf(abouts.get(row.id)));
    return report !== undefined && isPlain({ report, resources: data ?? [], beside });
  });
  const ready = plain.filter((row) => seen.has(nameOf(row)));
  return (
    <section aria-label={normals.title} className={styles["normals"]}>
      <Signing ready={ready} isTaking={isTaking} handle={handle} close={close} />
      {shown.length === 0 ? <p role="status">{normals.none}</p> : null}
      {data !== undefined && plain.length < shown.length ? (
        <p className={styles["none"]} role="note">
          {normals.left(shown.length - plain.length)}
        </p>
      ) : null}
      {error ? <Failed failure={failureOf(error)} retry={() => void refetch()} /> : null}
      {shown.length > 0 && data === undefined && !error ? <p role="status">{load.loading}</p> : null}
      <ul className={styles["cards"]}>
        {plain.map((row) => {
          const about = abouts.get(row.id);
          const report = reports.get(reportOf(about));
          if (about === undefined || report === undefined) return null;
          return (
            <Card
              key={nameOf(row)}
              title={titleOf(about, texts)}
              about={about}
              isSeen={seen.has(nameOf(row))}
              saw={() => setSeen((before) => new Set([...before, nameOf(row)]))}
            >
              <Values report={report} resources={data ?? []} beside={beside} />
            </Card>
          );
        })}
      </ul>
    </section>
  );
}

function nameOf({ id, version }: LoopRow): string {
  return `${id}/${version}`;
}

function reportOf(about: LoopAbout | undefined): string {
  return about?.subject.replace(/^DiagnosticReport\//, "") ?? "";
}

type SigningProps = Pick<NormalsProps, "isTaking" | "handle" | "close"> & { readonly ready: readonly LoopRow[] };

function Signing({ ready, isTaking, handle, close }: SigningProps): ReactNode {
  const { normals, form, keys } = useInboxTexts();
  const [isAsking, setAsking] = useState(false);
  const yes = useRef<HTMLButtonElement>(null);
  const count = ready.length;
  useEffect(() => {
    if (isAsking) yes.current?.focus();
  }, [isAsking]);
  const commands = useMemo(
    (): readonly Command[] => [
      { id: "inbox.act", name: keys.act, group: "view", keys: ["s"], run: () => setAsking(count > 0) },
      {
        id: "inbox.back",
        name: keys.back,
        group: "view",
        keys: ["Escape"],
        run: () => (isAsking ? setAsking(false) : close()),
      },
    ],
    [keys, count, isAsking, close],
  );
  useCommands(commands);
  return (
    <div className={styles["sticky"]}>
      {isAsking ? (
        <div className={styles["buttons"]} role="group" aria-label={normals.ask(count)}>
          <p>{normals.ask(count)}</p>
          <Button ref={yes} size="compact-md" loading={isTaking} onClick={() => handle(ready)}>
            {normals.yes}
          </Button>
          <Button size="compact-md" variant="default" onClick={() => setAsking(false)}>
            {form.cancel}
          </Button>
        </div>
      ) : (
        <div className={styles["buttons"]}>
          <Button size="compact-md" disabled={count === 0} onClick={() => setAsking(true)} aria-keyshortcuts="s">
            {normals.sign(count)}
          </Button>
          <Button size="compact-md" variant="default" onClick={close}>
            {normals.close}
          </Button>
          <span className={styles["small"]}>{normals.intro}</span>
        </div>
      )}
    </div>
  );
}

type CardProps = {
  readonly title: string;
  readonly about: LoopAbout;
  readonly isSeen: boolean;
  readonly saw: () => void;
  readonly children: ReactNode;
};

function Card({ title, about, isSeen, saw, children }: CardProps): ReactNode {
  const { patient: words } = useTexts();
  const { normals } = useInboxTexts();
  const card = useRef<HTMLLIElement>(null);
  const told = useRef(saw);
  told.current = saw;
  useEffect(() => {
    if (isSeen || card.current === null) return undefined;
    const watcher = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && told.current(),
      { threshold: 0.99 },
    );
    watcher.observe(card.current);
    return () => watcher.disconnect();
  }, [isSeen]);
  const facts = about.person === null ? undefined : patientFacts(about.person, new Date().toISOString());
  return (
    <li ref={card} className={styles["card"]} data-seen={isSeen}>
      <p>
        <span className={facts?.isProtected === true ? "no-print" : ""}>
          <strong>{facts?.isProtected === true ? words.protected : (facts?.name ?? words.nameMissing)}</strong>{" "}
          {facts?.isProtected === true ? "" : facts?.identity?.text}
        </span>{" "}
        · {title} {isSeen ? <span className={styles["small"]}>{normals.seen}</span> : null}
      </p>
      {children}
    </li>
  );
}
