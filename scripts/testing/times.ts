/** What a run says of its own length: its slowest files, and loudly which files, and whether the run itself, have outgrown a budget. */

/** The seconds that one file's tests may take before it is told loudly. */
export const FILE_BUDGET = 30;
/** The seconds that a whole run may take on two processors. */
export const RUN_BUDGET = 20 * 60;
const SLOWEST = 10;

/**
 * The lines to tell: nothing of a run without test files. Beside each file's seconds stand the processor's, which hang less on what
 * else the machine does: those of its process and of the processes that it waited for, without the tests' own PostgreSQL.
 */
export function linesOfTimes(
  times: ReadonlyMap<string, number>,
  spent: ReadonlyMap<string, number>,
  runSeconds: number,
): string[] {
  if (times.size === 0) return [];
  const slowest = [...times].toSorted(([, one], [, two]) => two - one).slice(0, SLOWEST);
  const over = [...times.values()].filter((seconds) => seconds > FILE_BUDGET).length;
  const dearest = [...spent].toSorted(([, one], [, two]) => two - one).slice(0, SLOWEST);
  const all = [...spent.values()].reduce((sum, seconds) => sum + seconds, 0);
  return [
    "\nslowest files",
    ...slowest.map(([file, seconds]) => `${lineOf(file, seconds)}${markOf(seconds)}`),
    ...(over > SLOWEST ? [`… and ${over - SLOWEST} more OVER ${FILE_BUDGET} s`] : []),
    ...(dearest.length === 0 ? [] : ["\nof the processor, without the tests' PostgreSQL"]),
    ...dearest.map(([file, seconds]) => lineOf(file, seconds)),
    ...(dearest.length === 0 ? [] : [lineOf("all files", all), ""]),
    `${runSeconds > RUN_BUDGET ? "THE RUN IS OVER ITS BUDGET" : "the run"}: ${(runSeconds / 60).toFixed(1)} min of ${RUN_BUDGET / 60}`,
  ];
}

const lineOf = (file: string, seconds: number): string => `${file.padEnd(60)}${seconds.toFixed(1).padStart(8)} s`;
const markOf = (seconds: number): string => (seconds > FILE_BUDGET ? `  OVER ${FILE_BUDGET} s` : "");
