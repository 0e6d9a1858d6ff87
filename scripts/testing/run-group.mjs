/**
 * Runs test files one after the other in one process, each in a suite of its own: what it sets up is put down before the next one is
 * read. A process pays 0.7 s of the processor before its first test, and as much again until its code is warm (docs/decisions/0042).
 * Plain JavaScript: it runs in the tests' own processes.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { after, describe, test } from "node:test";

const TICKS_A_SECOND = 100;

/** Runs the files, given as source and built file; what each cost the processor is added to a file beside the built ones. */
export async function runGroup(files, spentFile) {
  let before = 0;
  const tellSpent = (source) => {
    const now = processorSeconds();
    appendFileSync(spentFile, `${JSON.stringify({ source, seconds: now - before })}\n`);
    before = now;
  };
  for (const file of files) await runFile(file, tellSpent);
}

/** Comes back when all that the file set up is put down. */
function runFile({ source, place }, tellSpent) {
  return new Promise((resolve) => {
    describe(source, async () => {
      try {
        await import(place);
      } catch (error) {
        test(source, () => {
          throw error;
        });
      }
      after(() => {
        tellSpent(source);
        resolve();
      });
    });
  });
}

/** Of this process and of those that it started and that have ended. */
function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + childrenSeconds();
}

function childrenSeconds() {
  if (process.platform !== "linux") return 0;
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND;
}
