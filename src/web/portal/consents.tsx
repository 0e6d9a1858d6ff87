/** Consents to cohesive care: those that stand, each with its end, and a form that gives one. SPEC WEB-PORTAL-3 */
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { sayDay } from "../say/dates.ts";
import { Button, NativeSelect } from "../ui/controls.ts";
import { DayField } from "../ui/day-field.tsx";
import { LoadView } from "../ui/load-view.tsx";
import {
  consentsQuery,
  giveConsent,
  withdrawConsent,
  type OwnConsent,
  type OwnConsents,
  type Place,
} from "../wire/portal.ts";
import { Outcome } from "../ui/outcome.tsx";
import styles from "./portal.module.css";
import { usePortalTexts } from "./use-portal-texts.ts";
import { Twice } from "./twice.tsx";
import { useChange, useLoaded, type Change } from "./use-portal.ts";

type Wish = { readonly careProvider: string; readonly careUnit: string; readonly until: string };
type Asked = Wish | { readonly end: string };

export function Consents({ person }: { readonly person: string }): ReactNode {
  const words = usePortalTexts();
  const queries = useQueryClient();
  const loaded = useLoaded(consentsQuery(person));
  const change = useChange(
    (asked: Asked) => ("end" in asked ? withdrawConsent(person, asked.end) : giveConsent(person, asked)),
    (state: OwnConsents) => queries.setQueryData(consentsQuery(person).queryKey, state),
  );
  return (
    <>
      <p>{words.consents.means}</p>
      <Outcome done={change.done} failure={change.failure} />
      <LoadView loaded={loaded} unknown={words.consents.none} lines={4}>
        {({ items, places }) => (
          <>
            <h2>{words.consents.now}</h2>
            <Standing items={items} change={change} />
            {places.length === 0 ? null : <GiveForm places={places} change={change} />}
          </>
        )}
      </LoadView>
    </>
  );
}

type StandingProps = { readonly items: readonly OwnConsent[]; readonly change: Change<Asked> };

function Standing({ items, change }: StandingProps): ReactNode {
  const words = usePortalTexts();
  const { consents } = words;
  if (items.length === 0) return <p data-state="none-known">{consents.none}</p>;
  return (
    <ul className={styles["list"]}>
      {items.map((one) => (
        <li key={one.id} className={styles["card"]}>
          <strong>{consents.to(one.unitName, one.providerName)}</strong>
          {one.isForOne ? <p>{consents.forOne}</p> : null}
          <p className="dim">
            {one.until === null ? "" : consents.until(sayDay(one.until))}
            {one.isOwn ? "" : `, ${consents.byStaff}`}
          </p>
          <Twice
            label={consents.withdraw}
            yes={consents.yesWithdraw}
            isRunning={change.isRunning}
            run={() => void change.run({ end: one.id }, consents.taken)}
          />
        </li>
      ))}
    </ul>
  );
}

type GiveFormProps = { readonly places: readonly Place[]; readonly change: Change<Asked> };

function GiveForm({ places, change }: GiveFormProps): ReactNode {
  const words = usePortalTexts();
  const { consents } = words;
  const [unit, setUnit] = useState("");
  const [until, setUntil] = useState<string>();
  const place = places.find(({ careUnit }) => careUnit === unit);
  const give = (event: FormEvent): void => {
    event.preventDefault();
    const { careProvider = "", careUnit = "" } = place ?? {};
    void change.run({ careProvider, careUnit, until: until ?? "" }, consents.done);
  };
  return (
    <form className={`${styles["card"]} ${styles["form"]}`} onSubmit={give} aria-label={consents.give}>
      <NativeSelect
        label={consents.unit}
        required
        value={unit}
        onChange={(event) => setUnit(event.currentTarget.value)}
        data={[
          { value: "", label: consents.choose },
          ...places.map(({ careUnit, unitName, providerName }) => ({
            value: careUnit,
            label: consents.to(unitName, providerName),
          })),
        ]}
      />
      <DayField isInForm label={consents.last} value={until} set={setUntil} />
      <Button type="submit" size="md" loading={change.isRunning}>
        {consents.give}
      </Button>
    </form>
  );
}
