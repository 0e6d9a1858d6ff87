/** Who acts, as what is written names them, and under which key it is done once. */
import type { PersonActor } from "../access/index.ts";
import { HSA_SYSTEM } from "../base/index.ts";
import { fhirError, fhirErrorAt, type JsonObject } from "../fhir/index.ts";
import { searchResources, type CommitOptions, type Visit } from "../journal/index.ts";
import { objectIn } from "./said.ts";

/** The person who acts. Errors: FORBIDDEN for systems, patients and applications. */
export function actingPerson({ actor }: Visit): PersonActor {
  if (actor.kind !== "person") throw fhirError("FORBIDDEN", "referrals are people's to act on");
  return actor;
}

/** The person who acts, under the assignment of the moment. */
export function roleReference({ assignment, name, protectedIdentity }: PersonActor): JsonObject {
  return {
    reference: `PractitionerRole/${assignment.id}`,
    ...(protectedIdentity === true ? {} : { display: `${name}, ${assignment.unit}` }),
  };
}

/** The own unit as the directory has it. Errors: NOT_FOUND. */
export async function unitReference(visit: Visit, hsaId: string): Promise<JsonObject> {
  const { value } = await searchResources(visit, "Organization", [["identifier", `${HSA_SYSTEM}|${hsaId}`]]);
  const [row] = value.rows; // an HSA-id names one unit
  if (row === undefined) throw fhirErrorAt("NOT_FOUND", "unit");
  const { name } = objectIn(row.content);
  return { reference: `Organization/${row.id}`, ...(typeof name === "string" ? { display: name } : {}) };
}

/** Text that somebody has to have written. Errors: LOOP_INVALID. */
export function neededText(text: string, name: string, most = LONGEST_TEXT): string {
  const said = text.trim();
  if (said === "" || said.length > most) throw fhirErrorAt("LOOP_INVALID", name, `1-${most}`);
  return said;
}

const LONGEST_TEXT = 20_000;

/** Done once under the key, as long as what was wished is the same; the commands are made here and never twice alike. */
export function onceUnder(idempotencyKey: string, wish: object): CommitOptions {
  return { idempotencyKey, keyFor: JSON.parse(JSON.stringify(wish)) as JsonObject };
}
