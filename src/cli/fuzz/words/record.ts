/**
 * Texts through a whole installation: sent to a server over HTTP, through the journal into PostgreSQL, and read again as JSON and as XML.
 * SPEC CLI-FUZZ-8
 */
import { mkdirSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { judgeWords, withSeal } from "../../../base/index.ts";
import { parseJson, parseXml } from "../../../fhir/index.ts";
import { BenchClient } from "../../bench/client.ts";
import { startServer, type RunningServer } from "../../bench/server.ts";
import type { Invocation } from "../../command.ts";
import { freePort } from "../../free-port.ts";
import { openDatabase, openStore } from "../../installation.ts";
import type { Carried, Fault } from "./channels.ts";

const A_DAY_MS = 86_400_000;

export class Record {
  private readonly server: RunningServer;
  private readonly client: BenchClient;

  private constructor(server: RunningServer, client: BenchClient) {
    this.server = server;
    this.client = client;
  }

  /** Starts a server of its own with its data in `folder`. */
  static async open(invocation: Invocation, folder: string): Promise<Record> {
    mkdirSync(folder, { recursive: true });
    const config = { ...invocation.config, dataDir: folder, databaseUrl: undefined, citus: false, demo: false };
    const port = await freePort();
    const server = await startServer(invocation.self, folder, port, 1);
    const database = await openDatabase({ ...invocation, config });
    const store = await openStore(config, database, invocation.clock, 1);
    const token = randomBytes(32).toString("base64url");
    const owner = { client: "fuzz", scope: "system/*.cruds", careProvider: "FUZZ", careUnit: "FUZZ" };
    await store.addClient(token, owner, new Date(invocation.clock().getTime() + A_DAY_MS));
    await store.close();
    await database.close();
    return new Record(server, new BenchClient(`http://127.0.0.1:${port}/fhir/R4`, token));
  }

  /** The texts in one record, written and read again twice; all have the same fate when the record is refused. */
  async keep(texts: readonly string[], fault?: Fault): Promise<readonly Carried[]> {
    const sealed = withSeal(recordOf(texts));
    const sent = fault === undefined ? sealed : { ...recordOf(texts.map(fault)), meta: (sealed as Kept).meta };
    const { status, body } = await this.client.post("/Communication", JSON.stringify(sent));
    if (status !== 201) return texts.map(() => ({ refused: `${status}` }));
    const path = `/Communication/${(JSON.parse(body) as { id: string }).id}`;
    const json = await this.client.get(path);
    const xml = await this.client.get(`${path}?_format=xml`);
    const [one, other] = [textsOf(parseJson(json.body)), textsOf(parseXml(xml.body))];
    return texts.map((_, at) => {
      const text = one[at] ?? "";
      return { text: text === other[at] ? text : `\u0000 ${text} in XML ${other[at]}` };
    });
  }

  async close(): Promise<void> {
    this.client.close();
    await this.server.stop();
  }
}

type Kept = { readonly meta?: object; readonly payload?: readonly { readonly contentString?: string }[] };

function recordOf(texts: readonly string[]): object {
  const payload = texts.map((text) => ({ contentString: text }));
  return { resourceType: "Communication", status: "completed", payload };
}

/** The texts of a record whose words are those of its seal. */
function textsOf(came: unknown): readonly string[] {
  const record = came as Kept;
  return judgeWords(record).kind === "sealed" ? (record.payload ?? []).map((one) => one.contentString ?? "") : [];
}
