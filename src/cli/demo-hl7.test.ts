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
const order = (id: string, to: string, code: JsonObject, status = "active"): Command =>
  put({
    resourceType: "ServiceRequest",
    id,
    status,
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
        const end = Date.now() + 90_000;
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

test("CLI-DEMO-HL7-2 a changed order and one that is called off are confirmed by the laboratory's own process: the first is answered as it was changed, the second never, and their loops and tasks say so", async (t) => {
  const installation = await Installation.lent(t);
  const terminal = {
    print: () => undefined,
    tell: () => undefined,
    progress: () => undefined,
    onStop: () => undefined,
  };
  const invocation = installation.invocation(["serve"], terminal);
  await withStore(invocation, async (store) => {
    const journal = journalOptions(invocation.config, store, invocation.clock);
    const visit = (): Visit => ({ ...journal, actor: ALL, request: "demo" });
    const number = { system: "http://electronichealth.se/identifier/personnummer", value: "189001019802" };
    const units = [unit("med", demoUnit("med")), unit("lab", demoUnit("lab")), unit("rtg", demoUnit("rtg"))];
    await commit(visit(), [...units, put({ resourceType: "Patient", id: "anna", identifier: [number] })]);
    const edge = await startDemoHl7(invocation, journal, 6000);
    t.after(() => edge.stop());
    const code = (one: string, text: string): JsonObject => ({ coding: [{ system: "urn:oid:1.2.752.108.1", code: one }], text }); // prettier-ignore
    const [potassium, protein] = [code("NPU03230", "P-Kalium"), code("NPU19748", "P-CRP")];
    const found = async (type: string, id: string): Promise<JsonObject[]> => {
      const { value } = await searchResources(visit(), type, [["based-on", `ServiceRequest/${id}`]]);
      return value.rows.map(({ content }) => JSON.parse(content) as JsonObject);
    };
    const taskOf = async (id: string): Promise<unknown> => (await found("Task", id))[0]?.["status"];
    const said = async (control: string): Promise<boolean> =>
      store.read("*", async (look) => {
        for (let position = 1; position <= 60; position += 1) {
          const raw = await look.hl7.received.raw(position);
          if (raw?.toString("utf8").includes(`\rORC|${control}|`) === true) return true;
        }
        return false;
      });
    const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
      for (const end = Date.now() + 90_000; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 50)))
        assert.ok(Date.now() < end, `not in time: ${what}`);
    };
    const loop = async (id: string): Promise<{ readonly state: string; readonly notes: readonly string[] }> =>
      store.read("*", async (look) => {
        const own = await look.loops.ofPatient("anna", 0, 50);
        const one = own.find(({ kind, subject }) => kind === "order" && subject === id);
        const events = await look.loops.events(one?.id ?? "");
        return { state: one?.state ?? "", notes: events.flatMap(({ note }) => note ?? []) };
      });

    await commit(visit(), [order("andras", "lab", potassium), order("avbokas", "lab", potassium)]);
    const isFollowed = async (id: string): Promise<boolean> => ["accepted", "in-progress"].includes(String(await taskOf(id))); // prettier-ignore
    await until("both are accepted", async () => (await isFollowed("andras")) && (await isFollowed("avbokas")));
    await commit(visit(), [order("andras", "lab", protein), order("avbokas", "lab", potassium, "revoked")]);
    await until("the change is confirmed", () => said("XR"));
    await until("the cancellation is confirmed", () => said("CR"));
    await until("what was called off is said to be", async () => (await taskOf("avbokas")) === "cancelled");
    await until("the changed one is answered", async () => (await found("DiagnosticReport", "andras")).length > 0);
    assert.match(JSON.stringify((await found("DiagnosticReport", "andras"))[0]?.["code"]), /P-CRP/);
    await until("its task is done", async () => (await taskOf("andras")) === "completed");
    const [changed, called] = [await loop("andras"), await loop("avbokas")];
    assert.equal(changed.state, "answered");
    assert.ok(changed.notes.includes("changed"), changed.notes.join());
    assert.equal(called.state, "cancelled");
    assert.deepEqual(await found("DiagnosticReport", "avbokas"), []);
  });
});
