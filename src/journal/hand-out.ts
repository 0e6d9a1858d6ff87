/**
 * What another system is told of without asking: versions of records, within what its unit may have. A system's scopes say which types it
 * gets; whose records, and that a patient's blocks keep them from its unit, is asked here of each version, whatever the scopes reach.
 *
 * SPEC JRN-HANDOUT · PDL (2008:355) 4 kap. 1 and 4 §§ · OSL (2009:400) 21 kap. 3 § · decision 0043
 */
import type { Use } from "../access/index.ts";
import { isJsonObject, parseJson, type JsonObject } from "../fhir/index.ts";
import type { CurrentRow, ReadTx, VersionRow } from "../store/index.ts";
import { authorize } from "./authorize.ts";
import { groundText, type Visit } from "./context.ts";
import { disclose, type Disclosed } from "./disclosed.ts";
import { entriesByPatient } from "./hits.ts";
import { showingFor, type Showing } from "./protected.ts";

/** Who is told: a unit, and whose records it may have. */
export type Receiver = {
  readonly careProvider: string;
  readonly careUnit: string;
  /** Units whose records it gets; none listed means all of its own care provider. */
  readonly units: readonly string[];
  /** What of people with protected identity it is shown. */
  readonly use: Extract<Use, "message" | "search">;
};

/** A version that is asked for; without a number the one that stands. */
export type HandOutAsk = { readonly type: string; readonly id: string; readonly version?: number };

export type HandedOut = {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly patient: string | null;
  /** The unit that owns it, by HSA-id. */
  readonly careUnit: string | null;
  readonly resource: JsonObject;
};

/**
 * The versions that may leave, by `type/id/version` as they were asked for; what is not here and what may not leave are both missing. Those
 * that are answered are in the access log before. Errors: FORBIDDEN, UNAVAILABLE.
 */
export async function handOut(
  visit: Visit,
  receiver: Receiver,
  asks: readonly HandOutAsk[],
): Promise<Disclosed<ReadonlyMap<string, HandedOut>>> {
  const found = new Map<string, HandedOut>();
  if (asks.length === 0) return disclose(found);
  const types = [...new Set(asks.map(({ type }) => type))];
  const grounds = [];
  for (const type of types) grounds.push(await authorize(visit, "read", type));
  const showing = await showingFor(visit);
  const stored = await visit.store.read("*", async (look) => {
    const each = await Promise.all(types.map((type) => ofType(look, type, asks)));
    return each.flat();
  });
  const blocked = await blockedIn(visit, receiver, stored);
  for (const { name, type, row } of stored)
    if (isForReceiver(row, type, receiver) && (NOBODYS.has(type) || !blocked(row)))
      found.set(name, handedOut(type, row, { showing, receiver }));
  const [ground] = grounds; // each type has its own scope; the log names the first
  if (found.size > 0 && ground !== undefined) {
    const act = { action: "notify", outcome: "granted", ground: groundText(ground) } as const;
    await visit.store.recordAccess(entriesByPatient(visit, act, [...found.values()], []));
  }
  return disclose(found);
}

type Stored = (CurrentRow | VersionRow) & { readonly content: string };
type Named = { readonly name: string; readonly type: string; readonly row: Stored };

export function handOutName({ type, id, version }: HandOutAsk): string {
  return `${type}/${id}/${version ?? ""}`;
}

/** A version may become history between the two looks, never the other way around. */
async function ofType(look: ReadTx, type: string, asks: readonly HandOutAsk[]): Promise<readonly Named[]> {
  const some = asks.filter((one) => one.type === type);
  const current = new Map(
    (await look.readMany(type, [...new Set(some.map(({ id }) => id))])).map((row) => [row.id, row]),
  );
  const rows = await Promise.all(
    some.map(async (ask) => {
      const standing = current.get(ask.id);
      const isIt = ask.version === undefined || standing?.version === ask.version;
      const row = isIt ? standing : await look.readOldVersion(type, ask.id, ask.version);
      return { name: handOutName(ask), type, row };
    }),
  );
  return rows.filter((one): one is Named => typeof one.row?.content === "string");
}

/** People and the directory are nobody's records; others are their unit's. */
const NOBODYS: ReadonlySet<string> = new Set(["Patient", "Organization", "Practitioner", "PractitionerRole"]);

function isForReceiver({ care_provider, care_unit }: Stored, type: string, receiver: Receiver): boolean {
  if (NOBODYS.has(type)) return true;
  if (care_provider !== receiver.careProvider || care_unit === null) return false;
  return receiver.units.length === 0 || receiver.units.includes(care_unit);
}

/** Which rows a block of their patient keeps from the receiver's unit. A block counts here whatever its period: nobody is there to judge. */
async function blockedIn(
  visit: Visit,
  { careProvider, careUnit }: Receiver,
  stored: readonly Named[],
): Promise<(row: Stored) => boolean> {
  const patients = [...new Set(stored.flatMap(({ type, row }) => (NOBODYS.has(type) ? [] : (row.patient ?? []))))];
  const hiding = await visit.store.read(`${careProvider} ${careUnit} -`, async (look) => {
    const blocks = new Map<string, readonly { readonly careProvider: string; readonly careUnit: string | null }[]>();
    for (const patient of patients)
      blocks.set(
        patient,
        (await look.blocks.of(patient)).filter(({ hides }) => hides),
      );
    return blocks;
  });
  return (row) =>
    (hiding.get(row.patient ?? "") ?? []).some(
      (block) => block.careProvider === row.care_provider && (block.careUnit ?? row.care_unit) === row.care_unit,
    );
}

type Shower = { readonly showing: Showing; readonly receiver: Receiver };

function handedOut(type: string, row: Stored, { showing, receiver }: Shower): HandedOut {
  const { id, version, patient, care_unit: careUnit, content } = row;
  const shown = parseJson(showing.text({ type, id, patient, content }, receiver.use));
  if (!isJsonObject(shown)) throw new Error("a stored version is no resource");
  return { type, id, version, patient, careUnit, resource: shown };
}
