/**
 * The docked workspace in which one ordains: beside the chart, never over it, with whom it is for on top, one field to type the line in,
 * what was understood and what the checks say of it, and what the patient has now. Closing the pane signs and loses nothing.
 *
 * SPEC WEB-ORDAIN · ux.md screen 6
 */
import { useQuery } from "@tanstack/react-query";
import type { FhirResource } from "fhir/r4";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { Loaded } from "../loaded.ts";
import { DockPane, useShown, Whom } from "../chart/dock-pane.tsx";
import { useSection, type Rows } from "../chart/use-section.ts";
import orders from "../orders/orders.module.css";
import { LoadView } from "../ui/load-view.tsx";
import { deskQuery, type Looked } from "../wire/medication.ts";
import { CurrentList } from "./current-list.tsx";
import type { Intent } from "./dock.ts";
import { FavouriteForm } from "./favourite-form.tsx";
import { LineField } from "./line-field.tsx";
import { LookedAt } from "./looked.tsx";
import { PaneFoot } from "./pane-foot.tsx";
import { Replaces, Where } from "./replaces.tsx";
import { standingIn, type Standing } from "./standing.ts";
import styles from "./medication-pane.module.css";
import { useMedicationTexts } from "./use-medication-texts.ts";
import { useOrdaining, type Ordaining as UsedOrdaining } from "./use-ordaining.ts";

type PaneProps = {
  readonly patientId: string;
  readonly intent: Intent | undefined;
  readonly turn: number;
  readonly close: () => void;
};

export function MedicationPane({ patientId, intent, turn, close }: PaneProps): ReactNode {
  const texts = useMedicationTexts();
  return (
    <DockPane name="medication" title={texts.title} {...{ texts, close }}>
      <Ordaining patientId={patientId} intent={intent} turn={turn} />
    </DockPane>
  );
}

function Ordaining({ patientId, intent, turn }: Omit<PaneProps, "close">): ReactNode {
  const texts = useMedicationTexts();
  const shown = useShown(patientId);
  const { loaded } = useSection(patientId, "medications", 200);
  const desk = useQuery(deskQuery(patientId));
  const all = loaded.state === "some" ? standingIn(loaded.value, desk.data) : [];
  const frame = useRef<HTMLDivElement>(null);
  const used = useOrdaining({ patientId, all, desk: desk.isFetchedAfterMount ? desk.data : undefined, shown: shown?.number, frame });
  const { used: line, reasons, setReason, replaced } = used;
  const [stopping, setStopping] = useState<string>();
  useIntent({ intent, turn, all, frame, change: used.change, setStopping });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !event.ctrlKey) return;
    event.preventDefault();
    used.act();
  };
  return (
    <div className={orders["body"]} ref={frame} onKeyDown={onKeyDown}>
      <Whom shown={shown} texts={texts} />
      <Replaces name={replaced?.line.substance} used={line} />
      <LineField
        typed={line.typed.line}
        setTyped={(text, isWhole) => line.write({ ...line.typed, line: text }, isWhole)}
        turn={intent === undefined || intent.kind === "change" ? turn + used.turned : used.turned}
      />
      <Where used={line} />
      {line.looked === undefined ? null : <LookedAt looked={line.looked} reasons={reasons} setReason={setReason} />}
      {line.isLooking ? <p className="dim">{texts.looking}</p> : null}
      {line.hasFailed ? <p role="alert">{texts.lookFailed}</p> : null}
      <PaneFoot used={used} />
      <FavouriteForm line={wholeOf(line.looked)} />
      <CurrentSection {...{ all, loaded, used, stopping, setStopping }} hasChecks={!desk.isError} />
    </div>
  );
} // prettier-ignore

/** What can be kept as a favourite: an understood line with its reason. */
function wholeOf(looked: Looked | undefined): string | undefined {
  return looked !== undefined && "line" in looked && looked.line.reason !== null ? looked.typed : undefined;
}

type CurrentProps = {
  readonly all: readonly Standing[];
  readonly loaded: Loaded<Rows<FhirResource>>;
  readonly used: UsedOrdaining;
  readonly stopping: string | undefined;
  readonly setStopping: (id: string | undefined) => void;
  readonly hasChecks: boolean;
};

function CurrentSection({ all, loaded, used, stopping, setStopping, hasChecks }: CurrentProps): ReactNode {
  const texts = useMedicationTexts();
  const { reasons, setReason, chosen, choose, change } = used;
  const stop: typeof used.stop = async (seen, name, why) => {
    const isDone = await used.stop(seen, name, why);
    if (isDone) setStopping(undefined);
    return isDone;
  };
  return (
    <section className={styles["current"]} aria-label={texts.current}>
      <h3>{texts.currentCount(all.length)}</h3>
      {hasChecks ? null : <p role="alert">{texts.checksMissing}</p>}
      <LoadView loaded={loaded} unknown={texts.none} lines={3}>
        {({ beside, hasMore }) => (
          <>
            <CurrentList
              {...{ all, beside, reasons, setReason, chosen, choose, change, stop, stopping, setStopping }}
            />
            {hasMore ? <p className="dim">{texts.more}</p> : null}
          </>
        )}
      </LoadView>
    </section>
  );
}

type Doing = {
  readonly intent: Intent | undefined;
  readonly turn: number;
  readonly all: readonly Standing[];
  readonly frame: { readonly current: HTMLElement | null };
  readonly change: (one: Standing) => void;
  readonly setStopping: (id: string) => void;
};

/** What another part of the chart asked for is done once, as soon as what stands is there. */
function useIntent({ intent, turn, all, frame, change, setStopping }: Doing): void {
  const done = useRef(0);
  const isReady = all.some(({ seen }) => seen !== null);
  useEffect(() => {
    if (intent === undefined || done.current === turn || !isReady) return;
    done.current = turn;
    if (intent.kind === "renew") return frame.current?.querySelector<HTMLElement>("input[type=checkbox]")?.focus();
    const one = all.find(({ seen }) => seen?.id === intent.id);
    if (one === undefined) return;
    if (intent.kind === "change") change(one);
    else setStopping(intent.id);
  }, [intent, turn, all, isReady, frame, change, setStopping]);
}
