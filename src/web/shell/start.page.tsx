/**
 * The first screen after signing in: find a patient, and how to do it without the mouse; or the screens of other work.
 *
 * SPEC WEB-FIND · WEB-WORK
 */
import { useQuery } from "@tanstack/react-query";
import { OpenUnknown } from "../registration/open-unknown.tsx";
import { Link, Navigate } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { Kbd } from "../ui/controls.ts";
import { ownScreenOf, sessionQuery } from "../wire/session.ts";
import styles from "./shell.module.css";

export function StartPage(): ReactNode {
  const { start, signing, commands } = useTexts();
  const session = useQuery(sessionQuery).data;
  const own = session ? ownScreenOf(session) : undefined;
  useEffect(() => {
    document.title = `${start.title} – Eira`;
  }, [start]);
  if (own !== undefined) return <Navigate to={own} replace />;
  return (
    <div className={styles["start"]}>
      <h1>{start.title}</h1>
      <p>{start.how}</p>
      <dl>
        <dt>
          <Kbd>Ctrl</Kbd> <Kbd>K</Kbd>
        </dt>
        <dd>{start.keySearch}</dd>
        <dt>
          <Kbd>↑</Kbd> <Kbd>↓</Kbd> <Kbd>Enter</Kbd>
        </dt>
        <dd>{start.keyChoose}</dd>
        <dt>
          <Kbd>?</Kbd>
        </dt>
        <dd>{start.keyHelp}</dd>
      </dl>
      <OpenUnknown />
      <p>
        <Link to="/inkorg">{commands.inbox}</Link> <Kbd>g</Kbd> <Kbd>i</Kbd>
      </p>
      <p>
        <Link to="/skickat">{commands.sent}</Link> <Kbd>g</Kbd> <Kbd>w</Kbd>
      </p>
      <p>
        <Link to="/osignerat">{signing.unsignedCommand}</Link> <Kbd>g</Kbd> <Kbd>n</Kbd>
      </p>
      <p className="dim">{start.logged}</p>
    </div>
  );
}
