/**
 * A client's own table of what lies below what: it tells which codes it has met, and gets the relations that are new to
 * it, so that it can answer "everything below" without asking.
 *
 * SPEC TERM-CLOSURE · https://hl7.org/fhir/R4/conceptmap-operation-closure.html
 */
import type { ConceptMap, ConceptMapGroup, ConceptMapGroupElement } from "fhir/r4";
import type { ClosureTables } from "../store/index.ts";
import { parameterMissing, tooCostly, unknownCode } from "./refusals.ts";
import { oneSystem, type Coding, type Scope } from "./scope.ts";

export type ClosureAsk = {
  /** The client or assignment whose closure it is; the same name is another closure for another one. */
  readonly owner: string;
  readonly name: string;
  readonly concepts: readonly Coding[];
  /** Answer once more everything that came after this version. */
  readonly version: string | undefined;
  readonly now: string;
};

type Kept = { readonly system: string; readonly code: string; readonly added: number };

/** Codes in one closure. */
const MOST_KEPT = 5_000;
const NAME = /^[\p{L}\p{N}._:/-]{1,200}$/u;

/**
 * Neither concepts nor version: begins anew. Errors: OPERATION_PARAMETER for a name that cannot be or was not begun,
 * TERMINOLOGY_UNKNOWN, CODE_UNKNOWN, TERMINOLOGY_TOO_COSTLY.
 */
export async function closure(scope: Scope, tables: ClosureTables, ask: ClosureAsk): Promise<ConceptMap> {
  const { owner, name, concepts, version, now } = ask;
  if (!NAME.test(name)) throw parameterMissing("name");
  if (concepts.length === 0 && version === undefined) {
    await tables.initialise(owner, name);
    return mapOf(name, "0", now, []);
  }
  if (version !== undefined && !/^\d{1,9}$/.test(version)) throw parameterMissing("version");
  const known = await tables.lockVersion(owner, name);
  if (known === undefined) throw parameterMissing("name");
  await refuseUnknown(scope, concepts);
  const before = await tables.concepts(owner, name);
  if (before.length + concepts.length > MOST_KEPT) throw tooCostly("concepts");
  const reached = concepts.length === 0 ? known : await tables.add(owner, name, concepts);
  const kept = await tables.concepts(owner, name);
  const since = version === undefined ? known : Number(version);
  return mapOf(name, String(reached), now, await relations(scope, kept, since));
}

async function refuseUnknown(scope: Scope, concepts: readonly Coding[]): Promise<void> {
  for (const [system, codes] of bySystem(concepts)) {
    const found = await (await oneSystem(scope, system, undefined)).find(codes);
    const missing = codes.find((code) => !found.has(code));
    if (missing !== undefined) throw unknownCode(missing, system);
  }
}

/** Every pair of which one was added after `since`, the narrower first. */
async function relations(scope: Scope, kept: readonly Kept[], since: number): Promise<ConceptMapGroup[]> {
  const groups: ConceptMapGroup[] = [];
  for (const [system, codes] of bySystem(kept)) {
    scope.budget.spend(codes.length);
    const source = await oneSystem(scope, system, undefined);
    if (!source.isSubsumptive) continue;
    const above = await source.ancestors(codes);
    const added = new Map(kept.filter((one) => one.system === system).map((one) => [one.code, one.added]));
    const isNew = (code: string): boolean => (added.get(code) ?? 0) > since;
    const element = codes.toSorted().flatMap((code): ConceptMapGroupElement[] => {
      const wider = [...(above.get(code) ?? [])].filter((one) => added.has(one) && (isNew(code) || isNew(one)));
      if (wider.length === 0) return [];
      return [{ code, target: wider.toSorted().map((one) => ({ code: one, equivalence: "subsumes" })) }];
    });
    if (element.length > 0) groups.push({ source: system, target: system, element });
  }
  return groups;
}

function bySystem(codings: readonly { readonly system: string; readonly code: string }[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { system, code } of codings) {
    const codes = found.get(system) ?? [];
    if (!codes.includes(code)) codes.push(code);
    found.set(system, codes);
  }
  return found;
}

function mapOf(name: string, version: string, date: string, group: ConceptMapGroup[]): ConceptMap {
  return {
    resourceType: "ConceptMap",
    version,
    name,
    status: "active",
    experimental: true,
    date,
    ...(group.length === 0 ? {} : { group }),
  };
}
