/**
 * The test run: checks, then the parts, each with its time, and as the last line `N passed, N failed`. Ends with 1 when
 * anything failed, when a part crashed, or when nothing ran.
 */
import { runChecks } from "../checks/run.ts";
import { buildTests, programs, removeBuiltTests, type BuiltTests } from "./built-tests.ts";
import { findChromium, prepareMachine } from "./machine.ts";
import { filesOfParts, LIMITS, PART_NAMES, type PartName } from "./parts.ts";
import { runFiles } from "./run-files.ts";
import type { Counts } from "./tally.ts";
import { linesOfTimes } from "./times.ts";

type Step = "check" | PartName;

const STEPS: readonly Step[] = ["check", ...PART_NAMES];

let built: Promise<BuiltTests> | undefined;
const times = new Map<string, number>();

interface StepResult extends Counts {
  readonly step: Step;
  readonly seconds: number;
}

async function runStep(step: Step): Promise<StepResult> {
  console.log(`\n${step}`);
  const started = performance.now();
  const counts = await countsOf(step).catch((error: unknown) => {
    console.log(`  FAIL ${step} crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { passed: 0, failed: 1, skipped: 0 };
  });
  return { step, ...counts, seconds: (performance.now() - started) / 1000 };
}

async function countsOf(step: Step): Promise<Counts> {
  if (step === "check") return { ...(await runChecks([])), skipped: 0 };
  built ??= buildTests([...[...filesOfParts().values()].flat(), ...programs()]);
  const manner = { limits: LIMITS[step], environment: testEnvironment(), built: await built };
  const ran = await runFiles(filesOfParts().get(step) ?? [], manner);
  for (const [file, seconds] of ran.times) times.set(file, seconds);
  return ran.counts;
}

/** Tests see the environment of this run, without what steers a running Eira or the test runner above them. */
function testEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, NODE_ENV: "test", EIRA_CHROMIUM: findChromium(process.env) };
  for (const name of [
    "NODE_TEST_CONTEXT",
    "DATABASE_URL",
    "EIRA_DATA_DIR",
    "EIRA_PORT",
    "EIRA_HOST",
    "EIRA_DEMO",
    "EIRA_WORKERS",
  ]) {
    environment[name] = undefined; // spawn leaves out what is undefined
  }
  return environment;
}

function chosenSteps(words: readonly string[]): readonly Step[] {
  const at = words.indexOf("--only");
  if (at === -1) return STEPS;
  const names = (words[at + 1] ?? "").split(",");
  const unknown = names.filter((name) => !STEPS.some((step) => step === name));
  if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(", ")} (there are ${STEPS.join(", ")})`);
  return STEPS.filter((step) => names.includes(step));
}

function tellTotal(results: readonly StepResult[]): boolean {
  const sum = (pick: (result: StepResult) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  console.log("\npart        passed  failed  skipped     time");
  for (const { step, passed, failed, skipped, seconds } of results) {
    const numbers = [passed, failed, skipped].map((count) => String(count).padStart(8)).join("");
    console.log(`${step.padEnd(10)}${numbers}${seconds.toFixed(1).padStart(10)} s`);
  }
  const [passed, failed] = [sum((result) => result.passed), sum((result) => result.failed)];
  for (const line of linesOfTimes(
    times,
    sum((result) => result.seconds),
  ))
    console.log(line);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

const steps = chosenSteps(process.argv.slice(2));
if (steps.includes("browser") || steps.includes("database")) prepareMachine(process.env);
process.once("exit", removeBuiltTests);
const results: StepResult[] = [];
for (const step of steps) results.push(await runStep(step));
process.exitCode = tellTotal(results) ? 0 : 1;
