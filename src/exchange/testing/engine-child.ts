/** An engine in a process of its own, to be killed: node engine-child.ts '{"config": {...}}'. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { BASE } from "../../journal/testing/index.ts";
import { Store, type ConnectionConfig } from "../../store/index.ts";
import { parseHostList, SubscriberEngine } from "../index.ts";

const { config, now } = JSON.parse(process.argv[2] ?? "{}") as { config: ConnectionConfig; now: string };
const clock = (): Date => new Date(now);
const auditKey = generateKeyPairSync("ed25519").privateKey;
const store = await Store.open({ config, auditKey, clock, connections: 8 });
const journal = {
  store,
  clock,
  random: (bytes: number) => randomBytes(bytes),
  referentialIntegrity: false,
  base: BASE,
};
const engine = new SubscriberEngine({
  journal,
  outbound: { hosts: parseHostList("http://127.0.0.1"), lookup: async () => [] },
  worker: `child ${process.pid}`,
  firstDelay: 0.02,
  longestDelay: 0.1,
  spareSeconds: 0.5,
});
process.stdout.write("going\n");
for (;;) if (!(await engine.round())) await sleep(10);
