/** How two codes of one system lie to each other. SPEC TERM-SUBSUMES · https://hl7.org/fhir/R4/codesystem-operation-subsumes.html */
import type { ConceptSource } from "./concept.ts";
import { unknownCode } from "./refusals.ts";
import { oneSystem, type Scope } from "./scope.ts";

export type Subsumption = "equivalent" | "subsumes" | "subsumed-by" | "not-subsumed";

export type Pair = {
  readonly system: string;
  readonly version: string | undefined;
  readonly codeA: string;
  readonly codeB: string;
};

/** Whether A subsumes B. Errors: TERMINOLOGY_UNKNOWN, CODE_UNKNOWN. */
export async function subsumes(scope: Scope, { system, version, codeA, codeB }: Pair): Promise<Subsumption> {
  const source = await oneSystem(scope, system, version);
  const found = await source.find([codeA, codeB]);
  const [a, b] = [found.get(codeA), found.get(codeB)];
  if (a === undefined || b === undefined) throw unknownCode(a === undefined ? codeA : codeB, system);
  if (a.code === b.code) return "equivalent";
  if (await isBelow(source, b.code, a.code)) return "subsumes";
  return (await isBelow(source, a.code, b.code)) ? "subsumed-by" : "not-subsumed";
}

async function isBelow(source: ConceptSource, code: string, above: string): Promise<boolean> {
  return source.isSubsumptive && (await source.ancestors([code])).get(code)?.has(above) === true;
}
