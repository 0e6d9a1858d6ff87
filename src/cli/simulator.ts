/**
 * `eira simulator laboratory|radiology --port PORT --to HOST:PORT [--seed TEXT] [--delay-ms N] [--scenario NAME] [--faults LIST]`: a laboratory
 * or a radiology department that takes orders over MLLP and answers them with made-up values. A process of its own, without a database.
 *
 * SPEC CLI-SIMULATOR
 */
import { once } from "node:events";
import { faultsIn, SCENARIOS, startSimulator } from "../exchange/index.ts";
import { flag, numberFlag, type Command } from "./command.ts";
import { usageOf } from "./usage.ts";

const USAGE = usageOf("simulator");
const USUAL_DELAY_MS = 10_000;

export const simulatorCommand: Command = async ({ args, terminal, clock }) => {
  const [, kind] = args;
  const to = /^([^:]+):(\d{1,5})$/.exec(flag(args, "to") ?? "");
  if ((kind !== "laboratory" && kind !== "radiology") || to === null || flag(args, "port") === undefined)
    throw new Error(USAGE);
  const scenario = flag(args, "scenario");
  if (scenario !== undefined && !SCENARIOS[kind].includes(scenario))
    throw new Error(`There is no scenario ${scenario}; there are ${SCENARIOS[kind].join(", ")}.`);
  const host = flag(args, "host") ?? "127.0.0.1";
  const simulator = await startSimulator({
    kind,
    host,
    port: numberFlag(args, "port", 0),
    to: { host: to[1] ?? "", port: Number(to[2]) },
    charset: "utf-8",
    seed: flag(args, "seed") ?? "1",
    delayMs: numberFlag(args, "delay-ms", USUAL_DELAY_MS),
    scenario,
    faults: faultsIn(flag(args, "faults") ?? ""),
    clock,
    tell: (line) => terminal.tell(`${kind}: ${line}`),
  });
  terminal.onStop(() => simulator.close());
  terminal.print(JSON.stringify({ simulator: kind, host, port: simulator.port }));
  if (!args.includes("--until-input-ends")) return new Promise(() => undefined); // until it is told to stop
  await once(process.stdin.resume(), "end");
  await simulator.close();
  return 0;
};
