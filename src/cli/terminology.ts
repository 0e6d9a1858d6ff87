/**
 * `eira terminology import KIND FILE… --version V [--url URL] [--language TAG] [--encoding latin1]`: takes in a code
 * system from its publisher's files. `eira terminology list`: what was taken in.
 *
 * SPEC CLI-TERM
 */
import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { importSystem, isImportKind, type ImportFile } from "../terminology/index.ts";
import { flag, type Command, type Invocation } from "./command.ts";
import { withStore } from "./installation.ts";
import { usageOf } from "./usage.ts";

const USAGE = usageOf("terminology");
const FLAGS: ReadonlySet<string> = new Set(["--version", "--url", "--language", "--encoding"]);

export const terminologyCommand: Command = async (invocation) => {
  const [, what, kind = ""] = invocation.args;
  if (what === "list") return list(invocation);
  if (what !== "import" || !isImportKind(kind)) throw new Error(USAGE);
  const { args, terminal } = invocation;
  const version = flag(args, "version");
  const encoding = encodingOf(flag(args, "encoding"));
  const names = fileNames(args.slice(3));
  if (version === undefined || names.length === 0) throw new Error(USAGE);
  for (const name of names) statSync(name); // a name that is not there is told before the database is started
  const files = names.map((name) => fileOf(name, encoding));
  return withStore(invocation, async (store) => {
    const concepts = await importSystem(store, {
      kind,
      files,
      version,
      url: flag(args, "url"),
      language: flag(args, "language"),
      onProgress: (stage, done) => terminal.progress(`${stage === "read" ? "Read" : "Stored"} ${done} concepts`),
    });
    terminal.print(JSON.stringify({ kind, version, concepts }));
    return 0;
  });
};

async function list(invocation: Invocation): Promise<number> {
  return withStore(invocation, async (store) => {
    const systems = await store.read("", ({ terminology }) => terminology.allSystems());
    for (const { url, version, title, concepts } of systems)
      invocation.terminal.print(JSON.stringify({ title, url, version, concepts }));
    return 0;
  });
}

/** What is neither a flag nor a flag's value. */
function fileNames(args: readonly string[]): string[] {
  return args.filter((arg, at) => !arg.startsWith("--") && !FLAGS.has(args[at - 1] ?? ""));
}

function encodingOf(text = "utf8"): "utf8" | "latin1" {
  if (text !== "utf8" && text !== "latin1") throw new Error(`--encoding is utf8 or latin1, not "${text}".`);
  return text;
}

function fileOf(path: string, encoding: "utf8" | "latin1"): ImportFile {
  return {
    name: basename(path),
    lines: () => createInterface({ input: createReadStream(path, { encoding }), crlfDelay: Infinity }),
  };
}
