/**
 * The public keys of a client, as it registers them: those that SMART asks for (RSA for RS384, P-384 for ES384), each with
 * a name of its own. A set with a private key in it is refused: whoever sent it has shown it to somebody who needs it not.
 *
 * SPEC HTTP-OAUTH · https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html · RFC 7517
 */
import { createPublicKey, type KeyObject } from "node:crypto";

const MOST_KEYS = 10;
const LEAST_BITS = 2048;
const SECRET = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const KEPT = ["kty", "kid", "n", "e", "crv", "x", "y"] as const;

export type PublicKeys = { readonly keys: readonly object[] };

/** Reads a JSON Web Key Set and keeps what a verifier needs. Errors: an Error that says which key cannot serve, and why. */
export function publicKeysOf(text: string): PublicKeys {
  const { keys } = objectOf(text) as { readonly keys?: unknown };
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MOST_KEYS)
    throw new Error(`A JSON Web Key Set has "keys", with 1 to ${MOST_KEYS} keys.`);
  const kept = keys.map((key: unknown, at) => keptOf(key, `Key ${at + 1}`));
  if (new Set(kept.map(({ kid }) => kid)).size !== kept.length) throw new Error("Every key needs a kid of its own.");
  return { keys: kept };
}

function objectOf(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // What was in the text is not repeated: it may be a secret in the wrong place.
  }
  throw new Error("The file of keys is no JSON Web Key Set.");
}

function keptOf(key: unknown, name: string): Record<string, string> {
  if (typeof key !== "object" || key === null) throw new Error(`${name} is no key.`);
  const jwk = key as Record<string, unknown>;
  if (SECRET.some((member) => Object.hasOwn(jwk, member)))
    throw new Error(
      `${name} is a private or secret key. Register only the public part, and do not use this key any more.`,
    );
  if (typeof jwk["kid"] !== "string" || !/^[\x21-\x7e]{1,200}$/.test(jwk["kid"]))
    throw new Error(`${name} needs a kid of 1 to 200 visible characters.`);
  if (jwk["use"] !== undefined && jwk["use"] !== "sig") throw new Error(`${name} is not for signatures.`);
  const algorithm = algorithmOf(jwk, name);
  if (jwk["alg"] !== undefined && jwk["alg"] !== algorithm)
    throw new Error(`${name} is to have alg ${algorithm} or none.`);
  const members = KEPT.flatMap((member) => (typeof jwk[member] === "string" ? [[member, jwk[member]] as const] : []));
  return { ...Object.fromEntries(members), alg: algorithm, use: "sig" };
}

function algorithmOf(jwk: Record<string, unknown>, name: string): "RS384" | "ES384" {
  const key = publicKeyOf(jwk, name);
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa" && modulusLength >= LEAST_BITS) return "RS384";
  if (key.asymmetricKeyType === "ec" && namedCurve === "secp384r1") return "ES384";
  throw new Error(`${name} is neither RSA of at least ${LEAST_BITS} bits (RS384) nor of the curve P-384 (ES384).`);
}

function publicKeyOf(jwk: Record<string, unknown>, name: string): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: "jwk" });
  } catch {
    throw new Error(`${name} cannot be read as a public key.`);
  }
}
