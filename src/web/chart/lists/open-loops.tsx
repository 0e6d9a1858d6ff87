/** What is in motion for the patient, of what the reader and the unit have or have sent: where it stands, who has it, until when. SPEC WEB-SENT-4 */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import { Deadline, holderOf, RiskMark, titleOf } from "../../inbox/loop-row.tsx";
import { useAbouts, useNow } from "../../inbox/use-loops.ts";
import { useInboxTexts } from "../../inbox/use-inbox-texts.ts";
import { byRisk, toneOf } from "../../say/loops.ts";
import { sayMoment } from "../../say/dates.ts";
import { Chip } from "../../ui/chip.tsx";
import { LoadView } from "../../ui/load-view.tsx";
import { Panel } from "../../ui/panel.tsx";
import { patientLoopsQuery, type PatientLoops } from "../../wire/loops.ts";
import { sessionQuery } from "../../wire/session.ts";
import { useLoaded } from "../../wire/use-loaded.ts";
import styles from "./list-screen.module.css";

export function OpenLoops({ patientId }: { readonly patientId: string }): ReactNode {
  const { chart, parts } = useInboxTexts();
  const { loaded } = useLoaded(patientLoopsQuery(patientId));
  return (
    <Panel title={chart.title} aside={<Link to="/skickat">{parts.sent}</Link>} className={styles["loops"]}>
      <LoadView loaded={loaded} unknown={chart.none}>
        {(value) => <Loops value={value} />}
      </LoadView>
    </Panel>
  );
}

function Loops({ value: { items, names } }: { readonly value: PatientLoops }): ReactNode {
  const texts = useInboxTexts();
  const me = useQuery(sessionQuery).data?.person.hsaId;
  const now = useNow();
  const open = useMemo(() => items.filter(({ closed }) => closed === null).toSorted(byRisk), [items]);
  const { known } = useAbouts(open);
  if (open.length === 0) return <p className="dim">{texts.chart.none}</p>;
  return (
    <ul aria-label={texts.chart.title} className={styles["moving"]}>
      {open.map((row) => (
        <li key={row.id}>
          <RiskMark row={row} /> <strong>{titleOf(known.get(row.id), texts)}</strong>{" "}
          <span className="dim">{texts.kinds[row.kind]}</span>{" "}
          <Chip tone={toneOf(row.kind, row.state)}>{texts.states[row.state]}</Chip>{" "}
          <span>{texts.row.has(holderOf(row, { names, me, texts }))}</span>{" "}
          <span className="dim">{texts.row.since(sayMoment(row.since))}</span> <Deadline row={row} now={now} />
        </li>
      ))}
    </ul>
  );
}
