/** What came of something that was done: said aloud, or the server's own words of why not. */
import type { ReactNode } from "react";
import type { Failure } from "../loaded.ts";
import { useFailureWords } from "./load-view.tsx";
import styles from "./outcome.module.css";

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
