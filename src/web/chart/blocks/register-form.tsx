/** Blocks what the own unit has recorded, all of it or of some days, at the patient's request. SPEC WEB-BLOCK-3 */
import { useState, type FormEvent, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { Button, Switch } from "../../ui/controls.ts";
import { DayField } from "../../ui/day-field.tsx";
import type { BlockKindLeftOut } from "../../wire/blocks.ts";
import styles from "./blocks.module.css";
import type { Changing } from "./use-blocks.ts";

const KINDS: readonly BlockKindLeftOut[] = ["lak", "upp"];

export function RegisterForm({ changing }: { readonly changing: Changing }): ReactNode {
  const { blocks } = useTexts();
  const [since, setSince] = useState<string>();
  const [until, setUntil] = useState<string>();
  const [left, setLeft] = useState<readonly BlockKindLeftOut[]>([]);
  const register = (event: FormEvent): void => {
    event.preventDefault();
    const wish = { since: since ?? null, until: until ?? null, exceptKinds: left };
    void changing.change({ what: "register", ...wish }).then((isDone) => {
      if (!isDone) return;
      setSince(undefined);
      setUntil(undefined);
      setLeft([]);
    });
  };
  return (
    <form className={styles["form"]} onSubmit={register} aria-label={blocks.register}>
      <h3>{blocks.register}</h3>
      <div className={styles["fields"]}>
        <DayField label={blocks.since} value={since} set={setSince} isInForm />
        <DayField label={blocks.until} value={until} set={setUntil} isInForm />
      </div>
      <fieldset className={styles["kinds"]}>
        <legend>{blocks.except}</legend>
        {KINDS.map((kind) => (
          <Switch
            key={kind}
            label={blocks.kinds[kind]}
            checked={left.includes(kind)}
            onChange={(event) => {
              const isOn = event.currentTarget.checked;
              setLeft((before) => KINDS.filter((one) => (one === kind ? isOn : before.includes(one))));
            }}
          />
        ))}
      </fieldset>
      <Button type="submit" variant="default" loading={changing.isChanging}>
        {blocks.doRegister}
      </Button>
    </form>
  );
}
