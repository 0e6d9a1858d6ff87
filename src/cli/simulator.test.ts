import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { run } from "./run.ts";
import { Installation } from "./testing/index.ts";

test("CLI-SIMULATOR-1 a simulator listens and tells its port; what is missing or unknown is refused", async (t) => {
  const installation = Installation.make(t);
  const told: string[] = [];
  const stops: (() => Promise<void>)[] = [];
  let printed: (line: string) => void = () => undefined;
  const listening = new Promise<string>((resolve) => (printed = resolve));
  const terminal = {
    print: (line: string) => printed(line),
    tell: (line: string) => void told.push(line),
    progress: () => undefined,
    onStop: (listener: () => Promise<void>) => void stops.push(listener),
  };
  const program = (...args: string[]): Promise<number> =>
    run(installation.invocation(["simulator", ...args], terminal));
  const whole = ["laboratory", "--port", "0", "--to", "127.0.0.1:1"];
  for (const args of [
    [],
    ["pharmacy", ...whole.slice(1)],
    whole.slice(0, 3),
    [...whole, "--scenario", "x"],
    [...whole, "--faults", "x=1"],
  ])
    assert.equal(await program(...args), 1, args.join(" "));
  assert.match(told.join("\n"), /Usage: simulator[^]*There is no scenario x; there are final,[^]*"x=1" is no fault/);
  void program(...whole);
  const { simulator, port } = JSON.parse(await listening) as { simulator: string; port: number };
  assert.equal(simulator, "laboratory");
  await new Promise<void>((resolve, reject) =>
    connect(port, "127.0.0.1").once("connect", resolve).once("error", reject),
  );
  for (const stop of stops) await stop();
});
