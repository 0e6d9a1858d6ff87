/** Genomgång: what somebody has to look at regularly, and noting that it was looked at. SPEC WEB-DIRECTORY-4 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { Button, Switch, TextInput } from "../ui/controls.ts";
import { LoadView, useFailureWords } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { useRowKeys } from "../ui/row-keys.ts";
import { failureOf } from "../wire/call.ts";
import { confirmReviewed, findingsQuery, type Finding, type FindingKind } from "../wire/directory.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import styles from "./directory.module.css";
import { useDirectoryTexts } from "./use-directory-texts.ts";

export function PeriodicReviewPage(): ReactNode {
  const { review: texts } = useDirectoryTexts();
  const [ask, setAsk] = useState({ months: 12, units: 3 });
  const { loaded, fresh } = useLoaded(findingsQuery(ask.months, ask.units));
  useRowKeys();
  return (
    <Screen title={texts.title} fresh={fresh}>
      <div className={styles["page"]}>
        <AskForm ask={ask} setAsk={setAsk} />
        <LoadView loaded={loaded} unknown={texts.empty} lines={8}>
          {({ items }) => (items.length === 0 ? <p data-state="unknown">{texts.empty}</p> : <Groups items={items} />)}
        </LoadView>
      </div>
    </Screen>
  );
}

type Ask = { readonly months: number; readonly units: number };

function AskForm({ ask, setAsk }: { readonly ask: Ask; readonly setAsk: (ask: Ask) => void }): ReactNode {
  const { review: texts } = useDirectoryTexts();
  const [months, setMonths] = useState(String(ask.months));
  const [units, setUnits] = useState(String(ask.units));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const [m, u] = [months, units].map((text) => (/^\d{1,3}$/.test(text.trim()) ? Number(text) : undefined));
    setAsk({ months: m ?? ask.months, units: u ?? ask.units });
  };
  return (
    <form className={`${styles["tools"]} no-print`} onSubmit={submit} aria-label={texts.title}>
      <TextInput
        label={texts.months}
        inputMode="numeric"
        value={months}
        onChange={(event) => setMonths(event.currentTarget.value)}
      />
      <TextInput
        label={texts.units}
        inputMode="numeric"
        value={units}
        onChange={(event) => setUnits(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {texts.refresh}
      </Button>
    </form>
  );
}

function Groups({ items }: { readonly items: readonly Finding[] }): ReactNode {
  const { review: texts } = useDirectoryTexts();
  const kinds = (Object.keys(texts.kinds) as FindingKind[]).filter((kind) => items.some((one) => one.kind === kind));
  return kinds.map((kind) => {
    const own = items.filter((one) => one.kind === kind);
    return (
      <Panel key={kind} title={`${texts.kinds[kind]} (${own.length})`}>
        {kind === "not-reviewed" ? <ToConfirm items={own} /> : <Findings items={own} />}
      </Panel>
    );
  });
}

function Findings({ items }: { readonly items: readonly Finding[] }): ReactNode {
  return (
    <ul>
      {items.map(({ key, sv }, at) => (
        <li key={`${key} ${at}`} className={styles["finding"]} data-row tabIndex={-1}>
          {sv}
        </li>
      ))}
    </ul>
  );
}

function ToConfirm({ items }: { readonly items: readonly Finding[] }): ReactNode {
  const { review: texts } = useDirectoryTexts();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const queries = useQueryClient();
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: () => confirmReviewed([...chosen]),
    onSuccess: () => {
      setChosen(new Set());
      void queries.invalidateQueries({ queryKey: ["directory", "review"] });
    },
  });
  const words = useFailureWords(failureOf(error));
  const all = items.flatMap(({ assignment }) => assignment ?? []);
  const toggle = (id: string): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <>
      <div className={`${styles["row"]} no-print`}>
        <Switch
          label={texts.chooseAll}
          checked={chosen.size > 0 && chosen.size === all.length}
          onChange={(event) => setChosen(new Set(event.currentTarget.checked ? all : []))}
        />
        <Button size="xs" disabled={chosen.size === 0} loading={isPending} onClick={() => mutate()}>
          {texts.confirm(chosen.size)}
        </Button>
        <span role="status">{data === undefined ? "" : texts.confirmed(data.confirmed)}</span>
      </div>
      <p className={styles["failure"]} role="alert">
        {error ? words : null}
      </p>
      <ul>
        {items.map(({ assignment = "", sv }) => (
          <li key={assignment} className={styles["finding"]}>
            <label className={styles["row"]}>
              <input
                type="checkbox"
                className="no-print"
                data-row
                checked={chosen.has(assignment)}
                onChange={() => toggle(assignment)}
              />
              <span>{sv}</span>
            </label>
          </li>
        ))}
      </ul>
    </>
  );
}
