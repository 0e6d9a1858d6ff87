/** Starts and kills a process that serves subscribers, as a server that dies. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { programOf } from "../../store/testing/index.ts";
import type { ExchangeOfTest } from "./index.ts";

export type EngineChild = { readonly kill: () => Promise<void> };

/** Resolves when the process goes round. */
export async function startEngine({ database, clock }: ExchangeOfTest): Promise<EngineChild> {
  const script = programOf(new URL("engine-child.ts", import.meta.url));
  const given = JSON.stringify({ config: database.config, now: clock().toISOString() });
  const child = spawn(process.execPath, [...script, given], { stdio: ["ignore", "pipe", "inherit"] });
  await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  return {
    kill: async () => {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
