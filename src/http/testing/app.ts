/** An application of tests (SMART App Launch): it asks a person in a browser of tests, and calls with the token that it gets. */
import { createHash, randomBytes } from "node:crypto";
import { appOf } from "../oauth/registration.ts";
import { BrowserOfTest } from "./browser.ts";
import type { Answer, ServerOfTest } from "./index.ts";
import { formOfTest } from "./oauth.ts";

export const REDIRECT = "https://app.test/back";

export interface AppTokens {
  readonly status: number;
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope: string;
  readonly patient?: string;
  readonly error?: string;
  readonly error_description?: string;
}

export interface AppOfTest {
  readonly client: string;
  /** Where a person is sent. */
  authorize(
    scope: string,
    other?: Readonly<Record<string, string | undefined>>,
  ): { readonly url: string; readonly verifier: string };
  /** The whole way for somebody with a session's cookie, who says yes. */
  open(
    cookie: string,
    scope: string,
    given?: { readonly patient?: string; readonly launch?: string },
  ): Promise<AppTokens>;
  /** Exchanges a code, or a refresh token. */
  token(fields: Readonly<Record<string, string>>): Promise<AppTokens>;
}

let names = 0;

/** Registers an application that may ask for the scope. */
export async function appOfTest(server: ServerOfTest, scope: string): Promise<AppOfTest> {
  const client = `app-${++names}`;
  const registration = {
    client,
    name: `Appen ${names}`,
    scope,
    redirectUris: [REDIRECT],
    launchUri: "https://app.test/launch",
  };
  await server.store.oauth.addClient(appOf({ ...registration, jwks: null }));
  const authorize: AppOfTest["authorize"] = (asked, other = {}) => {
    const verifier = randomBytes(32).toString("base64url");
    const asks = {
      response_type: "code",
      client_id: client,
      redirect_uri: REDIRECT,
      scope: asked,
      state: "state-of-the-app",
      aud: server.options.base,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      ...other,
    };
    const given = Object.entries(asks).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return { url: `/oauth/authorize?${String(new URLSearchParams(given))}`, verifier };
  };
  const token: AppOfTest["token"] = async (fields) => {
    const answer = await server.call("POST", "/oauth/token", formOfTest({ client_id: client, ...fields }));
    return { status: answer.status, ...(JSON.parse(answer.text) as Omit<AppTokens, "status">) };
  };
  return {
    client,
    authorize,
    token,
    open: async (cookie, asked, { patient, launch } = {}) => {
      const { url, verifier } = authorize(asked, { launch });
      const back = await allow(server, {
        url,
        cookie,
        answer: { allow: true, ...(patient === undefined ? {} : { patient }) },
      });
      const code = new URL(back).searchParams.get("code") ?? "";
      return token({ grant_type: "authorization_code", code, redirect_uri: REDIRECT, code_verifier: verifier });
    },
  };
}

type Allowing = { readonly url: string; readonly cookie: string; readonly answer: object };

/** Where the person's answer leads: an address of the application. */
export async function allow(server: ServerOfTest, { url, cookie, answer }: Allowing): Promise<string> {
  const browser = new BrowserOfTest(server);
  const { at } = await browser.go(url, (path) => path.startsWith("/app/"));
  if (!at.startsWith("/app/")) throw new Error(`nobody is asked: ${at}`);
  const told: Answer = await server.call("POST", `/api${at}`, { cookie, body: answer });
  if (told.status !== 200) throw new Error(`the answer was refused: ${told.status} ${told.text}`);
  return (await browser.go(String(told.at("redirect")), (path) => path.startsWith(REDIRECT))).at;
}
