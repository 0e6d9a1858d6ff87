/**
 * The patient banner: who this is, on every screen and every print. Zone 1 holds name, birth, sex and identity number;
 * zone 2 allergies, warnings and protection. What is not known is said in words, never left blank.
 *
 * SPEC WEB-BANNER · NHS CUI Patient Banner v4 (layout rules) · failure-modes F29, F30, F33
 */
import { Link } from "@tanstack/react-router";
import type { Patient } from "fhir/r4";
import { useMemo, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { allergyState } from "../../say/allergies.ts";
import { SameNotice } from "../../registration/same-notice.tsx";
import { patientFacts, type PatientFacts } from "../../say/patients.ts";
import { overviewHolds, type Overview } from "../../wire/chart.ts";
import { ofType, useBeside } from "../use-section.ts";
import { BannerAllergies } from "./banner-allergies.tsx";
import { BannerBlocks } from "./banner-blocks.tsx";
import { BannerFlags } from "./banner-flags.tsx";
import { PaperOnly, ProtectedNotice } from "./protected-notice.tsx";
import styles from "./banner.module.css";

export function PatientBanner({ overview }: { readonly overview: Overview }): ReactNode {
  const { allergies, flags } = overview.sections;
  const id = overview.patient.id ?? "";
  const beside = useBeside(useMemo(() => overviewHolds(overview), [overview]));
  return (
    <BannerFrame patient={overview.patient} asOf={overview.asOf}>
      <Link to="/patienter/$patientId/overkanslighet" params={{ patientId: id }} className={styles["allergies"]}>
        <BannerAllergies
          state={allergies && allergyState(ofType(allergies.items, "AllergyIntolerance"), allergies.more)}
        />
      </Link>
      <BannerBlocks patientId={id} />
      <SameNotice patient={overview.patient} same={overview.same} />
      <BannerFlags flags={flags && { items: ofType(flags.items, "Flag"), more: flags.more }} beside={beside} />
    </BannerFrame>
  );
}

type BannerFrameProps = { readonly patient: Patient; readonly asOf: string; readonly children: ReactNode };

/** Who it is and how the person is protected, with what else stands in the second zone. */
export function BannerFrame({ patient, asOf, children }: BannerFrameProps): ReactNode {
  const { patient: texts } = useTexts();
  const facts = patientFacts(patient, asOf);
  return (
    <section
      className={styles["banner"]}
      aria-label={texts.banner}
      data-deceased={facts.isDeceased}
      data-patient={facts.id}
      data-protected={facts.isProtected}
    >
      <span className={styles["band"]} aria-hidden="true" />
      <ZoneOne facts={facts} />
      {facts.isProtected ? <PaperOnly id={facts.id} /> : null}
      <div className={styles["two"]}>
        {facts.isProtected ? <ProtectedNotice /> : null}
        {facts.isReplaced ? <strong className={styles["protected"]}>{texts.replaced}</strong> : null}
        {children}
      </div>
    </section>
  );
}

function ZoneOne({ facts }: { readonly facts: PatientFacts }): ReactNode {
  const { patient, age } = useTexts();
  const { identity } = facts;
  return (
    <div className={styles["one"]}>
      <p className={styles["name"]}>
        <Name facts={facts} />
      </p>
      <dl>
        <Fact
          label={patient.bornLabel}
          value={facts.born ?? patient.unknown}
          aside={facts.isDeceased ? undefined : facts.age && age[facts.age.unit](facts.age.count)}
        />
        {facts.isDeceased ? (
          <Fact
            label={patient.deceased}
            value={facts.died ?? patient.deathDayUnknown}
            aside={facts.age && age[facts.age.unit](facts.age.count)}
          />
        ) : null}
        <Fact label={patient.genderLabel} value={patient.genders[facts.gender ?? "missing"]} />
        <Fact
          label={
            identity?.kind === "other"
              ? (identity.label ?? patient.identities.other)
              : patient.identities[identity?.kind ?? "personnummer"]
          }
          value={identity?.text ?? patient.missing}
        />
      </dl>
    </div>
  );
}

/** The family name heaviest; the name one is called by is underlined among several given names. */
function Name({ facts }: { readonly facts: PatientFacts }): ReactNode {
  const { patient } = useTexts();
  const parts = facts.nameParts;
  if (!parts?.family || parts.given.length === 0) return facts.name ?? patient.nameMissing;
  return (
    <>
      <span className={styles["family"]}>{parts.family},</span>{" "}
      {parts.given.map((given, index) => (
        <span key={`${given}${index}`} data-call={parts.given.length > 1 && given === parts.call}>
          {index > 0 ? " " : ""}
          {given}
        </span>
      ))}
    </>
  );
}

function Fact({
  label,
  value,
  aside,
}: {
  readonly label: string;
  readonly value: string;
  readonly aside?: string | undefined;
}): ReactNode {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {value}
        {aside === undefined ? null : <span className={styles["age"]}> ({aside})</span>}
      </dd>
    </div>
  );
}
