/**
 * Attempts to sign in that are under way: kept at the server under a name that is used once, and only for the browser that
 * began. What comes back without them, twice, too late or in another browser signs nobody in.
 *
 * SPEC HTTP-OIDC · OpenID Connect Core 1.0 3.1.2, RFC 9700 4.7
 */
import { createHash, randomBytes } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { PersonActor } from "../../access/index.ts";
import type { Store } from "../../store/index.ts";
import type { HttpOptions } from "../options.ts";
import type { Authenticated } from "../session.ts";
import type { Secrets } from "./relying-party.ts";

export const ATTEMPT_COOKIE = "eira_sign_in";
const COOKIE = new RegExp(`(?:^|;\\s*)${ATTEMPT_COOKIE}=([A-Za-z0-9_-]{43})(?:;|$)`);
const SECONDS = 600;

/** What is to happen when they come back. */
export type Attempt = Secrets & {
  readonly provider: string;
  /** Where they were. */
  readonly till: string;
  /** The assignment that they had when they were here last. */
  readonly assignment?: string | undefined;
  /** They are signed in, and are to prove that it is they: which session, and whose. */
  readonly again?: { readonly session: string; readonly person: string } | undefined;
};

/** Somebody who is known and has several assignments to choose from. */
export type Choice = {
  readonly people: readonly PersonActor[];
  readonly authenticated: Authenticated;
  readonly till: string;
};

type Kind = "SignIn" | "SignInChoice";
type Kept = Attempt | Choice;

/** The browser's own secret: the one that it has, or a fresh one. */
export function browserOf(request: FastifyRequest): string {
  return COOKIE.exec(request.headers.cookie ?? "")?.[1] ?? randomBytes(32).toString("base64url");
}

/** Sends the browser's secret along; it comes back from other sites too, but only when somebody follows a link. */
export function rememberBrowser(reply: FastifyReply, { journal }: HttpOptions, browser: string): void {
  const secure = journal.base.startsWith("https:") ? "; Secure" : "";
  void reply.header(
    "set-cookie",
    `${ATTEMPT_COOKIE}=${browser}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${SECONDS}${secure}`,
  );
}

/** Keeps something for a browser under a name. */
export async function keep(
  store: Store,
  kind: Kind,
  { name, browser }: { readonly name: string; readonly browser: string },
  kept: Kept,
): Promise<void> {
  await store.oauth.keep({ kind, key: keyOf(name, browser) }, kept, SECONDS);
}

/** Takes what was kept, once; nothing for another browser. */
export async function take<T extends Kept>(
  store: Store,
  kind: Kind,
  { name, browser }: { readonly name: string; readonly browser: string },
): Promise<T | undefined> {
  return (await store.oauth.take({ kind, key: keyOf(name, browser) })) as T | undefined;
}

/** What was kept, and still is. */
export async function look(
  store: Store,
  kind: Kind,
  { name, browser }: { readonly name: string; readonly browser: string },
): Promise<Kept | undefined> {
  return (await store.oauth.find({ kind, key: keyOf(name, browser) })) as Kept | undefined;
}

function keyOf(name: string, browser: string): string {
  return createHash("sha256").update(`${browser} ${name}`).digest("hex");
}
