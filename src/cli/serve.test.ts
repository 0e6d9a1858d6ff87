/** Rules of SPEC.md in this folder: the server as a process, and the demonstration region. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { searchResources, type Visit } from "../journal/index.ts";
import type { Terminal } from "./command.ts";
import { loadDemoRegion } from "./demo-region.ts";
import { freePort } from "./free-port.ts";
import { journalOptions, withStore } from "./installation.ts";
import { Installation, MAIN } from "./testing/index.ts";

const READER = {
  kind: "client",
  name: "test",
  scopes: [{ type: "*", verbs: new Set(["r", "s"] as const) }],
  careProvider: null,
  careUnit: null,
} as const;

/** What a load remembers is kept under this name. */
const REMEMBERED = "demonstration-region";
const PEOPLE = 40;

function start(data: string, port: number): ChildProcess {
  const env = { ...process.env, EIRA_DATA_DIR: data, EIRA_PORT: String(port), EIRA_DEMO: "0", EIRA_WORKERS: "2" };
  return spawn(process.execPath, [...MAIN, "serve"], { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function until(done: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(what);
}

test("CLI-SERVE-1 ready when it says so, a dead worker is replaced, and a stop ends everything", async (t) => {
  const data = join(Installation.make(t).folder, "data");
  const port = await freePort();
  const server = start(data, port);
  t.after(() => server.kill("SIGKILL"));
  const told: string[] = [];
  server.stderr?.on("data", (part: Buffer) => told.push(part.toString("utf8")));
  assert.ok(server.stdout);
  const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  assert.equal(line, `Eira ready http://127.0.0.1:${port}`, told.join(""));
  assert.equal(await isReady(port), true);

  const { spawnSync } = await import("node:child_process");
  const workers = spawnSync("pgrep", ["-P", String(server.pid), "-f", "serve-worker"], { encoding: "utf8" })
    .stdout.trim()
    .split("\n");
  assert.equal(workers.length, 2);
  process.kill(Number(workers[0]), "SIGKILL");
  await until(() => told.join("").includes("starting another"), "the death of a worker was not told");
  await until(async () => {
    const now = spawnSync("pgrep", ["-P", String(server.pid), "-f", "serve-worker"], { encoding: "utf8" })
      .stdout.trim()
      .split("\n");
    return now.length === 2 && (await isReady(port));
  }, "the worker was not replaced");

  server.kill("SIGTERM");
  const [code] = (await once(server, "exit")) as [number | null];
  assert.equal(code, 0);
  assert.equal(await isReady(port), false);
  assert.equal(spawnSync("pgrep", ["-f", data], { encoding: "utf8" }).stdout.trim(), ""); // its PostgreSQL has gone with it
});

test("CLI-DEMO-1 an interrupted load goes on, and the region is loaded once", async (t) => {
  const installation = await Installation.lent(t);
  const silent: Terminal = {
    print: () => undefined,
    tell: () => undefined,
    progress: () => undefined,
    onStop: () => undefined,
  };
  const interrupted = (most: number): Terminal => {
    let groups = 0;
    const progress = (): void => {
      groups += 1;
      if (groups === most) throw new Error("the power went");
    };
    return { ...silent, progress };
  };
  const invocation = installation.invocation([], silent);
  await withStore(invocation, async (store) => {
    const options = journalOptions(invocation.config, store, invocation.clock);
    await assert.rejects(loadDemoRegion(store, options, interrupted(1)), /the power went/);
    const remembered = (await store.setting(REMEMBERED)) as { patients: number; done: boolean };
    assert.deepEqual([remembered.patients, remembered.done], [400, false]);
    // The whole region is what the tests in a browser are about; here fewer people go through the same steps.
    await store.saveSetting(REMEMBERED, { ...remembered, patients: PEOPLE });
    await assert.rejects(loadDemoRegion(store, options, interrupted(3)), /the power went/);
    const all = await loadDemoRegion(store, options, silent);
    assert.ok(all > 2500, String(all));
    assert.equal(await loadDemoRegion(store, options, silent), 0);
    const visit: Visit = { ...options, actor: READER, request: "test" };
    const { value: patients } = await searchResources(visit, "Patient", [["_summary", "count"]]);
    assert.equal(patients.total, PEOPLE);
    const { value: page } = await searchResources(visit, "Organization", [["_count", "1000"]]);
    assert.deepEqual([...new Set(page.rows.map(({ version }) => version))], [1]); // what was there was not written again
  });
});
