/**
 * For tests: a process of its own that starts the embedded database, tells what it got, and then obeys words on its
 * standard input: "stop", "fast", or "write" (commits one row a time and tells each number once it is acknowledged).
 */
import { createInterface } from "node:readline";
import pg from "pg";
import { startEmbedded, type EmbeddedServer } from "../index.ts";

const server = await startEmbedded({ dataDir: process.argv[2] ?? "", log: (message) => console.error(message) });
console.log(JSON.stringify({ ownership: server.ownership, pid: server.pid }));
server.onExit(() => console.log(JSON.stringify({ ended: true })));

for await (const word of createInterface({ input: process.stdin })) {
  if (word === "write") writeUntilKilled(server).catch((error: unknown) => console.error(error));
  else await server.stop(word === "fast" ? "fast" : "if-unused").then(() => process.exit(0));
}

async function writeUntilKilled({ connection }: EmbeddedServer): Promise<void> {
  const client = new pg.Client(connection);
  client.on("error", () => undefined);
  await client.connect();
  await client.query("create table if not exists written (n int)");
  for (let n = 1; ; n++) {
    const { command } = await client.query("insert into written values ($1)", [n]);
    if (command === "INSERT") console.log(JSON.stringify({ written: n }));
  }
}
