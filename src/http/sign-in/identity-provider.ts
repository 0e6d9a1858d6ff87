/**
 * Which identity providers people may sign in at, as the installation's settings file says. Read strictly: a provider that
 * is half understood would let in the wrong people or nobody.
 *
 * SPEC HTTP-OIDC · OpenID Connect Core 1.0 · HSLF-FS 2016:40 3 kap. 15 §
 */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { isLoopback } from "./loopback.ts";

/** Who signs in there: those who work under assignments, or patients. */
export type People = "staff" | "patients";
/** What the claim that tells people apart carries. */
export type Identifies = "hsa-id" | "personal-number";

export type ClientProof =
  | { readonly kind: "secret"; readonly secret: string; readonly way: "basic" | "post" }
  | { readonly kind: "key"; readonly key: KeyObject; readonly kid: string | undefined; readonly algorithm: string };

export type IdentityProvider = {
  /** In addresses, cookies and the log: `siths`. */
  readonly id: string;
  /** On the button. */
  readonly name: string;
  readonly people: People;
  readonly issuer: string;
  readonly clientId: string;
  readonly proof: ClientProof;
  readonly claim: string;
  readonly identifies: Identifies;
  readonly scope: string;
  /** The levels of assurance that are strong enough; one of them must stand in `acr`. */
  readonly acr: readonly string[];
  /** Other origins than the issuer's at which its endpoints may lie. */
  readonly origins: readonly string[];
  /** Asked inside this process instead of over the network: only the demonstration's own are. */
  readonly isDemonstration?: true;
};

/** The levels of the Swedish frameworks that count as strong authentication (LoA 3 and 4). */
export const STRONG: readonly string[] = [
  "http://id.sambi.se/loa/loa3",
  "http://id.elegnamnden.se/loa/1.0/loa3",
  "http://id.elegnamnden.se/loa/1.0/loa4",
  "http://id.swedenconnect.se/loa/1.0/uncertified-loa3",
];

const MOST = 20;
const FIELDS: ReadonlySet<string> = new Set([
  "id",
  "name",
  "people",
  "issuer",
  "clientId",
  "clientSecretFile",
  "clientKeyFile",
  "clientKeyId",
  "secretBy",
  "claim",
  "identifies",
  "scope",
  "acr",
  "origins",
]);

/**
 * The providers of a settings file. `readFile` reads a secret or key by the name that stands there. Errors: an Error that says
 * which provider and field cannot serve; never what was in a secret.
 */
export function identityProvidersIn(text: string, readFile: (name: string) => string): readonly IdentityProvider[] {
  const providers = (parsed(text) as { readonly providers?: unknown }).providers;
  if (!Array.isArray(providers) || providers.length === 0 || providers.length > MOST)
    throw new Error(`The file of identity providers has "providers", with 1 to ${MOST} of them.`);
  const read = providers.map((one: unknown, at) => providerOf(one, `providers[${at}]`, readFile));
  if (new Set(read.map(({ id }) => id)).size !== read.length)
    throw new Error("Every identity provider needs an id of its own.");
  return read;
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // What was in the file is not repeated: it may be a secret in the wrong place.
  }
  throw new Error("The file of identity providers is no JSON object.");
}

function providerOf(value: unknown, where: string, readFile: (name: string) => string): IdentityProvider {
  if (typeof value !== "object" || value === null) throw new Error(`${where} is no identity provider.`);
  const given = value as Readonly<Record<string, unknown>>;
  const odd = Object.keys(given).find((name) => !FIELDS.has(name));
  if (odd !== undefined) throw new Error(`${where} has a field that is not known: ${odd.slice(0, 40)}.`);
  const text = (name: string, form: RegExp, usual?: string): string => {
    const found = given[name] ?? usual;
    if (typeof found === "string" && form.test(found)) return found;
    throw new Error(`${where}.${name} is missing or has not the form that it shall have.`);
  };
  const people = text("people", /^(?:staff|patients)$/, "staff") as People;
  return {
    id: text("id", /^[a-z][a-z0-9-]{1,30}$/),
    name: text("name", /^\S(?:.{0,60}\S)?$/),
    people,
    issuer: issuerOf(text("issuer", /^https?:\/\/[^\s?#]{1,300}$/), where),
    clientId: text("clientId", /^[\x21-\x7e]{1,200}$/),
    proof: proofOf(given, where, readFile),
    claim: text("claim", /^[\x21-\x7e]{1,200}$/),
    identifies: text("identifies", /^(?:hsa-id|personal-number)$/) as Identifies,
    scope: text("scope", /^openid(?: [\x21-\x7e]+)*$/, "openid"),
    acr: listOf(given["acr"] ?? STRONG, `${where}.acr`),
    origins: listOf(given["origins"] ?? [], `${where}.origins`, true),
  };
}

/** Errors: an Error for an issuer that everybody on the way could pretend to be. */
function issuerOf(issuer: string, where: string): string {
  if (issuer.startsWith("https:") || isLoopback(issuer)) return issuer;
  throw new Error(`${where}.issuer is to be https: what it says is believed.`);
}

function listOf(value: unknown, where: string, mayBeEmpty = false): readonly string[] {
  const isList = Array.isArray(value) && value.every((one) => typeof one === "string" && /^\S{1,300}$/.test(one));
  if (isList && (mayBeEmpty || value.length > 0)) return value as string[];
  throw new Error(`${where} is to be a list of texts.`);
}

function proofOf(
  given: Readonly<Record<string, unknown>>,
  where: string,
  readFile: (name: string) => string,
): ClientProof {
  const { clientSecretFile: secretFile, clientKeyFile: keyFile, clientKeyId: kid, secretBy = "basic" } = given;
  if ((typeof secretFile === "string") === (typeof keyFile === "string"))
    throw new Error(`${where} is to have either clientSecretFile or clientKeyFile.`);
  if (secretBy !== "basic" && secretBy !== "post") throw new Error(`${where}.secretBy is to be basic or post.`);
  if (typeof secretFile === "string") {
    const secret = contentOf(secretFile, `${where}.clientSecretFile`, readFile).trim();
    if (secret.length < 16) throw new Error(`${where}.clientSecretFile holds no secret of at least 16 characters.`);
    return { kind: "secret", secret, way: secretBy };
  }
  const key = privateKeyOf(contentOf(String(keyFile), `${where}.clientKeyFile`, readFile), where);
  return { kind: "key", ...key, kid: typeof kid === "string" ? kid : undefined };
}

function contentOf(name: string, where: string, readFile: (name: string) => string): string {
  try {
    return readFile(name);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new Error(`${where} could not be read (${code}).`, { cause: error });
  }
}

function privateKeyOf(pem: string, where: string): { readonly key: KeyObject; readonly algorithm: string } {
  const key = keyOf(pem, where);
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa" && modulusLength >= 2048) return { key, algorithm: "RS256" };
  const curves: Readonly<Record<string, string>> = { prime256v1: "ES256", secp384r1: "ES384" };
  const algorithm = curves[namedCurve ?? ""];
  if (key.asymmetricKeyType === "ec" && algorithm !== undefined) return { key, algorithm };
  throw new Error(`${where}.clientKeyFile is neither RSA of at least 2048 bits nor of the curves P-256 and P-384.`);
}

function keyOf(pem: string, where: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error(`${where}.clientKeyFile is no private key in PEM.`);
  }
}
