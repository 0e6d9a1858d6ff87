/**
 * That the laboratory has rung about an answer: who rang, who was told, when, and whether it was read back. It is kept in the record and stands
 * among the steps; whoever is asked is asked on until somebody has acted.
 *
 * SPEC CLIN-CRITICAL · SS-EN ISO 15189 (critical results by telephone, read back) · F11
 */
import { fhirErrorAt, type JsonObject } from "../../fhir/index.ts";
import { heldAlong, loopSubjects, type State } from "../../loop/index.ts";
import { commit, type Visit } from "../../journal/index.ts";
import { actingPerson, neededText, roleReference } from "../acting.ts";
import { textIn } from "../said.ts";
import type { Seen } from "../referrals/matter.ts";

export type ToldWish = {
  /** Who rang, and who was told, as they said their names. */
  readonly from: string;
  readonly to: string;
  /** When (ISO), no later than now. */
  readonly at: string;
  readonly isReadBack: boolean;
};

const OPEN: ReadonlySet<State> = new Set(["received", "read"]);
const LONGEST_NAME = 200;
const LONGEST_AGO = 24 * 3_600_000;

/** Keeps it, once. Errors: SPECIMEN_INVALID, NOT_FOUND, LOOP_CHANGED, LOOP_STEP, those of `commit`. */
export async function toldByTelephone(visit: Visit, asked: Seen, said: ToldWish): Promise<void> {
  const from = neededText(said.from, "from", LONGEST_NAME);
  const to = neededText(said.to, "to", LONGEST_NAME);
  const [now, when] = [visit.clock().getTime(), Date.parse(said.at)];
  if (Number.isNaN(when) || when > now + 60_000 || when < now - LONGEST_AGO) throw fhirErrorAt("LOOP_INVALID", "at", { sv: "det senaste dygnet", en: "within the last day" }); // prettier-ignore
  const { value: loops } = await loopSubjects(visit, [asked.loop]);
  const loop = loops.find(({ kind }) => kind === "result");
  if (loop === undefined || loop.patient === null) throw fhirErrorAt("NOT_FOUND", "loop");
  const at = new Date(when).toISOString();
  const note = `Ringt av ${from} till ${to}. ${said.isReadBack ? "Återläst." : "Inte återläst."}`;
  const step = { event: "note", note, key: asked.key } as const;
  const along = await heldAlong(visit, { loop: asked.loop, seen: asked.seen, as: "owner", states: OPEN, step });
  const resource: JsonObject = {
    resourceType: "Communication",
    status: "completed",
    category: [{ coding: [{ system: "urn:eira:svar", code: "ringt", display: "Svar per telefon" }] }],
    medium: [{ coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode", code: "PHONE" }] }],
    subject: { reference: `Patient/${loop.patient}` },
    about: [{ reference: `${loop.subject.type}/${loop.subject.id}` }],
    sent: at,
    received: at,
    sender: { display: from },
    recipient: [{ display: to }],
    payload: [{ contentString: note }],
    note: [{ authorReference: { reference: `Practitioner/${actingPerson(visit).id}` }, time: new Date(now).toISOString(), text: `Antecknat av ${textIn(roleReference(actingPerson(visit))["display"]) ?? "en medarbetare"}` }], // prettier-ignore
  };
  await commit({ ...visit, along }, [{ kind: "create", type: "Communication", where: "Communication", resource }], {
    idempotencyKey: asked.key,
    keyFor: [asked.loop, from, to, at, said.isReadBack],
  });
}
