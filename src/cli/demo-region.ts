/**
 * Loads the demonstration region once. What it is made from is remembered before the first row is written, so that a
 * start that was interrupted goes on where it stopped, with the same people.
 *
 * SPEC CLI-DEMO
 */
import type { Patient } from "fhir/r4";
import { PERSONNUMMER_SYSTEM } from "../base/index.ts";
import { generateRegion, type DemoEntry, type DemoTemplate } from "../demo/index.ts";
import { parseJson, protectionLabels, type JsonObject } from "../fhir/index.ts";
import { DEMO_PATIENTS, type Someone } from "../http/index.ts";
import { commit, today, type JournalOptions, type UpdateCommand, type Visit } from "../journal/index.ts";
import type { Store } from "../store/index.ts";
import type { Terminal } from "./command.ts";
import { registerGuardians } from "./demo-guardians.ts";

type Remembered = {
  readonly seed: number;
  readonly today: string;
  /** The time of day that the region's records end at. */
  readonly now: string;
  readonly patients: number;
  readonly done: boolean;
};

const TIME = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Stockholm", hour: "2-digit", minute: "2-digit" });
/** The region's day begins when its morning round is done. */
const EARLIEST = "09:00";

const NAME = "demonstration-region";
const SEED = 20241112;
const PATIENTS = 400;
const GROUP = 500;
/** As many patients stand on the page of the demonstration's sign-in. */
const MOST_SHOWN = 60;

const LOADER = {
  kind: "client",
  name: "demonstrationsregion",
  scopes: [{ type: "*", verbs: new Set(["c", "r", "u", "s"] as const) }],
  careProvider: null,
  careUnit: null,
} as const;

/** Loads what is missing of the region. Answers how many resources it went through; 0 when it was there already. */
export async function loadDemoRegion(store: Store, options: JournalOptions, terminal: Terminal): Promise<number> {
  const visit: Visit = { ...options, referentialIntegrity: false, actor: LOADER, request: "demonstration region" };
  const known = (await store.setting(NAME)) as Remembered | undefined;
  if (known?.done === true) return 0;
  const plan: Remembered = known ?? {
    seed: SEED,
    today: today(visit),
    now: timeOf(visit.clock()),
    patients: PATIENTS,
    done: false,
  };
  if (known === undefined) await store.saveSetting(NAME, plan);
  // Family members refer to each other across groups; the generator's own tests prove that every reference resolves.
  const seen: Someone[] = [];
  const count = await loadAll(visit, noting(generateRegion(plan).resources, seen), terminal);
  await store.saveSetting(DEMO_PATIENTS, seen);
  await registerGuardians(visit, generateRegion(plan).resources, plan.today);
  await takeTemplatesIntoUse(store, generateRegion(plan).templates);
  await store.saveSetting(NAME, { ...plan, done: true });
  return count;
}

/** The units' templates of letters, all in one write: an interrupted start has none of them, and goes on. */
async function takeTemplatesIntoUse(store: Store, templates: readonly DemoTemplate[]): Promise<void> {
  const [first] = templates;
  if (first === undefined) return;
  await store.write("*", async (tx) => {
    if ((await tx.letters.templatesOf(first.careUnit)).some(({ id }) => id === first.id)) return;
    for (const { proposedBy, reviewedBy, at, ...one } of templates) {
      await tx.letters.propose(one, { at, by: proposedBy });
      const which = { id: one.id, version: 1, careUnit: one.careUnit };
      await tx.letters.review(which, { at, by: reviewedBy, state: "current" });
    }
  });
}

/** The care provider that owns what is imported into a demonstration, or nothing outside one. */
export async function demoOwner(
  store: Store,
): Promise<{ readonly careProvider: string; readonly careUnit: string } | undefined> {
  const known = (await store.setting(NAME)) as Remembered | undefined;
  if (known === undefined) return undefined;
  const first = generateRegion(known).staff[0]?.assignments[0];
  return first === undefined ? undefined : { careProvider: first.providerHsaId, careUnit: first.unitHsaId };
}

/** Notes the first people who can sign in, on their way by. */
function* noting(entries: Iterable<DemoEntry>, seen: Someone[]): Generator<DemoEntry> {
  for (const entry of entries) {
    const { resource } = entry;
    const one = resource.resourceType === "Patient" && seen.length < MOST_SHOWN ? someone(resource) : undefined;
    if (one !== undefined) seen.push(one);
    yield entry;
  }
}

/** Whoever has a number of the population register, lives and is not protected. */
function someone(patient: Patient): Someone | undefined {
  const { name, identifier, birthDate = "", deceasedBoolean, deceasedDateTime } = patient;
  const number = identifier?.find(({ system }) => system === PERSONNUMMER_SYSTEM)?.value;
  const isDead = deceasedBoolean === true || deceasedDateTime !== undefined;
  const [first] = name ?? []; // the official name is the first one in the demonstration's own data
  if (number === undefined || first === undefined || isDead || isProtected(patient)) return undefined;
  const whole = [...(first.given ?? []), first.family ?? ""].join(" ");
  return { subject: number, name: whole, aside: number, group: `Född på ${birthDate.slice(0, 3)}0-talet` };
}

function isProtected(patient: Patient): boolean {
  return protectionLabels(patient as unknown as JsonObject).length > 0;
}

function timeOf(now: Date): string {
  const time = TIME.format(now);
  return time < EARLIEST ? EARLIEST : time;
}

async function loadAll(visit: Visit, entries: Iterable<DemoEntry>, terminal: Terminal): Promise<number> {
  let count = 0;
  let group: UpdateCommand[] = [];
  const write = async (): Promise<void> => {
    if (group.length > 0) await commit(visit, group, { isHistory: true });
    count += group.length;
    group = [];
    terminal.progress(`Demonstration region: ${count} resources`);
  };
  for (const entry of entries) {
    group.push(commandOf(entry));
    if (group.length >= GROUP) await write();
  }
  await write();
  return count;
}

function commandOf({ resource, careProvider, careUnit }: DemoEntry): UpdateCommand {
  const type = resource.resourceType;
  // Through text, so that what is stored is exactly what a client would have sent.
  const parsed = parseJson(JSON.stringify(resource)) as JsonObject;
  return {
    kind: "update",
    type,
    id: resource.id ?? "",
    resource: parsed,
    where: type,
    owner: { careProvider, careUnit },
  };
}
