/**
 * The one way to the server: same-origin JSON with the session cookie, numbers kept as written, and every refusal
 * turned into a Failure that carries the server's own Swedish words.
 *
 * SPEC WEB-FAIL · contract of the web API
 */
import type { OperationOutcome } from "fhir/r4";
import type { Failure } from "../loaded.ts";
import { readWritten } from "./written-json.ts";

/** Thrown for anything but a good answer; carries what the screen shows. */
export class CallFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.said ?? failure.kind);
    this.failure = failure;
  }
}

const NO_NETWORK: Failure = { kind: "network", said: undefined, status: undefined };

/** Fetches and reads JSON. */
export async function get<T>(
  path: string,
  signal?: AbortSignal,
  headers?: Readonly<Record<string, string>>,
): Promise<T> {
  const response = await send(path, { ...(signal ? { signal } : {}), ...(headers ? { headers } : {}) });
  return (await read(response)) as T;
}

/** The header in which what is sought is sent: addresses are written down by proxies, and people are sought by identity number. */
export function sought(text: string): Readonly<Record<string, string>> {
  return { "x-eira-sought": encodeURIComponent(text.replaceAll(/[\uD800-\uDFFF]/gu, "")) };
}

/** A change at the server; the header keeps other sites from causing it (CSRF). */
export async function post(path: string, body?: unknown): Promise<void> {
  await sendBody(path, body);
}

/** The same, with an answer. */
export async function postFor<T>(path: string, body?: unknown): Promise<T> {
  return (await read(await sendBody(path, body))) as T;
}

/** A change of the version of a record that was seen; the body is FHIR in JSON as it is to be sent. */
export async function postSeen(path: string, version: number, body: string | undefined): Promise<void> {
  const headers = { "content-type": "application/fhir+json", "x-eira": "1", "if-match": `W/"${version}"` };
  await send(path, { method: "POST", headers, ...(body === undefined ? {} : { body }) });
}

function sendBody(path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json", "x-eira": "1" };
  return send(path, { method: "POST", headers, body: JSON.stringify(body ?? {}) });
}

/** What any thrown thing means to the person at the screen. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CallFailed) return error.failure;
  return { kind: "other", said: undefined, status: undefined };
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof CallFailed && error.failure.status === 401;
}

/** Nothing opens the patient's records to whoever is signed in. */
export function isWithoutNeed(error: unknown): boolean {
  return error instanceof CallFailed && error.failure.code === "NO_CARE_RELATION";
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...init }).catch(
    (error: unknown) => {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new CallFailed(NO_NETWORK);
    },
  );
  if (!response.ok) throw new CallFailed(await refusal(response));
  return response;
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => {
    throw new CallFailed(NO_NETWORK);
  });
  try {
    return readWritten(text);
  } catch {
    throw new CallFailed({ kind: "unreadable", said: undefined, status: response.status });
  }
}

async function refusal(response: Response): Promise<Failure> {
  const outcome = (await response.json().catch(() => undefined)) as OperationOutcome | undefined;
  const words = (outcome?.issue ?? []).map((issue) => issue.details?.text ?? issue.diagnostics).filter(Boolean);
  const code = outcome?.issue?.[0]?.details?.coding?.[0]?.code;
  return { said: words.join(" ") || undefined, status: response.status, kind: kindOf(response.status), code };
}

function kindOf(status: number): Failure["kind"] {
  if (status === 403) return "refused";
  if (status === 404 || status === 410) return "missing";
  return status === 429 || status === 503 ? "busy" : "other";
}
