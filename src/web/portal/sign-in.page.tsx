/**
 * Into the patient's own page, by an identity provider. `/portal/valkommen` is where one comes back to.
 *
 * SPEC WEB-PORTAL-1
 */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import { LoadView } from "../ui/load-view.tsx";
import { portalProved, portalSessionQuery, providersQuery } from "../wire/portal.ts";
import { LanguageSwitch } from "./language-switch.tsx";
import styles from "./portal.module.css";
import { usePortalTexts } from "./use-portal-texts.ts";
import { useLoaded } from "./use-portal.ts";

export function PortalSignInPage(): ReactNode {
  const words = usePortalTexts();
  const { fel } = useSearch({ from: "/portal/logga-in" });
  const loaded = useLoaded(providersQuery);
  useEffect(() => {
    document.title = `${words.signIn.title} – ${words.name}`;
  }, [words]);
  return (
    <main className={styles["page"]}>
      <h1>{words.name}</h1>
      <p>{words.signIn.intro}</p>
      <p role="alert" className={styles["alarm"]}>
        {fel === undefined ? "" : words.signIn.failed}
      </p>
      <LoadView loaded={loaded} unknown={words.signIn.nobody} lines={2}>
        {({ providers, demonstration }) => (
          <>
            <Ways ids={providers.filter(({ people }) => people === "patients")} />
            {demonstration ? <p className="dim">{words.signIn.demoMeans}</p> : null}
          </>
        )}
      </LoadView>
      <div className={styles["row"]}>
        <LanguageSwitch />
      </div>
    </main>
  );
}

function Ways({ ids }: { readonly ids: readonly { readonly id: string; readonly name: string }[] }): ReactNode {
  const words = usePortalTexts();
  if (ids.length === 0) return <p data-state="unknown">{words.signIn.nobody}</p>;
  return (
    <div className={styles["views"]}>
      {ids.map(({ id, name }) => (
        <a key={id} href={`/api/sign-in/start/${encodeURIComponent(id)}?till=${encodeURIComponent("/portal")}`}>
          {words.signIn.with(name)}
        </a>
      ))}
    </div>
  );
}

/** What is under way: in a browser that shows the page twice, what was proved is still used once. */
let entering: Promise<unknown> | undefined;

/** Back from an identity provider: opens the session and goes on. */
export function PortalWelcomePage(): ReactNode {
  const words = usePortalTexts();
  const queries = useQueryClient();
  const navigate = useNavigate();
  useEffect(() => {
    entering ??= portalProved();
    entering
      .then(() => queries.fetchQuery({ ...portalSessionQuery, staleTime: 0 }))
      .then(() => navigate({ to: "/portal", replace: true }))
      .catch(() => navigate({ to: "/portal/logga-in", search: { fel: "avvisad" }, replace: true }))
      .finally(() => (entering = undefined));
  }, [queries, navigate]);
  return (
    <main className={styles["page"]}>
      <h1>{words.name}</h1>
      <p role="status">{words.signIn.entering}</p>
    </main>
  );
}
