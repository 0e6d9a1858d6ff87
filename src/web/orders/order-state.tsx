/** How one order stands in the ledger's words, and who has it now. SPEC WEB-ORDER-8 · F3 */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { holderOf } from "../inbox/loop-row.tsx";
import { useInboxTexts } from "../inbox/use-inbox-texts.ts";
import { sayMoment } from "../say/dates.ts";
import { toneOf } from "../say/loops.ts";
import { Chip } from "../ui/chip.tsx";
import { sessionQuery } from "../wire/session.ts";
import type { OrderLoops } from "./use-order-loops.ts";
import { useOrderTexts } from "./use-order-texts.ts";

export function OrderState({ id, loops }: { readonly id: string; readonly loops: OrderLoops }): ReactNode {
  const inbox = useInboxTexts();
  const texts = useOrderTexts();
  const me = useQuery(sessionQuery).data?.person.hsaId;
  const row = loops.rows.get(id);
  if (row === undefined)
    return <span className="dim">{loops.isKnown ? texts.list.elsewhere : texts.stateLoading}</span>;
  return (
    <span data-order-state={row.state}>
      <Chip tone={toneOf(row.kind, row.state)}>{inbox.states[row.state]}</Chip>{" "}
      {row.owner === null ? null : (
        <span>{inbox.row.has(holderOf(row, { names: loops.names, me, texts: inbox }))} </span>
      )}
      <span className="dim">{inbox.row.since(sayMoment(row.since))}</span>
    </span>
  );
}
