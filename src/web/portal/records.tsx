/** The own records, part by part: what is open at the door, in the words that staff read, newest first. SPEC WEB-PORTAL-7 */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { FhirResource } from "fhir/r4";
import { useEffect, type ReactNode } from "react";
import { judgeWords, wordsOf } from "../../base/index.ts";
import { besideOf } from "../say/concepts.ts";
import { sayMoment } from "../say/dates.ts";
import { textsOf } from "../say/note-text.ts";
import { timelineEntry } from "../say/timeline.ts";
import { Button } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { isSignedOut } from "../wire/call.ts";
import { fetchRecords, recordsKey, type RecordPage, type RecordPart } from "../wire/portal.ts";
import { tellOfWords } from "../wire/words.ts";
import { PlainWords } from "../words/shown-words.tsx";
import { loadedOf } from "./loaded-of.ts";
import styles from "./portal.module.css";
import { markOf, referenceOf } from "./record-marks.ts";
import { usePortalTexts } from "./use-portal-texts.ts";
import { toSignIn } from "./use-portal.ts";

export function Records({ person }: { readonly person: string }): ReactNode {
  const { records } = usePortalTexts();
  const { del } = useSearch({ from: "/portal" });
  const parts = Object.keys(records.part) as RecordPart[];
  const part = parts.find((one) => one === del) ?? "notes";
  return (
    <>
      <p>{records.means}</p>
      <nav aria-label={records.parts} className={styles["parts"]}>
        {parts.map((one) => (
          <Link
            key={one}
            to="/portal"
            search={{ vy: "records", person, del: one }}
            aria-current={one === part ? "true" : undefined}
            replace
          >
            {records.part[one]}
          </Link>
        ))}
      </nav>
      <h2>{records.part[part]}</h2>
      <Part key={part} person={person} part={part} />
    </>
  );
}

function Part({ person, part }: { readonly person: string; readonly part: RecordPart }): ReactNode {
  const { records } = usePortalTexts();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage, dataUpdatedAt } = useInfiniteQuery({
    queryKey: recordsKey(person, part),
    queryFn: ({ pageParam, signal }): Promise<RecordPage> => fetchRecords(person, part, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  if (error && isSignedOut(error)) toSignIn();
  const items = data?.pages.flatMap((page) => page.items);
  return (
    <>
      <LoadView
        loaded={loadedOf(items, error, { at: dataUpdatedAt, retry: () => void refetch() })}
        unknown={records.none}
        lines={8}
      >
        {(all) => (
          <>
            <ul className={styles["list"]}>
              {all.map((one) => (
                <li key={`${one.resourceType}/${one.id}`} className={styles["card"]}>
                  <Shown resource={one} />
                </li>
              ))}
            </ul>
            <p role="status" className="dim">
              {records.shown(all.length, hasNextPage)}
            </p>
          </>
        )}
      </LoadView>
      {hasNextPage ? (
        <Button variant="default" size="md" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {records.more}
        </Button>
      ) : null}
    </>
  );
}

/** Nothing beside the record is open at the door: names are those that it carries itself. */
const ALONE = besideOf();

function Shown({ resource }: { readonly resource: FhirResource }): ReactNode {
  const { records } = usePortalTexts();
  if (judgeWords(resource).kind === "differs") return <Unlike resource={resource} />;
  const { title, summary, when, unit, author } = timelineEntry(resource, ALONE);
  const mark = markOf(resource);
  const reference = referenceOf(resource);
  const isResult = resource.resourceType === "Observation";
  const isNote = resource.resourceType === "Composition" || resource.resourceType === "DocumentReference";
  return (
    <>
      <div className={styles["top"]}>
        <h3>
          {title ?? records.unnamed}
          {isResult && summary !== undefined ? <span className={styles["value"]}> {summary}</span> : null}
        </h3>
        {when === undefined ? <span>{records.timeMissing}</span> : <time dateTime={when}>{sayMoment(when)}</time>}
      </div>
      {mark === undefined ? null : (
        <p>
          <span className={styles["mark"]}>{records.marks[mark]}</span>
        </p>
      )}
      {isNote || isResult || summary === undefined ? null : <p className={styles["said"]}>{summary}</p>}
      <p className="dim">
        {[reference === undefined ? "" : `${records.reference} ${reference}`, unit ?? records.unitMissing, author]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {isNote ? <NoteText resource={resource} /> : null}
    </>
  );
}

/** A record whose words are not those that were written: it is said, and what came can be read for what it is. */
function Unlike({ resource }: { readonly resource: FhirResource }): ReactNode {
  const { records } = usePortalTexts();
  const name = `${resource.resourceType}/${resource.id}/_history/${resource.meta?.versionId ?? "1"}`;
  useEffect(() => void tellOfWords("received", name), [name]);
  return (
    <div role="alert">
      <p>
        <strong>{records.notAsWritten}</strong>
      </p>
      <details className={styles["text"]}>
        <summary>{records.readWhatCame}</summary>
        <p className={styles["said"]}>
          {wordsOf(resource)
            .map(({ text }) => text)
            .join("\n")}
        </p>
      </details>
    </div>
  );
}

type Note = Extract<FhirResource, { resourceType: "Composition" | "DocumentReference" }>;

function NoteText({ resource }: { readonly resource: Note }): ReactNode {
  const { records } = usePortalTexts();
  const texts = textsOf(resource).filter(({ text }) => text.trim() !== "");
  if (texts.length === 0) return <p className="dim">{records.noText}</p>;
  return (
    <details className={styles["text"]}>
      <summary>{records.read}</summary>
      {texts.map(({ title, text }, at) => (
        <section key={`${at} ${title}`}>
          {title === undefined ? null : <h4>{title}</h4>}
          <PlainWords className={styles["said"]} text={text} />
        </section>
      ))}
    </details>
  );
}
