/**
 * The demonstration's laboratory and radiology department: two processes of their own that take the orders of this installation over MLLP
 * and answer them, and the edge that is agreed with them.
 *
 * SPEC CLI-DEMO-HL7
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { demoUnit } from "../demo/index.ts";
import { channelsIn } from "../exchange/index.ts";
import type { JsonObject } from "../fhir/index.ts";
import type { JournalOptions } from "../journal/index.ts";
import type { Invocation } from "./command.ts";
import { freePort } from "./free-port.ts";
import { startAgreed, type Hl7Edge } from "./hl7.ts";

type Simulated = {
  readonly kind: "laboratory" | "radiology";
  readonly name: string;
  readonly unit: string;
  readonly sender: string;
  readonly orders: "OML" | "ORM";
};

const SIMULATED: readonly Simulated[] = [
  { kind: "laboratory", name: "labb", unit: demoUnit("lab"), sender: "LABSIM|KEMLAB", orders: "OML" },
  { kind: "radiology", name: "rontgen", unit: demoUnit("rtg"), sender: "RISSIM|RTG", orders: "ORM" },
];
const STOP_MS = 3000;

/** Starts the edge and what answers at its other end. Errors: those of the edge. */
export async function startDemoHl7(invocation: Invocation, journal: JournalOptions, delayMs: number): Promise<Hl7Edge> {
  const { terminal } = invocation;
  const ports = new Map<string, number>();
  for (const { name } of SIMULATED) ports.set(name, await freePort());
  const configuration = agreedWith(ports);
  const channels = channelsIn(configuration, () => "");
  const edge = await startAgreed({ configuration, channels }, journal, () => undefined);
  const children = SIMULATED.map((one) =>
    startSimulated(invocation, one, {
      listen: ports.get(one.name) ?? 0,
      answer: edge.ports.get(`${one.name}-in`) ?? 0,
      delayMs,
    }),
  );
  terminal.tell(
    "A simulated laboratory and radiology department answer orders of this demonstration with made-up values.",
  );
  return {
    ports: edge.ports,
    stop: async () => {
      await Promise.all(children.map(ended));
      await edge.stop();
    },
  };
}

function agreedWith(ports: ReadonlyMap<string, number>): JsonObject {
  const purpose = "Demonstrationens prover och undersökningar";
  return {
    channels: SIMULATED.flatMap(({ name, unit, sender }) => [
      { purpose, name: `${name}-in`, direction: "in", owner: unit, port: 0, senders: [sender], parked: "pass" },
      {
        purpose,
        name: `${name}-ut`,
        direction: "out",
        owner: unit,
        host: "127.0.0.1",
        port: ports.get(name) ?? 0,
        acknowledgement: "application",
      },
    ]),
    partners: SIMULATED.map(({ kind, name, unit, sender, orders }) => {
      const between = { in: `${name}-in`, out: `${name}-ut`, theirs: sender, ours: "EIRA|REGION" };
      return { name, kind, unit, orders, ...between };
    }),
  };
}

/** It ends with this process, however that ends: then nobody holds the other end of its input. */
function startSimulated(
  { self, terminal }: Invocation,
  { kind }: Simulated,
  { listen, answer, delayMs }: { readonly listen: number; readonly answer: number; readonly delayMs: number },
): ChildProcess {
  const [program = "", ...args] = self.command;
  const given = [
    "--port",
    String(listen),
    "--to",
    `127.0.0.1:${answer}`,
    "--delay-ms",
    String(delayMs),
    "--until-input-ends",
  ];
  const child = spawn(program, [...args, "simulator", kind, ...given], {
    env: { ...self.environment },
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.on("error", (error) => terminal.tell(`the simulated ${kind} could not be started: ${error.message}`));
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
}
