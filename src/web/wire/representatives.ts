/** Who reads for a patient, as staff see it, and what changes it. SPEC WEB-REPRESENTATIVES */
import { queryOptions } from "@tanstack/react-query";
import { get, postFor } from "./call.ts";
import { patientPath } from "./chart.ts";

type Opens = "all" | "granted units" | "nothing";
export type Representative = {
  readonly id: string;
  readonly kind: "guardian" | "proxy";
  readonly number: string | null;
  readonly since: string;
  readonly until: string | null;
  readonly ended: string | null;
  readonly isInForce: boolean;
  readonly from: "register" | "patient" | "staff";
  readonly reason: string | null;
};
export type UnitDecision = {
  readonly id: string;
  readonly kind: "child" | "guardian";
  readonly number: string | null;
  readonly since: string;
  readonly until: string | null;
  readonly isInForce: boolean;
  readonly reason: string | null;
};
export type Representatives = {
  readonly age: number | null;
  readonly opens: { readonly patient: Opens; readonly guardian: Opens; readonly proxy: Opens } | null;
  readonly isProtected: boolean;
  readonly representatives: readonly Representative[];
  readonly decisions: readonly UnitDecision[];
  readonly may: { readonly representation: boolean; readonly grant: boolean };
};
export type RepresentativeChange =
  | { readonly what: "register"; readonly number: string; readonly since: string; readonly reason: string }
  | { readonly what: "end"; readonly id: string; readonly reason: string }
  | {
      readonly what: "decide";
      readonly kind: "child" | "guardian";
      readonly guardian: string | null;
      readonly until: string;
      readonly reason: string;
      readonly agreed: boolean;
    }
  | { readonly what: "undecide"; readonly id: string; readonly reason: string };

export function representativesQuery(patientId: string) {
  return queryOptions({
    queryKey: ["patient", patientId, "representatives"],
    queryFn: ({ signal }) => get<Representatives>(`${patientPath(patientId)}/representatives`, signal),
  });
}

/** Makes a change; answers how it stands after it. */
export function changeRepresentatives(
  patientId: string,
  { what, ...rest }: RepresentativeChange,
): Promise<Representatives> {
  const path = patientPath(patientId);
  if (what === "register") return postFor(`${path}/representatives`, rest);
  if (what === "decide") return postFor(`${path}/door-decisions`, rest);
  const { id, ...body } = rest as { readonly id: string; readonly reason: string };
  const whose = what === "end" ? "representatives" : "door-decisions";
  return postFor(`${path}/${whose}/${encodeURIComponent(id)}/end`, body);
}
