/** The hits below the search box: who they are beyond doubt (identity number, birth, sex), and what went wrong if it did. */
import type { ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { sameNames, type PatientFacts } from "../say/patients.ts";
import { Chip } from "../ui/chip.tsx";
import { Kbd } from "../ui/controls.ts";
import type { Listbox } from "../ui/listbox.ts";
import { Failed } from "../ui/load-view.tsx";
import type { Choice } from "./patient-search.tsx";
import styles from "./patient-search.module.css";
import type { Hits } from "./use-patient-search.ts";

type SearchListProps = {
  readonly hits: Hits;
  readonly choices: readonly Choice[];
  readonly listbox: Listbox;
  readonly open: (choice: Choice) => void;
};

export function SearchList({ hits, choices, listbox, open }: SearchListProps): ReactNode {
  const { search } = useTexts();
  const doubles = sameNames(choices.flatMap((choice) => (choice.kind === "patient" ? [choice.facts] : [])));
  return (
    <>
      <Standing hits={hits} />
      <ul id={listbox.listId} role="listbox" aria-label={search.hits}>
        {choices.map((choice, index) => (
          <li
            key={choice.kind === "patient" ? choice.facts.id : choice.command.id}
            id={listbox.optionId(index)}
            role="option"
            aria-selected={index === listbox.active}
            className={styles["option"]}
            onPointerMove={() => listbox.setActive(index)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => open(choice)}
          >
            {choice.kind === "patient" ? (
              <PatientHit facts={choice.facts} isDouble={doubles.has(choice.facts.id)} />
            ) : (
              <CommandHit name={choice.command.name} keys={choice.command.keys[0]} />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** What the search itself has to say, in a line that screen readers speak. */
function Standing({ hits }: { readonly hits: Hits }): ReactNode {
  const { search } = useTexts();
  if (hits.state === "failed") return <Failed failure={hits.failure} retry={hits.retry} />;
  return (
    <p className={styles["standing"]} role="status">
      {hits.state === "found" ? search.found(hits.patients.length, hits.more) : search[hits.state]}
    </p>
  );
}

function PatientHit({ facts, isDouble }: { readonly facts: PatientFacts; readonly isDouble: boolean }): ReactNode {
  const { patient, search, age } = useTexts();
  return (
    <>
      <span className={styles["name"]}>
        {/* Of a protected patient the list has no name: the words in its place are the chip's. */}
        {facts.isProtected ? null : (facts.name ?? patient.nameMissing)}{" "}
        {facts.isDeceased ? <Chip>{patient.deceased}</Chip> : null}{" "}
        {facts.isProtected ? <Chip tone="alarm">{patient.protected}</Chip> : null}{" "}
        {isDouble ? <Chip tone="warn">{search.sameName}</Chip> : null}
      </span>
      <span className={styles["identity"]}>{facts.identity?.text ?? patient.identityMissing}</span>
      <span className={styles["who"]}>
        {facts.born ? patient.born(facts.born) : patient.birthMissing}
        {facts.age ? `, ${age[facts.age.unit](facts.age.count)}` : ""} · {patient.genders[facts.gender ?? "missing"]}
      </span>
    </>
  );
}

function CommandHit({ name, keys }: { readonly name: string; readonly keys: string | undefined }): ReactNode {
  return (
    <>
      <span>{name}</span>
      <span className={styles["identity"]}>
        {keys ? keys.split(/[+ ]/).map((key, index) => <Kbd key={`${key}${index}`}>{key}</Kbd>) : null}
      </span>
    </>
  );
}
