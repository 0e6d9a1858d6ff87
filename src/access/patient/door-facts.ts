/**
 * What is known when somebody asks through the patient's own door (PDL 5 kap. 5 §): the patient, a guardian or a proxy.
 *
 * SPEC ACC-DOOR
 */
import type { Moment, Protection } from "./facts.ts";

/** Who asks at the patient's door. */
export type Reader =
  | { readonly kind: "patient" }
  | { readonly kind: "guardian"; readonly person: string }
  | { readonly kind: "proxy"; readonly person: string };

/** What the population register (guardian) or the patient's own grant (proxy) says of somebody else. */
export type Representation = {
  readonly id: string;
  readonly kind: "guardian" | "proxy";
  readonly person: string;
  readonly start: Moment;
  readonly end: Moment | null;
  /** Taken back, or ended by the register: from this moment without effect. */
  readonly ended: Moment | null;
};

/** A unit's decision after an assessment of maturity: the child reads itself, or (by agreement) a guardian goes on reading. */
export type UnitGrant = {
  readonly id: string;
  readonly kind: "child" | "guardian";
  readonly person: string | null;
  readonly careUnit: string;
  readonly start: Moment;
  readonly end: Moment | null;
  readonly cancelled: Moment | null;
};

/** Everything about the patient that decides at the patient's door. */
export type DoorFacts = {
  /** YYYY-MM-DD; null is unknown. */
  readonly birthDate: string | null;
  readonly protection: Protection;
  readonly representations: readonly Representation[];
  readonly grants: readonly UnitGrant[];
};

/** Who may read at which ages: from the day of one birthday up to, not including, that of another. */
export type AgeRule = {
  readonly from: number;
  readonly to: number | null;
  readonly patient: "all" | "granted units" | "nothing";
  readonly guardian: "all" | "granted units" | "nothing";
  readonly proxy: "all" | "nothing";
};

/** Age rules with the days they hold: the law is about to change (Ds 2023:26). */
export type AgeRules = { readonly from: string; readonly until: string | null; readonly rules: readonly AgeRule[] };

/** Configuration of the patient's door. */
export type DoorRules = {
  readonly ages: readonly AgeRules[];
  /** Classes that nobody reads through the door. */
  readonly neverClasses: readonly string[];
  /** Classes that no guardian or proxy reads, at any age. */
  readonly notForOthersClasses: readonly string[];
};

/** The ages of 1177 today; from 13 the guardian's reading ends, from 16 the young person's own begins. */
export const USUAL_DOOR_RULES: DoorRules = {
  ages: [
    {
      from: "2000-01-01",
      until: null,
      rules: [
        { from: 0, to: 13, patient: "nothing", guardian: "all", proxy: "nothing" },
        { from: 13, to: 16, patient: "granted units", guardian: "granted units", proxy: "nothing" },
        { from: 16, to: 18, patient: "all", guardian: "nothing", proxy: "nothing" },
        { from: 18, to: null, patient: "all", guardian: "nothing", proxy: "all" },
      ],
    },
  ],
  neverClasses: ["violence-exposed", "early-hypothesis", "third-person", "concern-report"],
  notForOthersClasses: ["youth-clinic"],
};
