/** An order as the rules look at it. Pure. SPEC CLIN-MED-6 */
import type { CurrentFact, PatientFacts } from "./facts.ts";
import type { OrderFact } from "./from-fhir.ts";
import type { Knowledge } from "./knowledge/index.ts";

/** An order with its codes, as rules know them. */
export type Judged = {
  readonly order: OrderFact;
  /** The codes of all that it holds. */
  readonly codes: readonly string[];
  readonly name: string;
  readonly facts: PatientFacts;
  /** What is taken beside it. */
  readonly beside: readonly Beside[];
  readonly knowledge: Knowledge;
};
export type Beside = { readonly fact: CurrentFact; readonly codes: readonly string[]; readonly name: string };
