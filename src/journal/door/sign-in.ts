/**
 * Finding whoever has proved an identity number at an identity provider. The look is in the access log as the sign-in's.
 *
 * SPEC JRN-DOOR-2
 */
import type { ClientActor } from "../../access/index.ts";
import { parseIdentityNumber } from "../../base/index.ts";
import { isJsonObject, parseJson } from "../../fhir/index.ts";
import type { Visit } from "../context.ts";
import { searchResources } from "../search.ts";
import { nameIn, type AtDoor } from "./facts.ts";

/** In whose name a question is written. */
export const PORTAL = "patientportalen";

/** Looks up who has signed in, in the name of the sign-in. */
export const SIGN_IN: ClientActor = {
  kind: "client",
  name: "inloggning för patienter",
  scopes: [{ type: "Patient", verbs: new Set(["r", "s"] as const) }],
  careProvider: null,
  careUnit: null,
};

/** The one patient with an identity number; nothing when there is none, or when it is not clear which. */
export async function patientWithNumber(visit: Omit<Visit, "actor">, number: string): Promise<AtDoor | undefined> {
  const identity = parseIdentityNumber(number);
  if (identity === undefined) return undefined;
  const asked: Visit = { ...visit, actor: SIGN_IN };
  const { value } = await searchResources(asked, "Patient", [
    ["identifier", `${identity.system}|${identity.value}`],
    ["_count", "2"],
  ]);
  const [only, other] = value.rows;
  if (only === undefined || other !== undefined) return undefined;
  const content = parseJson(only.content);
  return isJsonObject(content)
    ? { id: only.id, name: nameIn(content), number: `${identity.system}|${identity.value}` }
    : undefined;
}
