/**
 * What a receiver said of a message moves what the message asks for: kept, it has been transferred; refused for good, it is back with whoever
 * asked. SPEC EXCH-HL7-OUT · F1; F3: transferred is not taken over
 */
import { homeOf } from "../../base/index.ts";
import { keepLedger, ledgerTx } from "../../loop/index.ts";
import type { OnSettled } from "./sender.ts";

/** Moves the loops of what a message was about; where they have come further, or ask somebody else by now, nothing is moved. */
export function settled(random: (count: number) => Uint8Array): OnSettled {
  return async (tx, { channel, controlId, about, raw, attempts }, { event, why, now }) => {
    const [type = "", id = ""] = (about ?? "").split("/");
    if (id === "" || !asksAnew(raw)) return;
    const said = {
      do: "event",
      about: `${type}/${id}`,
      kinds: ["order", "referral", "letter"],
      events: [event],
      to: [],
      note: why === null ? `${channel} ${controlId}` : `${channel} ${controlId}: ${why}`,
      leaves: null,
      through: channel,
    } as const;
    // A message that is refused, mended and sent again is refused anew.
    const key = `hl7 ${channel} ${controlId}${event === "fail" ? ` ${attempts}` : ""}`;
    await keepLedger(
      ledgerTx(tx, { clock: () => now, random }),
      { at: now.getTime(), by: "system hl7", unit: null, isHistory: false },
      [{ type, id, key, home: homeOf(id), patient: null, careUnit: null, intents: [said] }],
    );
  };
}

/** Whether a message asks for something anew; what came of a change or a cancellation (ORC-1 XO, CA) says nothing of where its order is. */
function asksAnew(raw: Uint8Array): boolean {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("latin1");
  const separator = text[3] ?? "|";
  const order = text.split("\r").find((line) => line.startsWith(`ORC${separator}`));
  return order === undefined || order.split(separator)[1] === "NW";
}
