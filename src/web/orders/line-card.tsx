/**
 * One line of the basket: what, what it consists of, who will get it, what was ordered lately, and what its receiver is told.
 *
 * SPEC WEB-ORDER-3, WEB-ORDER-4, WEB-ORDER-5
 */
import type { ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { sayMoment } from "../say/dates.ts";
import { Button, NativeSelect } from "../ui/controls.ts";
import { DayField } from "../ui/day-field.tsx";
import type { Basket, Orderable, OrderLine, Priority, Receiver } from "../wire/orders.ts";
import { recentOf } from "./basket.ts";
import { LineWords } from "./line-words.tsx";
import styles from "./orders.module.css";
import { useOrderTexts } from "./use-order-texts.ts";

export type LineProps = {
  readonly line: OrderLine;
  readonly item: Orderable;
  readonly basket: Basket;
  readonly set: (line: OrderLine) => void;
};
type CardProps = Omit<LineProps, "item"> & { readonly item: Orderable | undefined; readonly remove: () => void };

export function LineCard({ line, item, basket, set, remove }: CardProps): ReactNode {
  const texts = useOrderTexts();
  const title = item?.title ?? line.item;
  return (
    <li className={styles["line"]} data-line>
      <div className={styles["top"]}>
        <strong>{title}</strong>
        <Button size="compact-xs" variant="subtle" onClick={remove} aria-label={texts.remove(title)}>
          <span aria-hidden="true">✕</span>
        </Button>
      </div>
      {item === undefined ? <p role="note">{texts.gone}</p> : <Known {...{ line, item, basket, set }} />}
    </li>
  );
}

function Known(props: LineProps): ReactNode {
  const { line, item, basket, set } = props;
  const texts = useOrderTexts();
  const { referral } = useTexts();
  const names = item.parts.map(({ name }) => name).join(", ");
  const priorities = Object.entries(referral.priorities).map(([value, label]) => ({ value, label }));
  return (
    <>
      {names === "" ? null : <p className="dim">{texts.includes(names)}</p>}
      <Where {...props} />
      <Lately item={item} basket={basket} />
      <div className={styles["fields"]}>
        <NativeSelect
          label={texts.priority}
          data={priorities}
          value={line.priority}
          onChange={(event) => set({ ...line, priority: event.currentTarget.value as Priority })}
        />
        <DayField
          label={texts.when}
          isInForm
          value={line.when ?? undefined}
          set={(day) => set({ ...line, when: day ?? null })}
        />
      </div>
      <LineWords {...props} />
    </>
  );
}

/** Who will get it, before anybody signs. */
function Where({ line, item, set }: LineProps): ReactNode {
  const texts = useOrderTexts();
  const receiver = item.receivers.find(({ reference }) => reference === line.receiver);
  const choose = (reference: string): void => {
    const chosen = item.receivers.find((one) => one.reference === reference);
    set({ ...line, receiver: reference, goesTo: chosen?.goesTo?.list ?? null });
  };
  return (
    <>
      {item.receivers.length > 1 ? (
        <NativeSelect
          label={texts.to}
          data={item.receivers.map(({ reference, name }) => ({ value: reference, label: name }))}
          value={line.receiver}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      ) : null}
      <p
        data-goes-to={receiver?.goesTo?.list}
        className={receiver?.goesTo?.isException === true ? styles["nowhere"] : undefined}
      >
        {whereWords(receiver, texts)}
      </p>
    </>
  );
}

function whereWords(receiver: Receiver | undefined, texts: ReturnType<typeof useOrderTexts>): string {
  const goesTo = receiver?.goesTo ?? null;
  if (receiver === undefined || goesTo === null) return texts.unknownPlace;
  if (goesTo.isException) return texts.nowhere;
  if (goesTo.isCarried) return texts.carriedTo(goesTo.title);
  return goesTo.detour === null ? texts.goesTo(goesTo.title) : texts.detour(receiver.name, goesTo.title);
}

/** What was ordered or answered lately is told and stops nothing. */
function Lately({ item, basket }: Pick<LineProps, "item" | "basket">): ReactNode {
  const texts = useOrderTexts();
  const found = recentOf(item, basket.recent);
  const [newest] = found; // the newest first
  if (newest === undefined) return null;
  const say = newest.kind === "ordered" ? texts.recentOrdered : texts.recentAnswered;
  return (
    <p role="note" className={styles["lately"]} data-lately>
      {say(sayMoment(newest.at), newest.by)} {found.length > 1 ? texts.recentMore(found.length - 1) : ""}
    </p>
  );
}
