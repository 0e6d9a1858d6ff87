/**
 * The test run: checks, then the files of all parts together, and as the last line `N passed, N failed`. Ends with 1 when
 * anything failed, when the run crashed, or when nothing ran.
 */
import { runChecks } from "../checks/run.ts";
import { buildTests, programs, removeBuiltTests } from "./built-tests.ts";
import { findChromium, prepareMachine } from "./machine.ts";
import { filesOfParts, inOrder, LIMITS, PART_NAMES, type PartName } from "./parts.ts";
import { countsOf, runFiles } from "./run-files.ts";
import { FAILED_ONCE, type FileCounts } from "./tally.ts";
import { linesOfTimes } from "./times.ts";

type Step = "check" | PartName;

const STEPS: readonly Step[] = ["check", ...PART_NAMES];

/** What a step came to. The seconds of a part are those of its tests, of which several run at once. */
interface StepResult extends FileCounts {
  readonly step: Step | "run";
}

const times = new Map<string, number>();
/** The processor's seconds of each file. */
const spent = new Map<string, number>();

async function runCheck(): Promise<StepResult> {
  console.log("\ncheck");
  const started = performance.now();
  const counts = await runChecks([]);
  return { step: "check", ...counts, skipped: 0, seconds: (performance.now() - started) / 1000 };
}

/** The files of all chosen parts together: where those of one wait, those of another get on. */
async function runParts(parts: readonly PartName[]): Promise<StepResult[]> {
  console.log(`\n${parts.join(", ")}`);
  const all = filesOfParts();
  const built = await buildTests([...[...all.values()].flat(), ...programs()]);
  const groups = inOrder(parts.flatMap((part) => all.get(part) ?? []));
  const ran = await runFiles(groups, { limits: LIMITS, environment: testEnvironment(), built });
  for (const [file, { seconds }] of ran.files) times.set(file, seconds);
  for (const [file, seconds] of ran.spent) spent.set(file, seconds);
  const results = parts.map((part) => ({ step: part, ...countsOf(all.get(part) ?? [], ran) }));
  return ran.fault === undefined ? results : [...results, { step: "run", ...FAILED_ONCE }];
}

async function orFailed(
  step: StepResult["step"],
  results: Promise<readonly StepResult[]>,
): Promise<readonly StepResult[]> {
  return results.catch((error: unknown) => {
    console.log(`  FAIL ${step} crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return [{ step, ...FAILED_ONCE }];
  });
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
  console.log("\npart        passed  failed  skipped    tests");
  for (const { step, passed, failed, skipped, seconds } of results) {
    const numbers = [passed, failed, skipped].map((count) => String(count).padStart(8)).join("");
    console.log(`${step.padEnd(10)}${numbers}${seconds.toFixed(1).padStart(10)} s`);
  }
  const [passed, failed] = [sum((result) => result.passed), sum((result) => result.failed)];
  const seconds = (performance.now() - started) / 1000;
  for (const line of linesOfTimes(times, spent, seconds)) console.log(line);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

const started = performance.now();
const steps = chosenSteps(process.argv.slice(2));
if (steps.includes("browser") || steps.includes("database")) prepareMachine(process.env);
process.once("exit", removeBuiltTests);
const results: StepResult[] = [];
const parts = PART_NAMES.filter((name) => steps.includes(name));
if (steps.includes("check"))
  results.push(
    ...(await orFailed(
      "check",
      runCheck().then((one) => [one]),
    )),
  );
if (parts.length > 0) results.push(...(await orFailed("run", runParts(parts))));
process.exitCode = tellTotal(results) ? 0 : 1;
