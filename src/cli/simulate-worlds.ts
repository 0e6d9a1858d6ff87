/**
 * Worlds of the simulation in processes of their own: each asks for the next world when it has told of the last one. What was found sound can
 * be kept in a file, a line for each world, so that a run of hours that was stopped goes on where it was.
 *
 * SPEC CLI-SIM-1, CLI-SIM-4
 */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { isSound, runWorld, type WorldReport } from "../loop/index.ts";
import type { Invocation } from "./command.ts";

export type Asked = {
  readonly seed: number;
  readonly loops: number;
  /** So many loops in a world. */
  readonly world: number;
  readonly processes: number;
  /** Where worlds that were sound are kept. */
  readonly keep?: string;
};

/** A world by its name, which is its seed, and what was seen in it. */
export type WorldTold = { readonly name: string; readonly world: number; readonly report: WorldReport };

/** Objects on the way are few and short-lived: room for them saves a tenth of the time. */
const ROOM = "--max-semi-space-size=64";

/**
 * Runs worlds until there are as many loops as were asked for, or a fault. Answers whether every process ended well. Errors: an Error when
 * the file is of another run.
 */
export async function runWorlds(
  invocation: Invocation,
  asked: Asked,
  take: (told: WorldTold) => void,
): Promise<boolean> {
  const { seed, loops, world, processes, keep } = asked;
  const kept = keep === undefined ? [] : worldsIn(keep, asked);
  const done = new Set(kept.map(({ name }) => name));
  let made = 0;
  let index = 0;
  let isFaulty = false;
  const count = (told: WorldTold): void => {
    made += Math.max(1, told.report.loops);
    isFaulty ||= !isSound(told.report);
    take(told);
  };
  for (const one of kept) count(one);
  const next = (): number | undefined => {
    while (done.has(`${seed}.${index}`)) index += 1;
    return made < loops && !isFaulty ? index++ : undefined; // the world stands still where a fault was found
  };
  const hear = (told: WorldTold): void => {
    if (keep !== undefined && isSound(told.report)) appendFileSync(keep, `${JSON.stringify(told)}\n`);
    count(told);
  };
  const codes = await Promise.all(
    Array.from({ length: processes }, () => workWith(invocation, { seed, world }, { next, hear })),
  );
  return codes.every((code) => code === 0);
}

/** A process that runs the worlds that it is given: this very program. */
async function workWith(
  { self }: Invocation,
  { seed, world }: { readonly seed: number; readonly world: number },
  { next, hear }: { readonly next: () => number | undefined; readonly hear: (told: WorldTold) => void },
): Promise<number | null> {
  let index = next();
  if (index === undefined) return 0;
  const [program = "", ...before] = self.command;
  const words = ["simulate", "--part", "--seed", String(seed), "--world", String(world)];
  const child = spawn(program, [ROOM, ...before, ...words], {
    env: self.environment,
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.on("error", () => undefined); // a process that died is told by its code
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  child.stdin.write(`${index}\n`);
  for await (const line of createInterface(child.stdout)) {
    hear(JSON.parse(line) as WorldTold);
    index = next();
    if (index === undefined) child.stdin.end();
    else child.stdin.write(`${index}\n`);
  }
  return ended;
}

/** The other end: runs each world whose number comes in, and tells of it in one line. */
export async function workOnWorlds(
  { terminal }: Invocation,
  { seed, world }: { readonly seed: number; readonly world: number },
): Promise<number> {
  for await (const index of createInterface(process.stdin)) {
    const name = `${seed}.${index}`;
    terminal.print(JSON.stringify({ name, world, report: await runWorld(name, world) } satisfies WorldTold));
  }
  return 0;
}

/** What was kept. A line that was cut off was not, and goes, so that the next one begins where it did. */
function worldsIn(file: string, { seed, world }: Asked): readonly WorldTold[] {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const told = whole
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as WorldTold);
  const other = told.find((one) => one.world !== world || !one.name.startsWith(`${seed}.`));
  if (other !== undefined) throw new Error(`${file} is of another run: world ${other.name} of ${other.world} loops.`);
  if (whole !== text) writeFileSync(file, whole);
  return told;
}
