/**
 * The workspaces that are docked beside the chart, one at a time: what was begun in another is kept. Each is a piece of its own, fetched
 * while the browser has nothing else to do, so that what is typed right after a workspace's key goes into its field.
 *
 * SPEC WEB-DOCK-1 · ux.md section 8 (no modal over the chart, workspaces dock right)
 */
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import type { Intent } from "../medication/dock.ts";
import type { SeenRound } from "../observations/dock.ts";
import type { Mode } from "../orders/basket.ts";
import type { Dock } from "./use-chart-commands.ts";

const FETCH = {
  order: () => import("../orders/order-pane.tsx").then(({ OrderPane: Pane }) => ({ default: Pane })),
  note: () => import("../notes/note-pane.tsx").then(({ NotePane: Pane }) => ({ default: Pane })),
  ordain: () => import("../medication/medication-pane.tsx").then(({ MedicationPane: Pane }) => ({ default: Pane })),
  measure: () => import("../observations/observe-pane.tsx").then(({ ObservePane: Pane }) => ({ default: Pane })),
} as const;
const OrderPane = lazy(FETCH.order);
const NotePane = lazy(FETCH.note);
const MedicationPane = lazy(FETCH.ordain);
const ObservePane = lazy(FETCH.measure);

export type Docked = (
  | { readonly what: "order"; readonly mode: Mode }
  | { readonly what: "note" }
  | { readonly what: "ordain"; readonly intent: Intent | undefined }
  | { readonly what: "measure"; readonly corrects: SeenRound | undefined }
) & { readonly turn: number };
type Wanted = Docked extends infer One ? (One extends Docked ? Omit<One, "turn"> : never) : never;

/** What is docked, and what docks each. Another turn puts the focus where the workspace begins. */
export function useDocks(): {
  readonly docked: Docked | undefined;
  readonly dock: Dock;
  readonly close: () => void;
} {
  const [docked, setDocked] = useState<Docked>();
  const show = useCallback((wanted: Wanted) => setDocked((was) => ({ ...wanted, turn: (was?.turn ?? 0) + 1 })), []);
  const dock = useMemo(
    (): Dock => ({
      order: (mode) => show({ what: "order", mode }),
      write: () => show({ what: "note" }),
      ordain: (intent) => show({ what: "ordain", intent }),
      measure: (corrects) => show({ what: "measure", corrects }),
    }),
    [show],
  );
  return { docked, dock, close: useCallback(() => setDocked(undefined), []) };
}

type PaneProps = { readonly patientId: string; readonly docked: Docked | undefined; readonly close: () => void };

export function DockedPane({ patientId, docked, close }: PaneProps): ReactNode {
  const { load } = useTexts();
  usePanesAhead();
  if (docked === undefined) return null;
  return (
    <Suspense fallback={<p role="status">{load.loading}</p>}>
      {docked.what === "note" ? (
        <NotePane patientId={patientId} turn={docked.turn} close={close} />
      ) : docked.what === "measure" ? (
        <ObservePane patientId={patientId} {...docked} close={close} />
      ) : docked.what === "ordain" ? (
        <MedicationPane patientId={patientId} {...docked} close={close} />
      ) : (
        <OrderPane patientId={patientId} {...docked} close={close} />
      )}
    </Suspense>
  );
}

/** At the latest after this time, also on a page that is never idle. */
const LATEST_MS = 2000;

/** Fetches the workspaces before somebody asks for one. What fails is fetched again, and told, when it is wanted. */
function usePanesAhead(): void {
  useEffect(() => {
    const fetchAll = (): void => {
      for (const fetch of Object.values(FETCH)) fetch().catch(() => undefined);
    };
    if (typeof requestIdleCallback !== "function") {
      const timer = setTimeout(fetchAll, LATEST_MS);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(fetchAll, { timeout: LATEST_MS });
    return () => cancelIdleCallback(idle);
  }, []);
}
