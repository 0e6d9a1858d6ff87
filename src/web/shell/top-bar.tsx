/** The top bar: the one search box, who works here and for which unit, help, looks and sign-out. SPEC WEB-NAV */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { Disclosure } from "../ui/disclosure.tsx";
import { ownScreenOf, type Session } from "../wire/session.ts";
import { PatientSearch } from "./patient-search.tsx";
import { Settings } from "./settings.tsx";
import styles from "./top-bar.module.css";

export function TopBar({
  session,
  toggleHelp,
}: {
  readonly session: Session;
  readonly toggleHelp: () => void;
}): ReactNode {
  const { shell } = useTexts();
  return (
    <header className={`${styles["bar"]} no-print`}>
      <Link to="/" className={styles["brand"]}>
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
          <path d="M3 4h14M3 10h9M3 16h14" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />
          <circle cx="16.4" cy="10" r="1.7" fill="currentColor" />
        </svg>
        Eira
      </Link>
      {ownScreenOf(session) === undefined ? (
        <>
          <PatientSearch />
          <nav className={styles["places"]} aria-label={shell.places}>
            <Link to="/inkorg" className={styles["place"]} aria-keyshortcuts="g i">
              {shell.inbox}
            </Link>
            <Link to="/skickat" className={styles["place"]} aria-keyshortcuts="g w">
              {shell.sent}
            </Link>
          </nav>
        </>
      ) : null}
      <div className={styles["right"]}>
        <button type="button" className={styles["help"]} onClick={toggleHelp} aria-keyshortcuts="?">
          {shell.help}
        </button>
        <Disclosure className={styles["who"]} label={<Who session={session} />} name={shell.account}>
          <Settings session={session} />
        </Disclosure>
      </div>
    </header>
  );
}

function Who({ session }: { readonly session: Session }): ReactNode {
  return (
    <span className={styles["person"]}>
      <strong>{session.person.name}</strong>
      <span>{session.assignment.unit}</span>
    </span>
  );
}
