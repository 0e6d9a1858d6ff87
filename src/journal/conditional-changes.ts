/**
 * Conditional changes: which resources an update, patch or deletion on criteria is about, and what is then to be done.
 *
 * SPEC JRN-CHANGE · https://hl7.org/fhir/R4/http.html#cond-update, #3.1.0.7.1 (delete), #patch
 */
import { fhirErrorAt, isSubset } from "../fhir/index.ts";
import type { CurrentRow, WriteTx } from "../store/index.ts";
import {
  isConditional,
  nameOf,
  type Command,
  type ConditionalCommand,
  type SettledCommand,
  type Unnamed,
} from "./commands.ts";
import { matchesOf, type Asker } from "./conditional.ts";
import { parametersOf } from "./query-text.ts";

/**
 * What is to be done for the command at a place of the request. `seen`: the version that met the criteria, 0 when nothing
 * stood under the id that an update is to create.
 */
export type Settled = { readonly at: number; readonly command: SettledCommand; readonly seen?: number };

type Target = Omit<Settled, "at">;

/** As many as are locked one by one; to take more at once is no everyday deletion. */
const MOST_TAKEN = 100;

/**
 * The commands with the conditional ones settled: each names what was found, or creates, and a deletion may have become
 * several or none. Errors: MULTIPLE_MATCHES, TOO_MANY_MATCHES, ID_MISMATCH, CONFLICT, NOT_FOUND (patch), VERSION_CONFLICT,
 * BUNDLE_OVERLAP, SEARCH_*.
 */
export async function settleCommands(tx: WriteTx, asker: Asker, commands: readonly Command[]): Promise<Settled[]> {
  const settled: Settled[] = [];
  for (const [at, command] of commands.entries()) {
    if (!isConditional(command)) settled.push({ at, command });
    else for (const target of await targetsOf(tx, asker, command)) settled.push({ ...target, at });
  }
  if (commands.some(isConditional)) refuseSameTarget(settled);
  return settled;
}

/** The names of what was found by criteria. */
export function foundNames(settled: readonly Settled[]): string[] {
  return settled.flatMap(({ command, seen }) => (seen === undefined ? [] : (nameOf(command) ?? [])));
}

/** True when what was found by criteria still is the version that met them. */
export function isAsSeen({ command, seen }: Settled, current: ReadonlyMap<string, CurrentRow>): boolean {
  return seen === undefined || seen === (current.get(nameOf(command) ?? "")?.version ?? 0);
}

async function targetsOf(tx: WriteTx, asker: Asker, command: ConditionalCommand): Promise<Target[]> {
  const { criteria: _, ...change } = command;
  const mayTakeSeveral = change.kind === "delete" && change.ifMatch === undefined;
  const most = mayTakeSeveral ? mostTaken(command.criteria) : 1;
  const found = await matchesOf(tx, asker, command, most);
  if (found.length > most && mayTakeSeveral) throw fhirErrorAt("TOO_MANY_MATCHES", command.where, most);
  if (found.length > most) throw fhirErrorAt("MULTIPLE_MATCHES", command.where);
  if (found.length === 0) return withoutMatch(tx, change);
  return found.map(({ id, version }) => ({ command: changeOf(change, id), seen: version }));
}

/** A caller that counts on fewer does not get more deleted. */
function mostTaken(criteria: string): number {
  const said = parametersOf(criteria).findLast(([name]) => name === "_count")?.[1] ?? "";
  return /^\d{1,9}$/.test(said) ? Math.min(Number(said), MOST_TAKEN) : MOST_TAKEN;
}

/** The change of what was found. Errors: ID_MISMATCH when the resource calls itself something else. */
function changeOf(change: Unnamed, id: string): SettledCommand {
  if (change.kind !== "update") return { ...change, id };
  const said = change.resource["id"];
  if (said !== undefined && said !== id) throw fhirErrorAt("ID_MISMATCH", `${change.where}.id`);
  // Replacing what is there with a part of it would remove the rest.
  if (isSubset(change.resource)) throw fhirErrorAt("SUBSETTED", `${change.where}.meta.tag`);
  return { ...change, resource: { ...change.resource, id }, id };
}

/**
 * Nothing meets the criteria: an update creates, under the resource's own id when it has one. What already has that id
 * does not meet the criteria and is not replaced.
 */
async function withoutMatch(tx: WriteTx, change: Unnamed): Promise<Target[]> {
  if (change.ifMatch !== undefined) throw fhirErrorAt("VERSION_CONFLICT", change.where);
  if (change.kind === "delete") return [];
  if (change.kind === "patch") throw fhirErrorAt("NOT_FOUND", change.where);
  const { ifMatch: _, onlyIfAbsent: __, ...create } = change;
  const { id } = change.resource;
  if (typeof id !== "string") return [{ command: { ...create, kind: "create" } }];
  if ((await tx.visible(change.type, [id])).length > 0) throw fhirErrorAt("CONFLICT", `${change.where}.id`);
  return [{ command: { ...create, id }, seen: 0 }];
}

/** Errors: BUNDLE_OVERLAP when two commands turn out to change the same resource. */
function refuseSameTarget(settled: readonly Settled[]): void {
  const seen = new Set<string>();
  for (const { command } of settled) {
    const name = nameOf(command);
    if (name === undefined) continue;
    if (seen.has(name)) throw fhirErrorAt("BUNDLE_OVERLAP", command.where, name);
    seen.add(name);
  }
}
