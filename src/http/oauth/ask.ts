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
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
};

export type Answered = {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly text: string;
};

class Heard extends ServerResponse {
  text: string | undefined;

  override end(content?: unknown): this {
    this.text = typeof content === "string" ? content : "";
    return this;
  }
}

/** The library's answer. Errors: what made it fail, when it is not the question that was wrong. */
export async function ask(provider: Provider, asked: Question): Promise<Answered> {
  const question = questionTo(provider.issuer, asked);
  const response = new Heard(question);
  const fault: { error?: unknown } = {};
  faults.set(question, fault);
  await provider.callback()(question, response);
  const { statusCode: status, text } = response;
  if (status < 500 && text !== undefined)
    return { status, text, header: (name) => response.getHeader(name)?.toString() };
  throw fault.error instanceof Error ? fault.error : new Error("the authorization server failed");
}

/** It is asked at the issuer's address, whatever host the caller named: what an assertion must be meant for follows from it. */
function questionTo(issuer: string, { path, headers, body }: Question): IncomingMessage {
  const { host, pathname, protocol } = new URL(issuer);
  const question = new IncomingMessage(Object.assign(new Socket(), { encrypted: protocol === "https:" }));
  const given = Object.entries(headers).filter((entry) => entry[1] !== undefined);
  Object.assign(question, {
    method: "POST",
    url: path,
    originalUrl: pathname + path,
    headers: { ...Object.fromEntries(given), host, "content-length": String(body.length) },
  });
  question.push(body);
  question.push(null);
  return question;
}

const faults = new WeakMap<IncomingMessage, { error?: unknown }>();

/** Remembers what went wrong while a question was answered, for `ask` to throw. */
export function noteFault(question: IncomingMessage | undefined, error: unknown): void {
  const fault = question === undefined ? undefined : faults.get(question);
  if (fault !== undefined) fault.error ??= error;
}
