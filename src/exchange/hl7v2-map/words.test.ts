import assert from "node:assert/strict";
import { test } from "node:test";
import { journalOfTest } from "../../journal/testing/index.ts";
import { parseMessage } from "../hl7v2/codec/index.ts";
import { sealOfWords } from "../../base/index.ts";
import { wordsOfMessage } from "../hl7v2/words.ts";
import { takeIn } from "./take-in.ts";
import { answer, LAB, potassium, putOrder, visitOf } from "./testing/index.ts";

test("EXCH-HL7-WORDS-2 nothing is taken in of a message whose texts are not those of its seal, and the sender's unit owns it", async (t) => {
  const journal = await journalOfTest(t);
  await putOrder(journal);
  const message = answer({ observations: [potassium("4.10")] });
  const words = wordsOfMessage(message);
  const sealed = `${message.text()}ZEW|1|SHA-256|${sealOfWords(words)}|${words.length}\r`;
  const cut = parseMessage(Buffer.from(sealed.replace("|4.10|", "|41.0|")));
  const refused = await takeIn(visitOf(journal), cut, LAB);
  assert.deepEqual([refused.outcome, refused.written], ["quarantined", []]);
  assert.deepEqual(
    refused.exceptions.map(({ reason, place, owner }) => [reason, place, owner]),
    [["words-differ", "ZEW", LAB.owner]],
  );
  assert.equal((await takeIn(visitOf(journal), parseMessage(Buffer.from(sealed)), LAB)).outcome, "applied");
});
