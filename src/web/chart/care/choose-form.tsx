/** The active choice: one source by its button, or several marked and opened together. SPEC WEB-SOURCES-4 · HSLF-FS 2016:40 4 kap. */
import { useState, type FormEvent, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { keyOf, namePlace } from "../../say/care.ts";
import { Button } from "../../ui/controls.ts";
import type { CareWish, Place } from "../../wire/care.ts";
import styles from "./care.module.css";
import type { SourcesProps } from "./sources.page.tsx";

type ChooseFormProps = SourcesProps & { readonly places: readonly Place[] };

export function ChooseForm({ places, state, ownProvider, isChanging, send }: ChooseFormProps): ReactNode {
  const { care } = useTexts();
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [isMissing, setMissing] = useState(false);
  const chosen = places.filter((place) => marked.has(keyOf(place)));
  const open = (sources: readonly Place[]): void =>
    send(...sources.map((source): CareWish => ({ kind: "choice", source })));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(chosen.length === 0);
    if (chosen.length > 0) open(chosen);
  };
  const mark = (key: string, isOn: boolean): void =>
    setMarked((before) => new Set(isOn ? [...before, key] : [...before].filter((one) => one !== key)));
  return (
    <form className={styles["inner"]} onSubmit={submit} aria-label={care.openChosen(0)}>
      <ul className={styles["list"]}>
        {places.map((place) => {
          const [key, name] = [keyOf(place), namePlace(place, { names: state.names, ownProvider }, care)];
          return (
            <li key={key} data-row tabIndex={-1}>
              <label className={styles["choice"]}>
                <input
                  type="checkbox"
                  checked={marked.has(key)}
                  onChange={(event) => mark(key, event.currentTarget.checked)}
                />
                <strong>{name}</strong>
              </label>
              <Button
                type="button"
                size="compact-sm"
                variant="default"
                disabled={isChanging}
                aria-label={care.openNamed(name)}
                onClick={() => open([place])}
              >
                {care.open}
              </Button>
            </li>
          );
        })}
      </ul>
      {places.length < 2 ? null : (
        <Button type="submit" disabled={isChanging}>
          {care.openChosen(chosen.length)}
        </Button>
      )}
      {isMissing && chosen.length === 0 ? (
        <p className={styles["failure"]} role="alert">
          {care.chooseFirst}
        </p>
      ) : null}
    </form>
  );
}
