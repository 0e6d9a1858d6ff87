/** Where the authorization server is, as clients are told; made from the installation's public base. SPEC HTTP-OAUTH */
export const AUTHORIZATION_PATH = "/oauth/authorize";
export const JWKS_PATH = "/oauth/jwks";
export const TOKEN_PATH = "/oauth/token";
export const INTROSPECTION_PATH = "/oauth/introspect";
export const REVOCATION_PATH = "/oauth/revoke";

export type Addresses = {
  readonly issuer: string;
  readonly authorization: string;
  readonly jwks: string;
  /** What tokens are for: the FHIR base. */
  readonly base: string;
  readonly token: string;
  readonly introspection: string;
  readonly revocation: string;
};

/** From the installation's FHIR base. */
export function addressesOf({ base }: { readonly base: string }): Addresses {
  const root = base.replace(/\/fhir\/R4\/?$/, "");
  return {
    issuer: `${root}/oauth`,
    authorization: root + AUTHORIZATION_PATH,
    jwks: root + JWKS_PATH,
    base: `${root}/fhir/R4`,
    token: root + TOKEN_PATH,
    introspection: root + INTROSPECTION_PATH,
    revocation: root + REVOCATION_PATH,
  };
}
