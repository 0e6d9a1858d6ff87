/** In the banner: that nobody knows who it is yet, which other numbers the record stands under, and mother and children. SPEC WEB-SAME-1 */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Patient } from "fhir/r4";
import type { ReactNode } from "react";
import { patientFacts } from "../say/patients.ts";
import { samePersonQuery } from "../wire/registration.ts";
import styles from "./registration.module.css";
import { useRegistrationTexts } from "./use-texts.ts";

type NoticeProps = { readonly patient: Patient; readonly same: readonly string[] | undefined };

export function SameNotice({ patient, same }: NoticeProps): ReactNode {
  const isUnknown =
    (patient.identifier ?? []).length > 0 && (patient.identifier ?? []).every(({ use }) => use === "temp");
  if (!isUnknown && same === undefined && patient.link === undefined) return null;
  return <Notice patient={patient} isUnknown={isUnknown && same === undefined} />;
}

/** The year of birth is somebody's guess. */
function isEstimated({ _birthDate: beside }: Patient): boolean {
  return (beside?.extension ?? []).some(
    ({ url, valueBoolean }) => url === "urn:eira:registrering:uppskattad" && valueBoolean === true,
  );
}

function Notice({ patient, isUnknown }: { readonly patient: Patient; readonly isUnknown: boolean }): ReactNode {
  const texts = useRegistrationTexts();
  const { data } = useQuery(samePersonQuery(patient.id ?? ""));
  const numberOf = (one: Patient): string => patientFacts(one, "").identity?.text ?? patientFacts(one, "").name ?? "";
  const params = { patientId: patient.id ?? "" };
  return (
    <span className={styles["notice"]} data-same>
      {isUnknown ? <strong>{texts.notice}</strong> : null}
      {isEstimated(patient) ? <span>{texts.estimated}</span> : null}
      {data?.others.map(({ id, patient: other }) => (
        <span key={id}>{texts.alsoUnder(numberOf(other))}</span>
      ))}
      {data?.family.map(({ id, how, patient: other }) => (
        <Link key={id} to="/patienter/$patientId/oversikt" params={{ patientId: id }}>
          {how === "mother" ? texts.mother : texts.children}: {patientFacts(other, "").name}
        </Link>
      ))}
      {isUnknown || (data?.others.length ?? 0) > 0 ? (
        <Link to="/patienter/$patientId/samma-person" params={params} data-to-same>
          {texts.same}
        </Link>
      ) : null}
    </span>
  );
}
