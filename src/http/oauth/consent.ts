/**
 * What an application asks for, told to the person in Swedish, and the person's answer. It is asked each time: on a computer that
 * many share nobody has allowed anything for the next one.
 *
 * SPEC HTTP-APP · https://hl7.org/fhir/smart-app-launch/app-launch.html
 */
import { randomBytes } from "node:crypto";
import type Provider from "oidc-provider";
import type { AppScope } from "../../access/index.ts";
import { fhirError, isFhirId } from "../../fhir/index.ts";
import { readResource, recordSignIn } from "../../journal/index.ts";
import { sessionName } from "../../store/index.ts";
import { jsonOf } from "../body.ts";
import type { HttpOptions } from "../options.ts";
import { sendJson } from "../reply.ts";
import { pathParameter, route, type Exchange } from "../route.ts";
import { addressesOf } from "./addresses.ts";
import { appScopesOf, type AppScopes } from "./app-scopes.ts";
import { CONSENT_PATH, keepConsent } from "./apps.ts";
import { ask } from "./ask.ts";
import { oauthServer } from "./server.ts";

const LAUNCH = "AppLaunch";
const LAUNCH_SECONDS = 300;
const COOKIE = "eira_oauth_asked";

type Launch = { readonly session: string; readonly client: string; readonly patient: string };
type Asked = {
  readonly provider: Provider;
  readonly client: string;
  readonly scopes: AppScopes;
  readonly launch: Launch | undefined;
  /** Why it cannot be allowed, for the application. */
  readonly refusal: string | undefined;
};

/** What an application asks for. */
export const appRequest = route({
  method: "GET",
  path: "/api/app/:uid",
  rule: "person",
  run: async (exchange) => {
    const asked = await askedOf(exchange);
    const { store } = exchange.options.journal;
    const known = await store.oauth.client(asked.client);
    const { needsPatient, patient } = patientOf(asked);
    return sendJson(exchange.reply, 200, {
      app: known?.app?.name ?? asked.client,
      wishes: asked.scopes.resources.map(wishOf),
      isIdentified: asked.scopes.words.includes("openid"),
      lastsWithSession: asked.scopes.words.includes("online_access"),
      choosesPatient: needsPatient && patient === undefined,
      patient: patient ?? null,
      refusal: asked.refusal ?? null,
    });
  },
});

/** The person's answer; tells where to go on. */
export const answerApp = route({
  method: "POST",
  path: "/api/app/:uid",
  rule: "person",
  run: async (exchange) => {
    const { allow, patient: chosen } = jsonOf(exchange.request);
    const asked = await askedOf(exchange);
    if (asked.refusal !== undefined)
      return told(exchange, asked, { error: "invalid_request", error_description: asked.refusal });
    if (allow !== true)
      return told(exchange, asked, { error: "access_denied", error_description: "the person said no" });
    const { needsPatient, patient = chosen } = patientOf(asked);
    const opened = needsPatient && typeof patient === "string" && isFhirId(patient) ? patient : null;
    if (needsPatient && opened === null) throw fhirError("NOT_FOUND");
    if (opened !== null) await readResource(exchange.visit, "Patient", opened);
    return told(exchange, asked, await consentOf(exchange, asked, opened));
  },
});

/** The applications that can be opened from a chart. */
export const launchableApps = route({
  method: "GET",
  path: "/api/apps",
  rule: "person",
  run: async ({ reply, options }) => {
    const found = await options.journal.store.oauth.launchable();
    return sendJson(reply, 200, { apps: found.map(({ client, app: { name } }) => ({ client, name })) });
  },
});

/** Opens an application for a patient (EHR launch): tells the address, with a secret that is good once. */
export const launchApp = route({
  method: "POST",
  path: "/api/patients/:id/launch",
  rule: "person",
  run: async ({ request, reply, options, sessions, visit }) => {
    const { client } = jsonOf(request);
    const { oauth } = options.journal.store;
    const found = (await oauth.launchable()).find((one) => one.client === client);
    if (found?.app.launchUri === undefined || found.app.launchUri === null) throw fhirError("NOT_FOUND");
    const patient = pathParameter(request, "id");
    await readResource(visit, "Patient", patient);
    const launch = randomBytes(32).toString("base64url");
    const { token } = await sessions.identify(request);
    const kept: Launch = { session: sessionName(token), client: found.client, patient };
    await oauth.save({ kind: LAUNCH, key: launch }, kept, LAUNCH_SECONDS);
    const address = new URL(found.app.launchUri);
    address.searchParams.set("iss", addressesOf(options.journal).base);
    address.searchParams.set("launch", launch);
    return sendJson(reply, 200, { address: address.href });
  },
});

export const CONSENT_ROUTES = [appRequest, answerApp, launchableApps, launchApp];

/** Errors: NOT_FOUND when nothing is asked under the name. */
async function askedOf(exchange: Exchange<"person">): Promise<Asked> {
  const { request, options, sessions } = exchange;
  const provider = await oauthServer(options, sessions);
  let params: Readonly<Record<string, unknown>> = {};
  await within(exchange, provider, async (question, response) => {
    ({ params } = await provider.interactionDetails(question, response));
    response.end("");
  });
  const scopes = appScopesOf(String(params["scope"]));
  if ("refusal" in scopes) throw fhirError("NOT_FOUND");
  const client = String(params["client_id"]);
  const { token } = await sessions.identify(request);
  const given = params["launch"];
  const kept = typeof given === "string" ? await launchOf(options, given) : undefined;
  const isOurs = kept?.session === sessionName(token) && kept.client === client;
  const launch = isOurs ? kept : undefined;
  return { provider, client, scopes, launch, refusal: refusalOf(options, { params, scopes, launch }) };
}

async function launchOf({ journal }: HttpOptions, key: string): Promise<Launch | undefined> {
  return (await journal.store.oauth.find({ kind: LAUNCH, key })) as Launch | undefined;
}

function refusalOf(
  { journal }: HttpOptions,
  asked: {
    readonly params: Readonly<Record<string, unknown>>;
    readonly scopes: AppScopes;
    readonly launch: Launch | undefined;
  },
): string | undefined {
  const { params, scopes, launch } = asked;
  const { aud } = params;
  if (typeof aud !== "string" || aud.replace(/\/$/, "") !== addressesOf(journal).base)
    return "aud is to be the FHIR base";
  const isLaunch = params["launch"] !== undefined || scopes.words.includes("launch");
  return isLaunch && launch === undefined ? "the launch is not known, was used, or is another person's" : undefined;
}

function patientOf({ scopes, launch }: Asked): {
  readonly needsPatient: boolean;
  readonly patient: string | undefined;
} {
  const needsPatient =
    launch !== undefined ||
    scopes.words.includes("launch/patient") ||
    scopes.resources.some(({ of }) => of === "patient");
  return { needsPatient, patient: launch?.patient };
}

type Result = Parameters<Provider["interactionResult"]>[2];

/** Keeps what was allowed, with the session in which it was. */
async function consentOf(exchange: Exchange<"person">, asked: Asked, patient: string | null): Promise<Result> {
  const { request, options, sessions, visit } = exchange;
  const { provider, client, scopes } = asked;
  const { token, authenticated } = await sessions.identify(request);
  const session = sessionName(token);
  if (visit.actor.kind !== "person") throw fhirError("UNAUTHENTICATED");
  const accountId = visit.actor.id;
  const grant = new provider.Grant({ accountId, clientId: client });
  const words = scopes.words.join(" ");
  if (words !== "") grant.addOIDCScope(words);
  const { base } = addressesOf(options.journal);
  if (scopes.texts.length > 0) grant.addResourceScope(base, scopes.texts.join(" "));
  const grantId = await grant.save();
  const scope = [...scopes.words, ...scopes.texts].join(" ");
  await keepConsent(options.journal.store.oauth, grantId, { session, patient, scope });
  if (asked.launch !== undefined) {
    const { launch } = await launchKey(exchange, provider);
    // Of two answers to one launch the second gets nothing.
    if ((await options.journal.store.oauth.take({ kind: LAUNCH, key: launch })) === undefined)
      throw fhirError("NOT_FOUND");
  }
  await recordSignIn(
    visit,
    { outcome: "granted", ground: `Tillät appen ${client}: ${scope}`.slice(0, 500) },
    `app ${client}`,
  );
  const at = Math.floor(Date.parse(authenticated?.at ?? "") / 1000);
  const login = { accountId, remember: false, ...(Number.isNaN(at) ? {} : { ts: at }) };
  return { login: { ...login, ...(authenticated?.acr ? { acr: authenticated.acr } : {}) }, consent: { grantId } };
}

async function launchKey(exchange: Exchange<"person">, provider: Provider): Promise<{ readonly launch: string }> {
  let launch = "";
  await within(exchange, provider, async (question, response) => {
    const { params } = await provider.interactionDetails(question, response);
    launch = String(params["launch"]);
    response.end("");
  });
  return { launch };
}

async function told(exchange: Exchange<"person">, { provider }: Asked, result: Result): Promise<unknown> {
  let redirect = "";
  await within(exchange, provider, async (question, response) => {
    redirect = await provider.interactionResult(question, response, result, { mergeWithLastSubmission: false });
    response.end("");
  });
  return sendJson(exchange.reply, 200, { redirect });
}

/** Does something with what is asked under the name in the address. The browser that goes on must be the one that came. */
async function within(
  { request }: Exchange<"person">,
  provider: Provider,
  work: Parameters<typeof ask>[2],
): Promise<void> {
  const uid = pathParameter(request, "uid");
  if (!/^[A-Za-z0-9_-]{20,100}$/.test(uid)) throw fhirError("NOT_FOUND");
  const headers = { cookie: `${COOKIE}=${uid}` };
  try {
    await ask(provider, { method: "GET", path: `${CONSENT_PATH}/${uid}`, headers, body: Buffer.alloc(0) }, work);
  } catch (error) {
    if (error instanceof Error && error.name === "SessionNotFound") throw fhirError("NOT_FOUND");
    throw error;
  }
}

/** One scope; the page has the words for it, in the person's language. */
function wishOf({ of, type, verbs, criteria }: AppScope): Pick<AppScope, "of" | "type" | "verbs" | "criteria"> {
  return { of, type, verbs, criteria };
}
