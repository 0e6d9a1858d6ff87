/**
 * Runs worlds: one after the other for a number of loops, and the planted faults, each of which must be found.
 * SPEC LOOP-SIM-1, LOOP-SIM-3
 */
import { FAULTS, type Fault, type Finding } from "./observer.ts";
import { PLANTS, type Plant } from "./plants.ts";
import { World } from "./world.ts";

export type WorldReport = Readonly<Record<Fault, number>> & {
  readonly loops: number;
  readonly steps: number;
  readonly crashes: number;
  readonly findings: readonly Finding[];
};

/** One world of about so many loops. The same seed is the same world. */
export async function runWorld(seed: string, loops: number, plant?: Plant): Promise<WorldReport> {
  const world = new World(seed, loops);
  plant?.put(world);
  await world.run();
  const { counts, findings, loops: made, steps } = world.observer;
  return { ...counts, loops: made, steps, crashes: world.crashes, findings };
}

export function isSound(report: Readonly<Record<Fault, number>>): boolean {
  return FAULTS.every((fault) => report[fault] === 0);
}

export type PlantReport = {
  readonly plant: string;
  readonly takesAway: string;
  readonly seed: string;
  /** How many loops there were when it was found; null when it was not. */
  readonly foundAfter: number | null;
  readonly finding: Finding | null;
};

/** Puts each planted fault into worlds until it is found, in `most` worlds at the most. */
export async function findPlants(ask: {
  readonly seed: number;
  readonly loops: number;
  readonly most: number;
  readonly only?: string;
}): Promise<PlantReport[]> {
  const reports: PlantReport[] = [];
  for (const plant of PLANTS)
    if (ask.only === undefined || ask.only === plant.name) reports.push(await findPlant(plant, ask));
  return reports;
}

async function findPlant(
  plant: Plant,
  { seed, loops, most }: { readonly seed: number; readonly loops: number; readonly most: number },
): Promise<PlantReport> {
  const { name, takesAway } = plant;
  let before = 0;
  for (let world = 0; world < most; world += 1) {
    const worldSeed = `${seed}.${world}`;
    const report = await runWorld(worldSeed, loops, plant);
    const [finding] = report.findings;
    if (finding !== undefined)
      return { plant: name, takesAway, seed: worldSeed, foundAfter: before + report.loops, finding };
    before += report.loops;
  }
  return { plant: name, takesAway, seed: `${seed}.${most - 1}`, foundAfter: null, finding: null };
}
