/** What the patient has now, in the workspace: to renew several at once, change or stop. A space chooses and goes on to the next. SPEC WEB-ORDAIN-5 */
import { useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { MedicationText } from "../chart/medication/medication-row.tsx";
import { SourceText } from "../chart/source-text.tsx";
import orders from "../orders/orders.module.css";
import type { Beside } from "../say/concepts.ts";
import { sayDay } from "../say/dates.ts";
import { sourceOf } from "../say/sources.ts";
import { Chip } from "../ui/chip.tsx";
import { Button, TextInput } from "../ui/controls.ts";
import type { Reasons, Seen } from "../wire/medication.ts";
import { Findings } from "./findings.tsx";
import styles from "./medication-pane.module.css";
import type { Standing } from "./standing.ts";
import { useMedicationTexts } from "./use-medication-texts.ts";

export type Chosen = ReadonlySet<string>;
export type CurrentProps = {
  readonly all: readonly Standing[];
  readonly beside: Beside;
  readonly chosen: Chosen;
  readonly choose: (ids: Chosen) => void;
  readonly reasons: Reasons;
  readonly setReason: (key: string, reason: string) => void;
  /** Whose stopping is asked about. */
  readonly stopping: string | undefined;
  readonly setStopping: (id: string | undefined) => void;
  readonly stop: (seen: Seen, name: string, why: string) => Promise<boolean>;
  readonly change: (one: Standing) => void;
};

export function CurrentList(props: CurrentProps): ReactNode {
  const { all, choose } = props;
  const texts = useMedicationTexts();
  const list = useRef<HTMLUListElement>(null);
  const ids = all.flatMap(({ seen }) => seen?.id ?? []);
  // A box is chosen when the space is let go, not when it is pressed: who went on before would choose nothing.
  const onKeyUp = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key !== " ") return;
    const boxes = [...(list.current?.querySelectorAll<HTMLInputElement>("input[type=checkbox]") ?? [])];
    const next = boxes[boxes.findIndex((one) => one === event.target) + 1];
    if (next !== undefined) setTimeout(() => next.focus(), 0); // when the space has chosen
  };
  return (
    <>
      {all.length === 0 ? <p className="dim">{texts.noneStands}</p> : null}
      {ids.length > 1 ? (
        <div className={orders["buttons"]}>
          <Button size="compact-sm" variant="default" onClick={() => choose(new Set(ids))} data-all>
            {texts.all}
          </Button>
        </div>
      ) : null}
      <ul className={orders["lines"]} ref={list} aria-label={texts.current}>
        {all.map((one) => (
          <Row key={`${one.prescribed.resourceType}/${one.prescribed.id}`} one={one} onKeyUp={onKeyUp} {...props} />
        ))}
      </ul>
    </>
  );
}

type RowProps = CurrentProps & {
  readonly one: Standing;
  readonly onKeyUp: (event: KeyboardEvent<HTMLElement>) => void;
};

function Row(props: RowProps): ReactNode {
  const { one, beside, chosen, choose, onKeyUp, reasons, setReason } = props;
  const texts = useMedicationTexts();
  const { seen, line, prescribed, kind, findings } = one;
  const name = line.substance ?? "?";
  const isChosen = seen !== null && chosen.has(seen.id);
  const toggle = (id: string): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    choose(next);
  };
  const at = prescribed.resourceType === "MedicationRequest" ? prescribed.authoredOn : prescribed.dateAsserted;
  return (
    <li className={styles["row"]} data-standing={prescribed.id}>
      {seen === null ? (
        <span />
      ) : (
        <input
          type="checkbox"
          aria-label={texts.choose(name)}
          checked={isChosen}
          onChange={() => toggle(seen.id)}
          onKeyUp={onKeyUp}
        />
      )}
      <div className={styles["said"]}>
        <p>
          <MedicationText line={line} />
        </p>
        <p className="dim">
          <Chip tone="plain">{texts.kinds[kind]}</Chip> {at === undefined ? "" : `${sayDay(at)} · `}
          <SourceText source={sourceOf(prescribed, beside)} />
        </p>
        {findings === undefined ? null : <Findings findings={findings} {...(isChosen ? { answering: { reasons, setReason } } : {})} />}
        {seen === null ? null : <Acts {...props} seen={seen} name={name} />}
      </div>
    </li>
  );
} // prettier-ignore

type ActsProps = RowProps & { readonly seen: Seen; readonly name: string };

function Acts({ one, seen, name, change, stop, stopping, setStopping }: ActsProps): ReactNode {
  const texts = useMedicationTexts();
  if (stopping === seen.id)
    return <StopForm name={name} stop={(why) => stop(seen, name, why)} cancel={() => setStopping(undefined)} />;
  return (
    <div className={orders["buttons"]}>
      <Button size="compact-sm" variant="default" onClick={() => change(one)} aria-label={texts.changeOf(name)}>
        {texts.change}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => setStopping(seen.id)} aria-label={texts.stopOf(name)}>
        {texts.stop}
      </Button>
    </div>
  );
}

type StopProps = {
  readonly name: string;
  readonly stop: (why: string) => Promise<boolean>;
  readonly cancel: () => void;
};

function StopForm({ name, stop, cancel }: StopProps): ReactNode {
  const texts = useMedicationTexts();
  const [why, setWhy] = useState("");
  const submit = (event: FormEvent | KeyboardEvent): void => {
    event.preventDefault();
    if (why.trim() !== "") void stop(why);
  };
  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape") cancel();
        else if (event.key === "Enter" && event.ctrlKey) submit(event);
        else return;
        event.preventDefault();
        event.stopPropagation(); // the workspace would sign the line
      }}
      className={orders["question"]}
      aria-label={texts.stopOf(name)}
      data-stopping
    >
      <TextInput
        label={texts.stopWhy}
        autoComplete="off"
        maxLength={500}
        value={why}
        ref={focused}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
      <div className={orders["buttons"]}>
        <Button type="submit" size="compact-sm" disabled={why.trim() === ""}>
          {texts.stop}
        </Button>
        <Button size="compact-sm" variant="default" onClick={cancel}>
          {texts.cancel}
        </Button>
      </div>
    </form>
  );
}

function focused(field: HTMLInputElement | null): void {
  field?.focus();
}
