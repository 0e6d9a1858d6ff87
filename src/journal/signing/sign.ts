/**
 * Signing (signering): a person answers for exactly the version of a note that they have seen. The seal is the hash of its stored text, kept
 * with who, when and how in the commit of the log's row, which has the hash too; the note itself is not altered.
 *
 * SPEC JRN-SIGN · PDL (2008:355) 3 kap. 10 §
 */
import { reachSetting, type PersonActor } from "../../access/index.ts";
import { fhirError } from "../../fhir/index.ts";
import { sealOf, type CurrentRow, type StoredSeal, type WriteTx } from "../../store/index.ts";
import { authorize, orLogged, recordRefusal, refuseVisit } from "../authorize.ts";
import { recordAccess } from "../commit.ts";
import { groundText, logEntry, OUT_OF_REACH, type Visit } from "../context.ts";
import { disclose, type Disclosed } from "../disclosed.ts";
import { refuseMissing, type Missing } from "../read.ts";
import { personOf, type Proof, type Signer } from "./author.ts";
import { refuseUnsignable, type SignableType } from "./signable.ts";
import { refuseOnFooting, refuseOthersNote } from "./supervised.ts";

export type Seal = Omit<StoredSeal, "signer"> & { readonly signer: Signer };

export type Signing = {
  readonly type: SignableType;
  readonly id: string;
  /** The version that was seen; a newer one is not signed unread. */
  readonly version: string;
  readonly proof: Proof;
};

/**
 * Signs a version. The same person's second time answers the first one's seal and writes nothing. Errors: VERSION_CONFLICT,
 * ALREADY_SIGNED (by another), NOT_SIGNABLE, NOT_FOUND, GONE, FORBIDDEN.
 */
export async function signRecord(visit: Visit, { type, id, version, proof }: Signing): Promise<Disclosed<Seal>> {
  const asked = `${type}/${id}`;
  const { actor } = visit;
  if (actor.kind !== "person" || actor.app !== undefined)
    return refuseVisit(visit, asked, "Signering görs av en person med medarbetaruppdrag, i Eira.");
  const grounds = await authorize(visit, "update", type, asked);
  await authorize(visit, "read", type, asked);
  await refuseOnFooting(visit, "sign", asked);
  const work = async (tx: WriteTx): Promise<{ readonly seal: Seal } | Missing> => {
    await tx.lock([asked]);
    await tx.existing(type, [id]); // holds the version that stands: large changes take no lock by name
    const row = await tx.read(type, id);
    if (row === undefined) return { deletion: await tx.readLastVersion(type, id) };
    if (!isOwn(actor, row)) return { deletion: undefined };
    if (String(row.version) !== version) throw fhirError("VERSION_CONFLICT");
    const known = (await tx.signing.sealsOf(type, row)).find((one) => one.version === row.version);
    if (known !== undefined) return { seal: sameSigner(known as Seal, actor) };
    refuseUnsignable(type, row.content);
    refuseOthersNote(actor, row.content);
    return { seal: await seal(visit, tx, { type, row, actor, proof, ground: groundText(grounds) }) };
  };
  const done = await orLogged(visit, "sign", asked, visit.store.write(reachSetting(grounds.reach), work));
  if ("seal" in done) return disclose(done.seal);
  if (done.deletion === undefined) {
    await recordRefusal(visit, "sign", OUT_OF_REACH, [asked]);
    throw fhirError("NOT_FOUND");
  }
  return refuseMissing(visit, "sign", asked, done.deletion);
}

/** What another care provider has written may be open to read, and is not for us to answer for. */
function isOwn({ assignment }: PersonActor, row: CurrentRow): boolean {
  return row.care_provider === assignment.providerHsaId;
}

function sameSigner(known: Seal, { id }: PersonActor): Seal {
  if (known.signer.id !== id) throw fhirError("ALREADY_SIGNED");
  return known;
}

/**
 * Signs what the same commit has written, for words that are written and signed at once: an answer to a referral. Errors: FORBIDDEN on a
 * footing that signs nothing.
 */
export async function sealWritten(
  visit: Visit,
  tx: WriteTx,
  { type, id }: { readonly type: string; readonly id: string },
  proof: Proof,
): Promise<void> {
  const asked = `${type}/${id}`;
  const { actor } = visit;
  if (actor.kind !== "person" || actor.app !== undefined)
    return refuseVisit(visit, asked, "Signering görs av en person med medarbetaruppdrag, i Eira.");
  const grounds = await authorize(visit, "update", type, asked);
  await refuseOnFooting(visit, "sign", asked);
  const row = await tx.read(type, id);
  if (row === undefined) throw fhirError("NOT_FOUND");
  await seal(visit, tx, { type, row, actor, proof, ground: groundText(grounds) });
}

type Sealing = {
  readonly type: string;
  readonly row: CurrentRow;
  readonly actor: PersonActor;
  readonly proof: Proof;
  readonly ground: string;
};

async function seal(visit: Visit, tx: WriteTx, { type, row, actor, proof, ground }: Sealing): Promise<Seal> {
  const { id, version } = row;
  const signed = visit.clock().toISOString();
  const made: Seal = {
    type,
    id,
    version,
    sha256: sealOf(row.content),
    signed,
    signer: { ...personOf(actor), proof },
  };
  await tx.signing.addSeal(row, made);
  await visit.along?.signed?.(tx, visit, { type, id, version, home: row.home, patient: row.patient });
  const what = [`${type}/${id}/_history/${version}`, `sha256:${made.sha256}`];
  const act = { action: "sign", outcome: "granted", ground } as const;
  await recordAccess(tx, visit, [logEntry(visit, act, { home: row.home, patient: row.patient, what })]);
  return made;
}
