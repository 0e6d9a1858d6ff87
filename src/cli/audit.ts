/**
 * `eira audit verify [--anchor FILE]` and `eira audit anchor`: proves that the access log is whole, and prints the heads
 * of its chains for keeping outside this installation; `eira audit seals` proves that what was signed still stands. The other verbs read the log and are rows in it.
 *
 * SPEC CLI-AUDIT
 */
import { readFileSync } from "node:fs";
import { SIGNABLE } from "../journal/index.ts";
import type { Anchor } from "../store/index.ts";
import { auditExport } from "./audit-export.ts";
import { auditExtract } from "./audit-extract.ts";
import { auditReview, auditSample, auditStatistics } from "./audit-review.ts";
import { flag, type Command } from "./command.ts";
import { withStore } from "./installation.ts";
import { usageOf } from "./usage.ts";

const SHOWN = 50;

const VERBS: Readonly<Record<string, Command>> = {
  verify: (invocation) => verify(invocation),
  anchor: (invocation) => anchor(invocation),
  seals: (invocation) => seals(invocation),
  export: auditExport,
  extract: auditExtract,
  sample: auditSample,
  review: auditReview,
  statistics: auditStatistics,
};

export const auditCommand: Command = async (invocation) => {
  const [, verb = ""] = invocation.args;
  const command = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (command === undefined) throw new Error(usageOf("audit"));
  return command(invocation);
};

const anchor: Command = (invocation) =>
  withStore(invocation, async (store) => {
    for (const head of await store.accessLogHeads()) invocation.terminal.print(JSON.stringify(head));
    return 0;
  });

const verify: Command = (invocation) =>
  withStore(invocation, async (store) => {
    const { terminal, args } = invocation;
    const file = flag(args, "anchor");
    const anchors = file === undefined ? [] : readAnchors(file);
    const report = await store.verifyAccessLog(
      anchors,
      (rows) => rows % 1000 === 0 && terminal.progress(`${rows} rows verified`),
    );
    for (const { chain, seq, fault } of report.faults.slice(0, SHOWN))
      terminal.tell(`chain ${chain}, row ${seq}: ${fault}`);
    terminal.print(
      JSON.stringify({
        chains: report.chains,
        rows: report.rows,
        anchors: anchors.length,
        faults: report.faults.length,
      }),
    );
    return report.faults.length === 0 ? 0 : 1;
  });

/** Whether every signed text is still the one that was signed. */
const seals: Command = (invocation) =>
  withStore(invocation, async (store) => {
    const report = await store.verifySeals(SIGNABLE);
    for (const { record, fault } of report.faults.slice(0, SHOWN)) invocation.terminal.tell(`${record}: ${fault}`);
    invocation.terminal.print(JSON.stringify({ seals: report.seals, faults: report.faults.length }));
    return report.faults.length === 0 ? 0 : 1;
  });

function readAnchors(file: string): Anchor[] {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  return lines.map((line, at) => {
    const { chain, seq, hash } = JSON.parse(line) as Partial<Anchor>;
    if (typeof chain !== "string" || typeof seq !== "number" || typeof hash !== "string")
      throw new Error(`${file}, line ${at + 1}, is not an anchor.`);
    return { chain, seq, hash };
  });
}
