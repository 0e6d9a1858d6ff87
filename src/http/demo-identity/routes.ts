/**
 * The addresses of the demonstration's identity providers. Without a demonstration, or when the settings name real
 * providers, each of them is as if it never was.
 *
 * SPEC HTTP-DEMO-IDENTITY
 */
import type Provider from "oidc-provider";
import type { FastifyReply } from "fastify";
import { PROTECTED_NAME, readStaff } from "../../clinical/index.ts";
import { fhirError } from "../../fhir/index.ts";
import { contentPolicy } from "../browser-headers.ts";
import { ask, type Answered, type Question } from "../oauth/ask.ts";
import type { HttpOptions } from "../options.ts";
import { queryOf } from "../query.ts";
import { pathParameter, route, type Exchange, type Method, type Route } from "../route.ts";
import type { IdentityProvider } from "../sign-in/identity-provider.ts";
import { isDemonstration } from "../sign-in/parties.ts";
import { READS_DIRECTORY } from "../sign-in/staff.ts";
import { DEMO_PATH, demonstrationProviders } from "./issuers.ts";
import { choicePage, STYLE_HASH, type Someone } from "./page.ts";
import { demonstrationIssuer } from "./provider.ts";

/** Under this name the demonstration's patients who can sign in are remembered. */
export const DEMO_PATIENTS = "demonstration-patients";

type Asked = Exchange<"public">;
type Known = { readonly trusted: IdentityProvider; readonly issuer: Provider };

const issuers = new WeakMap<HttpOptions, Map<string, Promise<Provider>>>();

const PATHS: readonly (readonly [Method, string])[] = [
  ["GET", "/.well-known/openid-configuration"],
  ["GET", "/jwks"],
  ["GET", "/auth"],
  ["GET", "/auth/:uid"],
  ["POST", "/token"],
];

export const DEMO_IDENTITY_ROUTES: readonly Route[] = [
  ...PATHS.map(([method, path]) =>
    route({ method, path: `${DEMO_PATH}/:provider${path}`, rule: "public", run: (asked) => passOn(asked) }),
  ),
  route({
    method: "GET",
    path: `${DEMO_PATH}/:provider/choose/:uid`,
    rule: "public",
    run: (asked) => showPeople(asked),
  }),
  route({ method: "POST", path: `${DEMO_PATH}/:provider/choose/:uid`, rule: "public", run: (asked) => choose(asked) }),
];

async function passOn(asked: Asked): Promise<FastifyReply> {
  const { trusted, issuer } = await issuerOf(asked);
  return answer(asked.reply, await ask(issuer, questionOf(asked, trusted.id)));
}

async function showPeople(asked: Asked): Promise<FastifyReply> {
  const { trusted, issuer } = await issuerOf(asked);
  const hint = await underWay(issuer, questionOf(asked, trusted.id));
  const { options, request, reply } = asked;
  const isStaff = trusted.people === "staff";
  return html(
    reply,
    choicePage({
      title: trusted.name,
      action: (request.raw.url ?? "").split("?")[0] ?? "",
      people: isStaff ? await staff(options, request.id) : await patients(options),
      sought: (new Map(queryOf(request)).get("sok") ?? hint).slice(0, 100),
      field: isStaff ? "Någon annans HSA-id" : "Någon annans personnummer (ÅÅÅÅMMDDNNNN)",
    }),
  );
}

async function choose(asked: Asked): Promise<FastifyReply> {
  const { trusted, issuer } = await issuerOf(asked);
  const question = questionOf(asked, trusted.id);
  await underWay(issuer, question);
  const person = new URLSearchParams(question.body.toString("utf8")).get("person")?.trim().slice(0, 40) ?? "";
  const result =
    person === ""
      ? { error: "access_denied", error_description: "broken off" }
      : { login: { accountId: person, acr: trusted.acr[0] ?? "", remember: false } };
  const answered = await ask(issuer, question, (request, response) =>
    issuer.interactionFinished(request, response, result, { mergeWithLastSubmission: false }),
  );
  return answer(asked.reply, answered);
}

/** Whom Eira expects, or nothing. Errors: NOT_FOUND when this browser has nothing under way there. */
async function underWay(issuer: Provider, question: Question): Promise<string> {
  let hint = "";
  try {
    await ask(issuer, question, async (request, response) => {
      const { params } = await issuer.interactionDetails(request, response);
      hint = typeof params["login_hint"] === "string" ? params["login_hint"] : "";
      response.end("");
    });
    return hint;
  } catch (error) {
    if (error instanceof Error && error.name === "SessionNotFound") throw fhirError("NOT_FOUND");
    throw error;
  }
}

/** Errors: NOT_FOUND outside a demonstration. */
async function issuerOf({ options, request }: Asked): Promise<Known> {
  const id = pathParameter(request, "provider");
  const trusted = isDemonstration(options) ? demonstrationProviders(options).find((one) => one.id === id) : undefined;
  if (trusted === undefined) throw fhirError("NOT_FOUND");
  const known = issuers.get(options) ?? new Map<string, Promise<Provider>>();
  issuers.set(options, known);
  const made = known.get(id) ?? demonstrationIssuer(options, trusted);
  known.set(id, made);
  return { trusted, issuer: await made };
}

function questionOf({ request }: Asked, id: string): Question {
  const { "content-type": type, cookie, authorization, accept } = request.headers;
  return {
    method: request.method === "POST" ? "POST" : "GET",
    path: (request.raw.url ?? "").slice(`${DEMO_PATH}/${id}`.length),
    headers: { "content-type": type, cookie, authorization, accept },
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}

const PASSED_ON = ["content-type", "cache-control", "pragma", "www-authenticate", "location"];

function answer(reply: FastifyReply, { status, header, cookies, text }: Answered): FastifyReply {
  for (const name of PASSED_ON) {
    const value = header(name);
    if (value !== undefined) void reply.header(name, value);
  }
  for (const cookie of cookies) void reply.header("set-cookie", cookie);
  return reply.code(status).send(text);
}

function html(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .header("content-type", "text/html; charset=utf-8")
    .header("content-security-policy", contentPolicy(STYLE_HASH))
    .header("cache-control", "no-store")
    .send(text);
}

async function staff(options: HttpOptions, request: string): Promise<readonly Someone[]> {
  const { value } = await readStaff({ ...options.journal, actor: READS_DIRECTORY, request });
  return value.map(({ hsaId, name, title, isProtected, assignments }) => ({
    subject: hsaId,
    name: isProtected ? PROTECTED_NAME : name,
    aside: `${title} · ${hsaId}${assignments.length > 1 ? ` · ${assignments.length} uppdrag` : ""}`,
    group: assignments[0]?.unit ?? "",
  }));
}

async function patients({ journal }: HttpOptions): Promise<readonly Someone[]> {
  const known = (await journal.store.setting(DEMO_PATIENTS)) as readonly Someone[] | undefined;
  return known ?? [];
}
