/** Registers a guardian whom the population register does not tell of. SPEC WEB-REPRESENTATIVES-1 */
import { useState, type FormEvent, type ReactNode } from "react";
import { Button, TextInput } from "../../ui/controls.ts";
import { DayField } from "../../ui/day-field.tsx";
import styles from "./representatives.module.css";
import { useRepresentativeTexts, type Changing } from "./use-representatives.ts";

const EMPTY = { number: "", since: "", reason: "" } as const;
type Wish = { readonly number: string; readonly since: string; readonly reason: string };

export function RegisterForm({ changing }: { readonly changing: Changing }): ReactNode {
  const texts = useRepresentativeTexts();
  const [wish, setWish] = useState<Wish>(EMPTY);
  const register = (event: FormEvent): void => {
    event.preventDefault();
    void changing.change({ what: "register", ...wish }).then((isDone) => isDone && setWish(EMPTY));
  };
  return (
    <form className={`${styles["form"]} no-print`} onSubmit={register} aria-label={texts.register}>
      <h3>{texts.register}</h3>
      <p className="dim">{texts.registerMeans}</p>
      <div className={styles["fields"]}>
        <TextInput
          label={texts.number}
          required
          autoComplete="off"
          inputMode="numeric"
          value={wish.number}
          onChange={(event) => setWish({ ...wish, number: event.currentTarget.value })}
        />
        <DayField
          isInForm
          label={texts.sinceField}
          value={wish.since === "" ? undefined : wish.since}
          set={(day) => setWish({ ...wish, since: day ?? "" })}
        />
        <TextInput
          label={texts.reason}
          required
          maxLength={500}
          autoComplete="off"
          value={wish.reason}
          onChange={(event) => setWish({ ...wish, reason: event.currentTarget.value })}
        />
      </div>
      <Button type="submit" variant="default" loading={changing.isChanging}>
        {texts.doRegister}
      </Button>
    </form>
  );
}
