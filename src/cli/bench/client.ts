/**
 * A FHIR client for the benchmark: kept connections, one request at a time on each, and nothing more than it needs. What the
 * client costs is taken from the machine that it measures: node:http takes as much for a read as the server does.
 *
 * SPEC CLI-BENCH · https://www.rfc-editor.org/rfc/rfc9112
 */
import { connect, type Socket } from "node:net";

export type Answer = { readonly status: number; readonly body: string };

type Waiting = { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void };

/** Keeps as many connections as there are requests at the same time. */
export class BenchClient {
  private readonly base: URL;
  private readonly head: string;
  private readonly idle: Line[] = [];
  private readonly lines = new Set<Line>();

  /** `credentials` is the line of the head that says who calls; a word alone is a machine client's token. */
  constructor(base: string, credentials: string) {
    this.base = new URL(base);
    const { host } = this.base;
    const line = credentials.includes(":") ? credentials : `Authorization: Bearer ${credentials}`;
    this.head = ` HTTP/1.1\r\nHost: ${host}\r\n${line}\r\nAccept: application/fhir+json\r\n`;
  }

  get(path: string): Promise<Answer> {
    return this.send(`GET ${this.base.pathname}${path}${this.head}\r\n`);
  }

  post(path: string, body: string): Promise<Answer> {
    const about = `Content-Type: application/fhir+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    return this.send(`POST ${this.base.pathname}${path}${this.head}${about}${body}`);
  }

  close(): void {
    for (const line of this.lines) line.close();
  }

  private async send(request: string): Promise<Answer> {
    let line = this.idle.pop();
    while (line?.isClosed === true) line = this.idle.pop(); // by a server that was restarted, or had waited long
    line ??= this.open();
    try {
      const answer = await line.ask(request);
      this.idle.push(line);
      return answer;
    } catch (error) {
      this.lines.delete(line);
      line.close();
      throw error;
    }
  }

  private open(): Line {
    const line = new Line(connect(Number(this.base.port), this.base.hostname));
    this.lines.add(line);
    return line;
  }
}

const HEAD_END = Buffer.from("\r\n\r\n");

/** One connection. */
class Line {
  private readonly socket: Socket;
  private waiting: Waiting | undefined;
  private parts: Buffer[] = [];
  private held = 0;
  /** How long the whole answer is, as soon as its head is there. */
  private total: number | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (part: Buffer) => this.take(part));
    socket.on("error", (error) => this.fail(error));
    socket.on("close", () => this.fail(new Error("the server closed the connection")));
  }

  ask(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      if (this.socket.destroyed) this.fail(new Error("the server has closed the connection"));
      else this.socket.write(request);
    });
  }

  get isClosed(): boolean {
    return this.socket.destroyed;
  }

  close(): void {
    this.socket.destroy();
  }

  private take(part: Buffer): void {
    this.parts.push(part);
    this.held += part.length;
    if (this.total !== undefined && this.held < this.total) return;
    const all = this.parts.length === 1 ? part : Buffer.concat(this.parts);
    this.parts = [all];
    const end = all.indexOf(HEAD_END);
    if (end < 0) return;
    const head = all.toString("latin1", 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined) return this.fail(new Error("an answer without its length"));
    const from = end + HEAD_END.length;
    this.total = from + Number(length);
    if (this.held < this.total) return;
    const answer = { status: Number(head.slice(9, 12)), body: all.toString("utf8", from, this.total) };
    const { waiting } = this;
    [this.waiting, this.parts, this.held, this.total] = [undefined, [], 0, undefined];
    waiting?.resolve(answer);
  }

  private fail(error: Error): void {
    this.waiting?.reject(error);
    this.waiting = undefined;
    this.socket.destroy();
  }
}
