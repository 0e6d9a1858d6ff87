/**
 * The frame around every screen that needs a signed-in person: the top bar, the commands that always exist, and the way
 * to sign-in and back when the session ends.
 *
 * SPEC WEB-SIGN · WEB-NAV
 */
import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation, useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useKeyListener } from "../command/key-listener.ts";
import { useTexts } from "../language/language.tsx";
import { UnknownDock } from "../registration/unknown-dock.tsx";
import { Failed } from "../ui/load-view.tsx";
import { failureOf } from "../wire/call.ts";
import { ownScreenOf, sessionQuery, type Session } from "../wire/session.ts";
import { HelpPanel } from "./help.tsx";
import styles from "./shell.module.css";
import { TopBar } from "./top-bar.tsx";
import { SEARCH_FIELD_ID, useShellCommands } from "./use-shell-commands.ts";
import { useSessionWatch } from "./use-session-watch.ts";

export function Shell(): ReactNode {
  const session = useQuery(sessionQuery);
  const { load } = useTexts();
  if (session.isPending) return <p className={styles["splash"]}>{load.loading}</p>;
  if (session.data === undefined) {
    return (
      <main className={styles["splash"]}>
        <Failed failure={failureOf(session.error)} retry={() => void session.refetch()} />
      </main>
    );
  }
  if (session.data === null) return <ToSignIn />;
  return <Workplace session={session.data} />;
}

/** Leaves for sign-in once, with the address as it was: it changes under way, and must not be followed into itself. */
function ToSignIn(): ReactNode {
  const router = useRouter();
  useEffect(() => {
    const till = router.state.location.href;
    void router.navigate({ to: "/logga-in", search: till === "/" ? {} : { till }, replace: true });
  }, [router]);
  return null;
}

function Workplace({ session }: { readonly session: Session }): ReactNode {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const { shell } = useTexts();
  const main = useRef<HTMLElement>(null);
  useKeyListener();
  useSessionWatch(session);
  useShellCommands({ toggleHelp: () => setHelpOpen((open) => !open) });
  useFocusOnNewScreen(main);
  return (
    <div className={styles["shell"]}>
      <a className={styles["skip"]} href="#innehall">
        {shell.skip}
      </a>
      <TopBar session={session} toggleHelp={() => setHelpOpen((open) => !open)} />
      <main id="innehall" className={styles["main"]} ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      {ownScreenOf(session) === undefined ? <UnknownDock /> : null}
      {isHelpOpen ? <HelpPanel close={() => setHelpOpen(false)} /> : null}
    </div>
  );
}

/** A new screen takes the focus, so that screen readers say it and single keys work at once; the start page gives it to its one task, the search. */
function useFocusOnNewScreen(main: { readonly current: HTMLElement | null }): void {
  const { pathname } = useLocation();
  useEffect(() => {
    const target = pathname === "/" ? document.getElementById(SEARCH_FIELD_ID) : main.current;
    target?.focus({ preventScroll: true });
  }, [pathname, main]);
}
