import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { HSA_SYSTEM } from "../base/index.ts";
import { demoUnit } from "../demo/index.ts";
import type { JsonObject } from "../fhir/index.ts";
import { commit, searchResources, type Command, type Visit } from "../journal/index.ts";
import { startDemoHl7 } from "./demo-hl7.ts";
import { journalOptions, withStore } from "./installation.ts";
import { Installation } from "./testing/index.ts";

const ALL = {
  kind: "client",
  name: "test",
  scopes: [{ type: "*", verbs: new Set(["c", "r", "u", "s"] as const) }],
  careProvider: demoUnit("med"),
  careUnit: demoUnit("med"),
} as const;

const put = (resource: JsonObject): Command => {
  const type = String(resource["resourceType"]);
  return { kind: "update", type, id: String(resource["id"]), resource, where: type };
};
const unit = (id: string, hsaId: string): Command =>
  put({ resourceType: "Organization", id, identifier: [{ system: HSA_SYSTEM, value: hsaId }], name: id });
const order = (id: string, to: string, code: JsonObject): Command =>
  put({
    resourceType: "ServiceRequest",
    id,
    status: "active",
    intent: "order",
    code,
    subject: { reference: "Patient/anna" },
    performer: [{ reference: `Organization/${to}` }],
    authoredOn: new Date().toISOString(),
  });

test("CLI-DEMO-HL7-1 orders of the demonstration are answered by processes of their own, which end with it", async (t) => {
  const installation = await Installation.lent(t);
  const told: string[] = [];
  const terminal = {
    print: () => undefined,
    tell: (line: string) => void told.push(line),
    progress: () => undefined,
    onStop: () => undefined,
  };
  const invocation = installation.invocation(["serve"], terminal);
  await withStore(invocation, async (store) => {
    const journal = journalOptions(invocation.config, store, invocation.clock);
    const visit = (): Visit => ({ ...journal, actor: ALL, request: "demo" });
    const number = { system: "http://electronichealth.se/identifier/personnummer", value: "189001019802" };
    const people: Command[] = [
      unit("med", demoUnit("med")),
      unit("lab", demoUnit("lab")),
      unit("rtg", demoUnit("rtg")),
    ];
    await commit(visit(), [...people, put({ resourceType: "Patient", id: "anna", identifier: [number] })]);
    const edge = await startDemoHl7(invocation, journal, 200);
    const running = (): string[] =>
      spawnSync("pgrep", ["-P", String(process.pid), "-f", "until-input-ends"], { encoding: "utf8" })
        .stdout.trim()
        .split("\n")
        .filter((one) => one !== "");
    try {
      assert.equal(running().length, 2, told.join());
      const potassium = { coding: [{ system: "urn:oid:1.2.752.108.1", code: "NPU03230" }], text: "P-Kalium" };
      await commit(visit(), [order("prov", "lab", potassium), order("bild", "rtg", { text: "Slätröntgen lungor" })]);
      const answered = async (): Promise<number> =>
        (await searchResources(visit(), "ServiceRequest", [["status", "completed"]])).value.rows.length;
      for (
        const end = Date.now() + 20_000;
        (await answered()) < 2;
        await new Promise((resolve) => setTimeout(resolve, 50))
      )
        assert.ok(Date.now() < end, `no answer came: ${told.join("; ")}`);
      const { value } = await searchResources(visit(), "DiagnosticReport", [
        ["based-on", "ServiceRequest/prov,ServiceRequest/bild"],
      ]);
      assert.equal(value.rows.length, 2);
    } finally {
      await edge.stop();
    }
    assert.deepEqual(running(), []);
  });
});
