/**
 * Chromium by its own protocol over a pipe, as far as pages must be filled, read back and printed. The machine's browser is used; none is a
 * part of the product. SPEC CLI-FUZZ-10 · https://chromedevtools.github.io/devtools-protocol/
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Readable, Writable } from "node:stream";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-extensions",
  "--disable-sync",
  "--remote-debugging-pipe",
];

type Reply = {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
};
type Waiting = { readonly resolve: (result: Record<string, unknown>) => void; readonly reject: (error: Error) => void };

/** Where the machine's Chromium is; `named` goes first. */
export function chromiumOf(named: string | undefined): string | undefined {
  return [named, ...PLACES].find((path) => path !== undefined && existsSync(path));
}

/** One browser with one page. */
export class Chromium {
  private readonly child: ChildProcess;
  private readonly input: Writable;
  private readonly waiting = new Map<number, Waiting>();
  private readonly parts: Buffer[] = [];
  private session: string | undefined;
  private last = 0;
  private ended: Error | undefined;

  private constructor(child: ChildProcess) {
    this.child = child;
    this.input = child.stdio[3] as Writable;
    (child.stdio[4] as Readable).on("data", (part: Buffer) => this.take(part));
    this.input.on("error", () => undefined); // told by the end of the process
    child.on("exit", () => this.fail(new Error("Chromium ended")));
    child.on("error", (error) => this.fail(error));
  }

  /** Starts the browser with the page at an address. `folder` is where it keeps its files. */
  static async open(path: string, folder: string, address: string): Promise<Chromium> {
    const child = spawn(path, [...ARGUMENTS, `--user-data-dir=${folder}`], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      detached: true, // a group of its own: what is started may be a script that waits for the browser
    });
    const browser = new Chromium(child);
    const { targetId } = await browser.send("Target.createTarget", { url: address });
    const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
    browser.session = String(sessionId);
    await browser.send("Page.enable");
    return browser;
  }

  /** The value of an expression in the page. Errors: what the page threw. */
  async evaluate<T>(expression: string): Promise<T> {
    const options = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", options);
    if (exceptionDetails !== undefined)
      throw new Error(`in the page: ${JSON.stringify(exceptionDetails).slice(0, 500)}`);
    return (result as { readonly value: T }).value;
  }

  async showAs(media: "screen" | "print"): Promise<void> {
    await this.send("Emulation.setEmulatedMedia", { media });
  }

  /** The page as a PDF in A4. */
  async pdf(): Promise<Buffer> {
    const paper = { paperWidth: 8.27, paperHeight: 11.69, generateTaggedPDF: false };
    const { data } = await this.send("Page.printToPDF", paper);
    return Buffer.from(String(data), "base64");
  }

  async close(): Promise<void> {
    const { child } = this;
    const ended = once(child, "exit");
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      process.kill(-child.pid, "SIGKILL");
      await ended;
    }
    for (const stream of child.stdio) stream?.destroy();
  }

  private send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    this.last += 1;
    const id = this.last;
    const sessionId = this.session === undefined ? {} : { sessionId: this.session };
    return new Promise((resolve, reject) => {
      if (this.ended !== undefined) return reject(this.ended); // nobody would answer
      this.waiting.set(id, { resolve, reject });
      this.input.write(`${JSON.stringify({ id, method, params, ...sessionId })}\u0000`);
    });
  }

  private take(part: Buffer): void {
    let from = 0;
    for (let end = part.indexOf(0); end >= 0; end = part.indexOf(0, from)) {
      this.parts.push(part.subarray(from, end));
      from = end + 1;
      const text = Buffer.concat(this.parts).toString("utf8");
      this.parts.length = 0;
      this.hear(JSON.parse(text) as Reply);
    }
    if (from < part.length) this.parts.push(part.subarray(from));
  }

  private hear({ id, result, error }: Reply): void {
    const waiting = id === undefined ? undefined : this.waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.waiting.delete(id);
    if (error === undefined) waiting.resolve(result ?? {});
    else waiting.reject(new Error(`Chromium: ${error.message}`));
  }

  private fail(error: Error): void {
    this.ended = error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
