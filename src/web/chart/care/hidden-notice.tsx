/**
 * Beside the heading of every section: that records exist elsewhere and are not shown, so that nobody takes a hidden row for a missing
 * one. On paper with the names of what is not included.
 *
 * SPEC WEB-SOURCES-1
 */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { hiddenCount, namePlace } from "../../say/care.ts";
import { Icon } from "../../ui/icon.tsx";
import { careQuery, type CareState } from "../../wire/care.ts";
import { sessionQuery } from "../../wire/session.ts";
import styles from "./care.module.css";

export function HiddenNotice(): ReactNode {
  const { patientId } = useParams({ strict: false });
  return patientId === undefined ? null : <Notice patientId={patientId} />;
}

function Notice({ patientId }: { readonly patientId: string }): ReactNode {
  const { care } = useTexts();
  const { data, error } = useQuery(careQuery(patientId));
  const words = data === undefined ? (error ? care.hiddenUnknown : undefined) : wordsFor(hiddenCount(data), care);
  if (words === undefined) return null;
  return (
    <>
      <Link to="/patienter/$patientId/kallor" params={{ patientId }} className={styles["notice"]} data-hidden-notice>
        <Icon name="shield" /> {words}
      </Link>
      {data === undefined ? null : <OnPaper state={data} />}
    </>
  );
}

function wordsFor(
  count: ReturnType<typeof hiddenCount>,
  care: { readonly hiddenAt: (units: number) => string; readonly hiddenSomewhere: string },
): string | undefined {
  return typeof count === "number" ? care.hiddenAt(count) : count && care.hiddenSomewhere;
}

function OnPaper({ state }: { readonly state: CareState }): ReactNode {
  const { care } = useTexts();
  const ownProvider = useQuery(sessionQuery).data?.assignment.providerHsaId;
  const names = state.hidden.flatMap(({ place }) =>
    place === null ? [] : [namePlace(place, { names: state.names, ownProvider }, care)],
  );
  return names.length === 0 ? null : <p className="print-only">{care.notIncluded([...new Set(names)].join("; "))}</p>;
}
