/**
 * What is written beside a record and always shown with it: why it was corrected (the original stays in its history), and what the patient
 * does not agree with.
 *
 * SPEC JRN-CORRECT, JRN-DISAGREE · PDL (2008:355) 3 kap. 8 och 14 §§
 */
import { reachSetting } from "../../access/index.ts";
import { newId } from "../../base/index.ts";
import { fhirError, isJsonObject, parseJson, writeJson, type JsonObject, type JsonValue } from "../../fhir/index.ts";
import type { WriteTx } from "../../store/index.ts";
import { authorize, orLogged } from "../authorize.ts";
import type { Written } from "../commands.ts";
import { commit, recordAccess } from "../commit.ts";
import { groundText, logEntry, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { readResource, refuseMissing, type Missing } from "../read.ts";
import { authorOf } from "./author.ts";
import type { SignableType } from "./signable.ts";

const LONGEST = 2_000;

export type Correction = {
  readonly type: SignableType;
  readonly id: string;
  /** The version that was seen. */
  readonly version: string;
  readonly reason: string;
  readonly resource: JsonObject;
};

/**
 * Corrects a note, locked or not: a new version with the reason beside it, which nobody has signed yet.
 * Errors: CORRECTION_INVALID, VERSION_CONFLICT, NOT_FOUND, FORBIDDEN, and those of an update.
 */
export async function correctRecord(visit: Visit, correction: Correction): Promise<Disclosed<Written>> {
  const { type, id, version, resource } = correction;
  const reason = wordsOf(correction.reason);
  const { value: before } = await readResource(visit, type, id);
  refuseOtherPatient(parseJson(before.content) as JsonObject, resource);
  const command = { kind: "update", type, id, resource, ifMatch: version, correction: reason, where: type } as const;
  const { value } = await commit(visit, [command]);
  const [written] = value;
  if (written === undefined) throw new Error("a commit of one command answered nothing");
  return disclose(written);
}

/** Written in another patient's chart, a note is marked as a mistake there and written anew: its seals are of the first one's. */
function refuseOtherPatient(before: JsonObject, after: JsonObject): void {
  const whose = ({ subject }: JsonObject): JsonValue => (isJsonObject(subject) ? (subject["reference"] ?? null) : null);
  if (writeJson(whose(before)) !== writeJson(whose(after)))
    throw fhirError("CORRECTION_INVALID", {
      sv: "en anteckning byter inte patient; markera den som felaktig och skriv en ny",
      en: "a record does not change its patient; mark it as entered in error and write a new one",
    });
}

export type Disagreement = {
  readonly type: SignableType;
  readonly id: string;
  /** The version that the patient has seen. */
  readonly version: string;
  readonly words: string;
};

type Noted = { readonly version: number };

/** Notes that the patient does not agree with what the record says. Errors: VERSION_CONFLICT, NOT_FOUND, FORBIDDEN. */
export async function noteDisagreement(visit: Visit, note: Disagreement): Promise<Disclosed<Noted>> {
  const { type, id } = note;
  const words = wordsOf(note.words);
  const asked = `${type}/${id}`;
  const grounds = await authorize(visit, "update", type, asked);
  const act = { action: "note disagreement", outcome: "granted", ground: groundText(grounds) } as const;
  const work = async (tx: WriteTx): Promise<Noted | Missing> => {
    await tx.lock([asked]);
    const row = await tx.read(type, id);
    if (row === undefined) return { deletion: await tx.readLastVersion(type, id) };
    if (String(row.version) !== note.version) throw fhirError("VERSION_CONFLICT");
    const now = visit.clock();
    const author = authorOf(visit);
    const remark = { type, id, version: row.version, kind: "disagreement", words, author } as const;
    const known = await tx.signing.remarksOf(type, row);
    const isThere = known.some((one) => one.kind === "disagreement" && one.words === words);
    if (!isThere)
      await tx.signing.addRemark(row, newId(row.home, now.getTime(), visit.random(10)), {
        ...remark,
        recorded: now.toISOString(),
      });
    const what = [`${asked}/_history/${row.version}`];
    await recordAccess(tx, visit, [logEntry(visit, act, { home: row.home, patient: row.patient, what })]);
    return { version: row.version };
  };
  const done = await orLogged(visit, act.action, asked, visit.store.write(reachSetting(grounds.reach), work));
  return "version" in done ? disclose(done) : refuseMissing(visit, act.action, asked, done.deletion);
}

function wordsOf(text: string): string {
  const words = text.trim();
  if (words === "" || words.length > LONGEST)
    throw fhirError("CORRECTION_INVALID", {
      sv: `skälet eller texten ska finnas och vara högst ${LONGEST} tecken`,
      en: `the reason or the words must be there and at most ${LONGEST} characters`,
    });
  return words;
}
