/**
 * Labels to a network printer over a raw socket (port 9100). The protocol has no receipt: what is told is that the printer took the bytes, or
 * why not; where it can be asked how it stands, it is asked first. A label is printed now or not at all: it is never tried again behind
 * somebody's back, when another patient may lie there.
 *
 * SPEC EXCH-PRINT-3 · F39
 */
import { connect, type Socket } from "node:net";
import type { Printer } from "./register.ts";

type PrintFault = "unreachable" | "timeout" | "out-of-paper" | "out-of-ribbon" | "head-open" | "paused";
type PrintOutcome = { readonly kind: "handed-over" } | { readonly kind: "failed"; readonly why: PrintFault };

const CONNECT_MS = 3000;
const STATUS_MS = 2000;
const SEND_MS = 5000;
const MOST_STATUS = 1000;

/** Hands the bytes over. Never throws: what went wrong is the answer. */
export async function sendToPrinter(printer: Printer, bytes: Uint8Array): Promise<PrintOutcome> {
  const socket = connect({ host: printer.host, port: printer.port });
  socket.on("error", () => undefined); // told by those who wait
  try {
    await within(CONNECT_MS, happened(socket, "connect"));
    if (printer.tellsStatus) {
      const fault = faultIn(await within(STATUS_MS, statusOf(socket)));
      if (fault !== undefined) return { kind: "failed", why: fault };
    }
    await within(SEND_MS, handedOver(socket, bytes));
    return { kind: "handed-over" };
  } catch (error) {
    return { kind: "failed", why: error instanceof TooLate ? "timeout" : "unreachable" };
  } finally {
    socket.destroy();
  }
}

class TooLate extends Error {}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TooLate("it took too long")), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function happened(socket: Socket, event: "connect"): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("it closed")));
  });
}

/** All bytes, and the printer's own end of the line: what it has taken by then has reached its memory. */
function handedOver(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("close", (isFault) => (isFault ? reject(new Error("it broke off")) : resolve()));
    socket.resume();
    socket.end(bytes);
  });
}

/** Three lines between STX and ETX. */
function statusOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("it closed")));
    const listen = (chunk: Buffer): void => {
      said += chunk.toString("latin1");
      if (said.split("\u0003").length <= 3 && said.length < MOST_STATUS) return;
      socket.off("data", listen);
      resolve(said);
    };
    socket.on("data", listen);
    socket.write("~HS");
  });
}

/** ZPL II Programming Guide, ~HS: of the first line the second value is paper and the third pause, of the second the third and fourth are head and ribbon. */
function faultIn(status: string): PrintFault | undefined {
  const [first = [], second = []] = [...status.matchAll(/\u0002([^\u0003]*)\u0003/g)].map(([, line = ""]) =>
    line.split(","),
  );
  if (first[1] === "1") return "out-of-paper";
  if (second[2] === "1") return "head-open";
  if (second[3] === "1") return "out-of-ribbon";
  return first[2] === "1" ? "paused" : undefined;
}
