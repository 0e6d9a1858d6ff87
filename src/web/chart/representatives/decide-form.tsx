/** The own unit's decision at the ages that the rules leave to units: the child reads, or by agreement a guardian does. SPEC WEB-REPRESENTATIVES-2 */
import { useState, type FormEvent, type ReactNode } from "react";
import { Button, NativeSelect, Switch, TextInput } from "../../ui/controls.ts";
import { DayField } from "../../ui/day-field.tsx";
import type { Representatives } from "../../wire/representatives.ts";
import { written } from "./people.tsx";
import styles from "./representatives.module.css";
import { useRepresentativeTexts, type Changing } from "./use-representatives.ts";

const EMPTY = { guardian: "", until: "", reason: "", agreed: false } as const;
type Wish = { readonly guardian: string; readonly until: string; readonly reason: string; readonly agreed: boolean };

export function DecideForm({
  state,
  changing,
}: {
  readonly state: Representatives;
  readonly changing: Changing;
}): ReactNode {
  const texts = useRepresentativeTexts();
  const [wish, setWish] = useState<Wish>(EMPTY);
  const guardians = state.representatives.filter(({ kind, isInForce }) => kind === "guardian" && isInForce);
  const decide = (event: FormEvent): void => {
    event.preventDefault();
    const { guardian, ...rest } = wish;
    const whose = guardian === "" ? ({ kind: "child", guardian: null } as const) : ({ kind: "guardian", guardian } as const); // prettier-ignore
    void changing.change({ what: "decide", ...whose, ...rest }).then((isDone) => isDone && setWish(EMPTY));
  };
  return (
    <form className={`${styles["form"]} no-print`} onSubmit={decide} aria-label={texts.decide}>
      <h3>{texts.decide}</h3>
      <div className={styles["fields"]}>
        <NativeSelect
          label={texts.kind}
          value={wish.guardian}
          onChange={(event) => setWish({ ...wish, guardian: event.currentTarget.value })}
          data={[
            { value: "", label: texts.child },
            ...guardians.map(({ id, number }) => ({
              value: id,
              label: texts.guardian(number === null ? texts.hiddenNumber : written(number)),
            })),
          ]}
        />
        <DayField
          isInForm
          label={texts.untilField}
          value={wish.until === "" ? undefined : wish.until}
          set={(day) => setWish({ ...wish, until: day ?? "" })}
        />
        <TextInput
          label={texts.assessment}
          required
          maxLength={500}
          autoComplete="off"
          value={wish.reason}
          onChange={(event) => setWish({ ...wish, reason: event.currentTarget.value })}
        />
      </div>
      {wish.guardian === "" ? null : (
        <Switch
          label={texts.agreed}
          checked={wish.agreed}
          onChange={(event) => {
            const agreed = event.currentTarget.checked;
            setWish((before) => ({ ...before, agreed }));
          }}
        />
      )}
      <Button type="submit" variant="default" loading={changing.isChanging}>
        {texts.doDecide}
      </Button>
    </form>
  );
}
