/**
 * The listening side: sockets, frames, and answers in the order of what they answer. What cannot be made durable is not
 * answered: the connection is closed and the sender sends again.
 *
 * SPEC EXCH-HL7-SERVER
 */
import { createServer as createPlain, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createSecure } from "node:tls";
import { framed, Framer } from "./framing.ts";
import { peerOf, secureOptions, type Peer, type TlsFiles } from "./peers.ts";

export type MllpServerOptions = {
  readonly port: number;
  readonly host: string;
  readonly tls?: TlsFiles;
  /** Who may send; everybody unless told. */
  readonly isAllowed?: (peer: Peer) => boolean;
  /** Bytes of one message. */
  readonly most: number;
  /** A connection on which nothing happens for so long is closed; 0 is never. */
  readonly idleMs: number;
  /** Connections at once. */
  readonly connections?: number;
  /** Answers a message; nothing when none is wanted. A failure closes the connection unanswered. */
  readonly onMessage: (bytes: Buffer, peer: Peer) => Promise<Uint8Array | undefined>;
  /** Hears of what is wrong: nothing of a patient is in it. */
  readonly onFault: (what: string, peer: Peer, error?: unknown) => void;
};

export type MllpServer = { readonly port: number; readonly close: () => Promise<void> };

const CONNECTIONS = 500;
/** Messages of a connection that are not answered yet: then nothing more is read. */
const MOST_UNANSWERED = 64;

/** Listens. Errors: what `listen` fails with, for example a port that is taken. */
export async function startMllpServer(options: MllpServerOptions): Promise<MllpServer> {
  const sockets = new Set<Socket>();
  const server = serverFor(options, (socket) => new Talk(socket, options).start());
  server.on("connection", (socket: Socket) => {
    sockets.add(socket); // also one whose TLS handshake never ends
    socket.on("close", () => sockets.delete(socket));
  });
  server.maxConnections = options.connections ?? CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, close };
}

function serverFor({ tls, onFault }: MllpServerOptions, onSocket: (socket: Socket) => void): Server {
  if (tls === undefined) return createPlain({ noDelay: true, allowHalfOpen: true }, onSocket);
  const mustShow = tls.ca !== undefined;
  const server = createSecure(
    {
      ...secureOptions(tls),
      requestCert: mustShow,
      rejectUnauthorized: mustShow,
      handshakeTimeout: 10_000,
      allowHalfOpen: true,
    },
    onSocket,
  );
  server.on("tlsClientError", (error, socket) => onFault("the TLS handshake failed", peerOf(socket), error));
  return server;
}

/** One connection. */
class Talk {
  private readonly socket: Socket;
  private readonly options: MllpServerOptions;
  private readonly peer: Peer;
  private readonly framer: Framer;
  /** Answers leave in the order of the messages. */
  private answered: Promise<void> = Promise.resolve();
  private unanswered = 0;

  constructor(socket: Socket, options: MllpServerOptions) {
    this.socket = socket;
    this.options = options;
    this.peer = peerOf(socket);
    this.framer = new Framer(options.most);
  }

  start(): void {
    const { socket, options, peer } = this;
    socket.on("error", (error) => options.onFault("the connection broke", peer, error));
    if (options.isAllowed?.(peer) === false) {
      options.onFault("a peer that is not listed was refused", peer);
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    socket.setTimeout(options.idleMs, () => {
      if (this.framer.isOpen) options.onFault("a message was begun and not ended", peer);
      if (this.unanswered === 0) socket.destroy();
    });
    socket.on("data", (chunk: Buffer) => this.hear(chunk));
    socket.on("end", () => void this.answered.then(() => socket.end()));
  }

  private hear(chunk: Buffer): void {
    const { messages, garbage, isTooLarge } = this.framer.push(chunk);
    if (garbage > 0 && !isOnlyEnds(chunk, garbage)) this.options.onFault("bytes outside a frame were left", this.peer);
    for (const message of messages) this.take(message);
    if (isTooLarge) {
      this.options.onFault("a message is larger than it may be", this.peer);
      void this.answered.then(() => this.socket.destroy());
    }
  }

  private take(message: Buffer): void {
    this.unanswered += 1;
    if (this.unanswered >= MOST_UNANSWERED) this.socket.pause();
    const answer = this.options.onMessage(message, this.peer);
    answer.catch(() => undefined); // it is looked at below, when its turn has come
    this.answered = this.answered.then(async () => {
      try {
        const bytes = await answer;
        if (bytes !== undefined && this.socket.writable) this.socket.write(framed(bytes));
      } catch (error) {
        this.options.onFault("a message could not be kept and was not acknowledged", this.peer, error);
        this.socket.destroy();
      }
      this.unanswered -= 1;
      if (this.unanswered < MOST_UNANSWERED / 2 && this.socket.isPaused()) this.socket.resume();
    });
  }
}

/** Line ends between frames are common and mean nothing. */
function isOnlyEnds(chunk: Buffer, garbage: number): boolean {
  return garbage <= 2 && chunk.subarray(-garbage).every((byte) => byte === 13 || byte === 10);
}
