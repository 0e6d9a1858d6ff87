/** An own referral: to which unit, what it is about, the patient's own words, and whether a new assessment is wanted. SPEC WEB-REFERRAL-4 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type FormEvent, type ReactNode } from "react";
import { useReferralTexts } from "../referrals/use-referral-texts.ts";
import { Button, Textarea, TextInput } from "../ui/controls.ts";
import { requestsQuery, unitsQuery, writeReferral } from "../wire/portal-requests.ts";
import { Outcome } from "../ui/outcome.tsx";
import styles from "./portal.module.css";
import { useChange } from "./use-portal.ts";

type Said = {
  readonly unit: string;
  readonly matter: string;
  readonly words: string;
  readonly isSecondOpinion: boolean;
};
const NOTHING: Said = { unit: "", matter: "", words: "", isSecondOpinion: false };

export function ReferForm({ person }: { readonly person: string }): ReactNode {
  const { own } = useReferralTexts();
  const queries = useQueryClient();
  const [said, setSaid] = useState<Said>();
  const [isMissing, setMissing] = useState(false);
  const key = useRef(crypto.randomUUID());
  const writing = useChange(
    (wish: Said) => writeReferral(person, { ...wish, key: key.current }),
    (items) => {
      queries.setQueryData(requestsQuery(person).queryKey, items);
      setSaid(undefined);
      key.current = crypto.randomUUID();
    },
  );
  if (said === undefined)
    return (
      <>
        <Outcome done={writing.done} failure={writing.failure} />
        <div>
          <Button size="md" onClick={() => setSaid(NOTHING)}>
            {own.write}
          </Button>
        </div>
      </>
    );
  const change = (more: Partial<Said>): void => setSaid({ ...said, ...more });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(said.unit === "");
    if (said.unit !== "" && said.matter.trim() !== "" && said.words.trim() !== "") void writing.run(said, own.sent);
  };
  return (
    <form onSubmit={send} aria-label={own.write} className={styles["card"]}>
      <p>{own.writeMeans}</p>
      <Outcome done={writing.done} failure={writing.failure} />
      <UnitChoice person={person} unit={said.unit} choose={(unit) => change({ unit })} isMissing={isMissing} />
      <TextInput
        label={own.matter}
        description={own.matterMeans}
        required
        maxLength={100}
        value={said.matter}
        onChange={(event) => change({ matter: event.currentTarget.value })}
      />
      <Textarea
        label={own.words}
        description={own.wordsMeans}
        required
        autosize
        minRows={4}
        maxLength={4000}
        value={said.words}
        onChange={(event) => change({ words: event.currentTarget.value })}
      />
      <label className={styles["check"]}>
        <input
          type="checkbox"
          checked={said.isSecondOpinion}
          onChange={(event) => change({ isSecondOpinion: event.currentTarget.checked })}
        />{" "}
        {own.secondOpinion}
      </label>
      <div className={styles["row"]}>
        <Button type="submit" size="md" loading={writing.isRunning}>
          {own.send}
        </Button>
        <Button variant="default" size="md" onClick={() => setSaid(undefined)}>
          {own.cancel}
        </Button>
      </div>
    </form>
  );
}

type ChoiceProps = {
  readonly person: string;
  readonly unit: string;
  readonly choose: (unit: string) => void;
  readonly isMissing: boolean;
};

/** The unit is chosen among those that are found: words alone lead nowhere. */
function UnitChoice({ person, unit, choose, isMissing }: ChoiceProps): ReactNode {
  const { own } = useReferralTexts();
  const [words, setWords] = useState("");
  const { data } = useQuery(unitsQuery(person, words.trim()));
  return (
    <>
      <TextInput
        label={own.unit}
        description={own.unitMeans}
        required
        autoComplete="off"
        value={words}
        error={isMissing && unit === "" ? own.unitNeeded : undefined}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          choose("");
        }}
      />
      {data === undefined ? null : data.length === 0 ? (
        <p role="status">{own.unitNone}</p>
      ) : (
        <fieldset className={styles["choices"]}>
          <legend>{own.unitChoose}</legend>
          {data.map(({ id, title }) => (
            <label key={id} className={styles["check"]}>
              <input type="radio" name="unit" checked={unit === id} onChange={() => choose(id)} /> {title}
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}
