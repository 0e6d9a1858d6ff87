/** What came of a change, said aloud: that it is done, or the server's own words of why not. */
import type { ReactNode } from "react";
import { useFailureWords } from "../ui/load-view.tsx";
import type { Failure } from "../loaded.ts";
import styles from "./portal.module.css";

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
      <p role="status" className={styles["notice"]}>
        {failure ? "" : done}
      </p>
      <p role="alert" className={styles["alarm"]}>
        {failure ? said : ""}
      </p>
    </>
  );
}
