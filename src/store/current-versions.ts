/**
 * Which versions of some of the directory's resources stand now: what somebody who remembers what they read has to ask,
 * and no more. They belong to no patient, so they lie at home 0.
 *
 * SPEC STORE-CURRENT · decision 0004
 */
import type { Connection } from "./connection.ts";
import { tableOf } from "./resources.ts";

/** Names as `Type/id`; what is not there is not in the answer. One statement. */
export async function currentVersions(
  connection: Connection,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const byType = new Map<string, string[]>();
  for (const name of names) {
    const [type = "", id = ""] = name.split("/");
    const ids = byType.get(type);
    if (ids === undefined) byType.set(type, [id]);
    else ids.push(id);
  }
  if (byType.size === 0) return new Map();
  const parts = [...byType.keys()].map(
    (type, at) =>
      `SELECT '${type}/' || id AS name, version FROM ${tableOf(type)} WHERE home = 0 AND id = ANY($${at + 1})`,
  );
  const rows = await connection.many<{ name: string; version: number }>({
    text: parts.join(" UNION ALL "),
    values: [...byType.values()],
  });
  return new Map(rows.map(({ name, version }) => [name, version]));
}
