/** Who reads for the patient, and what the own unit has decided, each with its end, which asks for a reason. SPEC WEB-REPRESENTATIVES-1 */
import { useState, type FormEvent, type ReactNode } from "react";
import { sayDay } from "../../say/dates.ts";
import { Button, TextInput } from "../../ui/controls.ts";
import type { Representative, Representatives, UnitDecision } from "../../wire/representatives.ts";
import styles from "./representatives.module.css";
import { useRepresentativeTexts, type Changing } from "./use-representatives.ts";

type PeopleProps = {
  readonly state: Representatives;
  readonly kind: Representative["kind"];
  readonly none: string;
  readonly changing: Changing;
};

export function People({ state, kind, none, changing }: PeopleProps): ReactNode {
  const texts = useRepresentativeTexts();
  const all = state.representatives.filter((one) => one.kind === kind);
  const [now, before] = [all.filter(({ isInForce }) => isInForce), all.filter(({ isInForce }) => !isInForce)];
  return (
    <>
      {now.length === 0 ? (
        <p data-state="unknown">{none}</p>
      ) : (
        <ul className={styles["list"]}>
          {now.map((one) => (
            <li key={one.id}>
              <Person one={one} />
              {state.may.representation ? (
                <EndForm
                  name={one.number === null ? texts.hiddenNumber : written(one.number)}
                  changing={changing}
                  end={(reason) => changing.change({ what: "end", id: one.id, reason })}
                />
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {before.length === 0 ? null : (
        <details>
          <summary>{texts.earlier(before.length)}</summary>
          <ul className={styles["list"]}>
            {before.map((one) => (
              <li key={one.id}>
                <Person one={one} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** Twelve digits as they are written on paper. */
export function written(number: string): string {
  return /^\d{12}$/.test(number) ? `${number.slice(0, 8)}-${number.slice(8)}` : number;
}

function Person({ one }: { readonly one: Representative }): ReactNode {
  const texts = useRepresentativeTexts();
  const { number, from, since, until, ended, isInForce, reason } = one;
  const ends = until === null ? "" : isInForce ? texts.until(sayDay(until)) : texts.over(sayDay(until));
  return (
    <div>
      <strong>{number === null ? texts.hiddenNumber : written(number)}</strong>
      <p className="dim">
        {[texts.from[from], texts.since(sayDay(since)), ended === null ? ends : texts.ended(sayDay(ended))]
          .filter((text) => text !== "")
          .join(", ")}
      </p>
      {reason === null ? null : (
        <p className={styles["words"]}>
          {texts.reason}: {reason}
        </p>
      )}
    </div>
  );
}

type DecisionsProps = { readonly state: Representatives; readonly changing: Changing };

export function Decisions({ state, changing }: DecisionsProps): ReactNode {
  const texts = useRepresentativeTexts();
  if (state.decisions.length === 0) return <p data-state="unknown">{texts.decisionsNone}</p>;
  const nameOf = ({ kind, number }: UnitDecision): string =>
    kind === "child" ? texts.child : texts.guardian(number === null ? texts.hiddenNumber : written(number));
  return (
    <ul className={styles["list"]}>
      {state.decisions.map((one) => (
        <li key={one.id}>
          <div>
            <strong>{nameOf(one)}</strong>
            <p className="dim">
              {texts.since(sayDay(one.since))}
              {one.until === null
                ? ""
                : ` ${one.isInForce ? texts.until(sayDay(one.until)) : texts.over(sayDay(one.until))}`}
            </p>
            {one.reason === null ? null : (
              <p className={styles["words"]}>
                {texts.assessment}: {one.reason}
              </p>
            )}
          </div>
          {state.may.grant ? (
            <EndForm
              name={nameOf(one)}
              changing={changing}
              end={(reason) => changing.change({ what: "undecide", id: one.id, reason })}
            />
          ) : null}
        </li>
      ))}
    </ul>
  );
}

type EndFormProps = {
  readonly name: string;
  readonly changing: Changing;
  readonly end: (reason: string) => Promise<boolean>;
};

/** Ending asks why first; it cannot be done by one click. */
function EndForm({ name, changing, end }: EndFormProps): ReactNode {
  const texts = useRepresentativeTexts();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void end(reason);
  };
  if (!isOpen)
    return (
      <Button
        className="no-print"
        size="compact-sm"
        variant="default"
        aria-label={texts.endNamed(name)}
        onClick={() => setOpen(true)}
      >
        {texts.end}
      </Button>
    );
  return (
    <form className={`${styles["fields"]} no-print`} onSubmit={submit} aria-label={texts.endNamed(name)}>
      <TextInput
        label={texts.reason}
        required
        autoFocus
        maxLength={500}
        autoComplete="off"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={changing.isChanging}>
        {texts.doEnd}
      </Button>
      <Button variant="subtle" onClick={() => setOpen(false)}>
        {texts.cancel}
      </Button>
    </form>
  );
}
