/** Whether something is blocked for the one who looks, or open for a time: said wherever the patient is. SPEC WEB-BLOCK-1 */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { sayMoment } from "../../say/dates.ts";
import { Icon } from "../../ui/icon.tsx";
import { blocksQuery } from "../../wire/blocks.ts";
import styles from "./banner.module.css";

export function BannerBlocks({ patientId }: { readonly patientId: string }): ReactNode {
  const { blocks } = useTexts();
  const state = useQuery(blocksQuery(patientId)).data;
  if (state === undefined || (!state.hidden && state.liftedUntil === null)) return null;
  return (
    <Link to="/patienter/$patientId/sparrar" params={{ patientId }} className={styles["note"]} data-tone="warn">
      <Icon name="shield" /> {state.hidden ? blocks.hiddenShort : blocks.openShort(sayMoment(state.liftedUntil ?? ""))}
    </Link>
  );
}
