/**
 * Chains vouch for each other. A chain that is deleted with its head leaves no hole of its own; therefore one of them
 * notes, with the first entry of a process and then once a minute, where all the others stand. What a pin names can be
 * removed or rolled back to an older signed head only by breaking the chain that holds the pin.
 *
 * SPEC STORE-LOG-PIN
 */
import type { AccessLogEntry } from "./access-log.ts";

/** Where a chain stood: the hash of its row number `seq`, in hexadecimal digits. */
export type Pin = { readonly chain: string; readonly seq: number; readonly hash: string };

/** The action of an entry that is no access but a pin of other chains. */
export const PIN_ACTION = "pin";

const INTERVAL_MS = 60_000;
const FORM = /^([0-9a-f-]{36})\/(\d+)\/([0-9a-f]{64})$/;

/** What a process has to vouch for. */
export class Pins {
  private readonly loose: Map<string, Pin>;
  private next = -Infinity;

  /** `standing`: the chains as they stand when the process begins. */
  constructor(standing: readonly Pin[]) {
    this.loose = new Map(standing.map((pin) => [pin.chain, pin]));
  }

  /** A chain has got further. */
  moved(pin: Pin): void {
    this.loose.set(pin.chain, pin);
  }

  /** The pins that chain `own` is to write at this time; none when it is not yet time or there is nothing to vouch for. */
  due(own: string, now: string): readonly Pin[] {
    const time = Date.parse(now);
    if (time < this.next) return [];
    const pins = [...this.loose.values()].filter(({ chain }) => chain !== own);
    if (pins.length > 0) this.next = time + INTERVAL_MS;
    return pins;
  }

  /** The pins are written and committed. */
  written(pins: readonly Pin[]): void {
    for (const pin of pins) if (this.loose.get(pin.chain) === pin) this.loose.delete(pin.chain);
  }

  /** The pins were not committed: somebody else is to write them. */
  failed(pins: readonly Pin[]): void {
    if (pins.length > 0) this.next = -Infinity;
  }
}

/** The log's entry that holds pins. */
export function pinEntry(pins: readonly Pin[], now: string): AccessLogEntry {
  return {
    recorded: now,
    home: 0,
    patient: null,
    action: PIN_ACTION,
    outcome: "granted",
    ground: "the log's own",
    actor: "eira",
    person: null,
    assignment: null,
    careUnit: null,
    careProvider: null,
    purpose: "HSLF-FS 2016:40 4 kap. 9 §",
    request: "",
    what: pins.map(({ chain, seq, hash }) => `${chain}/${seq}/${hash}`),
  };
}

/** The pins that an entry of the log holds; none for any other entry. */
export function pinsIn({ action, what }: AccessLogEntry): Pin[] {
  if (action !== PIN_ACTION || !Array.isArray(what)) return []; // a forged entry may hold anything
  return what.map(String).flatMap((text) => {
    const [, chain, seq, hash] = FORM.exec(text) ?? [];
    return chain === undefined || seq === undefined || hash === undefined ? [] : [{ chain, seq: Number(seq), hash }];
  });
}
