/**
 * What is announced to SMART clients: only what is there. Machine clients with keys of their own are; applications that a
 * person uses are not.
 *
 * SPEC HTTP-OAUTH · https://hl7.org/fhir/smart-app-launch/conformance.html
 */
import type { HttpOptions } from "../options.ts";
import { addressesOf } from "./addresses.ts";
import { ALGORITHMS } from "./assertion.ts";

const OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";
const METHODS = ["private_key_jwt"];

/** The SMART configuration. */
export function smartConfigurationOf(options: HttpOptions): object {
  const { issuer, token, introspection, revocation } = addressesOf(options.journal);
  return {
    issuer,
    token_endpoint: token,
    introspection_endpoint: introspection,
    revocation_endpoint: revocation,
    token_endpoint_auth_methods_supported: METHODS,
    token_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
    introspection_endpoint_auth_methods_supported: METHODS,
    introspection_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
    revocation_endpoint_auth_methods_supported: METHODS,
    revocation_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
    grant_types_supported: ["client_credentials"],
    response_types_supported: [],
    scopes_supported: ["system/*.cruds", "system/*.rs", "system/*.read", "system/*.write", "system/*.*"],
    capabilities: ["client-confidential-asymmetric", "permission-v1", "permission-v2"],
  };
}

/** The same for the CapabilityStatement's `rest.security`. */
export function smartSecurityOf(options: HttpOptions): object {
  const { token, introspection, revocation } = addressesOf(options.journal);
  const uris = Object.entries({ token, introspect: introspection, revoke: revocation });
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
        text: "SMART Backend Services (OAuth 2.0 client credentials with private_key_jwt)",
      },
    ],
  };
}
