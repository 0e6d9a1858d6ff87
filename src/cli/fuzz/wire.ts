/** Requests as bytes on a socket, since a well-behaved client cannot send most of what is sent here. SPEC CLI-FUZZ */
import { connect } from "node:net";

/** What came back: a status, or why there was none. */
export type Reply =
  | { readonly kind: "answer"; readonly status: number; readonly head: string; readonly body: string }
  | { readonly kind: "closed" }
  | { readonly kind: "silent" };

/** Sends the bytes on a connection of its own and reads until the server closes it, `patience` milliseconds at most. */
export function exchange(port: number, bytes: Buffer, patience: number): Promise<Reply> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const socket = connect({ port, host: "127.0.0.1" });
    const timer = setTimeout(() => socket.destroy(new Error("no answer in time")), patience);
    let isLate = false;
    socket.on("data", (part: Buffer) => parts.push(part));
    socket.on("error", (error) => (isLate = error.message === "no answer in time"));
    socket.on("close", () => {
      clearTimeout(timer);
      const reply = replyOf(Buffer.concat(parts).toString("utf8"));
      resolve(reply ?? { kind: isLate ? "silent" : "closed" });
    });
    socket.on("connect", () => socket.write(bytes)); // not ended: a half-closed socket is another thing to be sent
  });
}

function replyOf(text: string): Reply | undefined {
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1];
  if (status === undefined) return undefined;
  const end = text.indexOf("\r\n\r\n");
  return { kind: "answer", status: Number(status), head: text.slice(0, end), body: text.slice(end + 4) };
}

export type RawRequest = {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Buffer;
};

/** A request as bytes. The length is told unless the headers tell one themselves. */
export function bytesOf({ method, target, headers, body }: RawRequest): Buffer {
  const isTold = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  const lines = [
    `${method} ${target} HTTP/1.1`,
    "Host: localhost",
    "Connection: close",
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined || isTold ? [] : [`Content-Length: ${body.length}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), body ?? Buffer.alloc(0)]);
}
