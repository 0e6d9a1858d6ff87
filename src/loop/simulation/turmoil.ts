/**
 * What happens to a region while people work: leave, quits, units that stand empty, merge, close and open again, patients whose numbers
 * become one, outages, partitions, weather, overload, and clocks that are set. SPEC LOOP-SIM-1
 */
import { REGION } from "../model.ts";
import type { World } from "./world.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const EXCUSE = 70 * SECOND;

type Turn = { readonly every: number; readonly happen: (world: World, turmoil: Turmoil) => void };
type Turmoil = { people: number };

const TURNS: readonly Turn[] = [
  { every: 20 * MINUTE, happen: weather },
  { every: 15 * MINUTE, happen: leave },
  { every: 40 * MINUTE, happen: quit },
  { every: 3 * HOUR, happen: empty },
  { every: 4 * HOUR, happen: close },
  { every: 4 * HOUR, happen: merge },
  { every: 12 * HOUR, happen: rosters },
  { every: 10 * MINUTE, happen: mergePatients },
  { every: 6 * HOUR, happen: outageOfDatabase },
  { every: 3 * HOUR, happen: outageOfLaboratory },
  { every: 2 * HOUR, happen: partition },
  { every: 8 * HOUR, happen: overload },
  { every: 5 * HOUR, happen: setClock },
];

/** Lets all of it happen, each at its own times, until the faults stop. People come back to empty units always. */
export function turmoil(world: World): void {
  const state: Turmoil = { people: 1000 };
  const { scheduler, random } = world;
  for (const { every, happen } of TURNS) {
    const next = (): void => {
      if (world.phase === "calm") return;
      if (world.database.isUp) happen(world, state);
      scheduler.after(1 + random.int(2 * every), next);
    };
    scheduler.after(random.int(every), next);
  }
}

function weather(world: World): void {
  world.changeWeather();
}

function leave(world: World): void {
  const { random, database } = world;
  const who = anybody(world);
  if (who === undefined) return;
  const since = world.clock() + random.int(HOUR);
  const long = random.int(4) === 0 ? 20 * DAY : 12 * HOUR;
  const deputy = random.int(3) === 0 ? null : (anybody(world) ?? null);
  database.directory.beAway(who, {
    since,
    until: since + MINUTE + random.int(long),
    deputy: deputy === who ? null : deputy,
  });
}

function quit(world: World, state: Turmoil): void {
  const { database, random } = world;
  const list = random.pick(world.units);
  const [who] = database.directory.members.get(list)!;
  if (who === undefined) return;
  database.directory.leave(who, list);
  world.parts.restaff(database, world.clock()); // in the commit that changes the directory
  database.onCommitted();
  world.scheduler.after(random.int(12 * HOUR), () => hire(world, state, list));
}

function hire(world: World, state: Turmoil, list: string): void {
  const { database } = world;
  if (database.directory.lists.get(list)?.status !== "open") return;
  database.directory.join(`p${(state.people += 1)}`, list);
  world.parts.restaff(database, world.clock());
  database.onCommitted();
}

function empty(world: World, state: Turmoil): void {
  const { database, random } = world;
  const list = random.pick(world.units);
  for (const who of Array.from(database.directory.members.get(list)!)) database.directory.leave(who, list);
  world.parts.restaff(database, world.clock());
  database.onCommitted();
  for (const _ of [1, 2]) world.scheduler.after(HOUR + random.int(DAY), () => hire(world, state, list));
}

function close(world: World, state: Turmoil): void {
  end(world, state, null);
}

function merge(world: World, state: Turmoil): void {
  end(world, state, world.random.pick(world.units));
}

/** A unit is closed, or becomes another one; a day later it is there again. */
function end(world: World, state: Turmoil, into: string | null): void {
  const { database, random } = world;
  const { directory } = database;
  const id = random.pick(world.units);
  const open = world.units.filter((unit) => directory.lists.get(unit)?.status === "open");
  if (id === into || open.length < 8 || directory.lists.get(id)?.status !== "open") return;
  world.parts.closeList(database, id, { mergedInto: into, at: world.clock() });
  database.onCommitted();
  world.scheduler.after(4 * HOUR + random.int(DAY), () => {
    const list = directory.lists.get(id)!;
    list.status = "open";
    list.mergedInto = null;
    directory.changed();
    for (const _ of [1, 2, 3]) hire(world, state, id);
  });
}

function rosters(world: World): void {
  const { database, random } = world;
  const at = world.clock();
  for (const list of ["h1", "h2", REGION, ...world.units]) {
    const people = [...database.directory.members.get(list)!];
    const first = people.length === 0 ? 0 : random.int(people.length);
    const asked = [...people.slice(first), ...people.slice(0, first)].slice(0, 3);
    database.directory.onDutyFor(
      list,
      asked.map((person) => ({ person, since: at, until: at + DAY })),
    );
  }
}

/** Two patients turn out to be one: from now on both numbers are theirs. */
function mergePatients(world: World): void {
  const { patients, random } = world;
  const one = random.pick(patients);
  const other = random.pick(patients);
  for (const number of other.numbers) one.numbers.add(number);
  for (const number of one.numbers) other.numbers.add(number);
  one.number = other.number;
}

function outageOfDatabase(world: World): void {
  const { database, scheduler, random, observer } = world;
  database.isUp = false;
  const long = SECOND + random.int(3 * MINUTE);
  observer.excusedUntil = scheduler.now + long + EXCUSE;
  scheduler.after(long, () => (database.isUp = true));
}

function outageOfLaboratory(world: World): void {
  const laboratory = world.random.pick([...world.laboratories.values()]);
  laboratory.isUp = false;
  world.scheduler.after(MINUTE + world.random.int(2 * HOUR), () => {
    laboratory.isUp = true;
    laboratory.flush();
  });
}

function partition(world: World): void {
  const name = world.random.pick([...world.laboratories.keys()]);
  world.partitioned.add(name);
  world.scheduler.after(SECOND + world.random.int(HOUR), () => world.partitioned.delete(name));
}

/** Twenty times as much as at the peak. */
function overload(world: World): void {
  world.overload = true;
  world.scheduler.after(MINUTE + world.random.int(10 * MINUTE), () => (world.overload = false));
}

/** The clock is set: a little, by the hour of daylight saving, now and then by a day; back again some other time. */
function setClock(world: World): void {
  const { random, observer, scheduler } = world;
  const by = random.pick([1, 30, 60 * 5, 3600, 3600, 7200, 86_400]) * SECOND;
  world.skew = world.skew > 0 || random.int(2) === 0 ? world.skew - by : world.skew + by;
  observer.excusedUntil = scheduler.now + EXCUSE;
}

function anybody(world: World): string | undefined {
  const { database, random } = world;
  const people = [...database.directory.members.get(random.pick(["h1", "h2", ...world.units]))!];
  return people.length === 0 ? undefined : random.pick(people);
}
