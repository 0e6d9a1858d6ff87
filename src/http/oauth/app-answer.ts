/**
 * What SMART adds to OAuth's answers: the patient that an application was opened for stands beside its token. And what Eira
 * knows better than the library: a token whose session has ended is not active.
 *
 * SPEC HTTP-APP · https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
 */
import type Provider from "oidc-provider";
import { CONSENT, type AppConsent } from "../../store/index.ts";
import type { HttpOptions } from "../options.ts";
import type { Sessions } from "../session.ts";
import { INTROSPECTION_PATH, TOKEN_PATH } from "./addresses.ts";
import { personOfGrant } from "./apps.ts";

type Json = Readonly<Record<string, unknown>>;
type Answered = { readonly provider: Provider; readonly path: string; readonly text: string; readonly token: string };

/** The text of a good answer of the library, as it is sent. */
export async function appAnswer(options: HttpOptions, { idleMs }: Sessions, asked: Answered): Promise<string> {
  const { provider, path, text } = asked;
  if (path === TOKEN_PATH) return withLaunch(options, provider, text);
  return path === INTROSPECTION_PATH ? asItStands(options, idleMs, asked) : text;
}

async function withLaunch({ journal }: HttpOptions, provider: Provider, text: string): Promise<string> {
  const answer = JSON.parse(text) as Json;
  const token = await provider.AccessToken.find(String(answer["access_token"]));
  const key = token?.grantId;
  if (key === undefined) return text; // a machine client's
  const consent = (await journal.store.oauth.find({ kind: CONSENT, key })) as AppConsent | undefined;
  if (consent === undefined) return text;
  const { patient, scope } = consent;
  const opened = patient === null ? {} : { patient, need_patient_banner: true };
  return JSON.stringify({ ...answer, scope, ...opened });
}

async function asItStands(options: HttpOptions, idleMs: number, { provider, text, token }: Answered): Promise<string> {
  const { grantId } = (await provider.AccessToken.find(token)) ?? (await provider.RefreshToken.find(token)) ?? {};
  const isOver = grantId !== undefined && (await personOfGrant(options, idleMs, grantId)) === undefined;
  return isOver ? JSON.stringify({ active: false }) : text;
}
