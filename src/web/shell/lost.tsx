/** An address that leads nowhere, and a screen that broke: said plainly, with a way on. SPEC WEB-FAIL-3 */
import { Link, type ErrorComponentProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { Button } from "../ui/controls.ts";
import styles from "./shell.module.css";

export function NotFound(): ReactNode {
  const { lost } = useTexts();
  return (
    <main className={styles["lost"]}>
      <h1>{lost.notFound}</h1>
      <p>{lost.notFoundMeans}</p>
      <Link to="/">{lost.toStart}</Link>
    </main>
  );
}

export function Broken({ reset }: ErrorComponentProps): ReactNode {
  const { lost } = useTexts();
  const startOver = (): void => {
    reset();
    window.location.reload();
  };
  return (
    <div className={styles["lost"]} role="alert">
      <h1>{lost.broken}</h1>
      <p>{lost.brokenMeans}</p>
      <Button onClick={startOver}>{lost.reload}</Button>
    </div>
  );
}
