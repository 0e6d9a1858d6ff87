/**
 * What a life-threatening answer asks for: who must act, how many minutes are left of the half hour, who has been asked so far and who is asked
 * next; and that the laboratory has rung about it, with who was told and whether it was read back.
 *
 * SPEC WEB-CRITICAL-1 · F11
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { sayMoment } from "../say/dates.ts";
import { Button, Switch, TextInput } from "../ui/controls.ts";
import { failureOf } from "../wire/call.ts";
import { criticalQuery, tellCritical, type Asked, type Critical } from "../wire/critical.ts";
import type { LoopRow } from "../wire/loops.ts";
import styles from "./inbox.module.css";
import { useInboxTexts } from "./use-inbox-texts.ts";

type PanelProps = { readonly row: LoopRow; readonly me: string | undefined; readonly now: number };

export function CriticalPanel({ row, me, now }: PanelProps): ReactNode {
  const isCritical = row.kind === "result" && row.risk === 0 && row.owner !== null;
  const { data } = useQuery({ ...criticalQuery(row.id, row.version), enabled: isCritical });
  return isCritical && data !== undefined ? <Standing row={row} me={me} now={now} critical={data} /> : null;
}

const MINUTE = 60_000;

function Standing({ row, me, now, critical }: PanelProps & { readonly critical: Critical }): ReactNode {
  const { critical: texts, row: words } = useInboxTexts();
  const { asked, next, names, mustBy } = critical;
  const nameOf = ({ owner, responsible }: Asked): string => {
    const who = responsible === null ? words.nobody : responsible === me ? words.me : (names[responsible] ?? responsible); // prettier-ignore
    return owner === null ? who : `${who}, ${names[owner] ?? owner}`;
  };
  const left = Math.ceil((Date.parse(mustBy) - now) / MINUTE);
  const latest = asked.at(-1);
  return (
    <section className={styles["critical"]} aria-label={texts.title}>
      <p role="timer" data-late={left <= 0}>
        <strong>{left > 0 ? texts.left(left) : texts.over(-left)}</strong>{" "}
        {latest === undefined ? null : texts.must(nameOf(latest))}
      </p>
      <ol>
        {asked.map((one) => (
          <li key={one.at}>
            {sayMoment(one.at)}: {nameOf(one)}
          </li>
        ))}
        <li>{texts.next(nameOf(next), sayMoment(next.at))}</li>
      </ol>
      <ToldForm row={row} />
    </section>
  );
}

function ToldForm({ row }: { readonly row: LoopRow }): ReactNode {
  const { critical: texts } = useInboxTexts();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [readBack, setReadBack] = useState(false);
  const { mutate, isPending, error, isSuccess } = useMutation({
    mutationFn: () =>
      tellCritical(row.id, { seen: row.version, key: crypto.randomUUID(), from, to, at: new Date().toISOString(), readBack }), // prettier-ignore
    onSuccess: () => {
      setOpen(false);
      void queries.invalidateQueries({ queryKey: ["loops"] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (from.trim() !== "" && to.trim() !== "") mutate();
  };
  if (!isOpen)
    return (
      <p>
        <Button size="compact-md" variant="default" onClick={() => setOpen(true)}>
          {texts.rang}
        </Button>{" "}
        <span role="status">{isSuccess ? texts.kept : ""}</span>
      </p>
    );
  return (
    <form onSubmit={submit} aria-label={texts.rang}>
      <TextInput
        autoFocus
        required
        label={texts.from}
        maxLength={200}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        required
        label={texts.to}
        maxLength={200}
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Switch
        label={texts.readBack}
        checked={readBack}
        onChange={(event) => setReadBack(event.currentTarget.checked)}
      />
      <p role="alert">{error === null ? "" : (failureOf(error).said ?? texts.failed)}</p>
      <Button type="submit" size="compact-md" loading={isPending}>
        {texts.keep}
      </Button>{" "}
      <Button size="compact-md" variant="default" onClick={() => setOpen(false)}>
        {texts.cancel}
      </Button>
    </form>
  );
}
