/**
 * `eira audit sample`, `eira audit review` and `eira audit statistics`: the systematic review of the access log. A sample is
 * drawn by a seed and kept; what came of each access is recorded once; the statistics are for the inspectorates.
 *
 * SPEC CLI-AUDIT-REVIEW · HSLF-FS 2016:40 4 kap. 9 §
 */
import { readFileSync } from "node:fs";
import {
  drawSample,
  recordReview,
  REVIEW_OUTCOMES,
  reviewStatistics,
  riskConfigIn,
  statisticsCsv,
  USUAL_CONFIG,
} from "../journal/index.ts";
import { auditVisit, periodIn } from "./audit-visit.ts";
import { flag, numberFlag, type Command } from "./command.ts";
import { withStore } from "./installation.ts";
import { knownPersonsIn } from "./known-persons.ts";
import { refuseExisting, writeNewFile } from "./new-file.ts";
import { usageOf } from "./usage.ts";

const MOST = 10_000;

export const auditSample: Command = async (invocation) => {
  const { args, terminal } = invocation;
  const [seed, file] = [flag(args, "seed"), flag(args, "out")];
  const size = numberFlag(args, "size", 0);
  if (seed === undefined || file === undefined || size < 1 || size > MOST) throw new Error(usageOf("audit sample"));
  refuseExisting(file);
  const rules = flag(args, "rules");
  const ask = {
    period: periodIn(invocation),
    size,
    seed,
    config: rules === undefined ? USUAL_CONFIG : riskConfigIn(JSON.parse(readFileSync(rules, "utf8"))),
    known: knownPersonsIn(flag(args, "known") ?? invocation.config.knownPersons),
    onProgress: (rows: number) => terminal.progress(`${rows} rows`),
  };
  return withStore(invocation, async (store) => {
    const { value } = await drawSample(auditVisit(invocation, store, "audit sample"), ask);
    const { id, accesses, rows, drawn } = value;
    writeNewFile(file, drawn.map((one) => `${JSON.stringify(one)}\n`).join(""));
    terminal.print(JSON.stringify({ sample: id, seed, rows, accesses, drawn: drawn.length, file }));
    return 0;
  });
};

export const auditReview: Command = async (invocation) => {
  const { args } = invocation;
  const [access, reviewer, note] = [flag(args, "access"), flag(args, "reviewer"), flag(args, "note")];
  const outcome = REVIEW_OUTCOMES.find((one) => one === flag(args, "outcome"));
  if (access === undefined || reviewer === undefined || note === undefined || outcome === undefined)
    throw new Error(usageOf("audit review"));
  return withStore(invocation, async (store) => {
    await recordReview(auditVisit(invocation, store, "audit review"), { access, outcome, note, reviewer });
    invocation.terminal.print(JSON.stringify({ access, outcome }));
    return 0;
  });
};

export const auditStatistics: Command = async (invocation) => {
  const { args } = invocation;
  const [first, last, file] = [flag(args, "from"), flag(args, "to"), flag(args, "out")];
  const format = flag(args, "format") ?? "csv";
  const isMonth = (text: string | undefined): text is string => /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text ?? "");
  if (!isMonth(first) || !isMonth(last) || file === undefined || !["csv", "json"].includes(format))
    throw new Error(usageOf("audit statistics"));
  refuseExisting(file);
  return withStore(invocation, async (store) => {
    const { value } = await reviewStatistics(auditVisit(invocation, store, "audit statistics"), { first, last });
    const { counts } = value;
    const text = format === "csv" ? statisticsCsv(counts) : `${JSON.stringify(counts, undefined, 1)}\n`;
    writeNewFile(file, text);
    invocation.terminal.print(JSON.stringify({ rows: counts.length, file }));
    return 0;
  });
};
