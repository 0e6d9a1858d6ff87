/** Whether the basket is kept: said in words, and when another window has changed it, with a way to see that one. SPEC WEB-ORDER-6 */
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { sayMoment } from "../say/dates.ts";
import { Button } from "../ui/controls.ts";
import { failureOf } from "../wire/call.ts";
import styles from "./orders.module.css";
import type { UsedBasket } from "./use-basket.ts";
import { useOrderTexts } from "./use-order-texts.ts";

const CHANGED: ReadonlySet<number | undefined> = new Set([404, 409, 410, 412]);

export function SaveState({ used: { saving } }: { readonly used: UsedBasket }): ReactNode {
  const texts = useOrderTexts();
  const queries = useQueryClient();
  if (saving.state === "waiting") return <p className="dim">{texts.notSaved}</p>;
  if (saving.state === "saved") return <p className="dim" data-saved>{saving.at === null ? "" : texts.saved(sayMoment(saving.at))}</p>; // prettier-ignore
  const { status, said } = failureOf(saving.error);
  const isChanged = CHANGED.has(status);
  return (
    <div role="alert" className={styles["failure"]}>
      {isChanged ? texts.changedElsewhere : `${texts.saveFailed} ${said ?? ""}`}{" "}
      {isChanged ? (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void queries.resetQueries({ predicate: ({ queryKey }) => queryKey[2] === "order-basket" })}
        >
          {texts.takeOther}
        </Button>
      ) : null}
    </div>
  );
}
