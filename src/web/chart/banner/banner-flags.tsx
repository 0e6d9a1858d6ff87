/** Warnings that follow the patient (uppmärksamhetssignal): active ones only, each in its own words. SPEC WEB-BANNER-5 */
import type { Flag } from "fhir/r4";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { sayConcept, type Beside } from "../../say/concepts.ts";
import { unitOf } from "../../say/sources.ts";
import { Icon } from "../../ui/icon.tsx";
import styles from "./banner.module.css";

type BannerFlagsProps = {
  readonly flags: { readonly items: readonly Flag[]; readonly more: boolean } | undefined;
  readonly beside: Beside;
};

export function BannerFlags({ flags, beside }: BannerFlagsProps): ReactNode {
  const { patient } = useTexts();
  if (!flags) return <span className={styles["note"]}>{patient.flagsNotFetched}</span>;
  const active = flags.items.filter((flag) => flag.status === "active");
  if (active.length === 0 && !flags.more) return null;
  return (
    <ul className={styles["flags"]} aria-label={patient.flags}>
      {active.map((flag, index) => (
        <li key={flag.id ?? index} className={styles["note"]} data-tone="warn" title={unitOf(flag, beside)}>
          <Icon name="alert" /> {sayConcept(flag.code) ?? patient.flagUnnamed}
        </li>
      ))}
      {flags.more ? <li className={styles["note"]}>{patient.moreFlags}</li> : null}
    </ul>
  );
}
