/** A button that asks once more before it does something that others notice. */
import { useState, type ReactNode } from "react";
import { Button } from "../ui/controls.ts";
import styles from "./portal.module.css";
import { usePortalTexts } from "./use-portal-texts.ts";

type TwiceProps = {
  readonly label: string;
  readonly yes: string;
  readonly isRunning: boolean;
  readonly run: () => void;
};

export function Twice({ label, yes, isRunning, run }: TwiceProps): ReactNode {
  const words = usePortalTexts();
  const [isAsking, setAsking] = useState(false);
  if (!isAsking)
    return (
      <Button variant="default" size="md" loading={isRunning} onClick={() => setAsking(true)}>
        {label}
      </Button>
    );
  return (
    <div className={styles["row"]} role="group" aria-label={label}>
      <span>{words.blocks.sure}</span>
      <Button
        size="md"
        autoFocus
        loading={isRunning}
        onClick={() => {
          setAsking(false);
          run();
        }}
      >
        {yes}
      </Button>
      <Button size="md" variant="default" onClick={() => setAsking(false)}>
        {words.blocks.no}
      </Button>
    </div>
  );
}
