/**
 * `eira import FILE [--care-provider HSA-ID --care-unit HSA-ID]`: takes in transaction bundles (one JSON file, or one
 * bundle a line, also gzipped) or the definitions of a package (a folder, or a .tgz), shows how far it has come, and then counts in the database what is really there. A file
 * that was imported before, whole or in part, is not taken in twice.
 *
 * SPEC CLI-IMPORT
 */
import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { FhirError, fhirErrorAt, isJsonArray, isJsonObject, parseJson, type JsonValue } from "../fhir/index.ts";
import {
  commit,
  stored,
  type Command as JournalCommand,
  type Owner,
  type Visit,
  type Written,
} from "../journal/index.ts";
import { commandOf, entryOf } from "../http/index.ts";
import { flag, type Command, type Terminal } from "./command.ts";
import { demoOwner } from "./demo-region.ts";
import { isPackage, packageDocuments, packageSize } from "./import-package.ts";
import { journalOptions, withStore } from "./installation.ts";
import { usageOf } from "./usage.ts";

type Tally = { in: number; stored: number };
type Import = {
  readonly visit: Visit;
  readonly owner: Owner | undefined;
  readonly tallies: Map<string, Tally>;
  readonly problems: string[];
  bundles: number;
};

const BAR = 30;
const AT_ONCE = 4;
const SHOWN = 50;
const IMPORTER = {
  kind: "client",
  name: "import",
  scopes: [{ type: "*", verbs: new Set(["c", "r", "u", "d", "s"] as const) }],
  careProvider: null,
  careUnit: null,
} as const;

export const importCommand: Command = async (invocation) => {
  const { args, config, terminal, clock } = invocation;
  const file = args[1];
  if (file === undefined || file.startsWith("--")) throw new Error(usageOf("import"));
  const size = isPackage(file) ? packageSize(file) : statSync(file).size;
  return withStore(invocation, async (store) => {
    const owner = await ownerOf(args, () => demoOwner(store));
    if (owner === undefined)
      terminal.tell(
        "No care provider owns what is imported (--care-provider): only clients for the whole region will see it.",
      );
    const visit: Visit = {
      ...journalOptions(config, store, clock),
      actor: IMPORTER,
      request: `import ${createHash("sha256").update(file).digest("hex").slice(0, 12)}`,
    };
    const job: Import = { visit, owner, tallies: new Map(), problems: [], bundles: 0 };
    await takeIn(job, file, size, terminal);
    return report(job, terminal);
  });
};

async function ownerOf(
  args: readonly string[],
  demonstration: () => Promise<Owner | undefined>,
): Promise<Owner | undefined> {
  const careProvider = flag(args, "care-provider");
  const careUnit = flag(args, "care-unit");
  if (careProvider === undefined) return demonstration();
  return { careProvider, careUnit: careUnit ?? careProvider };
}

/** A few bundles at a time; the order between bundles does not matter, inside each one the server sees to it. */
async function takeIn(job: Import, file: string, size: number, terminal: Terminal): Promise<void> {
  let read = 0;
  const faults: unknown[] = [];
  const running = new Set<Promise<void>>();
  for await (const [text, bytes] of documentsOf(file)) {
    read = bytes;
    job.bundles += 1;
    const number = job.bundles;
    // A fault of ours is kept until the others have ended: none of them may go on unheard.
    const one = takeBundle(job, text, number)
      .catch((error: unknown) => void faults.push(error))
      .finally(() => running.delete(one));
    running.add(one);
    if (running.size >= AT_ONCE) await Promise.race(running);
    if (faults.length > 0) break;
    terminal.progress(bar(read / size, job));
  }
  await Promise.all(running);
  if (faults.length > 0) throw faults[0] as Error;
  terminal.progress(bar(1, job));
}

function bar(share: number, { bundles, tallies }: Import): string {
  const filled = Math.round(Math.min(share, 1) * BAR);
  const resources = [...tallies.values()].reduce((sum, one) => sum + one.in, 0);
  return `[${"=".repeat(filled)}${" ".repeat(BAR - filled)}] ${Math.round(Math.min(share, 1) * 100)} %  ${bundles} bundles, ${resources} resources`;
}

async function takeBundle(job: Import, text: string, number: number): Promise<void> {
  try {
    const commands = commandsOf(parseJson(text), job.owner);
    for (const { type } of commands) tallyOf(job, type).in += 1;
    const key = `import ${createHash("sha256").update(text).digest("hex")}`;
    const { value } = await commit(job.visit, commands, { idempotencyKey: key, isHistory: true });
    await countStored(job, value, number);
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    for (const issue of error.issues.slice(0, SHOWN))
      job.problems.push(`bundle ${number}: ${issue.en} (${issue.expression ?? error.code})`);
  }
}

/** Errors: INVALID for a document that is no bundle with entries, and those of each entry. */
function commandsOf(bundle: JsonValue, owner: Owner | undefined): JournalCommand[] {
  const entries = isJsonObject(bundle) ? bundle["entry"] : undefined;
  if (!isJsonArray(entries)) throw fhirErrorAt("INVALID", "Bundle.entry");
  return entries.map((entry, at) => {
    const command = commandOf(entryOf(entry, `Bundle.entry[${at}]`));
    return owner === undefined ? command : { ...command, owner };
  });
}

/** Asks the database, not the answer to the write, what is there. */
async function countStored(job: Import, written: readonly Written[], number: number): Promise<void> {
  const byType = new Map<string, string[]>();
  for (const { type, id } of written) byType.set(type, [...(byType.get(type) ?? []), id]);
  for (const [type, ids] of byType) {
    const found = new Set(await stored(job.visit, type, ids));
    for (const id of ids) {
      if (found.has(id)) tallyOf(job, type).stored += 1;
      else job.problems.push(`bundle ${number}: ${type}/${id} was written and is not there`);
    }
  }
}

function tallyOf({ tallies }: Import, type: string): Tally {
  let tally = tallies.get(type);
  if (tally === undefined) tallies.set(type, (tally = { in: 0, stored: 0 }));
  return tally;
}

function report(job: Import, terminal: Terminal): number {
  const rows = [...job.tallies].toSorted(([a], [b]) => a.localeCompare(b));
  terminal.tell(`\n${"type".padEnd(28)}${"in".padStart(9)}${"stored".padStart(9)}`);
  for (const [type, tally] of rows)
    terminal.tell(
      `${type.padEnd(28)}${String(tally.in).padStart(9)}${String(tally.stored).padStart(9)}${tally.in === tally.stored ? "" : "  MISSING"}`,
    );
  for (const problem of job.problems.slice(0, SHOWN)) terminal.tell(problem);
  const total = (name: keyof Tally): number => rows.reduce((sum, [, tally]) => sum + tally[name], 0);
  const types = Object.fromEntries(rows.map(([type, tally]) => [type, [tally.in, tally.stored]]));
  terminal.print(
    JSON.stringify({
      bundles: job.bundles,
      in: total("in"),
      stored: total("stored"),
      problems: job.problems.length,
      types,
    }),
  );
  return total("in") === total("stored") && job.problems.length === 0 ? 0 : 1;
}

/** The documents of a file with how many of its bytes have been read. */
async function* documentsOf(file: string): AsyncGenerator<readonly [text: string, bytes: number]> {
  if (isPackage(file)) {
    yield* packageDocuments(file);
    return;
  }
  const raw = createReadStream(file);
  const source = file.endsWith(".gz") ? raw.pipe(createGunzip()) : raw;
  if (/\.json(\.gz)?$/.test(file)) {
    const parts: Buffer[] = [];
    for await (const part of source) parts.push(part as Buffer);
    yield [Buffer.concat(parts).toString("utf8"), raw.bytesRead];
    return;
  }
  for await (const line of createInterface({ input: source, crlfDelay: Infinity })) {
    if (line.trim() !== "") yield [line, raw.bytesRead];
  }
}
