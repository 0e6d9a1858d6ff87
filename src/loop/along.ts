/**
 * The ledger's part in every commit: what was written is asked what it means, and its loops are kept by the same transaction.
 *
 * SPEC LOOP-ALONG · laws 3 and 5 of the house
 */
import { isJsonObject, listOf, parseJson, type JsonObject } from "../fhir/index.ts";
import type { Along, Visit, WrittenVersion } from "../journal/index.ts";
import type { WriteTx } from "../store/index.ts";
import { intentsOf, LEDGER_TYPES, type Intent } from "./intents.ts";
import { keepLedger } from "./ledger.ts";
import type { Matter, Writer } from "./ledger-tx.ts";
import { withTransports } from "./letters/facts.ts";
import type { Risk } from "./model.ts";
import { signed } from "./signatures.ts";
import { ledgerTx } from "./stored.ts";

/** What the journal is given to take along. */
export const ledgerAlong: Along = {
  types: LEDGER_TYPES,
  write: async (tx, visit, { written, resources, isHistory }) => {
    const told = written.map(toldOf).toSorted((a, b) => turnOf(a) - turnOf(b));
    const valueAt = await valuesOf(tx, told, resources);
    const matters = await Promise.all(told.map((one) => matterOf(tx, visit, { ...one, valueAt })));
    const at = visit.clock().getTime();
    const lists = matters.flatMap(({ careUnit }) => (careUnit === null ? [] : [careUnit]));
    await keepLedger(ledgerTx(tx, visit, { lists, at }), { ...writerOf(visit), isHistory }, matters);
  },
  signed: async (tx, visit, { type, id, version, home, patient }) => {
    if (!LEDGER_TYPES.has(type)) return;
    const key = `${type}/${id}/${version} signed`;
    const matter = { type, id, key, home, patient, careUnit: null, intents: [signed(`${type}/${id}`)] };
    await keepLedger(ledgerTx(tx, visit), { ...writerOf(visit), isHistory: false }, [matter]);
  },
};

/** Who the writer is in the words of the ledger. */
export function writerOf({ actor, clock }: Pick<Visit, "actor" | "clock">): Omit<Writer, "isHistory"> {
  const at = clock().getTime();
  if (actor.kind === "person") return { at, by: actor.hsaId, unit: actor.assignment.unitHsaId };
  if (actor.kind === "client") return { at, by: `client ${actor.name}`, unit: actor.careUnit };
  return { at, by: `patient ${actor.id}`, unit: null };
}

/**
 * A question stands before its answer, and that it is answered is told by the answer before the question itself says so, whatever their
 * order in the request.
 */
function turnOf({ version: { type }, intents }: ToldVersion): number {
  if (type !== "ServiceRequest") return 1;
  return intents.some((one) => one.do === "event" && one.events.includes("answer")) ? 2 : 0;
}

type ToldVersion = { readonly version: WrittenVersion; readonly intents: readonly Intent[] };

function toldOf(version: WrittenVersion): ToldVersion {
  const { type, id, resource, before } = version;
  const was = before === null ? null : (parseJson(before) as JsonObject);
  return { version, intents: intentsOf({ type, id, resource, before: was }) };
}

type ValueAt = (name: string) => JsonObject | undefined;

async function matterOf(
  tx: WriteTx,
  visit: Visit,
  { version: written, intents, valueAt }: ToldVersion & { readonly valueAt: ValueAt },
): Promise<Matter> {
  const { type, id, version, home, patient, careUnit, resource } = written;
  return {
    type,
    id,
    key: `${type}/${id}/${version}`,
    home,
    patient,
    careUnit,
    intents:
      type === "DiagnosticReport" && resource !== null
        ? withRisk(resource, intents, valueAt)
        : type === "Communication" && resource !== null
          ? await withTransports({ look: tx, options: visit, patient }, resource, intents)
          : intents,
  };
}

/** The values of the answers that mean something: those that were written along, and the others as they stand. */
async function valuesOf(
  tx: WriteTx,
  told: readonly ToldVersion[],
  resources: ReadonlyMap<string, JsonObject>,
): Promise<ValueAt> {
  const ids = told.flatMap(({ version: { type, resource }, intents }) =>
    type === "DiagnosticReport" && resource !== null && intents.length > 0 ? valueIds(resource) : [],
  );
  const missing = [...new Set(ids)].filter((id) => !resources.has(`Observation/${id}`));
  const rows = missing.length === 0 ? [] : await tx.readMany("Observation", missing);
  const others = new Map(rows.map(({ id, content }) => [`Observation/${id}`, parseJson(content) as JsonObject]));
  return (name) => resources.get(name) ?? others.get(name);
}

const LIFE_THREATENING: ReadonlySet<string> = new Set(["HH", "LL", "AA"]);
const DEVIATING: ReadonlySet<string> = new Set(["H", "L", "A", "HU", "LU", "<", ">", "POS", "R", "I", "S>", "W"]);
const INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

/** A result is as urgent as the most deviating of its values. */
function withRisk(report: JsonObject, intents: readonly Intent[], valueAt: ValueAt): readonly Intent[] {
  const ids = valueIds(report);
  if (ids.length === 0) return intents;
  const values = ids.map((id) => valueAt(`Observation/${id}`)).filter((one) => one !== undefined);
  const codes = values.flatMap(interpretationsOf);
  const risk: Risk = codes.some((code) => LIFE_THREATENING.has(code))
    ? 0
    : codes.some((code) => DEVIATING.has(code))
      ? 2
      : 3;
  return intents.map((intent) =>
    intent.do === "open"
      ? { ...intent, risk: Math.min(intent.risk, risk) as Risk }
      : intent.events.includes("correct")
        ? { ...intent, risk }
        : intent,
  );
}

function valueIds(report: JsonObject): readonly string[] {
  return listOf(report["result"]).flatMap((one) => {
    const reference = isJsonObject(one) ? one["reference"] : undefined;
    return typeof reference === "string" && reference.startsWith("Observation/")
      ? [reference.slice("Observation/".length)]
      : [];
  });
}

/** Of the value and of its components. */
function interpretationsOf(observation: JsonObject): string[] {
  return [observation, ...listOf(observation["component"])].flatMap((part) =>
    listOf(isJsonObject(part) ? part["interpretation"] : undefined).flatMap((concept) =>
      listOf(isJsonObject(concept) ? concept["coding"] : undefined).flatMap((coding) => {
        const { system, code } = isJsonObject(coding) ? coding : {};
        return system === INTERPRETATION && typeof code === "string" ? [code] : [];
      }),
    ),
  );
}
