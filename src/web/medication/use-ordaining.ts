/**
 * What one does in the workspace: sign the line as it was read back, renew what is chosen, stop and change what stands. Nothing is signed
 * that was not shown, and nothing is said to be done before the server has said so.
 *
 * SPEC WEB-ORDAIN-3, WEB-ORDAIN-4, WEB-ORDAIN-5
 */
import { useState } from "react";
import { renew, sign, stop as stopAt, type Desk, type Reasons, type Seen } from "../wire/medication.ts";
import type { Chosen } from "./current-list.tsx";
import { unansweredIn } from "./findings.tsx";
import { sayLine } from "./looked.tsx";
import type { Standing } from "./standing.ts";
import { EMPTY, useLine, type UsedLine } from "./use-line.ts";
import { useMedicationTexts } from "./use-medication-texts.ts";
import { useOnce, type Once } from "./use-once.ts";

export type Ordaining = {
  readonly used: UsedLine;
  readonly once: Once;
  readonly reasons: Reasons;
  readonly setReason: (key: string, reason: string) => void;
  readonly chosen: Chosen;
  readonly choose: (ids: Chosen) => void;
  /** What is to be renewed when one signs; none while a line is typed. */
  readonly renewing: readonly Standing[];
  /** What the line takes the place of. */
  readonly replaced: Standing | undefined;
  /** Another number puts the focus into the field. */
  readonly turned: number;
  readonly change: (one: Standing) => void;
  readonly stop: (seen: Seen, name: string, why: string) => Promise<boolean>;
  /** Signs the line, or renews. */
  readonly act: () => void;
};
type Asked = {
  readonly patientId: string;
  readonly all: readonly Standing[];
  readonly desk: Desk | undefined;
  /** The number in the banner; undefined while nobody knows whom it shows. */
  readonly shown: string | null | undefined;
  readonly frame: { readonly current: HTMLElement | null };
};

export function useOrdaining({ patientId, all, desk, shown, frame }: Asked): Ordaining {
  const texts = useMedicationTexts();
  const once = useOnce(patientId);
  const used = useLine(patientId, desk);
  const [reasons, setReasons] = useState<Reasons>({});
  const [chosen, setChosen] = useState<Chosen>(new Set());
  const [turned, setTurned] = useState(0);
  const { typed, looked } = used;
  const replaced = all.find(({ seen }) => seen !== null && seen.id === typed.replaces);
  const renewing = typed.line.trim() === "" ? all.filter(({ seen }) => seen !== null && chosen.has(seen.id)) : [];
  const missing = (words: string, selector: string): void => {
    once.say(words);
    frame.current?.querySelector<HTMLElement>(selector)?.focus();
  };
  const signLine = async (): Promise<void> => {
    if (shown === undefined || typed.line.trim() === "") return;
    if (looked === undefined) return once.say(texts.readFirst);
    if ("faults" in looked || looked.line.reason === null) return missing(texts.incomplete, "[data-line-field]");
    if (unansweredIn(looked.findings, reasons).length > 0) return missing(texts.incomplete, "[data-understood] [data-stop] input"); // prettier-ignore
    const isChanging = typed.replaces !== null;
    if (isChanging && typed.why.trim() === "") return missing(texts.incomplete, "[data-why]");
    const seen = replaced?.seen ?? null;
    if (isChanging && seen === null) return once.say(texts.incomplete);
    const replaces = seen === null ? null : { ...seen, why: typed.why };
    const wish = { shown, isInpatient: typed.isInpatient, lines: [{ line: typed.line.trim(), reasons, replaces }] };
    const draft = await used.flush().catch(() => null);
    if (!(await once.run(wish, (key) => sign(patientId, { key, draft, ...wish }), texts.signed(sayLine(looked.line))))) return; // prettier-ignore
    used.forget();
    setReasons({});
    setTurned((was) => was + 1);
  };
  const renewChosen = async (): Promise<void> => {
    if (shown === undefined) return;
    if (renewing.some(({ findings }) => unansweredIn(findings ?? [], reasons).length > 0)) return missing(texts.incomplete, "[data-standing] [data-stop] input"); // prettier-ignore
    const items = renewing.flatMap(({ seen }) => (seen === null ? [] : [{ ...seen, reasons }]));
    const wish = { shown, items };
    if (!(await once.run(wish, (key) => renew(patientId, { key, ...wish }), texts.renewed(items.length)))) return;
    setChosen(new Set());
    setReasons({});
  };
  return {
    used,
    once,
    reasons,
    setReason: (key, reason) => setReasons((was) => ({ ...was, [key]: reason })),
    chosen,
    choose: setChosen,
    renewing,
    replaced,
    turned,
    change: ({ seen, line, kind }) => {
      if (seen === null) return;
      const reason = line.indication === undefined ? "" : ` mot ${line.indication}`;
      used.begin({ ...EMPTY, line: `${line.substance ?? ""} ${reason}`, replaces: seen.id, isInpatient: kind === "ward" }); // prettier-ignore
      setTurned((was) => was + 1);
    },
    stop: async (seen, name, why) => {
      if (shown === undefined) return false;
      const wish = { shown, ...seen, why };
      return once.run(wish, (key) => stopAt(patientId, { key, ...wish }), texts.stopped(name));
    },
    act: () => void (renewing.length > 0 ? renewChosen() : signLine()),
  };
}
