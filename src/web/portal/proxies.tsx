/** Proxies: who reads for the patient, until when, and a form that lets somebody. SPEC WEB-PORTAL-3 */
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { sayDay } from "../say/dates.ts";
import { Button, TextInput } from "../ui/controls.ts";
import { DayField } from "../ui/day-field.tsx";
import { LoadView } from "../ui/load-view.tsx";
import { grantProxy, proxiesQuery, withdrawProxy, type Proxy } from "../wire/portal.ts";
import { Outcome } from "../ui/outcome.tsx";
import styles from "./portal.module.css";
import type { PortalTexts } from "./texts.ts";
import { usePortalTexts } from "./use-portal-texts.ts";
import { Twice } from "./twice.tsx";
import { useChange, useLoaded, type Change } from "./use-portal.ts";

type Wish = { readonly number: string; readonly label: string; readonly until: string; readonly writes: boolean };
const NOBODY: Wish = { number: "", label: "", until: "", writes: false };
type Asked = Wish | { readonly end: string };

export function Proxies({ person }: { readonly person: string }): ReactNode {
  const words = usePortalTexts();
  const queries = useQueryClient();
  const loaded = useLoaded(proxiesQuery(person));
  const change = useChange(
    (asked: Asked) => ("end" in asked ? withdrawProxy(person, asked.end) : grantProxy(person, asked)),
    (items: readonly Proxy[]) => queries.setQueryData(proxiesQuery(person).queryKey, items),
  );
  return (
    <>
      <p>{words.proxies.means}</p>
      <Outcome done={change.done} failure={change.failure} />
      <LoadView loaded={loaded} unknown={words.proxies.none} lines={4}>
        {(items) => (
          <>
            <h2>{words.proxies.now}</h2>
            <Listed items={items.filter(({ isInForce }) => isInForce)} change={change} />
            <GrantForm change={change} />
            {items.every(({ isInForce }) => isInForce) ? null : (
              <>
                <h2>{words.proxies.before}</h2>
                <Listed items={items.filter(({ isInForce }) => !isInForce)} change={change} />
              </>
            )}
          </>
        )}
      </LoadView>
    </>
  );
}

type ListedProps = { readonly items: readonly Proxy[]; readonly change: Change<Asked> };

function Listed({ items, change }: ListedProps): ReactNode {
  const words = usePortalTexts();
  const { proxies } = words;
  if (items.length === 0) return <p data-state="none-known">{proxies.none}</p>;
  return (
    <ul className={styles["list"]}>
      {items.map((one) => (
        <li key={one.id} className={styles["card"]}>
          <strong>{one.label}</strong>
          <p>{one.number}</p>
          <p className="dim">{untilOf(one, words)}</p>
          {one.writes ? <p className="dim">{proxies.writesToo}</p> : null}
          {one.isInForce ? (
            <Twice
              label={proxies.withdraw}
              yes={proxies.yesWithdraw}
              isRunning={change.isRunning}
              run={() => void change.run({ end: one.id }, proxies.taken)}
            />
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function untilOf({ isInForce, ended, until }: Proxy, { proxies }: PortalTexts): string {
  if (ended !== null) return proxies.ended(sayDay(ended));
  return isInForce ? proxies.inForce(sayDay(until ?? "")) : proxies.over(sayDay(until ?? ""));
}

function GrantForm({ change }: { readonly change: Change<Asked> }): ReactNode {
  const words = usePortalTexts();
  const { proxies } = words;
  const [wish, setWish] = useState(NOBODY);
  const grant = (event: FormEvent): void => {
    event.preventDefault();
    void change.run(wish, proxies.done).then((isDone) => isDone && setWish(NOBODY));
  };
  return (
    <form className={`${styles["card"]} ${styles["form"]}`} onSubmit={grant} aria-label={proxies.grant}>
      <TextInput
        label={proxies.number}
        description={proxies.numberForm}
        required
        autoComplete="off"
        inputMode="numeric"
        value={wish.number}
        onChange={(event) => setWish({ ...wish, number: event.currentTarget.value })}
      />
      <TextInput
        label={proxies.label}
        required
        maxLength={80}
        autoComplete="off"
        value={wish.label}
        onChange={(event) => setWish({ ...wish, label: event.currentTarget.value })}
      />
      <DayField
        isInForm
        label={proxies.until}
        value={wish.until === "" ? undefined : wish.until}
        set={(day) => setWish({ ...wish, until: day ?? "" })}
      />
      <label className={styles["check"]}>
        <input
          type="checkbox"
          checked={wish.writes}
          onChange={(event) => setWish({ ...wish, writes: event.currentTarget.checked })}
        />{" "}
        {proxies.writes}
      </label>
      <Button type="submit" size="md" loading={change.isRunning}>
        {proxies.grant}
      </Button>
    </form>
  );
}
