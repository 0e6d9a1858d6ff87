/**
 * Journalkällor: whose records of the patient are open to the reader and on what ground, which exist without being shown and what could
 * open them, and what has been registered and can be ended.
 *
 * SPEC WEB-SOURCES · lag (2022:913), HSLF-FS 2016:40 4 kap.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { judge } from "../../loaded.ts";
import { LoadView } from "../../ui/load-view.tsx";
import { Panel } from "../../ui/panel.tsx";
import { useRowKeys } from "../../ui/row-keys.ts";
import { careQuery, type CareEnd, type CareState, type CareWish } from "../../wire/care.ts";
import { sessionQuery } from "../../wire/session.ts";
import { useLoaded } from "../../wire/use-loaded.ts";
import { Screen } from "../screen.tsx";
import styles from "./care.module.css";
import { Refused } from "./door.tsx";
import { HiddenSources } from "./hidden-sources.tsx";
import { OpenSources } from "./open-sources.tsx";
import { Registered } from "./registered.tsx";
import { fetchAnew, useChangeCare } from "./use-care.ts";

/** What the parts of the page share. */
export type SourcesProps = {
  readonly state: CareState;
  readonly ownProvider: string | undefined;
  readonly isChanging: boolean;
  readonly send: (...changes: readonly (CareWish | CareEnd)[]) => void;
};

export function SourcesPage(): ReactNode {
  const { sections, care } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/kallor" });
  const queries = useQueryClient();
  const { loaded, fresh } = useLoaded(careQuery(patientId));
  const changing = useChangeCare(patientId, () => fetchAnew(queries, patientId));
  const ownProvider = useQuery(sessionQuery).data?.assignment.providerHsaId;
  const [said, setSaid] = useState("");
  const send: SourcesProps["send"] = (...changes) => {
    setSaid("");
    void changing.change(...changes).then((state) => {
      if (state !== undefined) setSaid(changes.some(({ kind }) => kind === "end") ? care.closed : care.done);
    });
  };
  useRowKeys();
  const judged = judge(loaded, ({ open, hidden, facts }) =>
    open.length + hidden.length + facts.length === 0 ? "unknown" : "some",
  );
  return (
    <Screen title={sections.sources} fresh={fresh}>
      <p className={said === "" ? "visually-hidden" : "dim"} role="status">
        {changing.isChanging ? care.working : said}
      </p>
      <LoadView loaded={judged} unknown={care.nothing} lines={6}>
        {(state) => <Parts state={state} ownProvider={ownProvider} isChanging={changing.isChanging} send={send} />}
      </LoadView>
      <Refused changing={changing} />
    </Screen>
  );
}

function Parts(props: SourcesProps): ReactNode {
  const { care } = useTexts();
  return (
    <div className={styles["page"]}>
      <Panel title={care.hiddenTitle}>
        <HiddenSources {...props} />
      </Panel>
      <Panel title={care.hereOpen}>
        <OpenSources {...props} />
      </Panel>
      <Panel title={care.factsTitle}>
        <Registered {...props} />
      </Panel>
    </div>
  );
}
