/** The value set that an operation is about: the instance, the one sent along, or the one that `url` names. SPEC HTTP-OP-1 */
import type { ValueSet } from "fhir/r4";
import { canonicalOf, type Scope } from "../../../terminology/index.ts";
import type { OperationCall } from "./operation.ts";

/** Errors: OPERATION_PARAMETER, TERMINOLOGY_UNKNOWN. */
export async function valueSetOf(scope: Scope, { input, instance }: OperationCall<ValueSet>): Promise<ValueSet> {
  const given = instance ?? input.resource<ValueSet>("valueSet", "ValueSet");
  return given ?? scope.library.valueSet(canonicalOf(input.needed("url"), input.text("valueSetVersion")));
}
