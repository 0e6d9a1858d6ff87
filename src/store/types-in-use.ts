/**
 * Which resource types have rows at all. A statement over a whole compartment costs as much for an empty table as for a
 * full one (measured: 67 tables of which two had rows, 4.1 ms, of which 3 were for the empty ones), so it asks of those
 * that are in use. By the size of the file, so that what was committed a moment ago counts.
 *
 * SPEC HTTP-EVERYTHING-9
 */
import { RESOURCE_TYPES } from "../fhir/index.ts";
import { tablesInUse } from "./citus/index.ts";
import type { Connection } from "./connection.ts";

const SEEN = "types in use";
const TYPES = new Map(RESOURCE_TYPES.map((type) => [type.toLowerCase(), type]));

/** The types that this connection has seen in use. A type that was once in use stays so here. */
export function typesSeen(connection: Connection): ReadonlySet<string> {
  return seenBy(connection);
}

/** Looks which of the types not seen so far are in use by now. Answers those that are new. */
export async function lookForTypes(connection: Connection, types: readonly string[]): Promise<readonly string[]> {
  const seen = seenBy(connection);
  const unseen = types.filter((type) => !seen.has(type));
  if (unseen.length === 0) return [];
  const used = await tablesInUse(
    connection,
    unseen.map((type) => type.toLowerCase()),
  );
  const found = used.map(({ name }) => TYPES.get(name)).filter((type) => type !== undefined);
  for (const type of found) seen.add(type);
  return found;
}

function seenBy({ state }: Connection): Set<string> {
  const seen = (state.get(SEEN) as Set<string> | undefined) ?? new Set<string>();
  state.set(SEEN, seen);
  return seen;
}
