/**
 * One writer of a drill: asks over HTTP for one change after another, each under a key of its own, and asks again with the
 * same key until it is answered. What it was answered is its ledger.
 *
 * SPEC DRILL-WRITE
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { SeededRandom } from "../../base/index.ts";
import type { Made, Write } from "./ledger.ts";

type Json = { readonly [name: string]: unknown };
type Known = { readonly name: string; version: number; alive: boolean };
type Ask = {
  readonly method: "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly ifMatch?: number;
  readonly body?: Json;
  /** What the answer says was made. Errors: an Error when the answer is not the one that was due. */
  readonly made: (answer: Json) => readonly Made[];
};
type Entry = { readonly entry: Json; readonly made: (answer: Json) => Made };

/** What the writers of one drill share. */
export type Service = { readonly base: string; readonly token: string };

export const KEY_SYSTEM = "urn:x-eira:drill";

const PATIENCE_MS = 60_000;
const PAUSE_MS = 25;
/** The answers that say: ask again (a conflict with another change, not available, outcome unknown). */
const AGAIN: ReadonlySet<number> = new Set([409, 429, 503]);

export class Writer {
  readonly acknowledged: Write[] = [];
  /** How many requests had to be sent again, once or many times. */
  retried = 0;
  /** Answers that nobody could expect, in words. */
  readonly refused: string[] = [];
  private readonly service: Service;
  private readonly name: string;
  private readonly random: SeededRandom;
  private readonly patients: Known[] = [];
  private readonly observations: Known[] = [];
  private number = 0;

  constructor(service: Service, name: string, random: SeededRandom) {
    this.service = service;
    this.name = name;
    this.random = random;
  }

  /** Writes until it is told to stop; the last request is answered before it returns. */
  async run(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      this.number += 1;
      const key = `${this.name}-${this.number}`;
      const ask = this.next(key);
      try {
        const made = ask.made(await this.untilAnswered(key, ask));
        this.acknowledged.push({ key, made });
        for (const one of made) this.remember(one);
      } catch (error) {
        this.refused.push(`${key} ${ask.method} ${ask.path}: ${(error as Error).message}`);
        return; // what it knows of the server's state may be wrong
      }
      await sleep(this.random.int(PAUSE_MS));
    }
  }

  private next(key: string): Ask {
    const alive = this.observations.filter((one) => one.alive);
    const dice = this.random.int(100);
    if (this.patients.length === 0 || dice < 8) return this.newPatient(key);
    if (alive.length < 3 || dice < 30) return this.put(key, this.someObservation());
    if (dice < 55) return this.put(key, this.random.pick(alive));
    if (dice < 70) return remove(this.random.pick(alive));
    return this.transaction(key, alive);
  }

  private newPatient(key: string): Ask {
    return {
      method: "POST",
      path: "/Patient",
      body: { resourceType: "Patient", ...marks(key), multipleBirthInteger: this.number },
      made: (answer) => [created(answer, this.number)],
    };
  }

  /** A new one, or one that was deleted. */
  private someObservation(): Known {
    const dead = this.observations.filter((one) => !one.alive);
    if (dead.length > 0 && this.random.int(4) === 0) return this.random.pick(dead);
    return { name: `Observation/${this.name}-o${this.number}`, version: 0, alive: false };
  }

  private put(key: string, known: Known): Ask {
    return {
      method: "PUT",
      path: `/${known.name}`,
      ifMatch: known.alive ? known.version : undefined,
      body: this.observation(key, known.name, this.random.pick(this.patients).name),
      made: (answer) => [versionMade(known, versionOf(answer), this.number)],
    };
  }

  private observation(key: string, name: string, subject: string): Json {
    return {
      resourceType: "Observation",
      id: name.slice("Observation/".length),
      ...marks(key),
      status: "final",
      code: { text: "Drill" },
      subject: { reference: subject },
      valueInteger: this.number,
    };
  }

  /** A new patient with an observation, a change and perhaps a deletion: all of it or nothing. */
  private transaction(key: string, alive: readonly Known[]): Ask {
    const [changed, ended] = twoOf(alive, this.random);
    const fresh: Known = { name: `Observation/${this.name}-t${this.number}`, version: 0, alive: false };
    const patient = `urn:uuid:00000000-0000-4000-8000-${String(this.number).padStart(12, "0")}`;
    const entries: Entry[] = [
      {
        entry: {
          fullUrl: patient,
          resource: { resourceType: "Patient", ...marks(key), multipleBirthInteger: this.number },
          request: { method: "POST", url: "Patient" },
        },
        made: (answer) => created(answer["resource"] as Json, this.number),
      },
      this.entryOf(key, fresh, patient),
      ...(changed === undefined ? [] : [this.entryOf(key, changed, this.random.pick(this.patients).name)]),
      ...(ended === undefined ? [] : [removal(ended)]),
    ];
    return {
      method: "POST",
      path: "",
      body: { resourceType: "Bundle", type: "transaction", entry: entries.map(({ entry }) => entry) },
      made: (answer) => entries.map(({ made }, at) => made((answer["entry"] as readonly Json[])[at] ?? {})),
    };
  }

  private entryOf(key: string, known: Known, subject: string): Entry {
    const request = { method: "PUT", url: known.name, ...(known.alive ? { ifMatch: `W/"${known.version}"` } : {}) };
    return {
      entry: { resource: this.observation(key, known.name, subject), request },
      made: (answer) => versionMade(known, versionOf(answer["resource"] as Json), this.number),
    };
  }

  private remember({ name, version, value }: Made): void {
    const list = name.startsWith("Patient/") ? this.patients : this.observations;
    const known = list.find((one) => one.name === name);
    if (known === undefined) list.push({ name, version, alive: value !== null });
    else Object.assign(known, { version, alive: value !== null });
  }

  private async untilAnswered(key: string, ask: Ask): Promise<Json> {
    let isRetry = false;
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; isRetry = true) {
      const answer = await this.send(key, ask);
      if (answer !== undefined) {
        if (isRetry) this.retried += 1;
        return answer;
      }
      await sleep(20 + this.random.int(60));
    }
    throw new Error("no answer for a minute");
  }

  /** The answer, or nothing when it is to be asked again. */
  private async send(key: string, { method, path, ifMatch, body }: Ask): Promise<Json | undefined> {
    const { base, token } = this.service;
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/fhir+json",
      "idempotency-key": key,
      ...(ifMatch === undefined ? {} : { "if-match": `W/"${ifMatch}"` }),
    };
    let status: number;
    let text: string;
    let etag: string | null;
    try {
      const answer = await fetch(`${base}${path}`, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS / 2),
      });
      ({ status } = answer);
      etag = answer.headers.get("etag");
      text = await answer.text();
    } catch {
      return undefined; // the connection was lost before the whole answer had come
    }
    if (AGAIN.has(status)) return undefined;
    if (status >= 300) throw new Error(`${status} ${text.slice(0, 300)}`);
    return text === "" ? { response: { etag } } : (JSON.parse(text) as Json);
  }
}

const marks = (key: string): Json => ({ identifier: [{ system: KEY_SYSTEM, value: key }] });

function remove(known: Known): Ask {
  const { made } = removal(known);
  return { method: "DELETE", path: `/${known.name}`, ifMatch: known.version, made: (answer) => [made(answer)] };
}

function removal(known: Known): Entry {
  return {
    entry: { request: { method: "DELETE", url: known.name } },
    made: (answer) => versionMade(known, numberIn((answer["response"] as Json | undefined)?.["etag"]), null),
  };
}

function created(resource: Json | undefined, value: number): Made {
  return { name: `Patient/${String(resource?.["id"])}`, version: versionOf(resource), value };
}

/** The version that was due. Errors: an Error when it is another one, which means that something was written twice or not at all. */
function versionMade({ name, version }: Known, made: number, value: number | null): Made {
  if (made !== version + 1) throw new Error(`${name} was answered as version ${made}, after version ${version}`);
  return { name, version: made, value };
}

function versionOf(resource: Json | undefined): number {
  return numberIn((resource?.["meta"] as Json | undefined)?.["versionId"]);
}

function numberIn(text: unknown): number {
  return Number(/\d+/.exec(String(text))?.[0]);
}

function twoOf<T>(from: readonly T[], random: SeededRandom): readonly [T | undefined, T | undefined] {
  const first = random.pick(from);
  const others = from.filter((one) => one !== first);
  return [first, others.length > 0 && random.int(2) === 0 ? random.pick(others) : undefined];
}
