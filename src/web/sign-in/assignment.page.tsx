/** The choice of an assignment (medarbetaruppdrag), for whoever has several. SPEC WEB-SIGN-8 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import type { Loaded } from "../loaded.ts";
import { useListbox } from "../ui/listbox.ts";
import { Failed, LoadView } from "../ui/load-view.tsx";
import { failureOf } from "../wire/call.ts";
import { chooseAssignment, choicesQuery, sessionQuery, type Choices } from "../wire/session.ts";
import styles from "./sign-in.module.css";

export function AssignmentPage(): ReactNode {
  const { signIn: texts } = useTexts();
  const found = useQuery(choicesQuery);
  useEffect(() => {
    document.title = `${texts.choose} – Eira`;
  }, [texts]);
  const loaded = loadedOf(found);
  return (
    <main className={styles["page"]}>
      <header className={styles["head"]}>
        <h1>{texts.choose}</h1>
      </header>
      <LoadView loaded={loaded} unknown={texts.chooseGone} lines={4}>
        {(choices) => <AssignmentList choices={choices} />}
      </LoadView>
      <p className={styles["count"]}>
        <Link to="/logga-in">{texts.back}</Link>
      </p>
    </main>
  );
}

function AssignmentList({ choices }: { readonly choices: Choices }): ReactNode {
  const { signIn: texts } = useTexts();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>();
  const { assignments } = choices;
  const choose = (index: number): void => {
    const chosen = assignments[index];
    if (chosen === undefined) return;
    setError(undefined);
    chooseAssignment(chosen.id)
      .then(() => client.fetchQuery({ ...sessionQuery, staleTime: 0 }))
      .then(() => navigate({ to: choices.till, replace: true }))
      .catch((reason: unknown) => setError(reason));
  };
  const listbox = useListbox({ count: assignments.length, isOpen: true, resetOn: "", choose });
  return (
    <>
      <p>{texts.chooseIntro(choices.name)}</p>
      {error ? <Failed failure={failureOf(error)} retry={() => choose(listbox.active)} /> : null}
      <div
        className={styles["choices"]}
        id={listbox.listId}
        role="listbox"
        aria-label={texts.choose}
        aria-activedescendant={listbox.optionId(listbox.active)}
        tabIndex={0}
        ref={(element) => element?.focus()}
        onKeyDown={listbox.onKeyDown}
      >
        {assignments.map(({ id, unit, provider, role }, index) => (
          <div
            key={id}
            id={listbox.optionId(index)}
            role="option"
            aria-selected={listbox.active === index}
            className={styles["option"]}
            onClick={() => choose(index)}
          >
            <strong>{unit}</strong>
            <span className="dim">{`${role} · ${provider}`}</span>
          </div>
        ))}
      </div>
    </>
  );
}

function loadedOf(found: {
  readonly data: Choices | null | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}): Loaded<Choices> {
  if (found.data === null) return { state: "unknown", asOf: "" };
  if (found.data !== undefined) return { state: "some", value: found.data, asOf: "", stale: undefined };
  if (found.error) return { state: "failed", failure: failureOf(found.error), retry: () => void found.refetch() };
  return { state: "loading" };
}
