/**
 * The docked workspace in which one orders: beside the chart, never over it, with whom it is for on top, one field to find by, the basket
 * with who will get each line, and signing. What is in the basket is kept; closing the pane sends and loses nothing.
 *
 * SPEC WEB-ORDER · ux.md screen 8
 */
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { DockPane, useShown, Whom } from "../chart/dock-pane.tsx";
import { takeBlood } from "../registration/asked.ts";
import { Button } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import {
  basketQuery,
  catalogueQuery,
  type Basket,
  type Catalogue,
  type Orderable,
  type OrderLine,
} from "../wire/orders.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import { missingIn, withPicked, type Mode, type Pick } from "./basket.ts";
import { LineCard } from "./line-card.tsx";
import styles from "./orders.module.css";
import { Picker } from "./picker.tsx";
import { Receipt } from "./receipt.tsx";
import { SaveState } from "./save-state.tsx";
import { SetForm } from "./set-form.tsx";
import { useBasket, type UsedBasket } from "./use-basket.ts";
import { useOrderTexts } from "./use-order-texts.ts";

export type PaneProps = {
  readonly patientId: string;
  readonly mode: Mode;
  readonly turn: number;
  readonly close: () => void;
};

export function OrderPane({ patientId, mode, turn, close }: PaneProps): ReactNode {
  const texts = useOrderTexts();
  const catalogue = useLoaded(catalogueQuery).loaded;
  const basket = useLoaded(basketQuery(patientId)).loaded;
  return (
    <DockPane name="order" title={texts.titles[mode]} {...{ texts, close }}>
      <LoadView loaded={catalogue} unknown={texts.emptyCatalogue} lines={3}>
        {(known) => (
          <LoadView loaded={basket} unknown={texts.emptyMeans} lines={3}>
            {(own) => <Ordering {...{ patientId, mode, turn, close, catalogue: known, basket: own }} />}
          </LoadView>
        )}
      </LoadView>
    </DockPane>
  );
}

type OrderingProps = PaneProps & { readonly catalogue: Catalogue; readonly basket: Basket };

function Ordering({ patientId, mode, turn, catalogue, basket, close }: OrderingProps): ReactNode {
  const texts = useOrderTexts();
  const used = useBasket(patientId, basket);
  const shown = useShown(patientId);
  const frame = useRef<HTMLDivElement>(null);
  const { lines, change } = used;
  const itemOf = (id: string) => catalogue.items.find((one) => one.id === id);
  const isAsking = (id: string): boolean => itemOf(id)?.category !== "laboratory";
  const pick = (one: Pick): void => {
    const next = withPicked(lines, one, { catalogue, basket });
    change(next);
    const at = next.findIndex((line, index) => index >= lines.length && isAsking(line.item));
    if (at >= 0) requestAnimationFrame(() => focusLine(frame.current, at));
  };
  useEmergencyBlood(patientId, catalogue, pick);
  const unfinished = lines.findIndex((line) => isUnfinished(catalogue, line.item, line));
  const sign = (): void => {
    const wrong = frame.current?.querySelector<HTMLElement>("[data-line] [aria-invalid=true]");
    if (unfinished >= 0) focusLine(frame.current, unfinished);
    else if (wrong !== null && wrong !== undefined) wrong.focus();
    else if (shown !== undefined)
      void used.sign({
        shown: shown.number,
        lines: lines.map((line) => asShown(line, itemOf(line.item))),
        titles: lines.map((line) => itemOf(line.item)?.title ?? ""),
      });
  };
  const latest = useRef(sign);
  latest.current = sign;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !event.ctrlKey) return;
    event.preventDefault();
    settleField();
    setTimeout(() => latest.current(), 0); // when what stood in the field is in the basket
  };
  if (used.signed !== undefined) return <Receipt patientId={patientId} signed={used.signed} again={used.again} close={close} />; // prettier-ignore
  return (
    <div className={styles["body"]} ref={frame} onKeyDown={onKeyDown}>
      <Whom shown={shown} texts={texts} />
      <Picker key={`${mode} ${turn}`} catalogue={catalogue} mode={mode} pick={pick} isFirst={lines.length === 0} />
      <h3>{texts.basket(lines.length)}</h3>
      {lines.length === 0 ? <p className="dim">{texts.emptyMeans}</p> : null}
      <ol className={styles["lines"]}>
        {lines.map((line, at) => (
          <LineCard
            key={`${line.item} ${at}`}
            {...{ line, basket, item: itemOf(line.item) }}
            set={(next) => change(lines.map((one, index) => (index === at ? next : one)))}
            remove={() => change(lines.filter((_, index) => index !== at))}
          />
        ))}
      </ol>
      <Foot used={used} sign={sign} isUnfinished={unfinished >= 0} unread={basket.draft?.unread ?? 0} />
      <SetForm lines={lines} catalogue={catalogue} />
    </div>
  );
}

/** What was asked for where somebody unknown was registered is in the basket when it opens. */
function useEmergencyBlood(patientId: string, { items }: Catalogue, pick: (one: Pick) => void): void {
  const latest = useRef(pick);
  latest.current = pick;
  useEffect(() => {
    const blood = items.filter(({ isEmergencyBlood }) => isEmergencyBlood === true);
    if (blood.length === 0 || !takeBlood(patientId)) return;
    const lines = blood.map(({ url }) => ({ item: url, priority: "stat" as const, question: null }));
    latest.current({ set: { id: "blood", title: "", whose: "unit", lines, publisher: null }, items: blood });
  }, [patientId, items]);
}

/** Items and places as the screen has them now: a draft may be older than these. */
function asShown(line: OrderLine, item: Orderable | undefined): OrderLine {
  const receiver = item?.receivers.find(({ reference }) => reference === line.receiver);
  return { ...line, version: item?.version ?? line.version, goesTo: receiver?.goesTo?.list ?? null };
}

/** A field that is read when one leaves it is left, and has the focus again. */
function settleField(): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement)) return;
  field.blur();
  field.focus();
}

function isUnfinished({ items }: Catalogue, id: string, line: UsedBasket["lines"][number]): boolean {
  const item = items.find((one) => one.id === id);
  return item === undefined || missingIn(line, item).length > 0;
}

/** To the first field of a line that is to be filled in. */
function focusLine(frame: HTMLElement | null, at: number): void {
  const line = frame?.querySelectorAll<HTMLElement>("[data-line]")[at];
  const field = line?.querySelector<HTMLElement>("[data-missing] textarea, [data-missing] input") ?? line?.querySelector<HTMLElement>("textarea, button"); // prettier-ignore
  field?.focus();
}

type FootProps = {
  readonly used: UsedBasket;
  readonly sign: () => void;
  readonly isUnfinished: boolean;
  readonly unread: number;
};

function Foot({ used, sign, isUnfinished: isWaiting, unread }: FootProps): ReactNode {
  const texts = useOrderTexts();
  const { lines, undo, isSigning, failure } = used;
  const said = failure === undefined ? "" : failure === "unknown" ? texts.unknown : failure.said;
  return (
    <div className={styles["foot"]}>
      <p role="alert" className={styles["failure"]}>
        {said}
      </p>
      {unread > 0 ? <p role="note">{texts.unread(unread)}</p> : null}
      {isWaiting && lines.length > 0 ? <p role="note">{texts.unfinished}</p> : null}
      <div className={styles["buttons"]}>
        <Button
          onClick={sign}
          disabled={lines.length === 0}
          loading={isSigning}
          aria-keyshortcuts="Control+Enter"
          data-sign
        >
          {texts.sign(lines.length)}
        </Button>
        <Button variant="default" disabled={undo === undefined} onClick={undo}>
          {texts.undo}
        </Button>
        <span className="dim">{texts.signKey}</span>
      </div>
      <SaveState used={used} />
    </div>
  );
}
