/** What the keys and buttons do with the chosen or marked rows. SPEC WEB-INBOX-4, WEB-INBOX-6 */
import { useMemo, useState } from "react";
import { useCommands, type Command } from "../command/registry.ts";
import { ACTIONS, nextStep, noteOf, type Action } from "../say/loops.ts";
import type { LoopRow } from "../wire/loops.ts";
import type { FormName } from "./step-forms.tsx";
import type { InboxTexts } from "./texts.ts";
import type { Board } from "./use-board.ts";
import type { Step, Steps } from "./use-steps.ts";
import { useInboxTexts } from "./use-inbox-texts.ts";

export type Handling = {
  readonly form: { readonly name: FormName; readonly rows: readonly LoopRow[] } | undefined;
  readonly open: (name: FormName) => void;
  readonly close: () => void;
  /** Asks for what was done, when an answer deviates. */
  readonly asksAction: boolean;
  readonly act: (action: Action) => void;
  readonly next: () => void;
  readonly take: (event: string) => void;
  readonly send: (step: Step) => void;
};

/** The steps that need a reason or a receiver first. */
const ASKS: Readonly<Record<string, FormName>> = { close: "close", complete: "complete", return: "return" };

export function useHandling(board: Board, steps: Steps): Handling {
  const texts = useInboxTexts();
  const [form, setForm] = useState<Handling["form"]>();
  const [asked, setAsked] = useState<string>();
  const { targets } = board;
  const run = (rows: readonly LoopRow[], step: Step, what: string): void => {
    if (rows.length === 0 || steps.isTaking) return;
    void steps.take(rows, step, what).then((done) => {
      const ended = new Set(done.filter((one) => one.done).map((one) => one.loop));
      if (ended.size > 0) setForm(undefined);
      // What stays with the reader stays chosen: only what has left the list gives way to the next.
      const left = rows.filter(({ id }) => ended.has(id) && LEAVES.has(step.event));
      if (left.length > 0) board.goOn(left);
    });
  };
  const open = (name: FormName): void => {
    const rows = targets.filter(({ can }) => can.includes(name) || (name === "delegate" && can.includes("assign")));
    if (rows.length > 0) setForm({ name, rows });
  };
  const take = (event: string): void => {
    const ask = ASKS[event];
    if (ask !== undefined) return open(ask);
    run(
      targets.filter(({ can }) => can.includes(event)),
      { event },
      wordOf(texts, event),
    );
  };
  const act = (action: Action): void => {
    const rows = targets.filter((row) => mayAct(row) && (row.kind !== "result" || board.isSeen(row)));
    setAsked(undefined);
    run(rows, { event: "act", note: noteOf(action) }, texts.actions[action]);
  };
  const next = (): void => {
    const results = targets.filter((row) => row.kind === "result" && mayAct(row));
    if (results.some((row) => row.risk < 3 || !board.isPlain(row))) return setAsked(targets.map(({ id }) => id).join());
    if (results.length > 0) return act("none");
    const [first] = targets; // several are of the same mind, or the first one's step is what others can take too
    const step = first === undefined ? undefined : nextStep(first);
    if (step !== undefined) take(step);
  };
  return {
    form,
    open,
    close: () => setForm(undefined),
    asksAction: asked !== undefined && asked === targets.map(({ id }) => id).join(),
    act,
    next,
    take,
    send: (step) => form !== undefined && run(form.rows, step, wordOf(texts, step.event)),
  };
}

/** After these the reader has no more to do with a row. */
const LEAVES: ReadonlySet<string> = new Set([
  "act",
  "close",
  "cancel",
  "return",
  "forward",
  "move",
  "complete",
  "resend",
  "book",
]);

function mayAct({ can }: LoopRow): boolean {
  return can.includes("act");
}

function wordOf({ events }: InboxTexts, event: string): string {
  return events[event] ?? event;
}

/** The keys of the inbox; `extra` are those of the screen. */
export function useHandlingKeys(handling: Handling, board: Board): void {
  const { keys, actions } = useInboxTexts();
  const commands = useMemo((): readonly Command[] => {
    const one = (id: string, name: string, key: string, run: () => void): Command => ({
      id: `inbox.${id}`,
      name,
      group: "view",
      keys: [key],
      run,
    });
    const { current } = board;
    return [
      // A note is signed where it is read, with the key of the chart.
      ...(current?.kind === "signature" ? [] : [one("act", keys.act, "s", handling.next)]),
      one("take-over", keys.takeOver, "t", () => handling.take("take-over")),
      one("delegate", keys.delegate, "d", () => handling.open("delegate")),
      one("return", keys.returnIt, "r", () => handling.open("return")),
      one("read", keys.read, "l", () => handling.take("read")),
      one("mark", keys.mark, "x", () => current !== undefined && board.mark(current.id)),
      one("open", keys.open, "o", focusPane),
      ...ACTIONS.map((action, at) =>
        one(`action-${action}`, actions[action], String(at + 1), () => handling.act(action)),
      ),
    ];
  }, [keys, actions, handling, board]);
  useCommands(commands);
}

export const PANE_ID = "eira-loop-pane";

/** To what the row is about; Escape leads back. */
export function focusPane(): void {
  document.getElementById(PANE_ID)?.focus();
}
