/** What the checks say: what stops with its source and a place for the reason, what is worth knowing, and what is not known. SPEC WEB-ORDAIN-3 */
import type { ReactNode } from "react";
import { useLanguage } from "../language/language.tsx";
import orders from "../orders/orders.module.css";
import { TextInput } from "../ui/controls.ts";
import type { Finding, Reasons } from "../wire/medication.ts";
import styles from "./medication-pane.module.css";
import { useMedicationTexts } from "./use-medication-texts.ts";

type FindingsProps = {
  readonly findings: readonly Finding[];
  /** Where a reason can be given: those that were, and how. */
  readonly answering?: { readonly reasons: Reasons; readonly setReason: (key: string, reason: string) => void };
};

export function Findings({ findings, answering }: FindingsProps): ReactNode {
  const texts = useMedicationTexts();
  const of = (level: Finding["level"]): readonly Finding[] => findings.filter((one) => one.level === level);
  const [notes, unknowns] = [of("note"), of("unknown")];
  return (
    <>
      {of("stop").map((finding) => (
        <Stop key={finding.key} finding={finding} answering={answering} />
      ))}
      {notes.length === 0 ? null : (
        <ul className={styles["notes"]} aria-label={texts.notes} data-notes>
          {notes.map((one) => (
            <Quiet key={one.key} finding={one} />
          ))}
        </ul>
      )}
      {unknowns.length === 0 ? null : (
        <details className={styles["unknowns"]} data-unknowns>
          <summary>{texts.unknowns(unknowns.length)}</summary>
          <ul>
            {unknowns.map((one) => (
              <Quiet key={one.key} finding={one} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Stop({ finding, answering }: { readonly finding: Finding } & Pick<FindingsProps, "answering">): ReactNode {
  const texts = useMedicationTexts();
  const { key, override, source } = finding;
  return (
    <div
      className={orders[override === null ? "nowhere" : "lately"]}
      role={answering === undefined ? undefined : "alert"}
      data-stop={key}
    >
      <p>
        <strong>{`${override === null ? texts.stops : texts.answered}: `}</strong>
        {useWords(finding)}
      </p>
      {source === "" ? null : <p>{texts.source(source)}</p>}
      {override === null ? null : <p>{texts.given(override.reason, override.by)}</p>}
      {answering === undefined || override !== null ? null : (
        <TextInput
          label={texts.why}
          autoComplete="off"
          maxLength={500}
          value={answering.reasons[key] ?? ""}
          onChange={(event) => answering.setReason(key, event.currentTarget.value)}
        />
      )}
    </div>
  );
}

function Quiet({ finding }: { readonly finding: Finding }): ReactNode {
  const texts = useMedicationTexts();
  const words = useWords(finding);
  return (
    <li>
      {words}
      {finding.source === "" ? null : <span className="dim"> {texts.source(finding.source)}</span>}
    </li>
  );
}

function useWords({ sv, en }: Finding): string {
  return useLanguage().code === "en" ? en : sv;
}

/** What interrupts and has no reason yet. */
export function unansweredIn(findings: readonly Finding[], reasons: Reasons): readonly Finding[] {
  return findings.filter(({ level, override, key }) => level === "stop" && override === null && (reasons[key] ?? "").trim() === ""); // prettier-ignore
}
