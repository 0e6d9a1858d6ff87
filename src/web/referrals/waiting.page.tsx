/** Väntelista: who waits at the unit, since when and for what, with the guarantee's days; filtered, drawn, and as a file. SPEC WEB-WAIT */
import { Link } from "@tanstack/react-router";
import { useMemo, useState, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { InboxFrame } from "../inbox/inbox-frame.tsx";
import { useTexts } from "../language/language.tsx";
import { sayDay } from "../say/dates.ts";
import { patientFacts } from "../say/patients.ts";
import { Chip } from "../ui/chip.tsx";
import { NativeSelect, TextInput } from "../ui/controls.ts";
import { ListTable, type ListColumn } from "../ui/list-table.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { useLoaded } from "../wire/use-loaded.ts";
import { WAITING_CSV, waitingQuery, type Waiting, type WaitingList } from "../wire/referrals.ts";
import { useReferralTexts } from "./use-referral-texts.ts";
import { matching, SHOWN, type Shown } from "./waiting-filter.ts";
import { WaitingGraph } from "./waiting-graph.tsx";
import styles from "./waiting.module.css";

export function WaitingPage(): ReactNode {
  const { waiting } = useReferralTexts();
  const { loaded, fresh } = useLoaded(waitingQuery);
  return (
    <InboxFrame>
      <Screen title={waiting.title} fresh={fresh}>
        <LoadView loaded={loaded} unknown={waiting.none} lines={8}>
          {(list) => <List list={list} />}
        </LoadView>
      </Screen>
    </InboxFrame>
  );
}

function List({ list }: { readonly list: WaitingList }): ReactNode {
  const { waiting } = useReferralTexts();
  const [shown, setShown] = useState<Shown>("all");
  const [words, setWords] = useState("");
  const rows = useMemo(() => matching(list.items, shown, words), [list.items, shown, words]);
  const columns = useColumns(list.asOf);
  if (list.items.length === 0) return <p data-state="unknown">{waiting.none}</p>;
  return (
    <div className={styles["page"]}>
      <p className={styles["small"]}>{waiting.intro}</p>
      <WaitingGraph items={rows} />
      <div className={`${styles["tools"]} no-print`}>
        <NativeSelect
          label={waiting.show}
          value={shown}
          onChange={({ currentTarget: { value } }) => setShown(SHOWN.find((one) => one === value) ?? "all")}
          data={SHOWN.map((one) => ({ value: one, label: waiting[one] }))}
        />
        <TextInput
          label={waiting.words}
          autoComplete="off"
          value={words}
          onChange={({ currentTarget: { value } }) => setWords(value)}
        />
        <a href={WAITING_CSV} download>
          {waiting.csv}
        </a>
      </div>
      <p role="status">{waiting.count(rows.length, rows.filter(({ guarantee }) => guarantee.isOver).length)}</p>
      {list.more ? <p role="note">{waiting.more}</p> : null}
      <ListTable caption={waiting.title} rows={rows} columns={columns} rowId={({ loop }) => loop} />
    </div>
  );
}

function useColumns(asOf: string): readonly ListColumn<Waiting>[] {
  const { waiting, priorities } = useReferralTexts();
  return useMemo(
    () => [
      {
        id: "patient",
        header: waiting.patient,
        sortBy: ({ known }) => (known?.person ? patientFacts(known.person, asOf).name : undefined),
        cell: (row) => <Whose row={row} asOf={asOf} />,
      },
      {
        id: "matter",
        header: waiting.matter,
        sortBy: ({ known }) => known?.title ?? undefined,
        cell: ({ known }) => known?.title ?? "",
      },
      {
        id: "priority",
        header: waiting.priority,
        isTight: true,
        sortBy: ({ known }) => ["stat", "asap", "urgent", "routine"].indexOf(known?.priority ?? "routine"),
        cell: ({ known }) =>
          known === null ? (
            ""
          ) : known.priority === "routine" ? (
            priorities["routine"]
          ) : (
            <Chip tone="warn">{priorities[known.priority] ?? known.priority}</Chip>
          ),
      },
      {
        id: "since",
        header: waiting.since,
        isTight: true,
        sortBy: ({ guarantee }) => guarantee.start,
        cell: ({ guarantee }) => sayDay(guarantee.start),
      },
      {
        id: "waited",
        header: waiting.waited,
        isTight: true,
        sortBy: ({ guarantee }) => -guarantee.waited,
        cell: ({ guarantee }) =>
          guarantee.waited === guarantee.days ? guarantee.waited : `${guarantee.waited} (${guarantee.days})`,
      },
      {
        id: "guarantee",
        header: waiting.guarantee,
        sortBy: ({ guarantee }) => guarantee.limit - guarantee.waited,
        cell: ({ guarantee }) => <Clock guarantee={guarantee} />,
      },
      {
        id: "target",
        header: waiting.target_,
        isTight: true,
        sortBy: ({ known }) => known?.target ?? undefined,
        cell: ({ known }) => (known?.target ? <Target known={known} /> : ""),
      },
      {
        id: "call",
        header: waiting.call,
        isTight: true,
        sortBy: ({ callState }) => callState ?? undefined,
        cell: ({ callState }) => (callState === null ? waiting.noCall : (waiting.calls[callState] ?? callState)),
      },
    ],
    [waiting, priorities, asOf],
  );
}

function Whose({ row, asOf }: { readonly row: Waiting; readonly asOf: string }): ReactNode {
  const { patient: words } = useTexts();
  const { waiting } = useReferralTexts();
  const { known } = row;
  if (known === null || known.person === null || known.patient === null)
    return <span className="dim">{waiting.closedRow}</span>;
  const facts = patientFacts(known.person, asOf);
  return (
    <>
      <Link to="/patienter/$patientId/remisser" params={{ patientId: known.patient }}>
        <span className={facts.isProtected ? "no-print" : ""}>
          {facts.name ?? words.nameMissing} {facts.identity?.text ?? words.identityMissing}
        </span>
        {facts.isProtected ? <span className="print-only">{words.protectedPaper(known.patient)}</span> : null}
      </Link>{" "}
      {facts.isProtected ? <Chip tone="warn">{words.protected}</Chip> : null}
    </>
  );
}

function Clock({ guarantee }: Pick<Waiting, "guarantee">): ReactNode {
  const { waiting } = useReferralTexts();
  const { clock, limit, waited, isOver, isStopped } = guarantee;
  return (
    <>
      {waiting.clocks[clock]}{" "}
      {isOver ? (
        <Chip tone="alarm">{waiting.overBy(waited - limit)}</Chip>
      ) : (
        <span>{waiting.left(limit - waited)}</span>
      )}{" "}
      {isStopped ? <Chip tone="note">{waiting.standsStill}</Chip> : null}
    </>
  );
}

function Target({ known }: { readonly known: NonNullable<Waiting["known"]> }): ReactNode {
  const day = sayDay(known.target ?? "");
  return known.isPastTarget ? <Chip tone="alarm">{day}</Chip> : day;
}
