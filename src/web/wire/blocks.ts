/** A patient's blocks: how they stand to the one who is signed in, and what changes them. SPEC WEB-BLOCK */
import { queryOptions } from "@tanstack/react-query";
import { get, postFor } from "./call.ts";
import { patientPath } from "./chart.ts";

export type BlockKindLeftOut = "lak" | "upp";
export type Block = {
  readonly id: string;
  readonly kind: "inner" | "outer";
  readonly since: string | null;
  readonly until: string | null;
  readonly exceptKinds: readonly BlockKindLeftOut[];
  readonly registered: string;
};
export type BlockState = {
  readonly hidden: boolean;
  readonly liftedUntil: string | null;
  /** Those about what the own unit has recorded. */
  readonly items: readonly Block[];
};
export type LiftReason = "PatientsConsent" | "Emergency";
export type BlockChange =
  | { readonly what: "lift"; readonly reason: LiftReason; readonly hours: number; readonly note: string }
  | { readonly what: "close" }
  | { readonly what: "end"; readonly id: string; readonly reason: "lifted" | "mistake" }
  | {
      readonly what: "register";
      readonly since: string | null;
      readonly until: string | null;
      readonly exceptKinds: readonly BlockKindLeftOut[];
    };

export function blocksQuery(patientId: string) {
  return queryOptions({
    queryKey: ["patient", patientId, "blocks"],
    queryFn: ({ signal }) => get<BlockState>(`${patientPath(patientId)}/blocks`, signal),
  });
}

/** Makes a change; answers how the blocks stand after it. */
export function changeBlocks(patientId: string, { what, ...rest }: BlockChange): Promise<BlockState> {
  const path = patientPath(patientId);
  if (what === "lift") return postFor(`${path}/lifts`, rest);
  if (what === "close") return postFor(`${path}/lifts/end`);
  if (what === "register") return postFor(`${path}/blocks`, { kind: "inner", ...rest });
  const { id, ...body } = rest as { readonly id: string };
  return postFor(`${path}/blocks/${encodeURIComponent(id)}/end`, body);
}
