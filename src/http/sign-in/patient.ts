/**
 * A patient who has proved who they are: what was proved is kept for their browser, and the portal opens its session with it.
 *
 * SPEC HTTP-OIDC
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { HttpOptions } from "../options.ts";
import type { Exchange } from "../route.ts";
import type { Authenticated } from "../session.ts";
import { browserOf, rememberBrowser } from "./attempt.ts";
import { SignInFailed } from "./failure.ts";
import { personalNumberOf } from "./staff.ts";

/** The twelve digits of whoever signed in, how, and where they wanted to go. */
export type PatientProof = {
  readonly personalNumber: string;
  readonly authenticated: Authenticated;
  readonly till: string;
};

const KIND = "PatientSignIn";
const SECONDS = 120;
const PORTAL = "/portal";

/** Keeps the proof for the browser and sends it to the portal. Errors: SignInFailed for a claim that is no personal number. */
export async function finishPatient(
  { request, reply, options }: Pick<Exchange<"public">, "request" | "reply" | "options">,
  proof: PatientProof,
): Promise<FastifyReply> {
  const personalNumber = personalNumberOf(proof.personalNumber);
  if (personalNumber === undefined) throw new SignInFailed("avvisad", "no personal number");
  const browser = browserOf(request);
  await options.journal.store.oauth.save({ kind: KIND, key: browser }, { ...proof, personalNumber }, SECONDS);
  rememberBrowser(reply, options, browser);
  return reply.header("cache-control", "no-store").redirect(`${PORTAL}/valkommen`, 302);
}

/** What the browser's owner has proved, once, within two minutes; nothing otherwise. */
export async function takePatientProof(
  options: HttpOptions,
  request: FastifyRequest,
): Promise<PatientProof | undefined> {
  const taken = await options.journal.store.oauth.take({ kind: KIND, key: browserOf(request) });
  return taken as PatientProof | undefined;
}
