/** One assignment: whose, where, as what, for what, from when to when, and on what footing. SPEC WEB-DIRECTORY-2 */
import { useState, type FormEvent, type ReactNode } from "react";
import { sayDay } from "../say/dates.ts";
import { Button, NativeSelect, TextInput } from "../ui/controls.ts";
import { DayField } from "../ui/day-field.tsx";
import type { FootingKind, Overview } from "../wire/directory.ts";
import type { Wish } from "./change.page.tsx";
import styles from "./directory.module.css";
import { dutySource, type DutyForm } from "./source.ts";
import { useDirectoryTexts } from "./use-directory-texts.ts";

const PURPOSES = [
  "Vård och behandling",
  "Kvalitetssäkring",
  "Annan dokumentation enligt lag",
  "Statistik",
  "Administration",
  "Kvalitetsregister",
];
const KINDS: readonly FootingKind[] = ["ordinary", "student", "deputy", "delegation"];
/** A single change may end what it names. */
export const ALL_MAY_END = 100;

type DutyChangeProps = {
  readonly first: DutyForm;
  readonly isNew: boolean;
  readonly overview: Overview;
  readonly setWish: (wish: Wish) => void;
};

export function DutyChange({ first, isNew, overview, setWish }: DutyChangeProps): ReactNode {
  const { change: texts } = useDirectoryTexts();
  const [form, setForm] = useState(first);
  const [isTried, setTried] = useState(false);
  const set = (change: Partial<DutyForm>): void => setForm((before) => ({ ...before, ...change }));
  const isMissing = (text: string): boolean => isTried && text.trim() === "";
  const needed = [form.person, form.unit, form.role, form.commission, form.name];
  if (form.kind !== "ordinary") needed.push(form.by);
  if (form.kind === "delegation") needed.push(form.task);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (needed.some((one) => one.trim() === "")) return;
    const before = isNew ? { ...form, until: sayDay(new Date().toISOString()) } : first;
    setWish({ change: changeOf(form), undo: changeOf(before) });
  };
  const text = (name: "person" | "commission" | "name" | "by" | "task", label: string): ReactNode => (
    <TextInput
      label={label}
      autoComplete="off"
      spellCheck={false}
      error={isMissing(form[name]) ? texts.needed : undefined}
      value={form[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <form className={styles["form"]} onSubmit={submit} aria-label={texts.kinds.duty}>
      <div className={styles["fields"]}>
        {text("person", texts.person)}
        <WhereAndWhat form={form} set={set} isTried={isTried} overview={overview} />
        {text("commission", texts.commission)}
        {text("name", texts.name)}
        <DayField label={texts.from} value={form.from} set={(from) => set({ from })} isInForm />
        <DayField label={texts.until} value={form.until} set={(until) => set({ until })} isInForm />
        <NativeSelect
          label={texts.footing}
          value={form.kind}
          onChange={(event) => set({ kind: event.currentTarget.value as FootingKind })}
          data={KINDS.map((value) => ({ value, label: texts.footings[value] }))}
        />
        {form.kind === "ordinary" ? null : text("by", texts.by[form.kind])}
        {form.kind === "delegation" ? text("task", texts.task) : null}
      </div>
      <p className={styles["failure"]} role="alert">
        {isTried && needed.some((one) => one.trim() === "") ? texts.missing : null}
      </p>
      <Button type="submit">{texts.preview}</Button>
    </form>
  );
}

type WhereAndWhatProps = {
  readonly form: DutyForm;
  readonly set: (change: Partial<DutyForm>) => void;
  readonly isTried: boolean;
  readonly overview: Overview;
};

/** At which unit, in which role and for what: chosen among what there is. */
function WhereAndWhat({ form, set, isTried, overview }: WhereAndWhatProps): ReactNode {
  const { change: texts } = useDirectoryTexts();
  const isMissing = (text: string): boolean => isTried && text === "";
  return (
    <>
      <NativeSelect
        label={texts.unit}
        error={isMissing(form.unit) ? texts.needed : undefined}
        value={form.unit}
        onChange={(event) => set({ unit: event.currentTarget.value })}
        data={[
          { value: "", label: "" },
          ...overview.units
            .filter(({ isCareUnit }) => isCareUnit)
            .map(({ hsaId, name, provider }) => ({ value: hsaId, label: `${name}, ${provider ?? ""}` })),
        ]}
      />
      <NativeSelect
        label={texts.role}
        error={isMissing(form.role) ? texts.needed : undefined}
        value={form.role}
        onChange={(event) => set({ role: event.currentTarget.value })}
        data={[
          { value: "", label: "" },
          ...overview.roles.map(({ id, name, analysis }) => ({
            value: id,
            label: name,
            disabled: analysis === null,
          })),
        ]}
      />
      <NativeSelect
        label={texts.purpose}
        value={form.purpose}
        onChange={(event) => set({ purpose: event.currentTarget.value })}
        data={PURPOSES}
      />
    </>
  );
}

function changeOf(form: DutyForm): Wish["change"] {
  return { text: dutySource(form), isComplete: false, mostEnded: ALL_MAY_END };
}
