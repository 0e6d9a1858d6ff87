/**
 * From what an identity provider proved to a member of staff with assignments that hold today; and what the access log is
 * told of people who sign in or are turned away.
 *
 * SPEC HTTP-OIDC · PDL (2008:355) 4 kap. 2 §
 */
import type { PersonActor } from "../../access/index.ts";
import {
  HSA_SYSTEM,
  isHsaId,
  parseIdentityNumber,
  PERSONNUMMER_SYSTEM,
  SAMORDNINGSNUMMER_SYSTEM,
} from "../../base/index.ts";
import { PROTECTED_NAME, readStaffMember } from "../../clinical/index.ts";
import { recordSignIn, today, type Visit } from "../../journal/index.ts";
import type { HttpOptions } from "../options.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import { SignInFailed } from "./failure.ts";

/** In whose name the directory is read for signing in. */
export const READS_DIRECTORY = {
  kind: "client",
  name: "inloggning",
  scopes: ["PractitionerRole", "Practitioner", "Organization"].map((type) => ({
    type,
    verbs: new Set(["r", "s"] as const),
  })),
  careProvider: null,
  careUnit: null,
} as const;

export type Found = { readonly hsaId: string; readonly actors: readonly PersonActor[] };

/** Whoever the claim names, as an actor under each assignment that holds today. Errors: SignInFailed `okand`, `inget-uppdrag`. */
export async function staffOf(
  options: HttpOptions,
  {
    provider,
    subject,
    request,
  }: { readonly provider: IdentityProvider; readonly subject: string; readonly request: string },
): Promise<Found> {
  const visit: Visit = { ...options.journal, actor: READS_DIRECTORY, request };
  const identifier = identifierOf(provider, subject);
  const member = identifier === undefined ? undefined : (await readStaffMember(visit, identifier)).value;
  if (member === undefined) throw await refused(visit, provider, "okand", null);
  const { id, name, title, hsaId, isProtected, assignments } = member;
  const day = today(visit);
  const holding = assignments.filter(({ from, until }) => (from ?? day) <= day && (until ?? day) >= day);
  if (holding.length === 0) throw await refused(visit, provider, "inget-uppdrag", hsaId);
  const hidden = isProtected ? { protectedIdentity: true as const } : {};
  return {
    hsaId,
    actors: holding.map((assignment) => ({ kind: "person", id, name, title, hsaId, ...hidden, assignment })),
  };
}

/** What the screens call somebody of the staff: whose identity is protected is told by HSA-id, on the own screen too. */
export function nameOnScreen({
  name,
  hsaId,
  protectedIdentity,
}: Pick<PersonActor, "name" | "hsaId" | "protectedIdentity">): string {
  return protectedIdentity === true ? `${PROTECTED_NAME} (${hsaId})` : name;
}

/** Tells the access log that somebody is signed in, before the session is. */
export function logSignIn(
  options: HttpOptions,
  actor: PersonActor,
  { provider, request }: { readonly provider: Pick<IdentityProvider, "id">; readonly request: string },
): Promise<void> {
  return recordSignIn(
    { ...options.journal, actor, request },
    { outcome: "granted", ground: `Inloggad med ${provider.id}` },
    null,
  );
}

const WHY = {
  okand: "Personen finns inte i katalogen.",
  "inget-uppdrag": "Personen har inget medarbetaruppdrag som gäller i dag.",
} as const;

async function refused(
  visit: Visit,
  provider: IdentityProvider,
  failure: "okand" | "inget-uppdrag",
  hsaId: string | null,
): Promise<SignInFailed> {
  await recordSignIn(visit, { outcome: "refused", ground: `${WHY[failure]} (${provider.id})` }, hsaId);
  return new SignInFailed(failure, WHY[failure]);
}

function identifierOf(
  { identifies }: IdentityProvider,
  subject: string,
): { readonly systems: readonly string[]; readonly value: string } | undefined {
  if (identifies === "hsa-id") return isHsaId(subject) ? { systems: [HSA_SYSTEM], value: subject } : undefined;
  const value = personalNumberOf(subject);
  return value === undefined ? undefined : { systems: [PERSONNUMMER_SYSTEM, SAMORDNINGSNUMMER_SYSTEM], value };
}

/** The twelve digits of a personal identity number or coordination number, or nothing. */
export function personalNumberOf(subject: string): string | undefined {
  const digits = subject.replaceAll("-", "");
  if (!/^\d{12}$/.test(digits)) return undefined;
  const parsed = parseIdentityNumber(digits);
  return parsed?.kind === "personnummer" || parsed?.kind === "samordningsnummer" ? parsed.value : undefined;
}
