/**
 * Asks oidc-provider as a function: a form goes in, status, headers and text come out. So its answers leave through this
 * server like all others, with its headers and its way to tell of faults.
 *
 * SPEC HTTP-OAUTH
 */
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Provider } from "oidc-provider";

export type Question = {
  readonly method?: "GET" | "POST";
  /** Below the issuer, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
};

export type Answered = {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** The cookies that it sets. */
  readonly cookies: readonly string[];
  readonly text: string;
};

/** What is to be done with the question; without it, the library finds the route. */
type Work = (question: IncomingMessage, response: ServerResponse) => Promise<void>;

class Heard extends ServerResponse {
  text: string | undefined;

  override end(content?: unknown): this {
    this.text = typeof content === "string" ? content : "";
    return this;
  }
}

/** The library's answer. Errors: what made it fail, when it is not the question that was wrong. */
export async function ask(
  provider: Provider,
  asked: Question,
  work: Work = (question, response) => provider.callback()(question, response),
): Promise<Answered> {
  const question = questionTo(provider.issuer, asked);
  const response = new Heard(question);
  const fault: { error?: unknown } = {};
  faults.set(question, fault);
  await work(question, response);
  const { statusCode: status, text } = response;
  const cookies = [response.getHeader("set-cookie") ?? []].flat().map(String);
  if (status < 500 && text !== undefined)
    return { status, text, cookies, header: (name) => response.getHeader(name)?.toString() };
  throw fault.error instanceof Error ? fault.error : new Error("the authorization server failed");
}

/** It is asked at the issuer's address, whatever host the caller named: what an assertion must be meant for follows from it. */
function questionTo(issuer: string, { method = "POST", path, headers, body }: Question): IncomingMessage {
  const { host, pathname, protocol } = new URL(issuer);
  const question = new IncomingMessage(Object.assign(new Socket(), { encrypted: protocol === "https:" }));
  const given = Object.entries(headers).filter((entry) => entry[1] !== undefined);
  Object.assign(question, {
    method,
    url: path,
    originalUrl: pathname + path,
    headers: {
      ...Object.fromEntries(given),
      host,
      ...(method === "GET" ? {} : { "content-length": String(body.length) }),
    },
  });
  if (method !== "GET") question.push(body);
  question.push(null);
  return question;
}

const faults = new WeakMap<IncomingMessage, { error?: unknown }>();

/** Remembers what went wrong while a question was answered, for `ask` to throw. */
export function noteFault(question: IncomingMessage | undefined, error: unknown): void {
  const fault = question === undefined ? undefined : faults.get(question);
  if (fault !== undefined) fault.error ??= error;
}
