/**
 * The conditions of R4 on a type, backbone element or element, compiled when first met.
 *
 * SPEC FHIR-INVARIANT · https://hl7.org/fhir/R4/conformance-rules.html#constraints
 */
import { INVARIANTS } from "../generated/invariants.ts";
import { compileCondition, type Truth } from "./compile.ts";

export { compileCondition, type Truth } from "./compile.ts";
export { mayHold } from "./compare.ts";
export { CostError, type Node, type Scope } from "./nodes.ts";

export interface Invariant {
  readonly key: string;
  readonly isWarning: boolean;
  readonly human: string;
  readonly test: Truth;
}

// Where R4's own condition is wrong: its own examples break it, or it does not say what its text says.
const EXCEPTIONS: ReadonlySet<string> = new Set<string>([]);

/**
 * @param path what the conditions are listed under: `Observation`, `Patient.contact`, `Organization.telecom`
 * @param holder the type of the values that they are about
 */
export function invariantsOf(path: string, holder = path): readonly Invariant[] {
  const rows = Object.hasOwn(INVARIANTS, path) ? (INVARIANTS[path] ?? []) : [];
  return rows
    .filter(([key]) => !EXCEPTIONS.has(key))
    .map(([key, severity, expression, human]) => ({
      key,
      isWarning: severity === "warning",
      human,
      test: compileCondition(expression, holder),
    }));
}
