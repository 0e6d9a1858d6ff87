/** A FHIR client for the benchmark: kept connections, no parsing of what it does not need. SPEC CLI-BENCH */
import { Agent, request } from "node:http";

export type Answer = { readonly status: number; readonly body: string };

export class BenchClient {
  private readonly agent: Agent;
  private readonly base: URL;
  private readonly token: string;

  constructor(base: string, token: string, connections: number) {
    this.base = new URL(base);
    this.token = token;
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  get(path: string): Promise<Answer> {
    return this.send("GET", path, undefined);
  }

  post(path: string, body: string): Promise<Answer> {
    return this.send("POST", path, body);
  }

  close(): void {
    this.agent.destroy();
  }

  private send(method: string, path: string, body: string | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers: Record<string, string | number> = {
        authorization: `Bearer ${this.token}`,
        accept: "application/fhir+json",
      };
      if (body !== undefined) {
        headers["content-type"] = "application/fhir+json";
        headers["content-length"] = Buffer.byteLength(body);
      }
      const { hostname, port, pathname } = this.base;
      const call = request(
        { agent: this.agent, hostname, port, method, path: `${pathname}${path}`, headers },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on("data", (part: Buffer) => parts.push(part));
          answer.on("end", () =>
            resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString("utf8") }),
          );
          answer.on("error", reject);
        },
      );
      call.on("error", reject);
      call.end(body);
    });
  }
}
