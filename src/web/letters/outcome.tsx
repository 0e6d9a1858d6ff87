/** What came of something that was done to a letter: said aloud, or the server's own words of why not. */
import type { ReactNode } from "react";
import type { Failure } from "../loaded.ts";
import { useFailureWords } from "../ui/load-view.tsx";
import styles from "./letters.module.css";

const NONE: Failure = { kind: "other", said: "", status: undefined };

export function Outcome({
  done,
  failure,
}: {
  readonly done: string;
  readonly failure: Failure | undefined;
}): ReactNode {
  const said = useFailureWords(failure ?? NONE);
  return (
    <>
      <p role="status" className={styles["done"]}>
        {failure ? "" : done}
      </p>
      <p role="alert" className={styles["failure"]}>
        {failure ? said : ""}
      </p>
    </>
  );
}
