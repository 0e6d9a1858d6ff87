/**
 * The patient's own page: whom it is about, and its views: who has read, questions, blocks, consents and proxies. Shown is only what is open to
 * whoever is signed in.
 *
 * SPEC WEB-PORTAL · WCAG 2.2 AA
 */
import { useQueryClient } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import { Button } from "../ui/controls.ts";
import { LoadView } from "../ui/load-view.tsx";
import { portalSessionQuery, portalSignOut, type OpenPerson, type PortalSession } from "../wire/portal.ts";
import { Blocks } from "./blocks.tsx";
import { Consents } from "./consents.tsx";
import { LanguageSwitch } from "./language-switch.tsx";
import { Letters } from "./letters.tsx";
import { Log } from "./log.tsx";
import styles from "./portal.module.css";
import { Proxies } from "./proxies.tsx";
import { Questions } from "./questions.tsx";
import { Records } from "./records.tsx";
import { Requests } from "./requests.tsx";
import type { PortalTexts } from "./texts.ts";
import { usePortalTexts } from "./use-portal-texts.ts";
import { toSignIn, useLoaded } from "./use-portal.ts";

type View = keyof PortalTexts["views"];
const OWN: readonly View[] = ["blocks", "consents", "proxies"];

export function PortalPage(): ReactNode {
  const words = usePortalTexts();
  const loaded = useLoaded(portalSessionQuery);
  const isOut = loaded.state === "some" && loaded.value === null;
  useEffect(() => {
    document.title = `${words.name} – ${words.product}`;
    if (isOut) toSignIn();
  }, [isOut, words]);
  return (
    <LoadView loaded={loaded} unknown={words.nobody} lines={6}>
      {(session) => (session === null ? null : <Frame session={session} />)}
    </LoadView>
  );
}

function Frame({ session }: { readonly session: PortalSession }): ReactNode {
  const words = usePortalTexts();
  const queries = useQueryClient();
  const leave = (): void => {
    queries.clear();
    void portalSignOut().finally(toSignIn);
  };
  return (
    <div className={styles["frame"]}>
      <a href="#innehall" className={styles["skip"]}>
        {words.skip}
      </a>
      <header className={styles["bar"]}>
        <span className={styles["brand"]}>
          {words.product} · {words.name}
        </span>
        <span className={styles["who"]}>
          {session.name}
          <LanguageSwitch isOnBar />
          <Button variant="white" size="xs" onClick={leave}>
            {words.signOut}
          </Button>
        </span>
      </header>
      <main id="innehall" className={styles["page"]}>
        <Content session={session} />
      </main>
    </div>
  );
}

function Content({ session: { people } }: { readonly session: PortalSession }): ReactNode {
  const words = usePortalTexts();
  const search = useSearch({ from: "/portal" });
  const person = people.find(({ id }) => id === search.person) ?? people[0]; // the own record comes first
  if (person === undefined)
    return (
      <>
        <h1>{words.name}</h1>
        <p data-state="unknown">{words.nobody}</p>
        <p className="dim">{words.nobodyMeans}</p>
      </>
    );
  const views = (Object.keys(words.views) as View[]).filter((view) => person.as === "patient" || !OWN.includes(view));
  const view = views.find((one) => one === search.vy) ?? "log";
  return (
    <>
      <h1>{words.views[view]}</h1>
      <People people={people} person={person} />
      <nav aria-label={words.name} className={styles["views"]}>
        {views.map((one) => (
          <Link
            key={one}
            to="/portal"
            search={{ vy: one, person: person.id }}
            aria-current={one === view ? "page" : undefined}
            replace
          >
            {words.views[one]}
          </Link>
        ))}
      </nav>
      {person.as === "patient" ? null : <p className="dim">{words.onlyPatient}</p>}
      {person.isPart ? <p className="dim">{words.part}</p> : null}
      <Shown key={`${person.id} ${view}`} view={view} person={person.id} mayWrite={person.mayWrite} />
    </>
  );
}

type ShownProps = { readonly view: View; readonly person: string; readonly mayWrite: boolean };

function Shown({ view, person, mayWrite }: ShownProps): ReactNode {
  switch (view) {
    case "records":
      return <Records person={person} />;
    case "log":
      return <Log person={person} />;
    case "letters":
      return <Letters person={person} />;
    case "requests":
      return <Requests person={person} mayWrite={mayWrite} />;
    case "questions":
      return <Questions person={person} />;
    case "blocks":
      return <Blocks person={person} />;
    case "consents":
      return <Consents person={person} />;
    case "proxies":
      return <Proxies person={person} />;
  }
}

type PeopleProps = { readonly people: readonly OpenPerson[]; readonly person: OpenPerson };

/** Whom the page is about; links to the others. */
function People({ people, person }: PeopleProps): ReactNode {
  const words = usePortalTexts();
  const nameOf = ({ name, as }: OpenPerson): string => `${name} (${words.as[as]})`;
  if (people.length === 1)
    return (
      <p>
        {words.of} <strong>{nameOf(person)}</strong>.
      </p>
    );
  return (
    <nav aria-label={words.of} className={styles["views"]}>
      {people.map((one) => (
        <Link
          key={one.id}
          to="/portal"
          search={{ person: one.id }}
          aria-current={one.id === person.id ? "page" : undefined}
        >
          {nameOf(one)}
        </Link>
      ))}
    </nav>
  );
}
