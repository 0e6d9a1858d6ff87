/** Where a tube is: its steps, who answers for it until when, and the next thing that is done with it. SPEC WEB-SPECIMEN-5 · F40 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { Screen } from "../chart/screen.tsx";
import { InboxFrame } from "../inbox/inbox-frame.tsx";
import { useTexts } from "../language/language.tsx";
import { sayMoment } from "../say/dates.ts";
import { patientFacts } from "../say/patients.ts";
import { Chip, type Tone } from "../ui/chip.tsx";
import { Button, TextInput } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { Panel } from "../ui/panel.tsx";
import { failureOf } from "../wire/call.ts";
import { specimenStep, trackedQuery, type Deed, type SpecimenState, type Tracked } from "../wire/specimens.ts";
import { useLoaded } from "../wire/use-loaded.ts";
import styles from "./specimens.module.css";
import { spaced } from "./tubes.tsx";
import { useSpecimenTexts } from "./use-specimens.ts";

export function TrackPage(): ReactNode {
  const texts = useSpecimenTexts();
  const { number } = useParams({ from: "/work/prov/$number" });
  const { loaded, fresh } = useLoaded(trackedQuery(number));
  return (
    <InboxFrame>
      <Screen title={texts.trackTitle(spaced(number))} fresh={fresh}>
        <div className={styles["page"]}>
          <p className="no-print">
            <Link to="/provtagning">{texts.back}</Link>
          </p>
          <LoadView loaded={loaded} unknown={texts.notFound} lines={6}>
            {(tracked) => <Way number={number} tracked={tracked} />}
          </LoadView>
        </div>
      </Screen>
    </InboxFrame>
  );
}

type WayProps = { readonly number: string; readonly tracked: Tracked };

function Way({ number, tracked }: WayProps): ReactNode {
  const texts = useSpecimenTexts();
  const { person, patient, tube, orders, steps, state, asOf } = tracked;
  const facts = person === null ? undefined : patientFacts(person, asOf);
  return (
    <>
      <p className={styles["whose"]} data-patient={patient}>
        <strong>{facts?.name ?? texts.hidden}</strong> <span className={styles["number"]}>{facts?.identity?.text}</span>{" "}
        <Link to="/provtagning/$patientId" params={{ patientId: patient }}>
          {texts.open}
        </Link>
      </p>
      <p>
        <Chip tone={TONES[state] ?? "plain"}>{texts.states[state]}</Chip>{" "}
        {[tube, ...orders].filter(Boolean).join(" · ")}
      </p>
      <AnswersFor tracked={tracked} />
      <Panel title={texts.trackSteps}>
        <ol className={styles["plain"]}>
          {steps.map(({ what, at, by, note }) => (
            <li key={`${what} ${at ?? ""}`} className={styles["row"]}>
              <strong>{texts.stepWords[what]}</strong>
              <span>{at === null ? "" : sayMoment(at)}</span>
              <span className="dim">{[by, note].filter(Boolean).join(" · ")}</span>
            </li>
          ))}
        </ol>
      </Panel>
      <Deeds number={number} tracked={tracked} />
    </>
  );
}

const TONES: Readonly<Partial<Record<SpecimenState, Tone>>> = { received: "calm", lost: "alarm", unusable: "alarm" };

/** Who answers for it until the laboratory has it, and by when that is to be. */
function AnswersFor({ tracked: { loop, names } }: Pick<WayProps, "tracked">): ReactNode {
  const texts = useSpecimenTexts();
  if (loop === null || loop.deadline === null) return null;
  const { title, owner, responsible, deadline, level } = loop;
  const person = responsible === null ? null : (names[responsible] ?? responsible);
  const who = [title ?? owner, person].filter(Boolean).join(" · ");
  return (
    <p className={level > 0 ? styles["failure"] : ""}>
      {level > 0 ? `${texts.missing} ` : `${texts.by} ${sayMoment(new Date(deadline).toISOString())}. `}
      {texts.answersFor(who)}
    </p>
  );
}

const SAYS_WHY: readonly Deed[] = ["lost", "unusable"];

function Deeds({ number, tracked }: { readonly number: string; readonly tracked: Tracked }): ReactNode {
  const texts = useSpecimenTexts();
  const { load } = useTexts();
  const queries = useQueryClient();
  const [asking, setAsking] = useState<Deed>();
  const [note, setNote] = useState("");
  const { mutate, isPending, error } = useMutation({
    mutationFn: (body: { readonly did: Deed; readonly note: string }) =>
      specimenStep(number, { ...body, seen: tracked.version, key: crypto.randomUUID() }),
    onSuccess: (next) => {
      queries.setQueryData(trackedQuery(number).queryKey, next);
      setAsking(undefined);
      setNote("");
    },
  });
  if (tracked.can.length === 0) return null;
  const failure = error ? failureOf(error) : undefined;
  return (
    <Panel title={texts.next} className="no-print">
      <p role="alert" className={styles["failure"]}>
        {failure === undefined ? "" : (failure.said ?? load.failures[failure.kind])}
      </p>
      {asking === undefined ? (
        <div className={styles["buttons"]}>
          {tracked.can.map((did) => (
            <Button
              key={did}
              variant="default"
              loading={isPending}
              onClick={() => (SAYS_WHY.includes(did) ? setAsking(did) : mutate({ did, note: "" }))}
            >
              {texts.deeds[did]}
            </Button>
          ))}
        </div>
      ) : (
        <form
          className={styles["fields"]}
          onSubmit={(event) => {
            event.preventDefault();
            if (note.trim() !== "") mutate({ did: asking, note });
          }}
        >
          <TextInput
            autoFocus
            label={`${texts.deeds[asking]}. ${texts.why}`}
            maxLength={500}
            required
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button type="submit" loading={isPending}>
            {texts.send}
          </Button>
          <Button variant="default" onClick={() => setAsking(undefined)}>
            {texts.cancel}
          </Button>
        </form>
      )}
    </Panel>
  );
}
