/** The server under measurement: this very program, started on a data directory of its own. SPEC CLI-BENCH */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Self } from "../command.ts";

export type RunningServer = {
  readonly pid: number;
  readonly stop: () => Promise<void>;
};

/** Starts `serve` with `workers` processes and answers when it is ready. Errors: an Error with what it said when it ended instead. */
export async function startServer(self: Self, dataDir: string, port: number, workers: number): Promise<RunningServer> {
  return startProgram(self, ["serve"], {
    EIRA_DATA_DIR: dataDir,
    EIRA_PORT: String(port),
    EIRA_WORKERS: String(workers),
  });
}

/** Starts this program on one machine's addresses, and answers when it says that it is ready. */
export async function startProgram(
  self: Self,
  command: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  const [program = "", ...args] = self.command;
  const environment = {
    ...self.environment,
    DATABASE_URL: undefined, // made-up patients and malformed requests have no place in anybody's database
    EIRA_HOST: "127.0.0.1",
    EIRA_DEMO: "0",
    ...more,
  };
  const child = spawn(program, [...args, ...command], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  await ready(child);
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  const said: string[] = [];
  child.stderr?.on("data", (part: Buffer) => said.push(part.toString("utf8")));
  if (child.stdout === null) throw new Error("the server has no standard output");
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("Eira ready")) return;
  }
  throw new Error(`The server ended before it was ready. ${said.join("").slice(-500)}`);
}
