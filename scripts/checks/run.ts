/**
 * Runs the checks and reports each. `--only name,name` chooses; `--all-findings` does not shorten the lists.
 * Ends with 1 when a check found something, crashed, or when none was run.
 */
import { pathToFileURL } from "node:url";
import { architecture } from "./architecture.ts";
import { budgets } from "./budgets.ts";
import type { Check } from "./check.ts";
import { documents } from "./documents.ts";
import { rules } from "./rules.ts";
import { shape } from "./shape.ts";
import { format, lint, types, unused } from "./tools.ts";

const CHECKS: readonly Check[] = [format, lint, types, architecture, unused, rules, shape, budgets, documents];
const SHOWN = 40;

/** Runs the named checks (all when none is named), writing a line for each. */
export async function runChecks(names: readonly string[], shown = SHOWN): Promise<{ passed: number; failed: number }> {
  const unknown = names.filter((name) => !CHECKS.some((check) => check.name === name));
  if (unknown.length > 0)
    throw new Error(`no such check: ${unknown.join(", ")} (there are ${CHECKS.map(({ name }) => name).join(", ")})`);
  const chosen = names.length === 0 ? CHECKS : CHECKS.filter(({ name }) => names.includes(name));
  let failed = 0;
  for (const check of chosen) if (!(await isClean(check, shown))) failed += 1; // one by one: two cores, and readable output
  return { passed: chosen.length - failed, failed };
}

async function isClean(check: Check, shown: number): Promise<boolean> {
  const started = performance.now();
  const { findings, seen } = await check.run().catch((error: unknown) => ({
    findings: [`the check itself crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`],
    seen: "",
  }));
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(5);
  console.log(`${findings.length === 0 ? "  ok  " : " FAIL "} ${check.name.padEnd(13)}${seconds} s  ${seen}`);
  for (const finding of findings.slice(0, shown)) console.log(`         ${finding}`);
  if (findings.length > shown)
    console.log(`         … and ${findings.length - shown} more lines (--all-findings shows them)`);
  return findings.length === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const words = process.argv.slice(2);
  const at = words.indexOf("--only");
  const names = at === -1 ? [] : (words[at + 1] ?? "").split(",");
  const { passed, failed } = await runChecks(names, words.includes("--all-findings") ? Infinity : SHOWN);
  console.log(`checks: ${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
