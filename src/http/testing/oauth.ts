/** A machine client with a key of its own, as tests need it: its public part, and assertions that it signs. */
import { generateKeyPairSync, randomUUID, sign, type KeyObject } from "node:crypto";

type Json = Readonly<Record<string, unknown>>;

export interface KeyOfTest {
  readonly algorithm: "RS384" | "ES384";
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** The public part as a JSON Web Key. */
  readonly jwk: Json;
}

/** A fresh key. RSA takes a moment to find. */
export function keyOfTest(algorithm: "RS384" | "ES384" = "ES384", kid = "key-1"): KeyOfTest {
  const { privateKey, publicKey } =
    algorithm === "RS384"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-384" });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid, alg: algorithm, use: "sig" };
  return { algorithm, kid, privateKey, jwk };
}

/** An assertion: what a client says of itself, with claims and header as they shall be or as the test wants them. */
export function assertionOf(
  key: KeyOfTest,
  { client, audience }: { readonly client: string; readonly audience: string },
  other: { readonly claims?: Json; readonly header?: Json } = {},
): string {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: key.algorithm, kid: key.kid, typ: "JWT", ...other.header };
  const claims = { iss: client, sub: client, aud: audience, exp: now + 240, jti: randomUUID(), ...other.claims };
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const signature = sign("sha384", Buffer.from(text), { key: key.privateKey, dsaEncoding: "ieee-p1363" });
  return `${text}.${signature.toString("base64url")}`;
}

/** A form, as it is sent. */
export function formOfTest(fields: Readonly<Record<string, string>>): {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  return {
    body: new URLSearchParams(fields).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  };
}
