/**
 * Signing in: the identity providers, why the last attempt failed, and in a demonstration a list of people to go in as: one
 * list, one filter, no mouse needed. Afterwards one is back where one was.
 *
 * SPEC WEB-SIGN
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import type { Loaded } from "../loaded.ts";
import { SegmentedControl, TextInput } from "../ui/controls.ts";
import { useListbox } from "../ui/listbox.ts";
import { Failed, LoadView } from "../ui/load-view.tsx";
import { failureOf } from "../wire/call.ts";
import { forgetEverything } from "../wire/queries.ts";
import { peopleQuery, providersQuery, sessionQuery, signIn, type Person } from "../wire/session.ts";
import { Providers } from "./providers.tsx";
import { groupSeats, seatsOf, type GroupBy, type Seat } from "./seats.ts";
import styles from "./sign-in.module.css";

export function SignInPage(): ReactNode {
  const { signIn: texts } = useTexts();
  const { fel } = useSearch({ from: "/logga-in" });
  const { data: ways } = useQuery(providersQuery);
  useEffect(() => {
    document.title = `${texts.title} – Eira`;
  }, [texts]);
  return (
    <main className={styles["page"]}>
      <header className={styles["head"]}>
        <h1>{texts.title}</h1>
        <p className="dim">{texts.intro}</p>
      </header>
      {fel === undefined ? null : (
        <p role="alert" className={styles["failure"]}>
          {texts.failures[fel]}
        </p>
      )}
      <Providers />
      {ways?.demonstration === true ? <Demonstration /> : null}
    </main>
  );
}

/** Only in a demonstration: anybody is let in as anybody, without a step. */
function Demonstration(): ReactNode {
  const { signIn: texts } = useTexts();
  const people = useQuery(peopleQuery);
  const loaded = useMemo((): Loaded<readonly Person[]> => {
    if (people.data?.length === 0) return { state: "unknown", asOf: "" };
    if (people.data) return { state: "some", value: people.data, asOf: "", stale: undefined };
    if (people.error) return { state: "failed", failure: failureOf(people.error), retry: () => void people.refetch() };
    return { state: "loading" };
  }, [people]);
  return (
    <section className={styles["direct"]}>
      <h2>{texts.directly}</h2>
      <LoadView loaded={loaded} unknown={texts.nobody} lines={8}>
        {(value) => <SeatList people={value} />}
      </LoadView>
    </section>
  );
}

function SeatList({ people }: { readonly people: readonly Person[] }): ReactNode {
  const { signIn: texts } = useTexts();
  const [typed, setTyped] = useState("");
  const [groupBy, setGroupBy] = useState<GroupBy>("unit");
  const groups = useMemo(() => groupSeats(seatsOf(people), typed, groupBy), [people, typed, groupBy]);
  const seats = groups.flatMap((group) => group.seats);
  const { enter, isEntering, error } = useEnter();
  const listbox = useListbox({
    count: seats.length,
    isOpen: true,
    resetOn: typed + groupBy,
    choose: (index) => seats[index] && enter(seats[index]),
  });
  const active = seats[listbox.active];
  return (
    <>
      <div className={styles["tools"]}>
        <TextInput
          className={styles["filter"]}
          label={texts.filter}
          placeholder={texts.filterExample}
          autoFocus
          autoComplete="off"
          value={typed}
          {...listbox.fieldProps}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={listbox.onKeyDown}
        />
        <SegmentedControl
          aria-label={texts.groupBy}
          value={groupBy}
          onChange={(value) => setGroupBy(value)}
          data={[
            { value: "unit", label: texts.byUnit },
            { value: "profession", label: texts.byProfession },
          ]}
        />
      </div>
      {error ? <Failed failure={failureOf(error)} retry={() => active && enter(active)} /> : null}
      <p className={styles["count"]} role="status">
        {isEntering ? texts.entering : texts.count(seats.length)}
      </p>
      <div className={styles["list"]} id={listbox.listId} role="listbox" aria-label={texts.title}>
        {groups.map((group) => (
          <div key={group.name} role="group" aria-label={group.name} className={styles["group"]}>
            <p aria-hidden="true" className={styles["groupName"]}>
              {group.name} <span>{group.aside}</span>
            </p>
            {group.seats.map((seat) => (
              <SeatOption
                key={seat.id}
                seat={seat}
                groupBy={groupBy}
                isActive={active === seat}
                id={listbox.optionId(seats.indexOf(seat))}
                enter={enter}
              />
            ))}
          </div>
        ))}
      </div>
    </>
  );
}

type SeatOptionProps = {
  readonly seat: Seat;
  readonly groupBy: GroupBy;
  readonly isActive: boolean;
  readonly id: string;
  readonly enter: (seat: Seat) => void;
};

function SeatOption({ seat, groupBy, isActive, id, enter }: SeatOptionProps): ReactNode {
  return (
    <div id={id} role="option" aria-selected={isActive} className={styles["option"]} onClick={() => enter(seat)}>
      <strong>{seat.name}</strong>
      <span className="dim">{groupBy === "unit" ? seat.title : `${seat.title} · ${seat.unit}`}</span>
    </div>
  );
}

function useEnter(): { readonly enter: (seat: Seat) => void; readonly isEntering: boolean; readonly error: unknown } {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { till } = useSearch({ from: "/logga-in" });
  const [isEntering, setEntering] = useState(false);
  const [error, setError] = useState<unknown>();
  const enter = (seat: Seat): void => {
    if (isEntering) return;
    setEntering(true);
    setError(undefined);
    forgetEverything();
    signIn(seat.id)
      .then(() => client.fetchQuery({ ...sessionQuery, staleTime: 0 }))
      .then(() => navigate({ to: till ?? "/", replace: true }))
      .catch((reason: unknown) => setError(reason))
      .finally(() => setEntering(false));
  };
  return { enter, isEntering, error };
}
