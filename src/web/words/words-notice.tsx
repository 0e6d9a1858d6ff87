/** Says in red that words are not those of the record, with what came and what should stand there. SPEC WEB-WORDS-1, WEB-WORDS-3 */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { wordsOf } from "../../base/index.ts";
import { useTexts } from "../language/language.tsx";
import { Button } from "../ui/controls.ts";
import { resourceQuery, tellOfWords } from "../wire/words.ts";
import { Changes } from "./changes.tsx";
import styles from "./words.module.css";

/** In place of what was shown wrongly: the record's text, and what stood in the page. */
export function BothTexts({ recorded, shown }: { readonly recorded: string; readonly shown: string }): ReactNode {
  const { words } = useTexts();
  return (
    <section className={styles["notice"]} role="alert" aria-label={words.notAsWritten}>
      <strong>{words.notAsWritten}</strong>
      <p>
        <Told where="shown" />
      </p>
      <p className="dim">{words.recorded}</p>
      <pre className={styles["text"]}>{recorded}</pre>
      <p className="dim">{words.shown}</p>
      <pre className={styles["text"]}>{shown}</pre>
    </section>
  );
}

/** In place of a record whose words are not those that were sealed. `name` is its `Type/id`. */
export function Unlike({ name, resource }: { readonly name: string; readonly resource: object }): ReactNode {
  const { words } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const version = (resource as { readonly meta?: { readonly versionId?: string } }).meta?.versionId ?? "";
  return (
    <section className={styles["notice"]} role="alert" aria-label={words.notAsSealed}>
      <strong>{words.notAsSealed}</strong>
      <p>
        {words.whatToDo} <Told where="received" version={`${name}/_history/${version}`} />
      </p>
      <p>
        <Button size="compact-md" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {words.showBoth}
        </Button>
      </p>
      {isOpen ? <Compared name={name} came={wholeText(resource)} /> : null}
    </section>
  );
}

/** Tells the server, and says whether it knows. */
function Told({ where, version }: { readonly where: "received" | "shown"; readonly version?: string }): ReactNode {
  const { words } = useTexts();
  const [isTold, setTold] = useState<boolean>();
  useEffect(() => void tellOfWords(where, version).then(setTold), [where, version]);
  return isTold === undefined ? null : isTold ? words.told : words.notTold;
}

/** What came beside what the server answers when it is asked again. */
function Compared({ name, came }: { readonly name: string; readonly came: string }): ReactNode {
  const { words, load } = useTexts();
  const { data, error } = useQuery(resourceQuery(name));
  const again = data === undefined ? undefined : wholeText(data);
  return (
    <>
      <p className="dim">{words.came}</p>
      <pre className={styles["text"]}>{came}</pre>
      <p className="dim">{words.again}</p>
      {again === undefined ? (
        <p role="status">{error ? words.notFetched : load.loading}</p>
      ) : (
        <pre className={styles["text"]}>{again}</pre>
      )}
      {again === undefined ? null : <Changes before={again} after={came} />}
    </>
  );
}

function wholeText(resource: object): string {
  return wordsOf(resource)
    .filter(({ form }) => form !== "document")
    .map(({ text }) => text)
    .join("\n");
}
