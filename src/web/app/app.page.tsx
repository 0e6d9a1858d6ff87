/**
 * An application asks to act in the person's name: what it would get, in plain words, and for which patient. The answer leads
 * back to the application.
 *
 * SPEC WEB-APP
 */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import { useLanguage, useTexts } from "../language/language.tsx";
import { patientFacts } from "../say/patients.ts";
import { usePatientSearch } from "../shell/use-patient-search.ts";
import { Button, TextInput } from "../ui/controls.ts";
import { Failed } from "../ui/load-view.tsx";
import { failureOf } from "../wire/call.ts";
import { answerApp, appRequestQuery, type AppRequest } from "./app.data.ts";
import styles from "./app.module.css";
import { appTexts } from "./texts.ts";

export function AppPage(): ReactNode {
  const { uid } = useParams({ from: "/work/app/$uid" });
  const { code } = useLanguage();
  const texts = appTexts(code);
  const found = useQuery(appRequestQuery(uid));
  if (found.error) return <Failed failure={failureOf(found.error)} retry={() => void found.refetch()} />;
  if (found.data === undefined) return null;
  if (found.data === null) return <p className={styles["page"]}>{texts.gone}</p>;
  return <Asked uid={uid} request={found.data} />;
}

function Asked({ uid, request }: { readonly uid: string; readonly request: AppRequest }): ReactNode {
  const { code } = useLanguage();
  const texts = appTexts(code);
  const [patient, setPatient] = useState<Chosen>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    document.title = `${request.app} – Eira`;
  }, [request.app]);
  const answer = (allow: boolean): void => {
    setError(undefined);
    answerApp(uid, { allow, ...(patient === undefined ? {} : { patient: patient.id }) })
      .then((address) => location.assign(address))
      .catch((reason: unknown) => setError(reason));
  };
  const mayAllow = !request.choosesPatient || patient !== undefined;
  return (
    <section className={styles["page"]} aria-labelledby="app-title">
      <h1 id="app-title">{texts.title(request.app)}</h1>
      {request.refusal === null ? (
        <>
          <Wishes request={request} />
          <p className="dim">{texts.limit}</p>
          {request.choosesPatient ? <ChoosePatient chosen={patient} choose={setPatient} /> : null}
        </>
      ) : (
        <p role="alert">{texts.refused}</p>
      )}
      {error ? <Failed failure={failureOf(error)} retry={() => answer(true)} /> : null}
      <div className={styles["answers"]}>
        {request.refusal === null ? (
          <Button disabled={!mayAllow} onClick={() => answer(true)}>
            {texts.allow}
          </Button>
        ) : null}
        <Button variant="default" onClick={() => answer(false)}>
          {request.refusal === null ? texts.deny : texts.back}
        </Button>
      </div>
    </section>
  );
}

function Wishes({ request }: { readonly request: AppRequest }): ReactNode {
  const { code } = useLanguage();
  const texts = appTexts(code);
  const names: Readonly<Record<string, string>> = useTexts().types;
  return (
    <>
      <h2>{texts.gets}</h2>
      <ul>
        {request.isIdentified ? <li>{texts.identity}</li> : null}
        {request.wishes.map(({ of, type, verbs, criteria }) => (
          <li key={`${of} ${type} ${verbs} ${criteria}`}>
            {texts.wish(
              verbs.split("").map((verb) => texts.verbs[verb] ?? verb),
              type === "*" ? texts.everything : (names[type] ?? type),
            )}
            {criteria === null ? "" : ` ${texts.where(criteria)}`}{" "}
            <span className="dim">{of === "patient" ? texts.ofPatient : texts.ofPerson}</span>
          </li>
        ))}
        {request.lastsWithSession ? <li>{texts.lasts}</li> : null}
      </ul>
    </>
  );
}

type Chosen = { readonly id: string; readonly name: string };
type Choosing = { readonly chosen: Chosen | undefined; readonly choose: (one: Chosen | undefined) => void };

function ChoosePatient({ chosen, choose }: Choosing): ReactNode {
  const { code } = useLanguage();
  const texts = appTexts(code);
  const [typed, setTyped] = useState("");
  const hits = usePatientSearch(typed);
  const today = new Date().toISOString();
  const patients = hits.state === "found" ? hits.patients.map((one) => patientFacts(one, today)) : [];
  return (
    <div className={styles["patient"]}>
      <TextInput
        label={texts.patient}
        description={texts.patientHint}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          choose(undefined);
          setTyped(event.currentTarget.value);
        }}
      />
      {hits.state === "failed" ? <Failed failure={hits.failure} retry={hits.retry} /> : null}
      <ul>
        {patients.map(({ id, name, identity }) => (
          <li key={id}>
            <button type="button" aria-pressed={chosen?.id === id} onClick={() => choose({ id, name: name ?? id })}>
              {name ?? id} <span className="dim">{identity?.text}</span>
            </button>
          </li>
        ))}
      </ul>
      <p role="status">
        {hits.state === "found" && patients.length === 0 ? texts.nobody : null}
        {chosen === undefined ? null : texts.chosen(chosen.name)}
      </p>
    </div>
  );
}
