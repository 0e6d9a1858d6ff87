/** One role and the need-and-risk analysis that it rests on. SPEC WEB-DIRECTORY-2 · PDL 4 kap. 2 § */
import { useState, type FormEvent, type ReactNode } from "react";
import { Button, TextInput } from "../ui/controls.ts";
import { DayField } from "../ui/day-field.tsx";
import type { Role } from "../wire/directory.ts";
import type { Wish } from "./change.page.tsx";
import styles from "./directory.module.css";
import { ALL_MAY_END } from "./duty-form.tsx";
import { roleSource, type RoleForm } from "./source.ts";
import { useDirectoryTexts } from "./use-directory-texts.ts";

type RoleChangeProps = { readonly role: Role | undefined; readonly setWish: (wish: Wish) => void };

export function RoleChange({ role, setWish }: RoleChangeProps): ReactNode {
  const { change: texts } = useDirectoryTexts();
  const first: RoleForm = {
    id: role?.id ?? "",
    name: role?.name ?? "",
    analysisId: role?.analysis?.id ?? "",
    analysisDate: role?.analysis?.date,
  };
  const [form, setForm] = useState(first);
  const [isTried, setTried] = useState(false);
  const isIncomplete = form.id.trim() === "" || form.name.trim() === "";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!isIncomplete) setWish({ change: changeOf(form), undo: role === undefined ? undefined : changeOf(first) });
  };
  const text = (name: "id" | "name" | "analysisId", label: string): ReactNode => (
    <TextInput
      label={label}
      autoComplete="off"
      spellCheck={false}
      disabled={name === "id" && role !== undefined}
      error={isTried && name !== "analysisId" && form[name].trim() === "" ? texts.needed : undefined}
      value={form[name]}
      onChange={(event) => setForm({ ...form, [name]: event.currentTarget.value })}
    />
  );
  return (
    <form className={styles["form"]} onSubmit={submit} aria-label={texts.kinds.role}>
      <p className="dim">{texts.analysisMeans}</p>
      <div className={styles["fields"]}>
        {text("id", texts.roleId)}
        {text("name", texts.roleName)}
        {text("analysisId", texts.analysisId)}
        <DayField
          label={texts.analysisDate}
          value={form.analysisDate}
          set={(analysisDate) => setForm({ ...form, analysisDate })}
          isInForm
        />
      </div>
      <p className={styles["failure"]} role="alert">
        {isTried && isIncomplete ? texts.missing : null}
      </p>
      <Button type="submit">{texts.preview}</Button>
    </form>
  );
}

function changeOf(form: RoleForm): Wish["change"] {
  return { text: roleSource(form), isComplete: false, mostEnded: ALL_MAY_END };
}
