/** What terminology's answer to a question about codes means as an issue. SPEC FHIR-PROFILE-BINDING */
import type { Issue } from "../outcomes.ts";
import { PROFILE_FAULTS } from "./faults.ts";
import { issueOf, type CodeQuestion } from "./run.ts";

/**
 * @param isIn whether one of the codes is in the value set; undefined when that cannot be known here
 * @returns nothing when all is well
 */
export function codeIssue(question: CodeQuestion, isIn: boolean | undefined): Issue | undefined {
  if (isIn === true) return undefined;
  const { strength, expression, profile, valueSet } = question;
  const refused = strength === "required" ? PROFILE_FAULTS.code : PROFILE_FAULTS.codeAdvised;
  return issueOf(isIn === undefined ? PROFILE_FAULTS.codeUnknown : refused, expression, [profile, valueSet]);
}
