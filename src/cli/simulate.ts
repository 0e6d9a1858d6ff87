/**
 * `eira simulate [--loops N] [--seed S] [--world N] [--processes N] [--keep FILE]`: lets worlds of people, units, laboratories, crashes and outages run
 * against the ledger's own code and claims that nothing was lost, done twice or hidden. `--plants` (or `--plant NAME`) puts each planted fault
 * in and claims that it is found; `--markdown FILE` writes the list of them. `--calendar [--days N]` runs a year of a unit's rosters.
 *
 * SPEC CLI-SIM
 */
import { writeFile } from "node:fs/promises";
import { findPlants, isSound, runYear, SIMULATION_FAULTS, type PlantReport, type WorldReport } from "../loop/index.ts";
import { flag, numberFlag, type Command, type Invocation } from "./command.ts";
import { runWorlds, workOnWorlds } from "./simulate-worlds.ts";

const LOOPS = 10_000_000;
const WORLD = 50_000;
const PROCESSES = 2;
const PLANT_LOOPS = 3_000;
const PLANT_WORLDS = 5;
const SHOWN = 10;

export const simulateCommand: Command = async (invocation) => {
  const { args, clock } = invocation;
  const seed = numberFlag(args, "seed", clock().getTime() % 1_000_000);
  if (args.includes("--calendar")) return calendar(invocation, seed);
  if (args.includes("--plants") || args.includes("--plant")) return plants(invocation, seed);
  if (!args.includes("--part")) return whole(invocation, seed);
  return workOnWorlds(invocation, { seed, world: numberFlag(args, "world", WORLD) });
};

type Totals = Omit<WorldReport, "findings"> & { worlds: number };

async function whole(invocation: Invocation, seed: number): Promise<number> {
  const { args, terminal, clock } = invocation;
  const loops = numberFlag(args, "loops", LOOPS);
  if (loops < 1) throw new Error("--loops is to be at least 1.");
  const world = Math.min(numberFlag(args, "world", WORLD), loops);
  const processes = Math.max(1, Math.min(numberFlag(args, "processes", PROCESSES), Math.ceil(loops / world)));
  const keep = flag(args, "keep");
  terminal.tell(`seed ${seed}: ${loops} loops in worlds of ${world}, ${processes} processes`);
  const totals = emptyTotals();
  const began = clock().getTime();
  const asked = { seed, loops, world, processes, ...(keep === undefined ? {} : { keep }) };
  const isWhole = await runWorlds(invocation, asked, ({ name, report }) => {
    add(totals, report);
    for (const { fault, what, at } of report.findings.slice(0, SHOWN))
      terminal.tell(`${fault} in world ${name} at ${new Date(at).toISOString()}: ${what}`);
    terminal.progress(`${totals.loops} of ${loops} loops, ${totals.worlds} worlds, ${totals.crashes} crashes`);
  });
  const seconds = Math.round((clock().getTime() - began) / 1000);
  terminal.print(JSON.stringify({ ...totals, seed, seconds }));
  return isWhole && totals.loops >= loops && isSound(totals) ? 0 : 1;
}

async function plants({ args, terminal }: Invocation, seed: number): Promise<number> {
  const loops = numberFlag(args, "loops", PLANT_LOOPS);
  const only = flag(args, "plant");
  terminal.tell(`seed ${seed}: planted faults in worlds of ${loops} loops`);
  const found = await findPlants({ seed, loops, most: PLANT_WORLDS, ...(only === undefined ? {} : { only }) });
  if (found.length === 0) throw new Error(`There is no plant ${only ?? ""}.`);
  for (const one of found) terminal.tell(lineOf(one));
  const file = flag(args, "markdown");
  if (file !== undefined) await writeFile(file, markdownOf(found, { seed, loops }));
  const missed = found.filter(({ foundAfter }) => foundAfter === null).map(({ plant }) => plant);
  terminal.print(JSON.stringify({ plants: found.length, found: found.length - missed.length, missed, seed }));
  return missed.length === 0 ? 0 : 1;
}

async function calendar({ args, terminal }: Invocation, seed: number): Promise<number> {
  const report = await runYear(seed, { days: numberFlag(args, "days", 365) });
  for (const { what } of report.findings) terminal.tell(what);
  const { findings, ...counts } = report;
  terminal.print(JSON.stringify({ ...counts, seed }));
  return findings.length === 0 && counts.results > 0 && counts.critical > 0 ? 0 : 1;
}

function emptyTotals(): Totals {
  const zero = Object.fromEntries(SIMULATION_FAULTS.map((fault) => [fault, 0])) as Pick<
    WorldReport,
    (typeof SIMULATION_FAULTS)[number]
  >;
  return { loops: 0, ...zero, worlds: 0, steps: 0, crashes: 0 };
}

function add(totals: Totals, report: WorldReport): void {
  const { findings: _findings, ...counts } = report;
  totals.worlds += 1;
  Object.assign(
    totals,
    Object.fromEntries(
      Object.entries(counts).map(([name, value]) => [name, value + totals[name as keyof typeof counts]]),
    ),
  );
}

function lineOf({ plant, foundAfter, finding, seed }: PlantReport): string {
  return foundAfter === null
    ? `${plant}: not found`
    : `${plant}: found after ${foundAfter} loops in world ${seed}: ${finding?.fault ?? ""}, ${finding?.what ?? ""}`;
}

function markdownOf(
  found: readonly PlantReport[],
  { seed, loops }: { readonly seed: number; readonly loops: number },
): string {
  const rows = found.map(
    ({ plant, takesAway, seed: world, foundAfter, finding }) =>
      `| ${plant} | ${takesAway} | ${world} | ${foundAfter ?? "not found"} | ${finding?.fault ?? ""} |`,
  );
  return `${ABOUT}

Made by \`npm run eira -- simulate --plants --seed ${seed} --loops ${loops} --markdown docs/simulation.md\`. The loops are those that had been opened when it was found.

| plant | what it takes away | world | loops | found as |
|---|---|---|--:|---|
${rows.join("\n")}
`;
}

const ABOUT = `# The simulation and its planted faults

\`npm run eira -- simulate --loops N --seed S\` lets worlds of people, units, two laboratories, a network and programs that die run against the
ledger's own code (\`src/loop\`), and counts what was lost (orphans), done twice (doubles), out of sight for more than 60 simulated seconds
(hidden), against a key or a rule (broken), or without an end (unended). A seed repeats a world to the letter.

Each plant takes one safeguard away; a simulation that does not find it would not find the loss of it either.`;
