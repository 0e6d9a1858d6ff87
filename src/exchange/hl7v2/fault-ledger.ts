/**
 * Faults in the ledger of responsibility: each is a loop of kind `fault` on the list of the unit that owns the channel, or on the region's
 * own, with the ledger's deadlines.
 *
 * SPEC EXCH-HL7-FAULT · law 5 of the house
 */
import { homeOf } from "../../base/index.ts";
import { keepLedger, ledgerTx, type Intent, type Matter } from "../../loop/index.ts";
import type { WriteTx } from "../../store/index.ts";
import type { Fault, FaultLedger } from "./faults.ts";

const BY = "system hl7";

/** The ledger that faults are kept in; `random` gives random bytes for ids. */
export function faultLedger(random: (count: number) => Uint8Array): FaultLedger {
  const keep = (tx: WriteTx, now: Date, matters: readonly Matter[]): Promise<void> => {
    const at = now.getTime();
    return keepLedger(
      ledgerTx(tx, { clock: () => now, random }),
      { at, by: BY, unit: null, isHistory: false },
      matters,
    );
  };
  return {
    open: (tx, faults, now) => {
      const abouts = [...new Set(faults.map(({ about }) => about))];
      const before = abouts.map((about) => overMatter(about, now, "it failed again"));
      return keep(tx, now, [...before, ...faults.map((fault) => openingMatter(fault, now))]);
    },
    close: (tx, abouts, now) =>
      keep(
        tx,
        now,
        abouts.map((about) => overMatter(about, now, "it is mended")),
      ),
  };
}

/** A loop for each owner of a thing and each time that it failed: the recipient tells them apart. */
function openingMatter({ about, owner, note }: Fault, now: Date): Matter {
  const recipient = `${owner ?? "region"} ${now.toISOString()}`;
  const opening: Intent = {
    do: "open",
    kind: "fault",
    recipient,
    to: [],
    from: [],
    risk: 1,
    due: null,
    answers: [],
    told: null,
  };
  const said: Intent = { do: "event", about, kinds: ["fault"], events: ["note"], to: [], note, leaves: null };
  return { ...matterOf(about, `${recipient} failed`), careUnit: owner, intents: [opening, said] };
}

function overMatter(about: string, now: Date, note: string): Matter {
  const over: Intent = { do: "event", about, kinds: ["fault"], events: ["act", "close"], to: [], note, leaves: null };
  return { ...matterOf(about, `${now.toISOString()} over`), careUnit: null, intents: [over] };
}

function matterOf(about: string, key: string): Omit<Matter, "careUnit" | "intents"> {
  const [type = "", id = ""] = about.split("/");
  return { type, id, key: `${about} ${key}`, home: homeOf(id), patient: null };
}
