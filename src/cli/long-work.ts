/**
 * Long work beside the server: requests that nobody waits for in one lane, exports and imports in another, samples of the
 * access log in a third, so that an export of hours does not hold up an answer of seconds.
 *
 * SPEC CLI-SERVE-2
 */
import { requestRunner, type buildServer, type Sessions } from "../http/index.ts";
import { startWork, type Loop, type WorkOptions } from "../jobs/index.ts";
import { runExport, runImport, runSample, type JournalOptions } from "../journal/index.ts";

export type LongWork = {
  /** Lets the lane of this kind look at once. */
  readonly wake: (kind: string) => void;
  /** Ends it; what was under way is left to the next server. */
  readonly stop: () => Promise<void>;
};

type Hands = {
  readonly server: ReturnType<typeof buildServer>;
  readonly sessions: Sessions;
  readonly journal: JournalOptions;
} & Pick<WorkOptions, "onFault" | "every" | "leaseSeconds">;

/** Starts the lanes. */
export function startLongWork({ server, sessions, journal, ...how }: Hands): LongWork {
  const lanes: readonly WorkOptions["runners"][] = [
    { request: requestRunner(server, sessions) },
    { export: runExport, import: runImport },
    { sample: runSample },
  ];
  const loops = lanes.map((runners): readonly [string[], Loop] => [
    Object.keys(runners),
    startWork({ journal, runners, ...how }),
  ]);
  return {
    wake: (kind) => {
      for (const [kinds, loop] of loops) if (kinds.includes(kind)) loop.wake();
    },
    stop: async () => {
      await Promise.all(loops.map(([, loop]) => loop.stop()));
    },
  };
}
