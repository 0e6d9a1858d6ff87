/** A server with its long work, on a database of the test's own: ask, wait, fetch. */
import { serverOfTest, type Answer, type Call, type ServerOfTest } from "../../http/testing/index.ts";
import type { Cleanup } from "../../journal/testing/index.ts";
import { startLongWork, type LongWork } from "../long-work.ts";

export type ManifestFile = { readonly type: string; readonly url: string; readonly count: number };

export type Manifest = {
  readonly transactionTime: string;
  readonly request: string;
  readonly requiresAccessToken: boolean;
  readonly output: readonly ManifestFile[];
  readonly deleted: readonly ManifestFile[];
  readonly error: readonly ManifestFile[];
  readonly counts?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly refused?: number;
};

export interface WorkingServer extends ServerOfTest {
  readonly token_: string;
  readonly work: LongWork;
  readonly faults: readonly unknown[];
  /** Asks for long work and answers the path of its status. */
  ask(method: string, path: string, call?: Call): Promise<string>;
  /** Waits until the job at the path has ended, and answers its last status. */
  ended(path: string, call?: Call): Promise<Answer>;
  /** An export from kick-off to manifest. */
  export(path: string, call?: Call): Promise<Manifest>;
  /** The lines of a file of a manifest. */
  lines_(file: ManifestFile | undefined): Promise<string[]>;
}

const BASE = "http://eira.test/fhir/R4/";
const PATIENCE_MS = 30_000;

/** Starts a server and its long work, in rounds close enough for a test. */
export async function workingServer(
  t: Cleanup,
  given: Parameters<typeof serverOfTest>[1] & { readonly leaseSeconds?: number } = {},
): Promise<WorkingServer> {
  const server = await serverOfTest(t, given);
  const faults: unknown[] = [];
  const work = startLongWork({
    server: server.server,
    sessions: server.sessions,
    journal: server.options,
    onFault: (error) => faults.push(error),
    every: 20,
    leaseSeconds: given.leaseSeconds ?? 30,
  });
  t.after(() => work.stop());
  const token = await server.token();
  const own = (call: Call = {}): Call => (call.cookie === undefined ? { token, ...call } : call);
  const ask: WorkingServer["ask"] = async (method, path, call) => {
    const headers = { prefer: "respond-async", ...call?.headers };
    const answer = await server.call(method, path, { ...own(call), headers });
    if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
    return (answer.headers["content-location"] ?? "").replace(BASE, "");
  };
  const ended: WorkingServer["ended"] = async (path, call) => {
    for (const until = performance.now() + PATIENCE_MS; performance.now() < until;) {
      const answer = await server.call("GET", path, own(call));
      if (answer.status !== 202) return answer;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error("the job did not end");
  };
  return {
    ...server,
    token_: token,
    work,
    faults,
    ask,
    ended,
    export: async (path, call) => {
      const answer = await ended(await ask(call?.body === undefined ? "GET" : "POST", path, call), call);
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
      return answer.json<Manifest>();
    },
    lines_: async (file) => {
      const answer = await server.call("GET", (file?.url ?? "").replace(BASE, ""), { token });
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
      return answer.text.trimEnd().split("\n");
    },
  };
}
