/**
 * `eira export FOLDER [--type Patient,Observation]`: every current resource as NDJSON, one file for each type, its text as
 * stored. It goes through the journal like every other reading, and is logged as one.
 *
 * SPEC CLI-EXPORT
 */
import { createWriteStream, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { isResourceType, RESOURCE_TYPES } from "../fhir/index.ts";
import { searchResources, type QueryParameters, type Visit } from "../journal/index.ts";
import { flag, type Command, type Terminal } from "./command.ts";
import { refuseExisting } from "./new-file.ts";
import { journalOptions, withStore } from "./installation.ts";
import { usageOf } from "./usage.ts";

const PAGE = "1000";
const EXPORTER = {
  kind: "client",
  name: "export",
  scopes: [{ type: "*", verbs: new Set(["r", "s"] as const) }],
  careProvider: null,
  careUnit: null,
} as const;

export const exportCommand: Command = async (invocation) => {
  const { args, config, terminal, clock } = invocation;
  const folder = args[1];
  if (folder === undefined || folder.startsWith("--")) throw new Error(usageOf("export"));
  refuseExisting(folder);
  const types = typesOf(flag(args, "type"));
  return withStore(invocation, async (store) => {
    const visit: Visit = { ...journalOptions(config, store, clock), actor: EXPORTER, request: "export" };
    const partial = `${folder}.partial`;
    mkdirSync(partial, { recursive: true, mode: 0o700 });
    const counts: Record<string, number> = {};
    for (const type of types) {
      const count = await exportType(visit, type, partial, terminal);
      if (count > 0) counts[type] = count;
    }
    renameSync(partial, folder);
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    terminal.print(JSON.stringify({ resources: total, types: counts }));
    return 0;
  });
};

function typesOf(named: string | undefined): readonly string[] {
  if (named === undefined) return RESOURCE_TYPES;
  const types = named.split(",");
  const unknown = types.find((type) => !isResourceType(type));
  if (unknown !== undefined) throw new Error(`${unknown} is not a resource type of FHIR R4.`);
  return types;
}

/** Writes a type's file when there is something to write; answers how many. */
async function exportType(visit: Visit, type: string, folder: string, terminal: Terminal): Promise<number> {
  const first = (await searchResources(visit, type, [["_count", PAGE]])).value;
  if (first.rows.length === 0) return 0;
  const file = createWriteStream(join(folder, `${type}.ndjson`), { mode: 0o600, flags: "wx" });
  let count = 0;
  for (let page = first; ;) {
    for (const { content } of page.rows) {
      if (!file.write(`${content}\n`)) await new Promise((resolve) => file.once("drain", resolve));
    }
    count += page.rows.length;
    terminal.progress(`${type}: ${count}`);
    if (page.cursor === null) break;
    const next: QueryParameters = [
      ["_count", PAGE],
      ["_cursor", page.cursor],
    ];
    page = (await searchResources(visit, type, next)).value;
  }
  file.end();
  await finished(file);
  return count;
}
