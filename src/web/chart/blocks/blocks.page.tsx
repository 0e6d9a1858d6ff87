/**
 * Spärrar: whether something is blocked for the one who looks, how it can be opened, and the blocks on what the own unit has
 * recorded. What is blocked is never said to be of any kind, place or number.
 *
 * SPEC WEB-BLOCK · PDL (2008:355) 4 kap. 4–5 §§
 */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { sayMoment } from "../../say/dates.ts";
import { Button } from "../../ui/controls.ts";
import { Icon } from "../../ui/icon.tsx";
import { LoadView } from "../../ui/load-view.tsx";
import { Panel } from "../../ui/panel.tsx";
import type { BlockState } from "../../wire/blocks.ts";
import { sessionQuery } from "../../wire/session.ts";
import { Screen } from "../screen.tsx";
import styles from "./blocks.module.css";
import { LiftForm } from "./lift-form.tsx";
import { OwnBlocks } from "./own-blocks.tsx";
import { RegisterForm } from "./register-form.tsx";
import { useBlocks, useChangeBlocks, type Changing } from "./use-blocks.ts";

export function BlocksPage(): ReactNode {
  const { sections, blocks } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/sparrar" });
  const { loaded, refresh, isRefreshing } = useBlocks(patientId);
  const changing = useChangeBlocks(patientId);
  const unit = useQuery(sessionQuery).data?.assignment.unit ?? "";
  const asOf = "asOf" in loaded ? loaded.asOf : undefined;
  return (
    <Screen title={sections.blocks} fresh={{ asOf, refresh, isRefreshing }}>
      <LoadView loaded={loaded} unknown={blocks.notRecorded} lines={6}>
        {(state) => (
          <div className={styles["page"]}>
            <Standing state={state} changing={changing} />
            <Panel title={blocks.own(unit)}>
              <p className="dim">{blocks.means}</p>
              <OwnBlocks items={state.items} changing={changing} />
              <RegisterForm changing={changing} />
            </Panel>
          </div>
        )}
      </LoadView>
      <p className={styles["failure"]} role="alert">
        {changing.failure ? (changing.failure.said ?? blocks.state) : null}
      </p>
    </Screen>
  );
}

/** Whether something is blocked for the reader, and what can be done about it. */
function Standing({ state, changing }: { readonly state: BlockState; readonly changing: Changing }): ReactNode {
  const { blocks } = useTexts();
  const { hidden, liftedUntil } = state;
  return (
    <Panel title={blocks.state}>
      <div aria-live="polite">
        {hidden ? (
          <p className={styles["hidden"]}>
            <Icon name="shield" /> {blocks.hidden}
          </p>
        ) : null}
        {!hidden && liftedUntil === null ? <p>{blocks.nothing}</p> : null}
        {liftedUntil === null ? null : (
          <p className={styles["row"]}>
            {blocks.open(sayMoment(liftedUntil))}
            <Button
              size="compact-sm"
              variant="default"
              loading={changing.isChanging}
              onClick={() => void changing.change({ what: "close" })}
            >
              {blocks.close}
            </Button>
          </p>
        )}
      </div>
      {hidden ? <LiftForm changing={changing} /> : null}
    </Panel>
  );
}
