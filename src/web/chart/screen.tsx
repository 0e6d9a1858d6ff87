/**
 * The frame of one section of the chart: its heading, how fresh it is, its tools and its content, and on paper who
 * printed it and when.
 *
 * SPEC WEB-PRINT · WEB-MORE
 */
import { useQuery } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { sayMoment } from "../say/dates.ts";
import { Button } from "../ui/controls.ts";
import { Freshness } from "../ui/freshness.tsx";
import { Icon } from "../ui/icon.tsx";
import { sessionQuery } from "../wire/session.ts";
import { HiddenNotice } from "./care/hidden-notice.tsx";
import styles from "./screen.module.css";

type ScreenProps = {
  readonly title: string;
  readonly fresh: { readonly asOf: string | undefined; readonly refresh: () => void; readonly isRefreshing: boolean };
  readonly tools?: ReactNode;
  readonly children: ReactNode;
  /** The content scrolls by itself inside the height that is left. */
  readonly fills?: boolean;
};

export function Screen({ title, fresh, tools, children, fills }: ScreenProps): ReactNode {
  const { fresh: texts } = useTexts();
  useEffect(() => {
    document.title = `${title} – Eira`;
  }, [title]);
  return (
    <div className={styles["screen"]} data-fills={fills === true}>
      <header className={styles["head"]}>
        <h1>{title}</h1>
        <HiddenNotice />
        {tools}
        <div className={styles["fresh"]}>
          {fresh.asOf ? (
            <Freshness asOf={fresh.asOf} refresh={fresh.refresh} isRefreshing={fresh.isRefreshing} />
          ) : null}
          <Button
            className="no-print"
            size="compact-sm"
            variant="subtle"
            leftSection={<Icon name="print" />}
            onClick={() => window.print()}
          >
            {texts.print}
          </Button>
        </div>
      </header>
      <PrintLine />
      <div className={styles["content"]}>{children}</div>
    </div>
  );
}

function PrintLine(): ReactNode {
  const { fresh } = useTexts();
  const session = useQuery(sessionQuery).data;
  if (!session) return null;
  const { person, assignment } = session;
  const by = person.isProtected === true ? fresh.printedByProtected : person.name;
  return <p className="print-only">{fresh.printed(sayMoment(new Date().toISOString()), by, assignment.unit)}</p>;
}
