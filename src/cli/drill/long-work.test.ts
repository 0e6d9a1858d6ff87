/** Rules of SPEC.md in this folder: long work whose server and database are killed. Real processes, real SIGKILL. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startEmbedded } from "../../store/index.ts";
import { Installation } from "../testing/index.ts";
import { DrillServer, drillFolder, killNow } from "./server.ts";

const PEOPLE = 300;
const EACH = 20;
const TOTAL = PEOPLE + PEOPLE * EACH;

/** Patients with observations, some without an id of their own. */
function lines(): string {
  const all: object[] = [];
  for (let n = 0; n < PEOPLE; n += 1) {
    all.push({ resourceType: "Patient", id: `p${n}`, name: [{ family: `Ek ${n}` }] });
    for (let m = 0; m < EACH; m += 1)
      all.push({
        resourceType: "Observation",
        ...(m % 2 === 0 ? {} : { id: `o${n}-${m}` }),
        status: "final",
        code: { text: `analys ${m}` },
        subject: { reference: `Patient/p${n}` },
        valueQuantity: { value: n + m / 10 },
      });
  }
  return all.map((one) => JSON.stringify(one)).join("\n");
}

type Told = { readonly status: number; readonly progress: string; readonly body: string };

async function look(url: string, token: string): Promise<Told | undefined> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).catch(() => undefined);
  if (answer === undefined) return undefined;
  return { status: answer.status, progress: answer.headers.get("x-progress") ?? "", body: await answer.text() };
}

/** Kills server and database each time the job has moved, until it is done. Answers its result and how many died. */
async function underFire(server: DrillServer, url: string, times: number): Promise<{ body: string; kills: number }> {
  let kills = 0;
  let seen = "";
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(5)) {
    const told = await look(url, server.service.token);
    if (told?.status === 200) return { body: told.body, kills };
    if (told !== undefined) assert.equal(told.status, 202, told.body);
    if (kills === times || !/\d/.test(told?.progress ?? "") || told?.progress === seen || told?.progress === "0")
      continue;
    seen = told?.progress ?? "";
    kills += 1;
    const postmaster = await server.postmaster();
    server.killServer();
    killNow(postmaster);
    await server.gone();
    await server.run();
    await rowsOf(server, "UPDATE job SET lease_until = now() WHERE state = 'running'"); // the dead one's time passes
  }
  throw new Error("the job did not end");
}

type Row = { readonly content: string; readonly version: number };

/** Asks the server's database beside it. */
async function rowsOf(server: DrillServer, text: string): Promise<Row[]> {
  const joined = await startEmbedded({ dataDir: server.dataDir });
  const client = new pg.Client(joined.connection);
  await client.connect();
  const { rows } = await client.query<Row>(text);
  await client.end();
  await joined.stop("if-unused");
  return rows;
}

test("DRILL-LONG-1 an import and an export whose server and database are killed lose nothing and do nothing twice", async (t) => {
  const folder = drillFolder();
  const told: string[] = [];
  const terminal = { print: () => undefined, tell: (line: string) => void told.push(line), progress: () => undefined, onStop: () => undefined }; // prettier-ignore
  const server = await DrillServer.start(Installation.make(t).invocation([], terminal), join(folder, "data"));
  t.after(async () => {
    await server.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  const { base, token } = server.service;
  const headers = { authorization: `Bearer ${token}`, prefer: "respond-async" };
  const placeOf = (answer: Response): string => answer.headers.get("content-location") ?? "";
  const body = lines();
  const sent = await fetch(`${base}/$import`, { method: "POST", headers: { ...headers, "content-type": "application/fhir+ndjson" }, body }); // prettier-ignore
  const imported = await underFire(server, placeOf(sent), 1);
  const { counts, refused } = JSON.parse(imported.body) as {
    counts: Record<string, { created: number }>;
    refused: number;
  };
  assert.ok(imported.kills > 0, "nothing was killed while the import went on");
  assert.deepEqual([counts["Patient"]?.created, counts["Observation"]?.created, refused], [PEOPLE, PEOPLE * EACH, 0]);

  const exported = await underFire(server, placeOf(await fetch(`${base}/$export`, { headers })), 1);
  assert.ok(exported.kills > 0, "nothing was killed while the export went on");
  const { output } = JSON.parse(exported.body) as { output: { url: string; type: string }[] };
  const found: string[] = [];
  for (const { url } of output) {
    const file = await look(url, token);
    found.push(...(file?.body.trimEnd().split("\n") ?? []));
  }
  const rows = await rowsOf(
    server,
    "SELECT content, version FROM observation UNION ALL SELECT content, version FROM patient",
  );
  const hash = (texts: readonly string[]): string =>
    createHash("sha256").update(texts.toSorted().join("\n")).digest("hex");
  assert.equal(found.length, TOTAL);
  assert.equal(rows.length, TOTAL);
  assert.ok(rows.every(({ version }) => version === 1));
  assert.equal(hash(found), hash(rows.map(({ content }) => content)));
});
