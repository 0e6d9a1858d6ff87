/** An identity provider of tests on a port of its own, that says what the test wants, true or not. */
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cleanup } from "../../journal/testing/index.ts";
import type { IdentityProvider } from "../sign-in/identity-provider.ts";

type Json = Readonly<Record<string, unknown>>;
type Key = { readonly privateKey: KeyObject; readonly kid: string };

export const LOA3 = "http://id.sambi.se/loa/loa3";
export const SECRET = "a secret of tests";

export interface IssuerOfTest {
  readonly issuer: string;
  /** As Eira is configured for it. */
  readonly provider: IdentityProvider;
  /** How often each address was asked. */
  readonly asked: Map<string, number>;
  /** What the next identity tokens say, over what is right. */
  claims: Json;
  /** What the next headers say. */
  header: Json;
  /** Over what is right in the discovery document. */
  metadata: Json;
  /** Answered instead, by path; `hangs` never ends. */
  readonly instead: Map<string, { readonly status: number; readonly body?: string } | "hangs">;
  /** Signs with another key, and publishes it unless it is a thief's. */
  changeKey(isPublished?: boolean): void;
  /** Whoever was sent away comes back with this; `wanted` is the address that they were sent to. */
  back(wanted: string, subject: string): string;
}

/** Starts one; it is put down after the test. */
export async function issuerOfTest(t: Cleanup, given: Partial<IdentityProvider> = {}): Promise<IssuerOfTest> {
  let key = keyOf("one");
  let published = [key];
  const asked = new Map<string, number>();
  const codes = new Map<string, Json>();
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const other = made.instead.get(path);
    if (other === "hangs") return undefined;
    if (other !== undefined) return answer(response, other.status, other.body ?? "{}");
    if (path === "/.well-known/openid-configuration") return answer(response, 200, { ...discovery, ...made.metadata });
    if (path === "/jwks") return answer(response, 200, { keys: published.map(jwkOf) });
    let form = "";
    request.on("data", (part: Buffer) => (form += part.toString()));
    return request.on("end", () => {
      const code = new URLSearchParams(form).get("code") ?? "";
      const claims = codes.get(code);
      codes.delete(code);
      if (claims === undefined) return answer(response, 400, { error: "invalid_grant" });
      const idToken = tokenOf(key, { ...claims, ...made.claims }, made.header);
      return answer(response, 200, { access_token: "x", token_type: "Bearer", expires_in: 60, id_token: idToken });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const discovery = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
    code_challenge_methods_supported: ["S256"],
  };
  const made: IssuerOfTest = {
    issuer,
    provider: {
      id: "issuer",
      name: "Utfärdaren",
      people: "staff",
      issuer,
      clientId: "eira",
      proof: { kind: "secret", secret: SECRET, way: "basic" },
      claim: "employeeHsaId",
      identifies: "hsa-id",
      scope: "openid",
      acr: [LOA3],
      origins: [],
      ...given,
    },
    asked,
    claims: {},
    header: {},
    metadata: {},
    instead: new Map(),
    changeKey: (isPublished = true) => {
      key = keyOf(isPublished ? "two" : "one");
      if (isPublished) published = [key];
    },
    back: (wanted, subject) => {
      const asks = new URL(wanted).searchParams;
      const code = `code-${codes.size}-${Math.random()}`;
      const now = Math.floor(Date.now() / 1000);
      codes.set(code, {
        iss: issuer,
        aud: "eira",
        sub: "somebody",
        iat: now,
        exp: now + 60,
        auth_time: now,
        nonce: asks.get("nonce"),
        acr: LOA3,
        [made.provider.claim]: subject,
      });
      const redirect = new URL(asks.get("redirect_uri") ?? "");
      return `${redirect.pathname}?${String(new URLSearchParams({ code, state: asks.get("state") ?? "" }))}`;
    },
  };
  return made;
}

function keyOf(kid: string): Key {
  return { privateKey: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey, kid };
}

function jwkOf({ privateKey, kid }: Key): Json {
  const { d: _secret, ...jwk } = privateKey.export({ format: "jwk" });
  return { ...jwk, kid, use: "sig", alg: "ES256" };
}

function tokenOf({ privateKey, kid }: Key, claims: Json, other: Json): string {
  const header = { alg: "ES256", kid, typ: "JWT", ...other };
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const signature = sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${text}.${signature.toString("base64url")}`;
}

function answer(response: ServerResponse, status: number, body: Json | string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
