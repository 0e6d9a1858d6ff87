/**
 * The identity from the arm, then each tube as it is filled. One field at a time, each ended by Enter as a scanner does; what is wrong is said at
 * once and saves nothing.
 *
 * SPEC WEB-SPECIMEN-3 · F40
 */
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import { TextInput } from "../ui/controls.ts";
import { Panel } from "../ui/panel.tsx";
import type { Collection } from "../wire/specimens.ts";
import type { Doing } from "./collection.page.tsx";
import styles from "./specimens.module.css";
import { spaced } from "./tubes.tsx";
import { useSpecimenTexts, type Place } from "./use-specimens.ts";

type DrawProps = {
  readonly collection: Collection;
  readonly place: Place;
  readonly doing: Doing;
  readonly say: (words: string) => void;
};

const plain = (text: string): string => text.toUpperCase().replaceAll(/[^0-9A-ZÅÄÖ]/g, "");
const DIGITS = 4;

export function DrawForm({ collection, place, doing, say }: DrawProps): ReactNode {
  const texts = useSpecimenTexts();
  const [band, setBand] = useState("");
  const [wrong, setWrong] = useState("");
  const [tube, setTube] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const isLabelled = collection.tubes.some(({ number }) => number !== null);
  const [isKnown, setKnown] = useState(false);
  useEffect(() => {
    if (isLabelled) field.current?.focus();
  }, [isLabelled, isKnown]);
  if (!isLabelled) return null;
  const proof = plain(band);
  const identify = (event: FormEvent): void => {
    event.preventDefault();
    if (isOwn(collection, proof)) return setKnown(true);
    setWrong(texts.bandWrong);
  };
  const draw = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const number = plain(tube);
    if (number === "") return;
    if (!collection.tubes.some((one) => one.number === number)) return setWrong(texts.tubeWrong);
    const identity = { how: proof.length === DIGITS ? "digits" : "scan", said: proof };
    const title = place.chosen?.title;
    const next = await doing.run("collect", { identity, numbers: [number], ...(title === undefined ? {} : { place: title }) }); // prettier-ignore
    if (next === undefined) return;
    setTube("");
    say(next.tubes.length === 0 ? texts.allDone : texts.done(spaced(number)));
    field.current?.focus();
  };
  const change = (set: (words: string) => void) => (event: { readonly currentTarget: { readonly value: string } }) => {
    setWrong("");
    set(event.currentTarget.value);
  };
  return isKnown ? (
    <Panel title={`3. ${texts.steps[2]}`}>
      <p className={styles["right"]}>{texts.bandRight}</p>
      <form onSubmit={(event) => void draw(event)} className={styles["fields"]}>
        <TextInput
          key="tube"
          ref={field}
          label={texts.tube}
          description={texts.tubeMeans}
          error={wrong}
          value={tube}
          onChange={change(setTube)}
          autoComplete="off"
          inputMode="numeric"
          maxLength={40}
        />
      </form>
    </Panel>
  ) : (
    <Panel title={`2. ${texts.steps[1]}`}>
      <form onSubmit={identify} className={styles["fields"]}>
        <TextInput
          key="band"
          ref={field}
          label={texts.band}
          description={texts.bandMeans}
          error={wrong}
          value={band}
          onChange={change(setBand)}
          autoComplete="off"
          maxLength={40}
        />
      </form>
    </Panel>
  );
}

/** Asked here for the sake of whoever stands there; the server asks again before anything is saved. */
function isOwn({ person }: Collection, proof: string): boolean {
  const own = (person.identifier ?? []).filter(({ use }) => use !== "old").map(({ value = "" }) => plain(value));
  if (proof.length === DIGITS) return own.some((one) => one.endsWith(proof));
  return own.some((one) => one !== "" && (one === proof || (one.length === 12 && one.slice(2) === proof)));
}
