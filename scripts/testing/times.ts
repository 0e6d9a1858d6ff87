/** What a run says of its own length: its slowest files, and loudly which files, and whether the run itself, have outgrown a budget. */

/** The seconds that one file's tests may take before it is told loudly. */
export const FILE_BUDGET = 30;
/** The seconds that a whole run may take on two processors. */
export const RUN_BUDGET = 20 * 60;
const SLOWEST = 10;

/** The lines to tell: nothing of a run without test files. */
export function linesOfTimes(times: ReadonlyMap<string, number>, runSeconds: number): string[] {
  if (times.size === 0) return [];
  const slowest = [...times].toSorted(([, one], [, two]) => two - one).slice(0, SLOWEST);
  const over = [...times.values()].filter((seconds) => seconds > FILE_BUDGET).length;
  return [
    "\nslowest files",
    ...slowest.map(([file, seconds]) => `${file.padEnd(60)}${seconds.toFixed(1).padStart(8)} s${markOf(seconds)}`),
    ...(over > SLOWEST ? [`… and ${over - SLOWEST} more OVER ${FILE_BUDGET} s`] : []),
    `${runSeconds > RUN_BUDGET ? "THE RUN IS OVER ITS BUDGET" : "the run"}: ${(runSeconds / 60).toFixed(1)} min of ${RUN_BUDGET / 60}`,
  ];
}

const markOf = (seconds: number): string => (seconds > FILE_BUDGET ? `  OVER ${FILE_BUDGET} s` : "");
