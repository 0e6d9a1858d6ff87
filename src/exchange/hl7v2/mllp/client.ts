/**
 * The sending side: one connection, one message on its way at a time, so that the order is kept. When the acknowledgement does
 * not come it is told that nobody knows, and the connection is closed, so that a late answer is not taken for the next one's.
 *
 * SPEC EXCH-HL7-CLIENT
 */
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";
import { Hl7Error, parseMessage } from "../codec/index.ts";
import { acknowledgementIn, type Acknowledged } from "./answers.ts";
import { framed, Framer } from "./framing.ts";
import { secureOptions, type TlsFiles } from "./peers.ts";

export type MllpClientOptions = {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsFiles;
  /** Milliseconds to connect, and to wait for an acknowledgement. */
  readonly connectMs: number;
  readonly answerMs: number;
};

/** `unsent`: the other side has not got it. `unknown`: it may have. */
export type SentOutcome =
  | { readonly kind: "answered"; readonly answer: Acknowledged }
  | { readonly kind: "unsent" | "unknown"; readonly why: string };

const MOST_ANSWER_BYTES = 1024 * 1024;

export class MllpClient {
  private readonly options: MllpClientOptions;
  private socket: Socket | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private hear: (bytes: Buffer) => void = () => undefined;
  private broke: (why: string) => void = () => undefined;

  constructor(options: MllpClientOptions) {
    this.options = options;
  }

  /** Sends a message and waits for the acknowledgement with its control id. Never fails: the outcome says what is known. */
  send(message: Uint8Array, controlId: string): Promise<SentOutcome> {
    const sent = this.last.then(() => this.sendNow(message, controlId));
    this.last = sent;
    return sent;
  }

  close(): void {
    this.drop("closed");
  }

  private async sendNow(message: Uint8Array, controlId: string): Promise<SentOutcome> {
    let socket: Socket;
    try {
      socket = await this.connected();
    } catch (error) {
      return { kind: "unsent", why: (error as Error).message };
    }
    return new Promise((resolve) => {
      const done = (outcome: SentOutcome): void => {
        clearTimeout(timer);
        this.hear = () => undefined;
        this.broke = () => undefined;
        resolve(outcome);
      };
      const timer = setTimeout(() => {
        done({ kind: "unknown", why: "no acknowledgement came in time" });
        this.drop("no acknowledgement");
      }, this.options.answerMs);
      this.broke = (why) => done({ kind: "unknown", why });
      this.hear = (bytes) => {
        const answer = read(bytes);
        if (answer?.controlId === controlId) done({ kind: "answered", answer });
      };
      socket.write(framed(message));
    });
  }

  private connected(): Promise<Socket> {
    if (this.socket !== undefined && !this.socket.destroyed && this.socket.writable)
      return Promise.resolve(this.socket);
    return new Promise((resolve, reject) => {
      const socket = this.open(() => {
        clearTimeout(timer);
        this.socket = socket;
        resolve(socket);
      });
      const timer = setTimeout(() => socket.destroy(new Error("no connection in time")), this.options.connectMs);
      const framer = new Framer(MOST_ANSWER_BYTES);
      socket.setNoDelay(true);
      socket.on("data", (chunk: Buffer) => {
        const { messages, isTooLarge } = framer.push(chunk);
        for (const one of messages) this.hear(one);
        if (isTooLarge) socket.destroy();
      });
      socket.on("error", (error) => {
        clearTimeout(timer);
        reject(error);
      });
      socket.on("close", () => {
        reject(new Error("the connection was closed"));
        if (this.socket !== socket) return;
        this.socket = undefined;
        this.broke("the connection ended before the acknowledgement came");
      });
      socket.on("end", () => socket.destroy());
    });
  }

  private open(onOpen: () => void): Socket {
    const { host, port, tls } = this.options;
    if (tls === undefined) return connectPlain({ host, port }, onOpen);
    return connectSecure({ host, port, servername: host, ...secureOptions(tls) }, onOpen);
  }

  private drop(why: string): void {
    const { socket } = this;
    this.socket = undefined;
    socket?.destroy();
    this.broke(why);
  }
}

function read(bytes: Buffer): Acknowledged | undefined {
  try {
    return acknowledgementIn(parseMessage(bytes, { charset: "iso-8859-1" }));
  } catch (error) {
    if (error instanceof Hl7Error) return undefined; // no acknowledgement that can be read: nobody knows
    throw error;
  }
}
