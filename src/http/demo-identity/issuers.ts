/**
 * The demonstration's identity providers, shaped like those that people use: SITHS and Freja for staff, BankID for patients. Anybody
 * is let in as anybody, so they are there in a demonstration only, and gone as soon as the settings name real ones.
 *
 * SPEC HTTP-DEMO-IDENTITY
 */
import { randomBytes } from "node:crypto";
import type { HttpOptions } from "../options.ts";
import type { IdentityProvider, Identifies, People } from "../sign-in/identity-provider.ts";

export const DEMO_PATH = "/demo-idp";

type Shape = {
  readonly id: string;
  readonly name: string;
  readonly people: People;
  readonly claim: string;
  readonly identifies: Identifies;
  readonly acr: string;
};

/** Claims and levels as the real ones name them. */
const SHAPES: readonly Shape[] = [
  {
    id: "siths",
    name: "SITHS eID",
    people: "staff",
    claim: "employeeHsaId",
    identifies: "hsa-id",
    acr: "http://id.sambi.se/loa/loa3",
  },
  {
    id: "freja",
    name: "Freja OrgID",
    people: "staff",
    claim: "https://frejaeid.com/oidc/claims/orgIdIdentifier",
    identifies: "hsa-id",
    acr: "http://id.elegnamnden.se/loa/1.0/loa3",
  },
  {
    id: "bankid",
    name: "BankID",
    people: "patients",
    claim: "https://id.oidc.se/claim/personalIdentityNumber",
    identifies: "personal-number",
    acr: "http://id.elegnamnden.se/loa/1.0/loa3",
  },
];

/** Made anew in each process: the demonstration's providers are asked inside it. */
const secret = randomBytes(32).toString("base64url");

/** The address of the installation without its FHIR base. */
export function rootOf({ journal }: HttpOptions): string {
  return journal.base.replace(/\/fhir\/R4\/?$/, "");
}

/** The demonstration's providers as Eira is configured for any. */
export function demonstrationProviders(options: HttpOptions): readonly IdentityProvider[] {
  return SHAPES.map(({ id, name, people, claim, identifies, acr }) => ({
    id,
    name: `${name} (demonstration)`,
    people,
    issuer: `${rootOf(options)}${DEMO_PATH}/${id}`,
    clientId: "eira",
    proof: { kind: "secret", secret, way: "basic" },
    claim,
    identifies,
    scope: "openid",
    acr: [acr],
    origins: [],
    isDemonstration: true,
  }));
}
