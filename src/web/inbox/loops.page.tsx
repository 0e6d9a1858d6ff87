/**
 * Inkorg and Skickat & väntar: one list of what is in motion, the gravest first, and beside it what the chosen row is about. The rows are
 * asked for again all the time; whom they are about only once.
 *
 * SPEC WEB-INBOX · WEB-SENT · ux.md sections 8 and 10
 */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { useCommands, type Command } from "../command/registry.ts";
import { patientFacts } from "../say/patients.ts";
import type { LoopsSearch } from "../search-params.ts";
import { LoadView } from "../ui/load-view.tsx";
import { useRowKeys } from "../ui/row-keys.ts";
import { ownListsQuery, type LoopAbout, type LoopRow } from "../wire/loops.ts";
import { sessionQuery } from "../wire/session.ts";
import { noteOf } from "../say/loops.ts";
import { Actions } from "./actions.tsx";
import { Filters } from "./filters.tsx";
import { InboxFrame } from "./inbox-frame.tsx";
import styles from "./inbox.module.css";
import { LoopPane } from "./loop-pane.tsx";
import { LoopList } from "./loop-list.tsx";
import { MOST_TOGETHER, Normals } from "./normals.tsx";
import { ToldBar } from "./told-bar.tsx";
import { focusRow, useBoard } from "./use-board.ts";
import { focusPane, PANE_ID, useHandling, useHandlingKeys } from "./use-handling.ts";
import { useAbouts, useLoops, useNow, type Rows } from "./use-loops.ts";
import { useSteps } from "./use-steps.ts";
import { useInboxTexts } from "./use-inbox-texts.ts";
import { titleOf } from "./loop-row.tsx";

export function InboxPage(): ReactNode {
  return <LoopsPage list="inbox" search={useSearch({ from: "/work/inkorg" })} />;
}

export function SentPage(): ReactNode {
  return <LoopsPage list="sent" search={useSearch({ from: "/work/skickat" })} />;
}

type PageProps = { readonly list: "inbox" | "sent"; readonly search: LoopsSearch };

function LoopsPage({ list, search }: PageProps): ReactNode {
  const { parts, empty } = useInboxTexts();
  const { slag, vems, lage } = search;
  const { loaded, fresh } = useLoops({
    list,
    kind: slag,
    whose: vems === undefined ? undefined : "mine",
    late: lage === "sena",
  });
  const navigate = useNavigate();
  const choose = (change: LoopsSearch): void =>
    void navigate({ to: list === "inbox" ? "/inkorg" : "/skickat", search: change, replace: true });
  return (
    <InboxFrame>
      <Screen title={parts[list]} fresh={fresh} fills>
        <LoadView loaded={loaded} unknown={empty[list]} lines={8}>
          {(value) => <Work key={list} list={list} value={value} search={search} choose={choose} />}
        </LoadView>
      </Screen>
    </InboxFrame>
  );
}

type WorkProps = PageProps & { readonly value: Rows; readonly choose: (change: LoopsSearch) => void };

function Work({ list, value, search, choose }: WorkProps): ReactNode {
  const texts = useInboxTexts();
  const me = useQuery(sessionQuery).data?.person.hsaId;
  useQuery(ownListsQuery); // whom one may delegate to is there when it is asked for
  const now = useNow();
  const { known, hasFailed } = useAbouts(value.rows);
  const [words, setWords] = useState("");
  const [isTogether, setTogether] = useState(false);
  const rows = useMemo(() => matching(value.rows, known, words), [value.rows, known, words]);
  const board = useBoard(rows);
  const steps = useSteps(texts.undo.undone);
  const handling = useHandling(board, steps);
  const plain =
    list === "inbox" ? rows.filter((row) => isOrdinaryResult(row, known.get(row.id))).slice(0, MOST_TOGETHER) : [];
  useRowKeys();
  useHandlingKeys(handling, board);
  const openTogether = (): void => {
    if (plain.length === 0) return;
    setTogether(true);
    focusPane(); // where the space bar scrolls
  };
  useScreenKeys({ together: openTogether, undo: steps.undo });
  const { current } = board;
  const about = current === undefined ? undefined : known.get(current.id);
  const handleTogether = (some: readonly LoopRow[]): void =>
    void steps
      .take(some, { event: "act", note: noteOf("none") }, texts.actions.none)
      .then((done) => done.some((one) => one.done) && setTogether(false));
  return (
    <div className={styles["page"]}>
      <div className={styles["list"]}>
        <Filters
          list={list}
          search={search}
          choose={choose}
          words={words}
          setWords={setWords}
          hidden={value.rows.length - rows.length}
          counts={value.counts}
        />
        <LoopList
          {...{ list, value, rows, known, hasFailed, me, now, board }}
          plain={plain.length}
          openTogether={openTogether}
        />
      </div>
      <div
        id={PANE_ID}
        className={styles["pane"]}
        tabIndex={0}
        role="region"
        aria-label={texts.pane.name}
        onKeyDown={(event) => leavesPane(event) && focusRow(current?.id)}
      >
        <ToldBar steps={steps} titleOf={(id) => titleOf(known.get(id), texts)} />
        {isTogether ? (
          <Normals
            rows={plain}
            abouts={known}
            isTaking={steps.isTaking}
            handle={handleTogether}
            close={() => setTogether(false)}
          />
        ) : current === undefined ? (
          <p className={styles["none"]}>{texts.pane.none}</p>
        ) : (
          <LoopPane key={current.id} row={current} about={about} names={value.names} me={me} now={now} seen={board.saw}>
            <Actions
              row={current}
              handling={handling}
              isTaking={steps.isTaking}
              list={list}
              isPlain={current.risk === 3 && board.isPlain(current)}
            />
          </LoopPane>
        )}
      </div>
    </div>
  );
}

/** An answer with values that its sender has not marked; whether they deviate is seen when they are fetched. */
function isOrdinaryResult({ kind, risk, can }: LoopRow, about: LoopAbout | undefined): boolean {
  return kind === "result" && risk === 3 && can.includes("act") && about?.hasValues === true;
}

/** Escape in the pane leads back to the list; in a form it is the form's. */
function leavesPane({ key, target }: KeyboardEvent): boolean {
  return key === "Escape" && target instanceof Element && target.closest("form") === null;
}

function useScreenKeys({ together, undo }: { readonly together: () => void; readonly undo: () => void }): void {
  const { keys } = useInboxTexts();
  const commands = useMemo(
    (): readonly Command[] => [
      { id: "inbox.normals", name: keys.normals, group: "view", keys: ["n"], run: together },
      { id: "inbox.undo", name: keys.undo, group: "view", keys: ["z"], run: undo },
    ],
    [keys, together, undo],
  );
  useCommands(commands);
}

/** Those in which every word stands somewhere: name, number, title. */
function matching(rows: readonly LoopRow[], known: ReadonlyMap<string, LoopAbout>, words: string): readonly LoopRow[] {
  const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter(({ id }) => {
    const about = known.get(id);
    const facts = !about?.person ? undefined : patientFacts(about.person, "");
    const text = `${about?.title ?? ""} ${facts?.isProtected === true ? "" : `${facts?.name ?? ""} ${facts?.identity?.text ?? ""}`}`;
    return wanted.every((word) => text.toLowerCase().includes(word));
  });
}
