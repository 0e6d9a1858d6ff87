/**
 * The ledger's part in every commit: what was written is asked what it means, and its loops are kept by the same transaction.
 *
 * SPEC LOOP-ALONG · laws 3 and 5 of the house
 */
import { newId } from "../base/index.ts";
import { isJsonArray, isJsonObject, parseJson, type JsonObject, type JsonValue } from "../fhir/index.ts";
import type { Along, Visit, WrittenVersion } from "../journal/index.ts";
import type { WriteTx } from "../store/index.ts";
import { intentsOf, LEDGER_TYPES, type Intent } from "./intents.ts";
import { keepLedger } from "./ledger.ts";
import type { Matter, Writer } from "./ledger-tx.ts";
import { withTransports } from "./letters/facts.ts";
import type { Risk } from "./model.ts";
import { ledgerTx } from "./stored.ts";

/** What the journal is given to take along. */
export const ledgerAlong: Along = {
  types: LEDGER_TYPES,
  write: async (tx, visit, { written, isHistory }) => {
    const matters = await Promise.all(written.toSorted(requestsFirst).map((version) => matterOf(tx, visit, version)));
    const at = visit.clock().getTime();
    const lists = matters.flatMap(({ careUnit }) => (careUnit === null ? [] : [careUnit]));
    await keepLedger(
      ledgerTx(tx, (home) => newId(home, at, visit.random(10)), { lists, at }),
      { ...writerOf(visit), isHistory },
      matters,
    );
  },
};

/** Who the writer is in the words of the ledger. */
export function writerOf({ actor, clock }: Pick<Visit, "actor" | "clock">): Omit<Writer, "isHistory"> {
  const at = clock().getTime();
  if (actor.kind === "person") return { at, by: actor.hsaId, unit: actor.assignment.unitHsaId };
  if (actor.kind === "client") return { at, by: `client ${actor.name}`, unit: actor.careUnit };
  return { at, by: `patient ${actor.id}`, unit: null };
}

/** A question stands before its answer, whatever their order in the request. */
function requestsFirst(a: WrittenVersion, b: WrittenVersion): number {
  return Number(b.type === "ServiceRequest") - Number(a.type === "ServiceRequest");
}

async function matterOf(tx: WriteTx, visit: Visit, written: WrittenVersion): Promise<Matter> {
  const { type, id, version, home, patient, careUnit, content, before } = written;
  const resource = content === null ? null : (parseJson(content) as JsonObject);
  const was = before === null ? null : (parseJson(before) as JsonObject);
  const intents = intentsOf({ type, id, resource, before: was });
  const isResult = type === "DiagnosticReport" && resource !== null && intents.length > 0;
  return {
    type,
    id,
    key: `${type}/${id}/${version}`,
    home,
    patient,
    careUnit,
    intents: isResult
      ? await withRisk(tx, resource, intents)
      : type === "Communication" && resource !== null
        ? await withTransports({ look: tx, options: visit, patient }, resource, intents)
        : intents,
  };
}

const LIFE_THREATENING: ReadonlySet<string> = new Set(["HH", "LL", "AA"]);
const DEVIATING: ReadonlySet<string> = new Set(["H", "L", "A", "HU", "LU", "<", ">", "POS", "R", "I", "S>", "W"]);
const INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

/** A result is as urgent as the most deviating of its values. */
async function withRisk(tx: WriteTx, report: JsonObject, intents: readonly Intent[]): Promise<readonly Intent[]> {
  const ids = listOf(report["result"]).flatMap((one) => {
    const reference = isJsonObject(one) ? one["reference"] : undefined;
    return typeof reference === "string" && reference.startsWith("Observation/")
      ? [reference.slice("Observation/".length)]
      : [];
  });
  if (ids.length === 0) return intents;
  const rows = await tx.readMany("Observation", ids);
  const codes = rows.flatMap(({ content }) => interpretationsOf(parseJson(content) as JsonObject));
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

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isJsonArray(value) ? value : [];
}
