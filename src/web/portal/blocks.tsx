/** The patient's blocks: those that stand, each with its end, and what can be blocked. SPEC WEB-PORTAL-2 */
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { sayDay } from "../say/dates.ts";
import { LoadView } from "../ui/load-view.tsx";
import { block, ownBlocksQuery, unblock, type OwnBlock, type OwnBlocks, type Place } from "../wire/portal.ts";
import { Outcome } from "../ui/outcome.tsx";
import styles from "./portal.module.css";
import { usePortalTexts } from "./use-portal-texts.ts";
import { Twice } from "./twice.tsx";
import { useChange, useLoaded, type Change } from "./use-portal.ts";

type Asked = { readonly careProvider: string; readonly careUnit: string | null } | { readonly end: string };

export function Blocks({ person }: { readonly person: string }): ReactNode {
  const words = usePortalTexts();
  const queries = useQueryClient();
  const loaded = useLoaded(ownBlocksQuery(person));
  const change = useChange(
    (asked: Asked) => ("end" in asked ? unblock(person, asked.end) : block(person, asked.careProvider, asked.careUnit)),
    (state: OwnBlocks) => queries.setQueryData(ownBlocksQuery(person).queryKey, state),
  );
  return (
    <>
      <p>{words.blocks.means}</p>
      <p className={styles["warn"]}>{words.blocks.careful}</p>
      <Outcome done={change.done} failure={change.failure} />
      <LoadView loaded={loaded} unknown={words.blocks.none} lines={5}>
        {({ items, places }) => (
          <>
            <Standing items={items} change={change} />
            <h2>{words.blocks.places}</h2>
            <Places items={items} places={places} change={change} />
          </>
        )}
      </LoadView>
    </>
  );
}

type StandingProps = { readonly items: readonly OwnBlock[]; readonly change: Change<Asked> };

function Standing({ items, change }: StandingProps): ReactNode {
  const words = usePortalTexts();
  const { blocks } = words;
  if (items.length === 0) return <p data-state="none-known">{blocks.none}</p>;
  return (
    <ul className={styles["list"]}>
      {items.map((one) => (
        <li key={one.id} className={styles["card"]}>
          <strong>{one.kind === "inner" ? blocks.inner(one.unitName ?? "") : blocks.outer(one.providerName)}</strong>
          <p className="dim">
            {blocks.since(sayDay(one.registered))}
            {one.isOwn ? "" : `, ${blocks.byStaff}`}
          </p>
          <Twice
            label={blocks.lift}
            yes={blocks.yesLift}
            isRunning={change.isRunning}
            run={() => void change.run({ end: one.id }, blocks.lifted)}
          />
        </li>
      ))}
    </ul>
  );
}

type PlacesProps = StandingProps & { readonly places: readonly Place[] };

function Places({ items, places, change }: PlacesProps): ReactNode {
  const words = usePortalTexts();
  const { blocks } = words;
  if (places.length === 0) return <p data-state="unknown">{blocks.noPlaces}</p>;
  const isBlocked = (careProvider: string, careUnit: string | null): boolean =>
    items.some((one) => one.careProvider === careProvider && one.careUnit === careUnit);
  const set = (careProvider: string, careUnit: string | null): void =>
    void change.run({ careProvider, careUnit }, blocks.done);
  const providers = [...new Map(places.map((place) => [place.careProvider, place.providerName]))];
  return (
    <ul className={styles["list"]}>
      {providers.map(([careProvider, name]) => (
        <li key={careProvider} className={styles["card"]}>
          <strong>{name}</strong>
          <ul className={styles["list"]}>
            {places
              .filter((place) => place.careProvider === careProvider && !isBlocked(careProvider, place.careUnit))
              .map(({ careUnit, unitName }) => (
                <li key={careUnit}>
                  <Twice
                    label={blocks.doInner(unitName)}
                    yes={blocks.yes}
                    isRunning={change.isRunning}
                    run={() => set(careProvider, careUnit)}
                  />
                </li>
              ))}
            {isBlocked(careProvider, null) ? null : (
              <li>
                <Twice
                  label={blocks.doOuter(name)}
                  yes={blocks.yes}
                  isRunning={change.isRunning}
                  run={() => set(careProvider, null)}
                />
              </li>
            )}
          </ul>
        </li>
      ))}
    </ul>
  );
}
