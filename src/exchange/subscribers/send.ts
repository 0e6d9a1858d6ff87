/**
 * One request to a receiver: the name is looked up, the addresses are judged, and the connection goes to the very address
 * that was judged. No redirects; time and what is read of the answer are limited.
 *
 * SPEC EXCH-SEND · failure mode: DNS rebinding
 */
import { lookup } from "node:dns/promises";
import { request as plainRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP } from "node:net";
import { addressFault, endpointFault, hostOf, type HostList } from "./addresses.ts";

export type Address = { readonly address: string; readonly family: number };

export type Outbound = {
  readonly hosts: HostList;
  /** Every address that a name means. */
  readonly lookup: (host: string) => Promise<readonly Address[]>;
};

export type Message = {
  readonly method: "POST" | "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
};

/** What came of a request: acknowledged, or why not, in words without anything of the message. */
export type Sent = { readonly fault: string | undefined; readonly retryAfterSeconds?: number };

/** More than this of an answer is not read: its status has been said. */
const MOST_READ = 64 * 1024;

/** What the machine's own resolver says. */
export function systemLookup(host: string): Promise<readonly Address[]> {
  return lookup(host, { all: true, verbatim: true });
}

/** Sends a message. Never fails: what goes wrong is told in words. */
export async function send(outbound: Outbound, message: Message, stop: AbortSignal): Promise<Sent> {
  const refused = endpointFault(message.url, outbound.hosts);
  if (refused !== undefined) return { fault: refused };
  const url = new URL(message.url);
  const signal = AbortSignal.any([AbortSignal.timeout(message.timeoutMs), stop]);
  try {
    const address = await judged(outbound, url, signal);
    if (typeof address === "string") return { fault: address };
    return await exchange(url, address, message, signal);
  } catch (error) {
    return { fault: faultText(error, message.timeoutMs) };
  }
}

/** The address to connect to, or why none of those that the name means will do: one bad among them is enough. */
async function judged({ hosts, lookup }: Outbound, url: URL, signal: AbortSignal): Promise<Address | string> {
  const host = hostOf(url);
  const family = isIP(host);
  const found = family === 0 ? await inTime(lookup(host), signal) : [{ address: host, family }];
  const [first] = found;
  if (first === undefined) return "The host's name does not lead to an address.";
  for (const { address } of found) {
    const fault = addressFault(address, url, hosts);
    if (fault !== undefined) return fault;
  }
  return first;
}

function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("time")), { once: true });
    if (signal.aborted) reject(new Error("time"));
    work.then(resolve, reject);
  });
}

function exchange(url: URL, to: Address, message: Message, signal: AbortSignal): Promise<Sent> {
  const body = Buffer.from(message.body);
  const options: RequestOptions = {
    method: message.method,
    headers: { ...message.headers, "content-length": String(body.length) },
    agent: false,
    signal,
    // Whatever the name means by now, this is the address that was judged.
    lookup: (_host, { all }, answer) =>
      all === true ? answer(null, [{ ...to }]) : answer(null, to.address, to.family),
  };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? secureRequest : plainRequest)(url, options, (response) => {
      readAnswer(response).then(resolve, reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

function readAnswer(response: IncomingMessage): Promise<Sent> {
  return new Promise((resolve, reject) => {
    let read = 0;
    const said = (): Sent => sentOf(response.statusCode ?? 0, response.headers["retry-after"]);
    response.on("data", (part: Buffer) => {
      read += part.length;
      if (read <= MOST_READ) return;
      resolve(said());
      response.destroy();
    });
    response.on("end", () => resolve(said()));
    response.on("error", reject);
    response.on("close", () => reject(new Error("closed"))); // after "end" it says nothing new
  });
}

function sentOf(status: number, retryAfter: string | undefined): Sent {
  if (status >= 200 && status < 300) return { fault: undefined };
  const moved = status >= 300 && status < 400 ? " Redirects are not followed." : "";
  const gone = status === 410 ? " It says that it is gone for good." : "";
  const wait = /^\d{1,6}$/.test(retryAfter ?? "") ? { retryAfterSeconds: Number(retryAfter) } : {};
  return { fault: `The receiver answered ${status}.${moved}${gone}`, ...wait };
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "The receiver does not accept connections.",
  ECONNRESET: "The receiver closed the connection before its answer was whole.",
  EPIPE: "The receiver closed the connection before its answer was whole.",
  ENOTFOUND: "The host's name is not known.",
  EAI_AGAIN: "The host's name could not be looked up.",
  ETIMEDOUT: "The receiver could not be reached.",
  EHOSTUNREACH: "The receiver could not be reached.",
  ENETUNREACH: "The receiver could not be reached.",
};

function faultText(error: unknown, timeoutMs: number): string {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  if (name === "AbortError" || name === "TimeoutError" || message === "time")
    return `The receiver did not answer within ${timeoutMs / 1000} s.`;
  if (message === "closed") return WORDS["ECONNRESET"] ?? "";
  return WORDS[code ?? ""] ?? `The receiver could not be spoken with (${code ?? name ?? "no code"}).`;
}
