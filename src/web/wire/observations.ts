/** Measuring: what one measures from, writing a round, correcting one, and by which scale. SPEC WEB-OBS · HTTP-OBS */
import { queryOptions } from "@tanstack/react-query";
import { get, postFor } from "./call.ts";
import { patientPath } from "./chart.ts";

export const VALUE_NAMES = ["breaths", "saturation", "oxygen", "systolic", "diastolic", "pulse", "consciousness", "temperature"] as const; // prettier-ignore
export type ValueName = (typeof VALUE_NAMES)[number];
export type Words = { readonly sv: string; readonly en: string };
type Range = readonly [from: number, to: number];
export type QuantityOf = Words & { readonly kind: "quantity"; readonly unit: string; readonly decimals: number; readonly possible: Range; readonly usual: Range }; // prettier-ignore
export type ChoiceOf = Words & { readonly kind: "choice"; readonly choices: readonly string[] };
export type ValueOf = QuantityOf | ChoiceOf;

export type Band = { readonly upTo: number | null; readonly points: number };
export type Scored = { readonly value: ValueName } & (
  | { readonly kind: "bands"; readonly bands: readonly Band[] }
  | {
      readonly kind: "scales";
      readonly scales: Readonly<Record<string, { readonly air: readonly Band[]; readonly oxygen: readonly Band[] }>>;
    }
  | { readonly kind: "choices"; readonly choices: Readonly<Record<string, number>> }
);
export type Response = {
  readonly id: string;
  readonly from: number | null;
  readonly single: number | null;
  readonly risk: Words;
  readonly again: Words;
  readonly asks: Words;
  readonly loop: { readonly priority: "urgent" | "stat"; readonly minutes: number } | null;
};
export type ScoreSet = {
  readonly id: string;
  readonly name: string;
  readonly fromAge: number;
  readonly acknowledgement: Words;
  readonly scored: readonly Scored[];
  readonly responses: readonly Response[];
};
export type Target = { readonly id: string; readonly version: number; readonly since: string | null; readonly by: string | null; readonly why: string | null }; // prettier-ignore
export type Whom = { readonly holds: "yes" | "age-unknown" | "child" | "pregnant"; readonly scale: "1" | "2"; readonly target: Target | null }; // prettier-ignore
export type MeasureDesk = {
  readonly asOf: string;
  readonly set: ScoreSet;
  readonly values: Readonly<Record<ValueName, ValueOf>>;
  readonly how: Readonly<Record<"positions" | "thermometers" | "devices", Readonly<Record<string, string>>>>;
  readonly whom: Whom;
  readonly before: readonly { readonly value: ValueName; readonly text: string; readonly at: string }[];
};
export type Measured = Readonly<Partial<Record<ValueName, string>>>;
export type How = { readonly position: string | null; readonly thermometer: string | null; readonly device: string | null }; // prettier-ignore
export type WrittenRound = { readonly panel: string; readonly task: string | null; readonly due: string | null };

const pathOf = (patient: string): string => `${patientPath(patient)}/observations`;

export function measureDeskQuery(patient: string) {
  return queryOptions({
    queryKey: ["patient", patient, "measure-desk"],
    queryFn: ({ signal }) => get<MeasureDesk>(`${pathOf(patient)}/desk`, signal),
    // What one measures by is not replaced under the hands of whoever measures.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    staleTime: 0,
    gcTime: 0,
  });
}

export type RoundWish = {
  readonly key: string;
  /** The number that stands in the banner; null when the patient has none. */
  readonly shown: string | null;
  readonly values: Measured;
  readonly sure: readonly string[];
  /** The sum that is shown; null when no score holds. */
  readonly score: { readonly total: number | null } | null;
};

export function writeRound(
  patient: string,
  wish: RoundWish & { readonly time: string | null; readonly how: How },
): Promise<WrittenRound> {
  // prettier-ignore
  return postFor(pathOf(patient), wish);
}

export function correctRound(
  patient: string,
  round: string,
  wish: RoundWish & { readonly version: number; readonly why: string },
): Promise<WrittenRound> {
  // prettier-ignore
  return postFor(`${pathOf(patient)}/${encodeURIComponent(round)}/correct`, wish);
}

type ScaleWish = { readonly key: string; readonly shown: string | null; readonly why: string; readonly ends: { readonly id: string; readonly version: number } | null }; // prettier-ignore

export function ordainScale(patient: string, wish: ScaleWish): Promise<Whom> {
  return postFor(`${pathOf(patient)}/scale`, wish);
}
