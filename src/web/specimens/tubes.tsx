/** The tubes to draw, in their order, and their labels: printed where somebody stands, on the printer that is shown. SPEC WEB-SPECIMEN-2 · F39 */
import { useEffect, useRef, type ReactNode } from "react";
import { sayMoment } from "../say/dates.ts";
import { Chip } from "../ui/chip.tsx";
import { Button } from "../ui/controls.ts";
import { Panel } from "../ui/panel.tsx";
import type { Collection, Label, Printed, Tube } from "../wire/specimens.ts";
import type { Doing } from "./collection.page.tsx";
import { PlaceField } from "./place-field.tsx";
import styles from "./specimens.module.css";
import type { SpecimenTexts } from "./texts.ts";
import { useSpecimenTexts, type Place } from "./use-specimens.ts";

type TubesProps = {
  readonly collection: Collection;
  readonly place: Place;
  readonly doing: Doing;
  readonly say: (words: string) => void;
  readonly print: (labels: readonly Label[]) => void;
};

export function Tubes({ collection, place, doing, say, print }: TubesProps): ReactNode {
  const texts = useSpecimenTexts();
  const { tubes } = collection;
  const { chosen } = place;
  const wasPrinted = tubes.every(({ number }) => number !== null && lastPrint(collection, number) !== undefined);
  const run = async (byBrowser: boolean): Promise<void> => {
    const labelled = tubes.some(({ number }) => number === null) ? await doing.run("labels", {}) : collection;
    const numbers = (labelled?.tubes ?? []).flatMap(({ number }) => number ?? []);
    if (numbers.length === 0) return;
    const where = byBrowser || chosen === undefined || chosen.printer === null ? {} : { place: chosen.code, printer: chosen.printer }; // prettier-ignore
    const next = await doing.run("print", { numbers, ...where });
    if (next?.print === undefined) return;
    say(outcomeOf(texts, next.print, numbers.length));
    if (next.print.outcome === "browser") print(next.print.labels);
  };
  const hasPrinter = chosen !== undefined && chosen.printer !== null;
  const first = useRef<HTMLButtonElement>(null);
  const isBare = tubes.every(({ number }) => number === null);
  useEffect(() => {
    if (hasPrinter && isBare) first.current?.focus();
  }, [hasPrinter, isBare]);
  return (
    <Panel title={`1. ${texts.steps[0]}`}>
      <ol className={styles["plain"]}>
        {tubes.map((one, at) => (
          <li key={one.number ?? `${one.tube.code} ${at}`} className={styles["row"]}>
            <TubeRow one={one} collection={collection} />
          </li>
        ))}
      </ol>
      <PlaceField place={place} />
      <div className={styles["buttons"]}>
        {hasPrinter || place.isNeeded ? (
          <Button
            ref={first}
            loading={doing.isRunning}
            disabled={place.isNeeded}
            variant={wasPrinted ? "default" : "filled"}
            onClick={() => void run(false)}
          >
            {wasPrinted ? texts.printAgain : texts.print}
          </Button>
        ) : null}
        <Button
          loading={doing.isRunning}
          variant={hasPrinter || place.isNeeded || wasPrinted ? "default" : "filled"}
          onClick={() => void run(true)}
        >
          {texts.printHere}
        </Button>
      </div>
    </Panel>
  );
}

function outcomeOf(texts: SpecimenTexts, { outcome, why, printer }: Printed, count: number): string {
  if (outcome === "handed-over") return texts.handedOver(count, printer ?? "");
  if (outcome === "failed") return texts.printFailed(texts.faults[why ?? ""] ?? "");
  return outcome === "unknown" ? texts.printUnknown : "";
}

function lastPrint({ prints }: Collection, number: string): Collection["prints"][number] | undefined {
  return prints.find(({ numbers, status }) => status === "completed" && numbers.includes(number));
}

function TubeRow({ one, collection }: { readonly one: Tube; readonly collection: Collection }): ReactNode {
  const texts = useSpecimenTexts();
  const { tube, requests, number, instead, within } = one;
  const orders = collection.orders.filter(({ id }) => requests.includes(id));
  const attempts = collection.attempts.filter((each) => each.requests.some((id) => requests.includes(id)));
  const printed = number === null ? undefined : lastPrint(collection, number);
  return (
    <>
      <span className={styles["tube"]}>
        <strong>{tube.title}</strong>
        {tube.cap === null ? null : (
          <span className={styles["cap"]} data-cap={tube.cap}>
            {texts.cap(tube.cap)}
          </span>
        )}
        {orders.some(({ isUrgent }) => isUrgent) ? <Chip tone="alarm">{texts.urgent}</Chip> : null}
        {instead === null ? null : <Chip tone="note">{texts.again}</Chip>}
      </span>
      <span>
        {orders.map(({ title }) => title).join(", ")}
        <br />
        <span className="dim">
          {[
            tube.material,
            tube.how,
            texts.within(within),
            ...orders.flatMap(({ instruction }) => instruction ?? []),
            ...(instead === null ? [] : [texts.instead(spaced(instead))]),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
        {attempts.map(({ why, at }) => (
          <span key={`${at ?? ""}${why}`} className={styles["attempt"]}>
            {texts.attempted(at === null ? "" : sayMoment(at), why)}
          </span>
        ))}
      </span>
      <span>
        <span className={styles["number"]}>{number === null ? texts.noNumber : spaced(number)}</span>
        {printed === undefined ? null : (
          <span className={styles["attempt"]}>
            {texts.wasPrinted(printed.printer ?? texts.byBrowser, printed.at === null ? "" : sayMoment(printed.at))}
          </span>
        )}
      </span>
    </>
  );
}

/** In fours, as it stands on the label. */
export function spaced(number: string): string {
  return number.replaceAll(/(\d{4})(?=\d)/g, "$1 ");
}
