/** What the checks say of an order. Pure. SPEC CLIN-MED-6 */
export const KINDS = ["allergy", "interaction", "duplicate", "dose", "weight", "age", "pregnancy", "kidney", "laboratory", "drug"] as const; // prettier-ignore
export type Kind = (typeof KINDS)[number];

export type Finding = {
  /** What it is about, so that a reason given for it is found again and holds for nothing else. */
  readonly key: string;
  readonly kind: Kind;
  readonly level: "stop" | "note" | "unknown";
  readonly sv: string;
  readonly en: string;
  readonly source: string;
};

/** What is not known is told, once for each thing. */
export function unknown(kind: Kind, about: string, sv: string, en: string): Finding {
  return { key: `unknown-${kind}/${about}`, kind, level: "unknown", sv, en, source: "" };
}
