/**
 * "Senast uppdaterad kl 14.05 · visar 50, fler finns · Hämta fler · Uppdatera": said on every list, so that nobody
 * takes a part for the whole or the old for the new.
 *
 * SPEC WEB-MORE · ux.md section 8
 */
import { Button } from "@mantine/core";
import { useEffect, useState, type ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { sayClock, sayMoment } from "../say/dates.ts";
import { Icon } from "./icon.tsx";
import styles from "./freshness.module.css";

const OLD_MS = 10 * 60_000;

export function Freshness({
  asOf,
  refresh,
  isRefreshing,
}: {
  readonly asOf: string;
  readonly refresh: () => void;
  readonly isRefreshing: boolean;
}): ReactNode {
  const { fresh } = useTexts();
  const isOld = useIsOlderThan(asOf, OLD_MS);
  return (
    <span className={styles["fresh"]} data-old={isOld}>
      <span title={sayMoment(asOf)}>{isOld ? fresh.old(sayMoment(asOf)) : fresh.updated(sayClock(asOf) ?? asOf)}</span>
      <button type="button" className={`${styles["refresh"]} no-print`} onClick={refresh} aria-disabled={isRefreshing}>
        <Icon name="refresh" /> {isRefreshing ? fresh.refreshing : fresh.refresh}
      </button>
    </span>
  );
}

type MoreProps = {
  readonly shown: number;
  readonly hasMore: boolean;
  readonly isFetching: boolean;
  readonly fetchMore: () => void;
};

/** How many rows are shown and that older ones are not. */
export function More({ shown, hasMore, isFetching, fetchMore }: MoreProps): ReactNode {
  const { fresh } = useTexts();
  return (
    <p className={styles["more"]} data-more={hasMore}>
      <span role="status">{hasMore ? fresh.someShown(shown) : fresh.allShown(shown)}</span>
      {hasMore ? (
        <Button className="no-print" variant="default" size="xs" onClick={fetchMore} loading={isFetching}>
          {fresh.fetchMore}
        </Button>
      ) : null}
    </p>
  );
}

/** Turns true by itself when the time has passed, also on a screen that nobody touches. */
function useIsOlderThan(asOf: string, ms: number): boolean {
  const [isOld, setOld] = useState(false);
  useEffect(() => {
    const left = Date.parse(asOf) + ms - Date.now();
    setOld(left <= 0);
    if (!(left > 0)) return undefined;
    const timer = setTimeout(() => setOld(true), left);
    return () => clearTimeout(timer);
  }, [asOf, ms]);
  return isOld;
}
