/** Where a server that is started for a measurement, a drill or a test may listen. */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/** A port on this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
