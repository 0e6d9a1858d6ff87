/**
 * Registering somebody whom nobody knows: one field, or two presses of the mouse; then the number, the band, and blood with one key. It is docked
 * beside what one was looking at, and covers nobody's name.
 *
 * SPEC WEB-UNKNOWN-1 to WEB-UNKNOWN-3 · T16, F31
 */
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import { allCommands } from "../command/registry.ts";
import { useOverview } from "../chart/use-section.ts";
import { patientFacts } from "../say/patients.ts";
import { Button, SegmentedControl, TextInput } from "../ui/controls.ts";
import { bannerBottom } from "../ui/below-banner.ts";
import { failureOf } from "../wire/call.ts";
import { registerUnknown, type Sex } from "../wire/registration.ts";
import { askForBlood, readWish } from "./asked.ts";
import { BandState } from "./band-state.tsx";
import styles from "./registration.module.css";
import { useRegistrationTexts } from "./use-texts.ts";

export function UnknownPane({ close }: { readonly close: () => void }): ReactNode {
  const texts = useRegistrationTexts();
  const [patientId, setPatientId] = useState<string>();
  const [top, setTop] = useState(bannerBottom); // the banner stays readable
  const escape = (event: KeyboardEvent): void => {
    if (event.key === "Escape") close();
  };
  return (
    <aside
      style={top > 0 ? { top } : undefined}
      className={`${styles["pane"]} no-print`}
      aria-label={texts.title}
      onKeyDown={escape}
      data-unknown-pane
    >
      <header className={styles["head"]}>
        <h2>{texts.title}</h2>
        <Button variant="subtle" size="compact-sm" onClick={close} aria-keyshortcuts="Escape">
          {texts.close}
        </Button>
      </header>
      {patientId === undefined ? (
        <Form done={setPatientId} />
      ) : (
        <Done patientId={patientId} close={close} settled={() => setTop(bannerBottom())} />
      )}
    </aside>
  );
}

function Form({ done }: { readonly done: (id: string) => void }): ReactNode {
  const texts = useRegistrationTexts();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [failure, setFailure] = useState("");
  const [isBusy, setBusy] = useState(false);
  const key = useRef(crypto.randomUUID());
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const wish = readWish(typed);
    if (wish === undefined) {
      setFailure(texts.bad);
      field.current?.focus();
      return;
    }
    if (isBusy) return;
    setBusy(true);
    setFailure("");
    try {
      const { id } = await registerUnknown({ key: key.current, ...wish });
      await navigate({ to: "/patienter/$patientId/oversikt", params: { patientId: id } });
      done(id); // the new screen has had its focus
    } catch (error) {
      // The key stays, so that the same person is not registered twice.
      setFailure(failureOf(error).said ?? texts.unknownWhy);
    } finally {
      setBusy(false);
    }
  };
  const choose = (letter: string): void => setTyped(letter + typed.replace(/^[kmo]\s*/i, ""));
  const letter = /^[kmo]/i.exec(typed)?.[0].toLowerCase() ?? "";
  return (
    <form onSubmit={(event) => void submit(event)} className={styles["body"]}>
      <p className="dim">{texts.how}</p>
      <TextInput
        ref={field}
        label={texts.field}
        autoComplete="off"
        value={typed}
        maxLength={8}
        error={failure === "" ? undefined : failure}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          key.current = crypto.randomUUID(); // something else is wished
        }}
      />
      <SegmentedControl
        aria-label={texts.field}
        value={letter}
        onChange={choose}
        data={(["female", "male", "unknown"] as const).map((sex: Sex) => ({
          value: { female: "k", male: "m", unknown: "o" }[sex],
          label: texts.sexes[sex],
        }))}
      />
      <Button type="submit" loading={isBusy} data-register>
        {texts.register}
      </Button>
    </form>
  );
}

type DoneProps = { readonly patientId: string; readonly close: () => void; readonly settled: () => void };

function Done({ patientId, close, settled }: DoneProps): ReactNode {
  const texts = useRegistrationTexts();
  const { loaded } = useOverview(patientId);
  const blood = useRef<HTMLButtonElement>(null);
  const latest = useRef(settled);
  latest.current = settled;
  useEffect(() => {
    if (loaded.state !== "some") return;
    requestAnimationFrame(() => {
      blood.current?.focus();
      latest.current(); // the new banner stands now
    });
  }, [loaded.state]);
  const facts = loaded.state === "some" ? patientFacts(loaded.value.patient, loaded.asOf) : undefined;
  const order = (): void => {
    // The chart's own workspace, which is docked in this one's place.
    const open = allCommands().find(({ id }) => id === "orders.order");
    if (open === undefined) return;
    askForBlood(patientId);
    open.run();
    close();
  };
  return (
    <div className={styles["body"]} data-registered={patientId}>
      <p role="status" className={styles["done"]}>
        {texts.done}
      </p>
      {facts === undefined ? null : (
        <p className={styles["whom"]}>
          {facts.name}
          <br />
          {texts.number}: <strong data-number>{facts.identity?.text}</strong>
        </p>
      )}
      <BandState patientId={patientId} />
      <div className={styles["buttons"]}>
        <Button ref={blood} onClick={order} disabled={facts === undefined} data-blood>
          {texts.blood}
        </Button>
      </div>
    </div>
  );
}
