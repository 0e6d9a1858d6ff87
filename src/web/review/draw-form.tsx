/**
 * Draws a sample: the seed stands in sight, since whoever knows it can draw the same again. A long log is not waited for.
 *
 * SPEC WEB-REVIEW-1
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import { sayDay } from "../say/dates.ts";
import { Button, TextInput } from "../ui/controls.ts";
import { DayField } from "../ui/day-field.tsx";
import { Panel } from "../ui/panel.tsx";
import { failureOf } from "../wire/call.ts";
import { drawingQuery, drawSample, type Drawing } from "../wire/log-review.ts";
import { useFailureWords } from "../ui/load-view.tsx";
import styles from "./review.module.css";
import { useReviewTexts } from "./use-review-texts.ts";

const DAY_MS = 86_400_000;
const USUAL_DAYS = 30;

export function DrawForm(): ReactNode {
  const { draw } = useReviewTexts();
  const today = sayDay(new Date().toISOString());
  const [from, setFrom] = useState<string | undefined>(() =>
    sayDay(new Date(Date.now() - USUAL_DAYS * DAY_MS).toISOString()),
  );
  const [to, setTo] = useState<string | undefined>(today);
  const [size, setSize] = useState("20");
  const [seed, setSeed] = useState(freshSeed);
  const [isMissing, setMissing] = useState(false);
  const { drawing, submit, isPending, failure } = useDrawing();
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(from === undefined || to === undefined);
    if (from !== undefined && to !== undefined) submit({ from, to, size: Number(size), seed });
  };
  return (
    <Panel title={draw.title} className="no-print">
      <p className="dim">{draw.means}</p>
      <form className={styles["form"]} onSubmit={onSubmit} aria-label={draw.title}>
        <DayField label={draw.from} value={from} set={setFrom} isInForm />
        <DayField label={draw.to} value={to} set={setTo} isInForm />
        <TextInput
          className={styles["short"]}
          label={draw.size}
          inputMode="numeric"
          autoComplete="off"
          value={size}
          onChange={(event) => setSize(event.currentTarget.value)}
        />
        <TextInput
          label={draw.seed}
          autoComplete="off"
          spellCheck={false}
          value={seed}
          onChange={(event) => setSeed(event.currentTarget.value)}
        />
        <Button type="submit" loading={isPending}>
          {draw.submit}
        </Button>
      </form>
      <Came drawing={drawing} />
      <p className={styles["failure"]} role="alert">
        {isMissing ? draw.dayMissing : failure}
      </p>
    </Panel>
  );
}

function Came({ drawing }: { readonly drawing: Drawing | undefined }): ReactNode {
  const { draw } = useReviewTexts();
  return (
    <p role="status">
      {drawing?.state === "queued" ? draw.queued : ""}
      {drawing?.state === "done" ? draw.done(drawing.told?.drawn ?? 0, drawing.told?.accesses ?? 0) : ""}
    </p>
  );
}

/** Sends the wish, and looks again while the sample is being drawn. */
function useDrawing(): {
  readonly drawing: Drawing | undefined;
  readonly submit: (wish: Parameters<typeof drawSample>[0]) => void;
  readonly isPending: boolean;
  readonly failure: string | null;
} {
  const queries = useQueryClient();
  const { mutate, data, error, isPending } = useMutation({ mutationFn: drawSample });
  const later = useQuery(drawingQuery(data?.state === "queued" ? data.job : "")).data;
  const drawing = later ?? data;
  const state = drawing?.state;
  useEffect(() => {
    if (state !== "done") return;
    void queries.invalidateQueries({ queryKey: ["log-review", "tasks"] });
    void queries.invalidateQueries({ queryKey: ["log-review", "samples"] });
  }, [state, drawing?.job, queries]);
  const words = useFailureWords(failureOf(error));
  return { drawing, submit: mutate, isPending, failure: error ? words : null };
}

/** Nothing that anybody could wish for: eight letters and digits. */
function freshSeed(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return [...bytes]
    .map((byte) => byte.toString(36).padStart(2, "0"))
    .join("")
    .slice(0, 8);
}
