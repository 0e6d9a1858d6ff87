/** What is not even HTTP gets FHIR's form of no, too, before the connection is closed. SPEC HTTP-BROKEN */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { fhirError, writeJson } from "../fhir/index.ts";
import { FHIR_JSON } from "./headers.ts";

const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** Answers a request that could not be read, if there is anybody left to answer. */
export function answerBrokenConnection(
  error: Error & { readonly code?: string },
  socket: Socket,
  headers: Readonly<Record<string, string>>,
): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = writeJson(fhirError("REQUEST_MALFORMED").toOutcome());
  const head = [
    `HTTP/1.1 ${STATUS[error.code ?? ""] ?? "400 Bad Request"}`,
    `content-type: ${FHIR_JSON}; charset=utf-8`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** Answers a request whose address no router can read; it never comes to a route or to the hooks. */
export function answerBadAddress(raw: ServerResponse, headers: Readonly<Record<string, string>>): void {
  raw.writeHead(400, { ...headers, "content-type": `${FHIR_JSON}; charset=utf-8` });
  raw.end(writeJson(fhirError("REQUEST_MALFORMED").toOutcome()));
}
