/**
 * HSA-id: names a person, unit or function in the national directory HSA. `SE`, the organisation number (in old ids with `16` before
 * it), a hyphen and a code of the organisation's own, 31 characters at most; test directories begin with `TSTNMT`.
 * SPEC BASE-HSA · https://openehr.atlassian.net/wiki/spaces/healthmod/pages/1922990156
 */
import type { Brand } from "../brand.ts";

export type HsaId = Brand<string, "HsaId">;

/** FHIR `Identifier.system` of an HSA-id in the Swedish base profiles. */
export const HSA_SYSTEM = "urn:oid:1.2.752.29.4.19";
/** Its OID in the national service contracts (RIV-TA). */
export const HSA_RIV_OID = "1.2.752.129.2.1.4.1";

const FORM = /^(?:SE(?:16)?|TSTNMT)\d{10}-[A-Za-z0-9]+$/;
const LONGEST = 31;

/** Whether a text is an HSA-id, exactly as the directory writes it. It says nothing of whether the directory holds it. */
export function isHsaId(text: string): text is HsaId {
  return text.length <= LONGEST && FORM.test(text);
}

/** Whether an HSA-id belongs to a test directory. */
export function isTestHsaId(id: HsaId): boolean {
  return id.startsWith("TSTNMT");
}

/** Whether an `Identifier.system` or RIV `root` means HSA-id; both OIDs are in use. */
export function isHsaSystem(system: string): boolean {
  return system === HSA_SYSTEM || system.replace("urn:oid:", "") === HSA_RIV_OID || `urn:oid:${system}` === HSA_SYSTEM;
}
