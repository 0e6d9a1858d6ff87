/**
 * Letters at the patient's own door: which there are, one that is opened and thereby read, and an answer to the unit that sent it, which is
 * a message on that unit's list.
 *
 * SPEC CLIN-LETTER-7, CLIN-LETTER-8 · PDL 5 kap. 5 §
 */
import type { ClientActor, PatientActor } from "../../access/index.ts";
import { homeOf, withSeal } from "../../base/index.ts";
import { fhirError, fhirErrorAt, listOf, objectOf, type JsonObject } from "../../fhir/index.ts";
import {
  authorize,
  commit,
  disclosedTogether,
  groundText,
  logEntry,
  mayWriteAtDoor,
  PORTAL,
  readResource,
  recordAccess,
  refuseVisit,
  searchResources,
  type Disclosed,
  type Visit,
} from "../../journal/index.ts";
import { deliveriesAtDoor, readAtDoor } from "../../loop/index.ts";
import { objectIn } from "../said.ts";
import { LONGEST_TEXT, refuseBadWords } from "./compose.ts";
import { stringIn, textOf, titleOf } from "./sent.ts";
import { LETTER_SYSTEM } from "./write.ts";

export type OwnLetter = {
  readonly id: string;
  readonly title: string | null;
  readonly sent: string | null;
  readonly by: string | null;
  /** When it was opened here; null when it has not been. */
  readonly read: number | null;
  /** Written here, to the unit. */
  readonly isOwn: boolean;
  readonly isWithdrawn: boolean;
  readonly canAnswer: boolean;
};
export type OpenedLetter = OwnLetter & { readonly text: string };

const MOST = "100";
const ANSWER = "answer";

/** The letters to the patient and what has been answered, newest first; without their words. Errors: FORBIDDEN. */
export async function ownLetters(visit: Visit): Promise<Disclosed<readonly OwnLetter[]>> {
  const { patient } = await atDoor(visit);
  const [to, from] = await Promise.all(
    ["recipient", "sender"].map(
      (name) =>
      searchResources(visit, "Communication", [[name, `Patient/${patient}`], ["_sort", "-sent"], ["_count", MOST]]), // prettier-ignore
    ),
  );
  if (to === undefined || from === undefined) throw fhirError("NOT_FOUND");
  const ids = to.value.rows.map(({ id }) => id);
  const stand = await visit.store.read("*", (look) => deliveriesAtDoor(look, patient, ids));
  const mayWrite = await mayWriteAtDoor(visit);
  return disclosedTogether([to, from] as const, (pages) =>
    pages
      .flatMap(({ rows }, at) =>
        rows.map(({ id, content }) =>
          ownLetter(id, objectIn(content), { stand: stand.get(id), isOwn: at === 1, mayWrite }),
        ),
      ) // prettier-ignore
      .toSorted((a, b) => (b.sent ?? "").localeCompare(a.sent ?? "")),
  );
}

/** Opens a letter: its words are given out when it is kept that they were. Errors: NOT_FOUND, FORBIDDEN. */
export async function openOwnLetter(visit: Visit, id: string): Promise<Disclosed<OpenedLetter>> {
  const actor = await atDoor(visit);
  const { patient } = actor;
  const read = await readResource(visit, "Communication", id);
  const letter = objectIn(read.value.content);
  const isOwn = !isTo(letter, patient);
  const stand = await visit.store.write("*", async (tx) => {
    if (!isOwn) await readAtDoor(tx, { ...visit, actor }, id);
    const grounds = await authorize(visit, "read", "Communication", `Communication/${id}`);
    const act = { action: "open letter", outcome: "granted", ground: groundText(grounds) } as const;
    await recordAccess(tx, visit, [
      logEntry(visit, act, { home: homeOf(patient), patient, what: [`Communication/${id}`] }),
    ]);
    return (await deliveriesAtDoor(tx, patient, [id])).get(id);
  });
  const mayWrite = await mayWriteAtDoor(visit);
  return disclosedTogether([read] as const, () => ({
    ...ownLetter(id, letter, { stand, isOwn, mayWrite }),
    text: textOf(letter),
  }));
}

/** Answers the unit that sent a letter; the same key again is the same answer. Errors: NOT_FOUND, LETTER_INVALID, FORBIDDEN. */
export async function answerLetter(
  visit: Visit,
  id: string,
  { words, key }: { readonly words: string; readonly key: string },
): Promise<Disclosed<readonly OwnLetter[]>> {
  const actor = await atDoor(visit);
  const { patient } = actor;
  if (!(await mayWriteAtDoor(visit))) return refuseVisit(visit, ANSWER, READS_ONLY);
  refuseBadWords(words, "words", LONGEST_TEXT / 5);
  if (!/^[\x21-\x7e]{8,100}$/.test(key)) throw fhirErrorAt("LETTER_INVALID", "key", "8-100");
  const read = await readResource(visit, "Communication", id);
  const letter = objectIn(read.value.content);
  const unit = await visit.store.read("*", async (look) => {
    const delivery = (await deliveriesAtDoor(look, patient, [id])).get(id);
    const lists = delivery === undefined ? [] : await look.loops.worklistsAbove([delivery.sender]);
    return lists.find((list) => list.id === delivery?.sender);
  });
  if (!isTo(letter, patient) || unit === undefined || unit.organization === null || unit.careUnit === null)
    throw fhirError("NOT_FOUND");
  const owner = { careProvider: unit.careProvider, careUnit: unit.careUnit };
  const asker: ClientActor = { kind: "client", name: PORTAL, scopes: [{ type: "Communication", verbs: new Set(["c"]) }], ...owner }; // prettier-ignore
  const grounds = await authorize(visit, "read", "Communication", `Communication/${id}`);
  const act = { action: "answer letter", outcome: "granted", ground: groundText(grounds) } as const;
  await visit.store.recordAccess([
    logEntry(visit, act, { home: homeOf(patient), patient, what: [`Communication/${id}`] }),
  ]);
  const resource = withSeal({
    resourceType: "Communication",
    status: "completed",
    category: [{ coding: [{ system: LETTER_SYSTEM, code: ANSWER }], text: "Svar från patienten" }],
    subject: { reference: `Patient/${patient}` },
    topic: { text: `Svar: ${titleOf(letter) ?? ""}`.trim() },
    inResponseTo: [{ reference: `Communication/${id}` }],
    sent: visit.clock().toISOString(),
    recipient: [{ reference: unit.organization }],
    sender:
      actor.reader.kind === "patient" ? { reference: `Patient/${patient}` } : { display: WRITERS[actor.reader.kind] },
    payload: [{ contentString: words.trim() }],
  }) as JsonObject;
  const command = { kind: "create", type: "Communication", resource, where: "Communication" } as const;
  await commit({ ...visit, actor: asker, referentialIntegrity: false }, [command], {
    idempotencyKey: `answer ${actor.id} ${id} ${key}`,
    keyFor: { id, words },
  });
  return ownLetters(visit);
}

const READS_ONLY = "Patienten har låtit ombudet läsa, inte svara.";
const WRITERS = { guardian: "Vårdnadshavare", proxy: "Ombud" } as const;

async function atDoor(visit: Visit): Promise<PatientActor> {
  const { actor } = visit;
  if (actor.kind !== "patient") return refuseVisit(visit, "letters", "Det här är patientens egen dörr.");
  await authorize(visit, "read", "Patient", `Patient/${actor.patient}`);
  return actor;
}

type Standing = {
  readonly stand: { readonly read: number | null } | undefined;
  readonly isOwn: boolean;
  readonly mayWrite: boolean;
};

function ownLetter(id: string, letter: JsonObject, { stand, isOwn, mayWrite }: Standing): OwnLetter {
  const isWithdrawn = letter["status"] === "entered-in-error";
  return {
    id,
    title: titleOf(letter),
    sent: stringIn(letter["sent"]),
    by: stringIn(objectOf(letter["sender"])["display"]),
    read: stand?.read ?? null,
    isOwn,
    isWithdrawn,
    canAnswer: mayWrite && !isOwn && !isWithdrawn && stand !== undefined,
  };
}

function isTo(letter: JsonObject, patient: string): boolean {
  return listOf(letter["recipient"]).some((one) => objectOf(one)["reference"] === `Patient/${patient}`);
}
