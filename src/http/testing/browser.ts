/** A browser of tests without a window: it keeps cookies by path, follows redirects and fills in forms, all over real HTTP. */
import type { Answer, ServerOfTest } from "./index.ts";

type Kept = { readonly value: string; readonly path: string };

export class BrowserOfTest {
  private readonly server: ServerOfTest;
  private readonly cookies = new Map<string, Kept>();
  /** Every address that it has been at. */
  readonly visited: string[] = [];
  /** Every cookie that was set, as it was written. */
  readonly lines: string[] = [];

  constructor(server: ServerOfTest) {
    this.server = server;
  }

  /** What it would send along to a path. */
  cookie(path: string): string {
    const sent = [...this.cookies].filter(([, { path: own }]) => path.startsWith(own));
    return sent.map(([name, { value }]) => `${name}=${value}`).join("; ");
  }

  has(name: string): boolean {
    return this.cookies.has(name);
  }

  forget(name: string): void {
    this.cookies.delete(name);
  }

  /** One call; a redirect is not followed. */
  async call(
    method: string,
    address: string,
    body?: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const path = this.pathOf(address);
    this.visited.push(path);
    const headers: Record<string, string> = { cookie: this.cookie(path.split("?")[0] ?? ""), ...more };
    if (body !== undefined) headers["content-type"] ??= "application/x-www-form-urlencoded";
    const answer = await this.server.call(method, path, { headers, ...(body === undefined ? {} : { body }) });
    for (const line of answer.headers["set-cookie"] ?? []) this.keep(line);
    return answer;
  }

  /** Goes there and on, until there is no redirect or one that leads to `until`. Answers the last address, or what is there. */
  async go(address: string, until: (path: string) => boolean = () => false): Promise<{ at: string; answer: Answer }> {
    return this.follow(address, await this.call("GET", address), until);
  }

  /** The same from a form that was sent. */
  async send(
    address: string,
    body: string,
    until: (path: string) => boolean = () => false,
  ): Promise<{ at: string; answer: Answer }> {
    return this.follow(address, await this.call("POST", address, body), until);
  }

  private async follow(
    from: string,
    first: Answer,
    until: (path: string) => boolean,
  ): Promise<{ at: string; answer: Answer }> {
    let [at, answer] = [this.pathOf(from), first];
    for (let hops = 0; hops < 12 && answer.status >= 300 && answer.status < 400; hops += 1) {
      at = this.pathOf(String(answer.headers.location));
      if (until(at)) break;
      answer = await this.call("GET", at);
    }
    return { at, answer };
  }

  private pathOf(address: string): string {
    if (address.startsWith("/")) return address;
    const { pathname, search, origin } = new URL(address);
    return this.server.options.base.startsWith(origin) ? pathname + search : address;
  }

  private keep(line: string): void {
    this.lines.push(line);
    const [pair = "", ...attributes] = line.split(/;\s*/);
    const at = pair.indexOf("=");
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? "/";
    const isGone = value === "" || attributes.some((one) => /^(?:max-age=0|expires=Thu, 01 Jan 1970)/i.test(one));
    if (isGone) this.cookies.delete(name);
    else this.cookies.set(name, { value, path });
  }
}
