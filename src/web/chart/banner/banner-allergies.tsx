/** The allergies in the banner: the substances themselves, or in words what is known. SPEC WEB-ALLERGY */
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { isSevere, saySubstance, type AllergyState } from "../../say/allergies.ts";
import { Icon } from "../../ui/icon.tsx";
import styles from "./banner.module.css";

/** How many substances are named before the rest is counted; the count is a link to all of them. */
const NAMED = 6;

export function BannerAllergies({ state }: { readonly state: AllergyState | undefined }): ReactNode {
  const { allergy } = useTexts();
  if (!state) return <Words label={allergy.label} words={allergy.notFetched} tone="warn" />;
  switch (state.state) {
    case "unknown":
      return <Words label={undefined} words={allergy.notRecorded} tone="warn" />;
    case "none-known":
      return (
        <Words
          label={undefined}
          words={state.statements.map(saySubstance).find(Boolean) ?? allergy.noneKnown}
          tone="calm"
        />
      );
    case "past-only":
      return <Words label={allergy.label} words={allergy.pastOnly(state.count)} tone="plain" />;
    case "some": {
      const named = state.active.slice(0, NAMED);
      const rest = state.active.length - named.length;
      return (
        <span className={styles["note"]} data-tone="alarm">
          <Icon name="alert" />
          <span className={styles["label"]}>{allergy.label}</span>{" "}
          <span>
            {named.map((one, index) => (
              <span key={one.id ?? index}>
                {index > 0 ? ", " : ""}
                <strong>{saySubstance(one) ?? allergy.unnamed}</strong>
                {isSevere(one) ? ` (${allergy.severe})` : ""}
              </span>
            ))}
            {rest > 0 || state.more ? ` ${allergy.andMore(rest, state.more)}` : ""}
          </span>
        </span>
      );
    }
  }
}

function Words({
  label,
  words,
  tone,
}: {
  readonly label: string | undefined;
  readonly words: string;
  readonly tone: string;
}): ReactNode {
  return (
    <span className={styles["note"]} data-tone={tone}>
      {label ? <span className={styles["label"]}>{label}</span> : null} <strong>{words}</strong>
    </span>
  );
}
