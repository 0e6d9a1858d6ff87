/** The blocks on what the own unit has recorded, each with its two ways to end. SPEC WEB-BLOCK-3 */
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { sayDay, sayMoment } from "../../say/dates.ts";
import { Button } from "../../ui/controls.ts";
import type { Block } from "../../wire/blocks.ts";
import styles from "./blocks.module.css";
import type { Changing } from "./use-blocks.ts";

type OwnBlocksProps = { readonly items: readonly Block[]; readonly changing: Changing };

export function OwnBlocks({ items, changing }: OwnBlocksProps): ReactNode {
  const { blocks } = useTexts();
  if (items.length === 0) return <p data-state="unknown">{blocks.notRecorded}</p>;
  return (
    <ul className={styles["list"]}>
      {items.map((block) => (
        <li key={block.id}>
          <dl>
            <div>
              <dt>{blocks.period}</dt>
              <dd>
                <Period block={block} />
              </dd>
            </div>
            {block.exceptKinds.length === 0 ? null : (
              <div>
                <dt>{blocks.except}</dt>
                <dd>{block.exceptKinds.map((kind) => blocks.kinds[kind]).join(", ")}</dd>
              </div>
            )}
            <div>
              <dt>{blocks.registered}</dt>
              <dd>{sayMoment(block.registered)}</dd>
            </div>
          </dl>
          <div className={styles["row"]}>
            <span className="dim">{blocks.end}:</span>
            {(["lifted", "mistake"] as const).map((reason) => (
              <Button
                key={reason}
                size="compact-sm"
                variant="default"
                disabled={changing.isChanging}
                onClick={() => void changing.change({ what: "end", id: block.id, reason })}
              >
                {blocks.ends[reason]}
              </Button>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Period({ block: { since, until } }: { readonly block: Block }): ReactNode {
  const { blocks } = useTexts();
  if (since === null && until === null) return blocks.everything;
  return [since === null ? "" : blocks.from(sayDay(since)), until === null ? "" : blocks.to(sayDay(until))]
    .filter((text) => text !== "")
    .join(" ");
}
