/**
 * Ombud & vårdnadshavare: who reads for the patient on the patient's own page, what the age opens there, and what staff register or end.
 *
 * SPEC WEB-REPRESENTATIVES · PDL (2008:355) 5 kap. 5 §
 */
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { LoadView, useFailureWords } from "../../ui/load-view.tsx";
import { Panel } from "../../ui/panel.tsx";
import { representativesQuery, type Representatives } from "../../wire/representatives.ts";
import { useLoaded } from "../../wire/use-loaded.ts";
import { Screen } from "../screen.tsx";
import { DecideForm } from "./decide-form.tsx";
import { Decisions, People } from "./people.tsx";
import { RegisterForm } from "./register-form.tsx";
import styles from "./representatives.module.css";
import { useChangeRepresentatives, useRepresentativeTexts, type Changing } from "./use-representatives.ts";

const NOT_FAILED = { kind: "other", said: "", status: undefined } as const;

export function RepresentativesPage(): ReactNode {
  const { sections } = useTexts();
  const texts = useRepresentativeTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/ombud" });
  const { loaded, fresh } = useLoaded(representativesQuery(patientId));
  const changing = useChangeRepresentatives(patientId);
  const failure = useFailureWords(changing.failure ?? NOT_FAILED);
  return (
    <Screen title={sections.representatives} fresh={fresh}>
      <p role="status" className={styles["done"]}>
        {changing.isDone ? texts.done : ""}
      </p>
      <p role="alert" className={styles["failure"]}>
        {changing.failure ? failure : ""}
      </p>
      <LoadView loaded={loaded} unknown={texts.guardiansNone} lines={8}>
        {(state) => (
          <div className={styles["page"]}>
            <Now state={state} />
            <Guardians state={state} changing={changing} />
            <UnitDecisions state={state} changing={changing} />
            <Panel title={texts.proxies}>
              <p className="dim">{texts.proxiesMeans}</p>
              <People state={state} kind="proxy" none={texts.proxiesNone} changing={changing} />
            </Panel>
          </div>
        )}
      </LoadView>
    </Screen>
  );
}

/** What the age opens to whom. */
function Now({ state: { age, opens, isProtected } }: { readonly state: Representatives }): ReactNode {
  const texts = useRepresentativeTexts();
  return (
    <Panel title={texts.now}>
      <p>{age === null ? texts.unknownAge : texts.age(age)}</p>
      {isProtected ? <p role="note">{texts.protected}</p> : null}
      {opens === null ? null : (
        <dl className={styles["facts"]}>
          {(["patient", "guardian", "proxy"] as const).map((who) => (
            <div key={who}>
              <dt>{texts.who[who]}</dt>
              <dd>{texts.opens[who === "guardian" && isProtected ? "nothing" : opens[who]]}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

type PartProps = { readonly state: Representatives; readonly changing: Changing };
const OF_AGE = 18;

function Guardians({ state, changing }: PartProps): ReactNode {
  const texts = useRepresentativeTexts();
  const isChild = state.age !== null && state.age < OF_AGE;
  return (
    <Panel title={texts.guardians}>
      <People state={state} kind="guardian" none={texts.guardiansNone} changing={changing} />
      {isChild ? null : <p className="dim">{texts.notOfAge}</p>}
      {isChild && state.may.representation ? <RegisterForm changing={changing} /> : null}
      {state.may.representation ? null : <p className="dim">{texts.mayNot.representation}</p>}
    </Panel>
  );
}

function UnitDecisions({ state, changing }: PartProps): ReactNode {
  const texts = useRepresentativeTexts();
  const isLeftToUnits = state.opens?.patient === "granted units" || state.opens?.guardian === "granted units";
  if (!isLeftToUnits && state.decisions.length === 0)
    return (
      <Panel title={texts.decisions}>
        <p className="dim">{texts.decisionsAge}</p>
      </Panel>
    );
  return (
    <Panel title={texts.decisions}>
      <p className="dim">{isLeftToUnits ? texts.decisionsMeans : texts.decisionsAge}</p>
      <Decisions state={state} changing={changing} />
      {isLeftToUnits && state.may.grant ? <DecideForm state={state} changing={changing} /> : null}
      {state.may.grant ? null : <p className="dim">{texts.mayNot.grant}</p>}
    </Panel>
  );
}
