/**
 * Frånvaro & jour: who on the own lists is away with whom in their place, and who is asked first when something is life-threatening.
 * Whoever works through a list registers for themselves and the others on it.
 *
 * SPEC WEB-INBOX-8
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { sayDay, sayPeriod } from "../say/dates.ts";
import { Button, NativeSelect, TextInput } from "../ui/controls.ts";
import { DayField } from "../ui/day-field.tsx";
import { LoadView, useFailureWords } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { failureOf } from "../wire/call.ts";
import { addAbsence, addTurn, endEntry, rosterQuery, type Roster } from "../wire/duty.ts";
import { ownListsQuery, type OwnLists } from "../wire/loops.ts";
import { sessionQuery } from "../wire/session.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import { InboxFrame } from "./inbox-frame.tsx";
import styles from "./inbox.module.css";
import { useInboxTexts } from "./use-inbox-texts.ts";

export function DutyPage(): ReactNode {
  const { parts, duty } = useInboxTexts();
  const { loaded, fresh } = useLoaded(rosterQuery);
  const lists = useQuery(ownListsQuery).data;
  return (
    <InboxFrame>
      <Screen title={parts.duty} fresh={fresh}>
        <LoadView loaded={loaded} unknown={duty.noLists} lines={6}>
          {(roster) => (
            <>
              <p className="dim">{duty.may}</p>
              <div className={styles["duty"]}>
                <Absences roster={roster} lists={lists} />
                <Turns roster={roster} lists={lists} />
              </div>
            </>
          )}
        </LoadView>
      </Screen>
    </InboxFrame>
  );
}

type PartProps = { readonly roster: Roster; readonly lists: OwnLists | undefined };

/** A change of the roster, which the answer has as it then stands. */
function useChange<T>(change: (wish: T) => Promise<Roster>) {
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: change,
    onSuccess: (roster) => queries.setQueryData(rosterQuery.queryKey, roster),
  });
  const words = useFailureWords(failureOf(error));
  return { mutate, isPending, refusal: error ? words : null };
}

function Absences({ roster, lists }: PartProps): ReactNode {
  const { duty } = useInboxTexts();
  const me = useQuery(sessionQuery).data?.person;
  const [person, setPerson] = useState("");
  const [deputy, setDeputy] = useState("");
  const [from, setFrom] = useState<string>();
  const [through, setThrough] = useState<string>();
  const [isMissing, setMissing] = useState(false);
  const { mutate, isPending, refusal } = useChange(addAbsence);
  const people = peopleIn(lists, me);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(from === undefined || through === undefined);
    if (from === undefined || through === undefined || me === undefined) return;
    mutate({ person: person || me.hsaId, from, through, deputy: deputy || null });
  };
  return (
    <Panel title={duty.absences}>
      <p className="dim">{duty.absencesMeans}</p>
      <Entries
        kind="absences"
        none={duty.none}
        entries={roster.absences.map(({ id, person: who, since, until, deputy: other }) => ({
          id,
          who: roster.names[who] ?? who,
          words: `${sayDay(since)} – ${lastDayOf(until)}`,
          more: other === null ? duty.noDeputy : `${duty.deputy}: ${roster.names[other] ?? other}`,
        }))}
      />
      <form onSubmit={submit} className="no-print" aria-label={duty.add}>
        <NativeSelect
          label={duty.who}
          value={person}
          onChange={(event) => setPerson(event.currentTarget.value)}
          data={people.map(({ id, name }) => ({ value: id === me?.hsaId ? "" : id, label: name }))}
        />
        <div className={styles["pair"]}>
          <DayField label={duty.from} value={from} set={setFrom} isInForm />
          <DayField label={duty.through} value={through} set={setThrough} isInForm />
        </div>
        <NativeSelect
          label={duty.deputy}
          value={deputy}
          onChange={(event) => setDeputy(event.currentTarget.value)}
          data={[
            { value: "", label: duty.noDeputy },
            ...people
              .filter(({ id }) => id !== (person || me?.hsaId))
              .map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <Button type="submit" loading={isPending}>
          {duty.add}
        </Button>
        <p className={styles["failure"]} role="alert">
          {isMissing ? duty.dayMissing : refusal}
        </p>
      </form>
    </Panel>
  );
}

function Turns({ roster, lists }: PartProps): ReactNode {
  const { duty } = useInboxTexts();
  const [list, setList] = useState("");
  const chosen = lists?.lists.find(({ id }) => id === list) ?? lists?.lists[0]; // whoever has one list chooses none
  const titleOf = (id: string): string => lists?.lists.find((one) => one.id === id)?.title ?? id;
  return (
    <Panel title={duty.turns}>
      <p className="dim">{duty.turnsMeans}</p>
      <Entries
        kind="turns"
        none={duty.noTurns}
        entries={roster.turns.map(({ id, person, since, until, rank, worklist }) => ({
          id,
          who: `${rank}. ${roster.names[person] ?? person}`,
          words: sayPeriod({ start: since, end: until }) ?? "",
          more: titleOf(worklist),
        }))}
      />
      {chosen === undefined ? (
        <p>{duty.noLists}</p>
      ) : (
        <TurnForm key={chosen.id} chosen={chosen} lists={lists?.lists ?? []} setList={setList} />
      )}
    </Panel>
  );
}

type OwnList = OwnLists["lists"][number];
const CLOCK = /^([01]?\d|2[0-3])[.:]?([0-5]\d)$/;

/** "16.00", "1600" and "16:00" are the same clock. */
function clockIn(text: string): string | undefined {
  const found = CLOCK.exec(text.trim());
  return found === null ? undefined : `${(found[1] ?? "").padStart(2, "0")}:${found[2]}`;
}

function TurnForm({
  chosen,
  lists,
  setList,
}: {
  readonly chosen: OwnList;
  readonly lists: readonly OwnList[];
  readonly setList: (id: string) => void;
}): ReactNode {
  const { duty } = useInboxTexts();
  const [person, setPerson] = useState(chosen.people[0]?.id ?? "");
  const [from, setFrom] = useState<string>();
  const [through, setThrough] = useState<string>();
  const [clocks, setClocks] = useState({ from: "", to: "" });
  const [rank, setRank] = useState("1");
  const [missing, setMissing] = useState<string>();
  const { mutate, isPending, refusal } = useChange(addTurn);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const [start, end] = [clockIn(clocks.from), clockIn(clocks.to)];
    const last = through ?? from;
    setMissing(
      from === undefined ? duty.dayMissing : start === undefined || end === undefined ? duty.clockForm : undefined,
    );
    if (from === undefined || last === undefined || start === undefined || end === undefined) return;
    mutate({ worklist: chosen.id, person, from: `${from}T${start}`, to: `${last}T${end}`, rank: Number(rank) });
  };
  return (
    <form onSubmit={submit} className="no-print" aria-label={duty.addTurn}>
      <NativeSelect
        label={duty.list}
        value={chosen.id}
        onChange={(event) => setList(event.currentTarget.value)}
        data={lists.map(({ id, title }) => ({ value: id, label: title }))}
      />
      <div className={styles["pair"]}>
        <NativeSelect
          label={duty.who}
          value={person}
          onChange={(event) => setPerson(event.currentTarget.value)}
          data={chosen.people.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <NativeSelect
          label={duty.order}
          value={rank}
          onChange={(event) => setRank(event.currentTarget.value)}
          data={["1", "2", "3", "4"]}
        />
      </div>
      <div className={styles["pair"]}>
        <DayField label={duty.from} value={from} set={setFrom} isInForm />
        <TextInput
          label={duty.fromClock}
          placeholder="16.00"
          autoComplete="off"
          value={clocks.from}
          onChange={({ currentTarget: { value } }) => setClocks((before) => ({ ...before, from: value }))}
        />
      </div>
      <div className={styles["pair"]}>
        <DayField label={duty.through} value={through ?? from} set={setThrough} isInForm />
        <TextInput
          label={duty.toClock}
          placeholder="21.00"
          autoComplete="off"
          value={clocks.to}
          onChange={({ currentTarget: { value } }) => setClocks((before) => ({ ...before, to: value }))}
        />
      </div>
      <Button type="submit" loading={isPending}>
        {duty.addTurn}
      </Button>
      <p className={styles["failure"]} role="alert">
        {missing ?? refusal}
      </p>
    </form>
  );
}

type Entry = { readonly id: string; readonly who: string; readonly words: string; readonly more: string };

function Entries({
  kind,
  none,
  entries,
}: {
  readonly kind: "absences" | "turns";
  readonly none: string;
  readonly entries: readonly Entry[];
}): ReactNode {
  const { duty, parts } = useInboxTexts();
  const { mutate, isPending, refusal } = useChange((id: string) => endEntry(kind, id));
  if (entries.length === 0) return <p className={styles["entries"]}>{none}</p>;
  return (
    <>
      <ul className={styles["entries"]} aria-label={kind === "turns" ? duty.turns : duty.absences}>
        {entries.map(({ id, who, words, more }) => (
          <li key={id}>
            <span>
              <strong>{who}</strong> {words} <span className="dim">{more}</span>
            </span>
            <Button
              className="no-print"
              size="compact-sm"
              variant="default"
              disabled={isPending}
              aria-label={`${duty.endName(who)}, ${parts.duty}`}
              onClick={() => mutate(id)}
            >
              {duty.end}
            </Button>
          </li>
        ))}
      </ul>
      <p className={styles["failure"]} role="alert">
        {refusal}
      </p>
    </>
  );
}

function peopleIn(
  lists: OwnLists | undefined,
  me: { readonly hsaId: string; readonly name: string } | undefined,
): readonly { readonly id: string; readonly name: string }[] {
  const own = me === undefined ? [] : [{ id: me.hsaId, name: me.name }];
  const all = [...own, ...(lists?.lists ?? []).flatMap(({ people }) => people)];
  const first = new Map<string, { readonly id: string; readonly name: string }>();
  for (const one of all) if (!first.has(one.id)) first.set(one.id, one);
  return [...first.values()];
}

/** The day before the moment at which a period ends. */
function lastDayOf(until: string): string {
  return sayDay(new Date(Date.parse(until) - 1).toISOString());
}
