/** The HL7 edge on a database of the test's own, with real sockets, for tests. */
import { after } from "node:test";
import { parseJson } from "../../fhir/index.ts";
import { journalOfTest, type Cleanup, type JournalOfTest } from "../../journal/testing/index.ts";
import { channelsIn, type Hl7Channel, type InChannel, type OutChannel } from "./channels.ts";
import { faultLedger } from "./fault-ledger.ts";
import { Intake } from "./intake.ts";
import { listenFor } from "./listeners.ts";
import { MllpClient } from "./mllp/client.ts";
import { Hl7Worker, type WorkOutcome, type WorkStep } from "./worker.ts";

/** A channel as a configuration declares it. */
export function declared(more: Record<string, unknown> = {}): Hl7Channel {
  const [channel] = channelsIn(parseJson(JSON.stringify({ channels: [{ purpose: "test", ...more }] })), () => "");
  if (channel === undefined) throw new Error("no channel");
  return channel;
}

export const inChannel = (more: Record<string, unknown> = {}): InChannel =>
  declared({ name: "lab", direction: "in", port: 0, ...more }) as InChannel;
export const outChannel = (more: Record<string, unknown> = {}): OutChannel =>
  declared({ name: "ris", direction: "out", host: "127.0.0.1", acknowledgement: "application", ...more }) as OutChannel;

/** A result for a patient. */
export function result(
  controlId: string,
  patient: string,
  { text = "ingen växt", header = "", time = "20261122" } = {},
): Buffer {
  return Buffer.from(
    `MSH|^~\\&|LAB|HUS|EIRA|REG|${time}||ORU^R01^ORU_R01|${controlId}|P|2.5.1${header}\rPID|1||${patient}^^^SKV^PNR\rOBX|1|TX|A||${text}\r`,
  );
}

export type EdgeOfTest = JournalOfTest & {
  readonly faults: ReturnType<typeof faultLedger>;
  /** Listens for channels; answers clients of their ports. */
  readonly listen: (
    t: Cleanup,
    channels: readonly InChannel[],
    told?: string[],
  ) => Promise<(channel?: string) => MllpClient>;
  /** Works on a channel until nothing is left to be done now. */
  readonly work: (step: WorkStep, channel?: InChannel, lanes?: number) => Promise<void>;
  /** `controlId state` of what came, in its order. */
  readonly states: (channel?: string) => Promise<string>;
  /** What is open in the ledger: `subject owner note`. */
  readonly owned: () => Promise<readonly string[]>;
  /** Forgets every message. */
  readonly reset: () => Promise<void>;
};

/** One database for the tests of a file. */
export async function edgeOfTest(): Promise<EdgeOfTest> {
  const journal = await journalOfTest({ after });
  const { store, clock, options } = journal;
  const sql: JournalOfTest["sql"] = (text, values) => journal.sql(text, values);
  const faults = faultLedger(options.random);
  return {
    ...journal,
    faults,
    listen: async (t, channels, told = []) => {
      const intake = new Intake({ store, clock, faults });
      const listening = await listenFor(channels, { intake, onFault: (what) => told.push(what) });
      t.after(() => listening.close());
      return (channel = "lab") => {
        const client = new MllpClient({
          host: "127.0.0.1",
          port: listening.ports.get(channel) ?? 0,
          connectMs: 3000,
          answerMs: 8000,
        });
        t.after(async () => client.close());
        return client;
      };
    },
    work: async (step, channel = inChannel(), lanes = 8) => {
      const worker = new Hl7Worker({ store, clock, faults, step, lanes, onFault: () => undefined });
      while (await worker.round(channel, new AbortController().signal));
    },
    states: async (channel = "lab") => {
      const rows = await sql<{ told: string }>(
        "SELECT control_id || ' ' || state AS told FROM hl7_received WHERE channel = $1 ORDER BY position",
        [channel],
      );
      return rows.map(({ told }) => told).join(", ");
    },
    owned: async () => {
      const rows = await sql<{ told: string }>(
        `SELECT l.subject_type || '/' || l.subject_id || ' ' || l.owner || ' ' || coalesce((SELECT e.note FROM loop_event e WHERE e.loop = l.id AND e.note IS NOT NULL ORDER BY e.version DESC LIMIT 1), '') AS told
         FROM loop l WHERE l.kind = 'fault' AND l.closed IS NULL ORDER BY l.opened, l.subject_id`,
      );
      return rows.map(({ told }) => told);
    },
    reset: async () => {
      await sql(
        "TRUNCATE hl7_received, hl7_sent, hl7_volume, hl7_channel, loop_event, loop, outbox RESTART IDENTITY CASCADE",
      );
      await sql("DELETE FROM setting WHERE name LIKE 'hl7 %'");
    },
  };
}

export const done: WorkStep = () => Promise.resolve<WorkOutcome>({ kind: "done" });
