import assert from "node:assert/strict";
import { after, test } from "node:test";
import { recordSignIn } from "./index.ts";
import { journalOfTest } from "./testing/index.ts";

test("JRN-SIGN-IN-1 sign-ins are in the access log in the person's own name, refusals with what is known", async () => {
  const journal = await journalOfTest({ after });
  const person = journal.person();
  await recordSignIn(person, { outcome: "granted", ground: "Inloggad med siths" }, null);
  await recordSignIn(journal.client(), { outcome: "refused", ground: "Inget uppdrag" }, "SE2321000131-P1");
  const rows = await journal.log();
  assert.deepEqual(
    rows.map(({ action, outcome, actor, patient, what }) => [action, outcome, actor, patient, what]),
    [
      ["sign-in", "granted", person.actor.kind === "person" ? person.actor.hsaId : "", null, ["$sign-in"]],
      ["sign-in", "refused", "client lab", null, ["$sign-in SE2321000131-P1"]],
    ],
  );
});
