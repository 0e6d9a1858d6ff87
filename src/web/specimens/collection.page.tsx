/**
 * One patient's collection: the tubes with their numbers and labels, the identity read from the arm, and each tube scanned when it is filled. The
 * next thing to do has the focus, so that a scanner alone does it all.
 *
 * SPEC WEB-SPECIMEN-2 to WEB-SPECIMEN-4 · F39, F40
 */
import { useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { InboxFrame } from "../inbox/inbox-frame.tsx";
import { useTexts } from "../language/language.tsx";
import type { Failure } from "../loaded.ts";
import { sayDay, sayMoment } from "../say/dates.ts";
import { patientFacts } from "../say/patients.ts";
import { Chip } from "../ui/chip.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { failureOf } from "../wire/call.ts";
import { collectionQuery, collectionStep, type Collection, type Label } from "../wire/specimens.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import { DrawForm } from "./draw-form.tsx";
import { LabelSheet } from "./label-sheet.tsx";
import { NotDrawnForm } from "./not-drawn-form.tsx";
import styles from "./specimens.module.css";
import { Tubes } from "./tubes.tsx";
import { usePlace, useSpecimenTexts } from "./use-specimens.ts";

export function CollectionPage(): ReactNode {
  const texts = useSpecimenTexts();
  const { patientId } = useParams({ from: "/work/provtagning/$patientId" });
  const { loaded, fresh } = useLoaded(collectionQuery(patientId));
  const [sheet, setSheet] = useState<readonly Label[]>([]);
  return (
    <>
      <div className="no-print">
        <InboxFrame>
          <Screen title={texts.title} fresh={fresh}>
            <div className={styles["page"]}>
              <p>
                <Link to="/provtagning">{texts.back}</Link>{" "}
                <Link to="/patienter/$patientId/oversikt" params={{ patientId }}>
                  {texts.chart}
                </Link>
              </p>
              <LoadView loaded={loaded} unknown={texts.nothing} lines={8}>
                {(collection) => (
                  <Bedside key={patientId} patientId={patientId} collection={collection} print={setSheet} />
                )}
              </LoadView>
            </div>
          </Screen>
        </InboxFrame>
      </div>
      <LabelSheet labels={sheet} />
    </>
  );
}

/** What one thing that was done came to. */
export type Doing = {
  readonly run: (name: string, body: object) => Promise<Collection | undefined>;
  readonly isRunning: boolean;
};

type BedsideProps = {
  readonly patientId: string;
  readonly collection: Collection;
  readonly print: (labels: readonly Label[]) => void;
};

function Bedside({ patientId, collection, print }: BedsideProps): ReactNode {
  const texts = useSpecimenTexts();
  const queries = useQueryClient();
  const place = usePlace();
  const [said, setSaid] = useState("");
  const [failure, setFailure] = useState<Failure>();
  const [isRunning, setRunning] = useState(false);
  const { load } = useTexts();
  const run: Doing["run"] = async (name, body) => {
    if (isRunning) return undefined;
    setRunning(true);
    setFailure(undefined);
    setSaid("");
    try {
      const next = await collectionStep(patientId, name, { key: crypto.randomUUID(), ...body });
      queries.setQueryData(collectionQuery(patientId).queryKey, next);
      void queries.invalidateQueries({ queryKey: ["patient", "specimens", "list"] });
      return next;
    } catch (error) {
      setFailure(failureOf(error));
      return undefined;
    } finally {
      setRunning(false);
    }
  };
  const doing: Doing = { run, isRunning };
  const isOver = collection.tubes.length === 0;
  return (
    <>
      <Whose collection={collection} />
      <div className={styles["page"]}>
        <p role="status" className={styles["done"]}>
          {said}
        </p>
        <p role="alert" className={styles["failure"]}>
          {failure === undefined ? "" : (failure.said ?? load.failures[failure.kind])}
        </p>
        {isOver ? <p data-state="unknown">{collection.drawn.length > 0 ? texts.allDone : texts.nothing}</p> : null}
        {isOver ? null : (
          <>
            <Tubes collection={collection} place={place} doing={doing} say={setSaid} print={print} />
            <DrawForm collection={collection} place={place} doing={doing} say={setSaid} />
            <NotDrawnForm collection={collection} doing={doing} say={setSaid} />
          </>
        )}
        <Drawn collection={collection} />
      </div>
    </>
  );
}

/** Whose it is, above all else. */
function Whose({ collection }: { readonly collection: Collection }): ReactNode {
  const { patient: words } = useTexts();
  const { person, asOf } = collection;
  const facts = patientFacts(person, asOf);
  return (
    <p className={styles["whose"]} data-patient={facts.id}>
      <strong>{facts.name ?? words.nameMissing}</strong>{" "}
      <span className={styles["number"]}>{facts.identity?.text ?? words.identityMissing}</span>{" "}
      {facts.born === undefined ? words.birthMissing : words.born(sayDay(facts.born))}{" "}
      {facts.isProtected ? <Chip tone="warn">{words.protected}</Chip> : null}
      {facts.isDeceased ? <Chip tone="note">{words.deceased}</Chip> : null}
    </p>
  );
}

function Drawn({ collection }: { readonly collection: Collection }): ReactNode {
  const texts = useSpecimenTexts();
  const { drawn, orders } = collection;
  if (drawn.length === 0) return null;
  const titles = new Map(orders.map(({ id, title }) => [id, title]));
  return (
    <Panel title={`${texts.drawn} (${drawn.length})`}>
      <ul className={styles["plain"]}>
        {drawn.map(({ number, state, at, requests }) => (
          <li key={number ?? at ?? ""} className={styles["row"]}>
            {number === null ? null : (
              <Link to="/prov/$number" params={{ number }} className={styles["number"]}>
                {number}
              </Link>
            )}
            <span>{requests.flatMap((id) => titles.get(id) ?? []).join(", ")}</span>
            <span>
              {texts.states[state]}
              {at === null ? "" : ` · ${sayMoment(at)}`}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
