/**
 * How a patient's notes stand: unsigned, signed, changed after it was signed; open or locked; with who signed and corrected, what the
 * patient does not agree with, and what is left of notes that were destroyed. Told beside the notes, of those within reach only.
 *
 * SPEC JRN-SIGN-STATE
 */
import { reachSetting, type Grounds } from "../../access/index.ts";
import { homeOf } from "../../base/index.ts";
import { fhirError, isFhirId } from "../../fhir/index.ts";
import type { Destroyed, ReadTx, StoredRemark, WrittenRecord } from "../../store/index.ts";
import { authorize, recordRefusal } from "../authorize.ts";
import { groundText, logEntry, OUT_OF_REACH, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { predicateFor } from "../predicate.ts";
import { lastUpdatedOf } from "../compose.ts";
import { readResource } from "../read.ts";
import type { Author } from "./author.ts";
import type { Seal } from "./sign.ts";
import { isSignable, locksAt, SIGNABLE, type SignableType } from "./signable.ts";

export type Remark = Omit<StoredRemark, "author"> & { readonly author: Author };

export type SigningState = {
  /** `changed`: an older version was signed, the one that stands was not. */
  readonly state: "unsigned" | "signed" | "changed";
  readonly version: number;
  readonly isLocked: boolean;
  /** When it is locked by itself. */
  readonly locks: string;
  /** Newest version first. */
  readonly seals: readonly Seal[];
  /** Oldest first. */
  readonly corrections: readonly Remark[];
  readonly disagreements: readonly Remark[];
};

export type PatientSigning = {
  /** By `Type/id`. */
  readonly records: Readonly<Record<string, SigningState>>;
  readonly destroyed: readonly Destroyed[];
};

/** How all notes of a patient stand. Errors: NOT_FOUND, FORBIDDEN. */
export async function signingOf(visit: Visit, patient: string): Promise<Disclosed<PatientSigning>> {
  const asked = `Patient/${patient}`;
  const grounds = await authorize(visit, "read", "Patient", asked);
  for (const type of SIGNABLE) await authorize(visit, "search", type, asked);
  const found = !isFhirId(patient)
    ? undefined
    : await visit.store.read(reachSetting(grounds.reach), (look) => lookAt(visit, grounds, look, patient));
  if (found === undefined) {
    await recordRefusal(visit, "read signing", OUT_OF_REACH, [asked]);
    throw fhirError("NOT_FOUND");
  }
  const act = { action: "read signing", outcome: "granted", ground: groundText(grounds) } as const;
  const what = Object.entries(found.records).map(([name, { version }]) => `${name}/_history/${version}`);
  await visit.store.recordAccess([logEntry(visit, act, { home: homeOf(patient), patient, what: [asked, ...what] })]);
  return disclose(found);
}

async function lookAt(
  visit: Visit,
  grounds: Grounds,
  look: ReadTx,
  patient: string,
): Promise<PatientSigning | undefined> {
  if ((await look.read("Patient", patient)) === undefined) return undefined;
  const access = predicateFor(visit, grounds);
  const home = homeOf(patient);
  const written: WrittenRecord[] = [];
  for (const type of SIGNABLE) written.push(...(await look.signing.writtenOf(type, patient, home, access)));
  const beside = groupsOf(
    (await look.signing.sealsOfPatient(patient, home)) as Seal[],
    (await look.signing.remarksOfPatient(patient, home)) as Remark[],
  );
  const records = Object.fromEntries(written.map((one) => [nameOf(one), stateOf(visit, one, beside(nameOf(one)))]));
  const destroyed = await look.signing.destroyedOfPatient(patient, home);
  return { records, destroyed: destroyed.filter(({ type }) => isSignable(type)) };
}

/** How one note stands. Errors: those of a read. */
export async function signingOfRecord(
  visit: Visit,
  { type, id }: { readonly type: SignableType; readonly id: string },
): Promise<Disclosed<SigningState>> {
  const { value } = await readResource(visit, type, id); // which decides and logs
  const grounds = await authorize(visit, "read", type, `${type}/${id}`);
  return disclose(
    await visit.store.read(reachSetting(grounds.reach), async (look) => {
      const row = (await look.read(type, id)) ?? { home: 0, id };
      const seals = (await look.signing.sealsOf(type, row)) as Seal[];
      const remarks = (await look.signing.remarksOf(type, row)) as Remark[];
      const first = (await look.readOldVersion(type, id, 1))?.last_updated;
      const created = first ?? new Date(lastUpdatedOf(value.content)).toISOString();
      return stateOf(visit, { type, id, version: value.version, created }, { seals, remarks });
    }),
  );
}

type Beside = { readonly seals: readonly Seal[]; readonly remarks: readonly Remark[] };

function groupsOf(seals: readonly Seal[], remarks: readonly Remark[]): (name: string) => Beside {
  const [sealsBy, remarksBy] = [byName(seals), byName(remarks)];
  return (name) => ({ seals: sealsBy.get(name) ?? [], remarks: remarksBy.get(name) ?? [] });
}

function byName<T extends Named>(some: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const lists = new Map<string, T[]>();
  for (const one of some) {
    const list = lists.get(nameOf(one));
    if (list === undefined) lists.set(nameOf(one), [one]);
    else list.push(one);
  }
  return lists;
}

type Named = { readonly type: string; readonly id: string };

function nameOf({ type, id }: Named): string {
  return `${type}/${id}`;
}

function stateOf(visit: Visit, { version, created }: WrittenRecord, { seals, remarks }: Beside): SigningState {
  const isSigned = seals.some((one) => one.version === version);
  const locks = locksAt(visit, created);
  return {
    state: isSigned ? "signed" : seals.length > 0 ? "changed" : "unsigned",
    version,
    isLocked: seals.length > 0 || visit.clock() >= locks,
    locks: locks.toISOString(),
    seals,
    corrections: remarks.filter(({ kind }) => kind === "correction"),
    disagreements: remarks.filter(({ kind }) => kind === "disagreement"),
  };
}
