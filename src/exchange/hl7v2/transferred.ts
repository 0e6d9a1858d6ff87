/** A receiver has a message: what it tells of has been transferred. SPEC EXCH-HL7-OUT · F3: transferred is not taken over */
import { homeOf, newId } from "../../base/index.ts";
import { keepLedger, ledgerTx } from "../../loop/index.ts";
import type { OnAcknowledged } from "./sender.ts";

/** Moves the loops of what a message was about; where they have come further nothing is moved. */
export function transferred(random: (count: number) => Uint8Array): OnAcknowledged {
  return async (tx, { channel, controlId, about }, now) => {
    const [type = "", id = ""] = (about ?? "").split("/");
    if (id === "") return;
    const at = now.getTime();
    const moved = {
      do: "event",
      about: `${type}/${id}`,
      kinds: ["order", "referral", "letter"],
      events: ["transfer"],
      to: [],
      note: `${channel} ${controlId}`,
      leaves: null,
    } as const;
    await keepLedger(
      ledgerTx(tx, (home) => newId(home, at, random(10))),
      { at, by: "system hl7", unit: null, isHistory: false },
      [
        {
          type,
          id,
          key: `hl7 ${channel} ${controlId}`,
          home: homeOf(id),
          patient: null,
          careUnit: null,
          intents: [moved],
        },
      ],
    );
  };
}
