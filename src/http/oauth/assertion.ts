/**
 * Why an assertion cannot serve, as far as it can be told from the assertion alone. oidc-provider only says that the client
 * was not recognised; these words help whoever connects a system, and tell nobody which clients there are.
 *
 * SPEC HTTP-OAUTH · RFC 7523 · https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html
 */

/** The longest life of an assertion, and how far the clocks of a client and of this server may differ. */
export const ASSERTION_SECONDS = 300;
export const TOLERANCE_SECONDS = 10;
export const ALGORITHMS = ["RS384", "ES384"] as const;

const USUAL =
  "the assertion was not accepted: the client is not registered, the key is not among its keys, the signature is not right, or the assertion was used before";

type Part = Readonly<Record<string, unknown>>;

/** Header and claims, unverified; nothing when it is no JWT. */
export function partsOf(assertion: string): { readonly header: Part; readonly claims: Part } | undefined {
  const [header, claims] = assertion.split(".").slice(0, 2).map(objectOf);
  return header === undefined || claims === undefined ? undefined : { header, claims };
}

/** What is wrong with the assertion at a time (in seconds), meant for one of the audiences. */
export function faultOf(assertion: string, now: number, audiences: readonly string[]): string {
  const parts = partsOf(assertion);
  if (parts === undefined) return "client_assertion is no JWT";
  const { header, claims } = parts;
  const { exp, aud, iss, sub, jti } = claims;
  if (!ALGORITHMS.some((one) => one === header["alg"])) return `alg is to be ${ALGORITHMS.join(" or ")}`;
  if (typeof exp === "number" && exp + TOLERANCE_SECONDS <= now) return "the assertion has expired";
  const audience: unknown = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  if (typeof audience !== "string" || !audiences.includes(audience)) return `aud is to be ${audiences[0]}`;
  if (typeof iss !== "string" || iss !== sub) return "iss and sub are both to be the client's id";
  return looseness(header, { exp, aud, jti }, now) ?? USUAL;
}

/** What SMART asks of an assertion beyond what the library looks at; nothing when it is so. */
export function looseness(header: Part, { exp, aud, jti }: Part, now: number): string | undefined {
  if (typeof header["kid"] !== "string") return "the header is to name its key (kid)";
  // For several audiences it could be used by one of them at the others.
  if (Array.isArray(aud) && aud.length !== 1) return "aud is to be one audience";
  if (typeof jti !== "string" || jti === "" || jti.length > 500) return "jti is to be a text of at most 500 characters";
  if (typeof exp !== "number" || exp > now + ASSERTION_SECONDS + TOLERANCE_SECONDS)
    return "exp is to be within five minutes";
  return undefined;
}

function objectOf(part: string): Part | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Part) : undefined;
  } catch {
    return undefined;
  }
}
