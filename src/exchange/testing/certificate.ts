/**
 * Servers of TLS that nobody vouches for, for tests: a certificate that is signed by itself, made anew each time (X.509 written out
 * in DER, since Node.js reads certificates and makes none). https://www.rfc-editor.org/rfc/rfc5280
 */
import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Cleanup } from "../../journal/testing/index.ts";

const [INTEGER, BITS, OCTETS, OID, TEXT, SEQUENCE, SET, TIME] = [2, 3, 4, 6, 12, 0x30, 0x31, 0x17];
const ECDSA_SHA256 = der(SEQUENCE, der(OID, Buffer.from("2a8648ce3d040302", "hex")));

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

/** A key and its certificate for a name, in PEM. `until` is written as X.509 does: `271231000000Z`. */
export function certificateFor(name: string, until: string): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const who = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, der(OID, Buffer.from("550403", "hex")), der(TEXT, Buffer.from(name)))),
  );
  const names = der(SEQUENCE, der(0x82, Buffer.from(name)));
  const extension = der(SEQUENCE, der(OID, Buffer.from("551d11", "hex")), der(OCTETS, names));
  const told = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.from([1])),
    ECDSA_SHA256,
    who,
    der(SEQUENCE, der(TIME, Buffer.from("200101000000Z")), der(TIME, Buffer.from(until))),
    who,
    publicKey.export({ format: "der", type: "spki" }),
    der(0xa3, der(SEQUENCE, extension)),
  );
  const signature = sign("sha256", told, privateKey);
  const whole = der(SEQUENCE, told, ECDSA_SHA256, der(BITS, Buffer.from([0]), signature));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  const cert = `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
  return { key: privateKey.export({ format: "pem", type: "pkcs8" }), cert };
}

/** A server of https for a name, whose certificate nobody vouches for; counts what it was asked. */
export async function strangerOfTest(
  t: Cleanup,
  name = "localhost",
  until = "491231000000Z",
): Promise<{ readonly port: number; readonly asked: () => number; readonly cert: string }> {
  let asked = 0;
  const made = certificateFor(name, until);
  const server = createServer(made, (_request, response) => {
    asked += 1;
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked: () => asked, cert: made.cert };
}
