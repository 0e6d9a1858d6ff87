/**
 * What is announced to SMART clients: only what is there. Nothing is granted offline, since no token outlives the session of the
 * person in whose name it is.
 *
 * SPEC HTTP-OAUTH · https://hl7.org/fhir/smart-app-launch/conformance.html
 */
import type { HttpOptions } from "../options.ts";
import { addressesOf } from "./addresses.ts";
import { WORDS } from "./app-scopes.ts";
import { ALGORITHMS } from "./assertion.ts";

const OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";
const METHODS = ["private_key_jwt", "none"];

/** The SMART configuration. */
export function smartConfigurationOf(options: HttpOptions): object {
  const { issuer, authorization, jwks, token, introspection, revocation } = addressesOf(options.journal);
  return {
    issuer,
    jwks_uri: jwks,
    authorization_endpoint: authorization,
    token_endpoint: token,
    introspection_endpoint: introspection,
    revocation_endpoint: revocation,
    token_endpoint_auth_methods_supported: METHODS,
    token_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
    introspection_endpoint_auth_methods_supported: METHODS,
    code_challenge_methods_supported: ["S256"],
    introspection_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
    revocation_endpoint_auth_methods_supported: METHODS,
    revocation_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
    grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
    response_types_supported: ["code"],
    scopes_supported: [
      ...WORDS,
      "user/*.cruds",
      "patient/*.rs",
      "system/*.cruds",
      "system/*.rs",
      "system/*.read",
      "system/*.write",
      "system/*.*",
    ],
    capabilities: [
      "launch-ehr",
      "launch-standalone",
      "client-public",
      "client-confidential-asymmetric",
      "context-banner",
      "context-ehr-patient",
      "context-standalone-patient",
      "sso-openid-connect",
      "permission-online",
      "permission-patient",
      "permission-user",
      "permission-v1",
      "permission-v2",
    ],
  };
}

/** The same for the CapabilityStatement's `rest.security`. */
export function smartSecurityOf(options: HttpOptions): object {
  const { authorization, token, introspection, revocation } = addressesOf(options.journal);
  const uris = Object.entries({ authorize: authorization, token, introspect: introspection, revoke: revocation });
  return {
    extension: [{ url: OAUTH_URIS, extension: uris.map(([url, valueUri]) => ({ url, valueUri })) }],
    service: [
      {
        coding: [
          {
            system: "http://terminology.hl7.org/CodeSystem/restful-security-service",
            code: "SMART-on-FHIR",
            display: "SMART-on-FHIR",
          },
        ],
        text: "SMART App Launch (authorization code with PKCE) and Backend Services (client credentials with private_key_jwt)",
      },
    ],
  };
}
