/** What exists and is not shown, reason by reason, each with what is done first to open it and what follows. SPEC WEB-SOURCES-3 */
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { hiddenGroups, keyOf, namePlace, stepsOf, type HiddenGroup } from "../../say/care.ts";
import { Button } from "../../ui/controls.ts";
import styles from "./care.module.css";
import { ChooseForm } from "./choose-form.tsx";
import { ConsentForm } from "./consent-form.tsx";
import { EmergencyForm } from "./emergency-form.tsx";
import type { SourcesProps } from "./sources.page.tsx";

type GroupProps = SourcesProps & { readonly group: HiddenGroup };

export function HiddenSources(props: SourcesProps): ReactNode {
  const { care } = useTexts();
  const groups = hiddenGroups(props.state.hidden);
  if (groups.length === 0) return <p className="dim">{care.nothingHidden}</p>;
  return groups.map((group) => (
    <div key={`${group.rule} ${group.sentence}`} className={styles["group"]}>
      <p lang="sv">{group.sentence}</p>
      {group.isBlock ? <ToBlocks /> : <Ways {...props} group={group} />}
    </div>
  ));
}

/** A block is lifted where blocks are kept; no place of it is named. */
function ToBlocks(): ReactNode {
  const { care } = useTexts();
  const { patientId } = useParams({ from: "/work/patienter/$patientId/kallor" });
  return (
    <Link to="/patienter/$patientId/sparrar" params={{ patientId }}>
      {care.toBlocks}
    </Link>
  );
}

function Ways({ group, ...props }: GroupProps): ReactNode {
  const { care } = useTexts();
  const { now, later } = stepsOf(group.openings);
  const { send, isChanging } = props;
  if (group.places.length === 0) return <Unnamed {...props} />;
  return (
    <>
      {now.includes("choose") ? <ChooseForm {...props} places={group.places} /> : <Places {...props} group={group} />}
      {now.includes("register-relation") ? (
        <Button variant="default" disabled={isChanging} onClick={() => send({ kind: "relation" })}>
          {care.relation}
        </Button>
      ) : null}
      {now.includes("record-consent") ? <ConsentForm send={send} isChanging={isChanging} /> : null}
      {later.length > 0 ? <p className="dim">{care.later(later.map((one) => care.steps[one]).join(", "))}</p> : null}
      {now.includes("emergency-access") ? (
        <div className={styles["inner"]}>
          <h3>{care.emergencyTitle}</h3>
          <EmergencyForm send={send} isChanging={isChanging} />
        </div>
      ) : null}
    </>
  );
}

/** Of a protected person places are named only to somebody with a relation of one's own. */
function Unnamed({ send, isChanging }: SourcesProps): ReactNode {
  const { care } = useTexts();
  return (
    <>
      <p className="dim">{care.nameNeedsRelation}</p>
      <Button variant="default" disabled={isChanging} onClick={() => send({ kind: "relation" })}>
        {care.relation}
      </Button>
    </>
  );
}

function Places({ group, state, ownProvider }: GroupProps): ReactNode {
  const { care } = useTexts();
  return (
    <ul className={styles["list"]}>
      {group.places.map((place) => (
        <li key={keyOf(place)} data-row tabIndex={-1}>
          <strong>{namePlace(place, { names: state.names, ownProvider }, care)}</strong>
        </li>
      ))}
    </ul>
  );
}
