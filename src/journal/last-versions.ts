/**
 * The deletions of what is to be written again, asked for together: one by one they were half of an import's time.
 *
 * SPEC JRN-COMMIT-7
 */
import type { CurrentRow, VersionRow, WriteTx } from "../store/index.ts";

type Draft = {
  readonly command: { readonly kind: string; readonly type: string };
  readonly id: string;
  readonly current: CurrentRow | undefined;
};

/** The newest versions in history, by `Type/id`, of the updates that meet no current version. */
export async function lastVersionsOf(tx: WriteTx, drafts: readonly Draft[]): Promise<ReadonlyMap<string, VersionRow>> {
  const asked = new Map<string, string[]>();
  for (const { command, id, current } of drafts) {
    if (current !== undefined || command.kind !== "update") continue;
    const ids = asked.get(command.type);
    if (ids === undefined) asked.set(command.type, [id]);
    else ids.push(id);
  }
  const found = new Map<string, VersionRow>();
  for (const [type, ids] of asked)
    for (const row of await tx.readLastVersions(type, ids)) found.set(`${type}/${row.id}`, row);
  return found;
}
