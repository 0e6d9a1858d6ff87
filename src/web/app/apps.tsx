/** The applications that can be opened for the patient of the chart; nothing where there are none. SPEC WEB-APP */
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useLanguage } from "../language/language.tsx";
import { failureOf } from "../wire/call.ts";
import { appsQuery, launchAddress } from "./app.data.ts";
import styles from "./app.module.css";
import { appTexts } from "./texts.ts";

export function Apps({ patientId }: { readonly patientId: string }): ReactNode {
  const { code, texts: all } = useLanguage();
  const texts = appTexts(code);
  const { data: apps = [] } = useQuery(appsQuery);
  const [error, setError] = useState<unknown>();
  if (apps.length === 0) return null;
  const open = (client: string): void => {
    setError(undefined);
    // Opened by the click itself, or the browser takes it for an advertisement; the application gets no hold of this page.
    const page = window.open("about:blank", "_blank");
    if (page) page.opener = null;
    launchAddress(patientId, client)
      .then((address) => (page ?? window).location.assign(address))
      .catch((reason: unknown) => {
        page?.close();
        setError(reason);
      });
  };
  return (
    <section className={styles["apps"]} aria-label={texts.apps}>
      <h2>{texts.apps}</h2>
      {apps.map(({ client, name }) => (
        <button key={client} type="button" onClick={() => open(client)}>
          {texts.open(name)}
        </button>
      ))}
      {error ? <p role="alert">{failureOf(error).said ?? all.load.failures.other}</p> : null}
    </section>
  );
}
