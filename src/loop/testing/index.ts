/** A region with units that have people, for tests of the ledger on a real database. */
import { after } from "node:test";
import type { PersonActor } from "../../access/index.ts";
import type { JsonObject } from "../../fhir/index.ts";
import { commit, type Command, type Visit, type Written } from "../../journal/index.ts";
import { journalOfTest, OURS, patient, personActor, THEIRS, type JournalOfTest } from "../../journal/testing/index.ts";
import { ledgerAlong } from "../index.ts";

const HSA = "urn:oid:1.2.752.29.4.19";

/** A unit that asks, one that is asked, and one of another care provider; each is `Organization/<name>`. */
export const UNITS = {
  sender: OURS,
  asked: { ...OURS, careUnit: "SE2321000131-E000000000012" },
  beside: { ...OURS, careUnit: "SE2321000131-E000000000013" },
  theirs: THEIRS,
} as const;
export type UnitName = keyof typeof UNITS;

export type LoopJournal = JournalOfTest & {
  /** Writes as a client of the unit, with the ledger along. */
  readonly write: (resource: JsonObject, unit?: UnitName) => Promise<Written>;
  readonly writeAll: (commands: readonly Command[], unit?: UnitName) => Promise<readonly Written[]>;
  /** Somebody who works at the unit: the first one unless told. */
  readonly at: (unit: UnitName, person?: string) => Visit & { readonly actor: PersonActor };
  /** The loops of a resource, as they stand. */
  readonly loops: (name: string) => Promise<LoopRow[]>;
};

export type LoopRow = {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly owner: string | null;
  readonly responsible: string | null;
  readonly sender: string;
  readonly receiver: string | null;
  readonly risk: number;
  readonly level: number;
  readonly version: number;
  readonly parent: string | null;
};

/** The HSA-id of a person of a unit. */
export function personOf(unit: UnitName, person = "1"): string {
  return `${UNITS[unit].careUnit}-P${person}`;
}

/** A region where each unit has two people, and a patient in everybody's care. */
export async function loopJournal(t: Parameters<typeof journalOfTest>[0]): Promise<LoopJournal> {
  const journal = await journalOfTest(t);
  const client = (unit: UnitName): Visit => ({
    ...journal.client("system/*.cruds", UNITS[unit]),
    along: ledgerAlong,
    referentialIntegrity: false,
  });
  await addUnits(journal);
  await journal.put(patient("p1"));
  const writeAll = async (commands: readonly Command[], unit: UnitName = "sender"): Promise<readonly Written[]> =>
    (await commit(client(unit), commands)).value;
  return {
    ...journal,
    writeAll,
    write: async (resource, unit = "sender") => {
      const { resourceType: type, id } = resource as { resourceType: string; id: string };
      const [one] = await writeAll([{ kind: "update", type, id, resource, where: type }], unit);
      if (one === undefined) throw new Error("nothing was written");
      return one;
    },
    at: (unit, person = "1") => {
      const actor = personActor(UNITS[unit]);
      const named = { ...actor, id: `${unit}${person}`, hsaId: personOf(unit, person) };
      return { ...journal.person(UNITS[unit]), actor: named, along: ledgerAlong };
    },
    loops: (name) =>
      journal.sql<LoopRow>(
        `SELECT id, kind, state, owner, responsible, sender, receiver, risk, level, version, parent FROM loop
         WHERE subject_type || '/' || subject_id = $1 ORDER BY opened, kind`,
        [name],
      ),
  };
}

/** The same for all tests of a file: put down after the last of them, what was made last first. */
export async function loopJournalOfFile(): Promise<LoopJournal> {
  const endings: (() => Promise<unknown>)[] = [];
  after(async () => {
    for (const ending of endings.toReversed()) await ending();
  });
  return loopJournal({ after: (listener) => void endings.push(listener) });
}

let made = 0;

/** A name that no other test of the file has. */
export const fresh = (name: string): string => `${name}-${(made += 1)}`;

async function addUnits(journal: JournalOfTest): Promise<void> {
  const place = (id: string, value: string, partOf?: string): Promise<unknown> =>
    journal.put(
      {
        resourceType: "Organization",
        id,
        name: id,
        identifier: [{ system: HSA, value }],
        ...(partOf === undefined ? {} : { partOf: { reference: `Organization/${partOf}` } }),
      },
      null,
    );
  await place("ours", OURS.careProvider);
  await place("other", THEIRS.careProvider);
  for (const [name, { careUnit, careProvider }] of Object.entries(UNITS)) {
    await place(name, careUnit, careProvider === OURS.careProvider ? "ours" : "other");
    for (const person of ["1", "2"]) await addPerson(journal, name as UnitName, person);
  }
}

/** Somebody who works at a unit, under the assignment `role-<unit><person>`. */
export async function addPerson(journal: JournalOfTest, unit: UnitName, person: string, end?: string): Promise<void> {
  const id = `${unit}${person}`;
  await journal.put(
    { resourceType: "Practitioner", id, identifier: [{ system: HSA, value: personOf(unit, person) }] },
    null,
  );
  await journal.put(
    {
      resourceType: "PractitionerRole",
      id: `role-${id}`,
      active: true,
      practitioner: { reference: `Practitioner/${id}` },
      organization: { reference: `Organization/${unit}` },
      ...(end === undefined ? {} : { period: { end } }),
    },
    null,
  );
}
