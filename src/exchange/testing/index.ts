/**
 * Receivers on the loopback and an engine that goes round on a database of the test's own. Receivers behave as badly as
 * they are told to, and remember what came.
 */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bundle, Parameters, Resource, Subscription } from "fhir/r4";
import type { JsonObject } from "../../fhir/index.ts";
import { commit, type Visit, type Written } from "../../journal/index.ts";
import { journalOfTest, type Cleanup, type JournalOfTest } from "../../journal/testing/index.ts";
import { parseHostList, SubscriberEngine, type SubscriberOptions } from "../index.ts";

/** What is waited for comes within moments; a loaded machine takes longer. */
const PATIENCE_MS = 30_000;

export { certificateFor, strangerOfTest } from "./certificate.ts";

export type Received = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly key: string;
};

/** Answers a request, or does something worse; by default 200. */
export type Behaviour = (received: Received, response: ServerResponse) => void | Promise<void>;

export class Receiver {
  readonly got: Received[] = [];
  behaviour: Behaviour = (_received, response) => void response.end();
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Every event of the backport's notifications, as its number and its resource. */
  events(): { readonly number: number; readonly resource: Resource | undefined; readonly key: string }[] {
    return this.got.flatMap(({ body, key }) => {
      if (body === "") return [];
      const { entry = [] } = JSON.parse(body) as Bundle;
      const status = entry[0]?.resource as Parameters;
      const events = status.parameter?.filter(({ name }) => name === "notification-event") ?? [];
      return events.map(({ part }, at) => ({
        number: Number(part?.find(({ name }) => name === "event-number")?.valueString),
        resource: entry[at + 1]?.resource,
        key,
      }));
    });
  }

  /** Waits until it got so many requests. */
  async until(count: number, milliseconds = PATIENCE_MS): Promise<void> {
    await eventually(() => this.got.length >= count, `${count} requests, not ${this.got.length}`, milliseconds);
  }
}

export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  what: string,
  milliseconds = PATIENCE_MS,
): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(10);
  }
}

/** A receiver on a port of its own. */
export async function receiverOfTest(t: Cleanup): Promise<Receiver> {
  const holder: { receiver?: Receiver } = {};
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const body = Buffer.concat(parts).toString("utf8");
      const received = { method, url, headers, body, key: String(headers["idempotency-key"]) };
      holder.receiver?.got.push(received);
      void holder.receiver?.behaviour(received, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  holder.receiver = new Receiver(`http://127.0.0.1:${port}/hook`);
  return holder.receiver;
}

export interface ExchangeOfTest extends JournalOfTest {
  readonly options: SubscriberOptions["journal"];
  readonly subscribers: SubscriberOptions;
  /** Writes a subscription as the owner and answers what came of it. */
  subscribe(subscription: JsonObject, visit?: Visit): Promise<Written>;
  /** The Subscription as it stands. */
  standing(id: string): Promise<Subscription>;
  /** Starts a server's engine; answers how to end it as a crash would (nothing is finished). */
  start(options?: Partial<SubscriberOptions>): {
    readonly stop: () => Promise<void>;
    readonly engine: SubscriberEngine;
  };
  /** Ends every engine and forgets every subscription, resource and token but the owner's. */
  reset(): Promise<void>;
  /** The machine client that owns the tests' subscriptions. */
  owner(scope?: string): Visit;
  /** Gives the client a token that holds for some days. */
  grant(client: string, scope: string, days?: number): Promise<void>;
}

/** One database for the tests of a file: each begins with nothing in it. */
export function sharedExchange(): () => Promise<ExchangeOfTest> {
  let made: Promise<ExchangeOfTest> | undefined;
  const closing: (() => Promise<unknown>)[] = [];
  after(async () => {
    for (const work of closing) await work();
  });
  return async () => {
    made ??= exchangeOfTest({ after: (work) => void closing.push(work) });
    const exchange = await made;
    await exchange.reset();
    return exchange;
  };
}

const USED =
  "subscriber subscriber_event subscriber_line subscription observation encounter servicerequest patient history change_log client_token";

/** A journal and what serves its subscribers; notifications may go to the loopback. */
export async function exchangeOfTest(t: Cleanup): Promise<ExchangeOfTest> {
  const stops: (() => Promise<void>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of stops.splice(0)) await stop();
  };
  t.after(stopAll); // before the database goes
  const journal = await journalOfTest(t);
  const subscribers: SubscriberOptions = {
    journal: journal.options,
    outbound: { hosts: parseHostList("http://127.0.0.1"), lookup: async () => [{ address: "127.0.0.1", family: 4 }] },
    worker: "test",
    firstDelay: 0.02,
    longestDelay: 0.1,
  };
  let tokens = 0;
  const grant = (client: string, scope: string, days = 30): Promise<void> => {
    const expires = new Date(journal.clock().getTime() + days * 86_400_000);
    return journal.store.addClient(
      `token-${client}-${++tokens}`,
      { client, scope, careProvider: null, careUnit: null },
      expires,
    );
  };
  await grant("lab", "system/*.cruds");
  const owner = (scope?: string): Visit => journal.client(scope);
  return {
    ...journal,
    subscribers,
    grant,
    owner,
    reset: async () => {
      await stopAll();
      for (const table of USED.split(" ")) await journal.sql(`DELETE FROM ${table}`);
      await grant("lab", "system/*.cruds");
    },
    subscribe: async (resource, visit = owner()) => {
      const { id } = resource as { id: string };
      const command = { kind: "update", type: "Subscription", id, resource, where: "Subscription" } as const;
      const { value } = await commit(visit, [command]);
      return value[0]!;
    },
    standing: async (id) => {
      const [row] = await journal.sql<{ content: string }>("SELECT content FROM subscription WHERE id = $1", [id]);
      return JSON.parse(row?.content ?? "null") as Subscription;
    },
    start: (options = {}) => {
      const engine = new SubscriberEngine({ ...subscribers, ...options });
      let isOn = true;
      const running = (async () => {
        // As the server's loop does: a round that failed is gone again.
        while (isOn) if (!(await engine.round().catch(() => false))) await sleep(10);
      })();
      const stop = async (): Promise<void> => {
        isOn = false;
        await running;
        await engine.stop();
      };
      stops.push(stop);
      return { engine, stop };
    },
  };
}

/** R4's own kind of subscription. */
export function searchSubscription(id: string, criteria: string, endpoint: string, more: JsonObject = {}): JsonObject {
  const channel = { type: "rest-hook", endpoint, payload: "application/fhir+json", ...more };
  return { resourceType: "Subscription", id, status: "requested", reason: "test", criteria, channel };
}

const BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";

export type TopicAsk = {
  readonly filters?: readonly string[];
  readonly content?: string;
  readonly channel?: JsonObject;
  readonly extension?: readonly (readonly [string, number])[];
};

/** The backport's kind. */
export function topicSubscription(id: string, topic: string, endpoint: string, ask: TopicAsk = {}): JsonObject {
  const { filters = [], content = "full-resource", channel = {}, extension = [] } = ask;
  return {
    resourceType: "Subscription",
    id,
    meta: { profile: [`${BACKPORT}backport-subscription`] },
    status: "requested",
    reason: "test",
    criteria: topic,
    ...(filters.length > 0 && {
      _criteria: {
        extension: filters.map((valueString) => ({ url: `${BACKPORT}backport-filter-criteria`, valueString })),
      },
    }),
    channel: {
      ...(extension.length > 0 && {
        extension: extension.map(([name, value]) => ({ url: `${BACKPORT}backport-${name}`, valueUnsignedInt: value })),
      }),
      type: "rest-hook",
      endpoint,
      payload: "application/fhir+json",
      _payload: { extension: [{ url: `${BACKPORT}backport-payload-content`, valueCode: content }] },
      ...channel,
    },
  };
}
