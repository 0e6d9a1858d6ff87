/** Rules EXCH-PRINT of SPEC.md: labels on a socket of a printer of the test's own. */
import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { labelPlacesIn, sendToPrinter, zplOf, type LabelText, type Printer } from "./index.ts";

const FILE = {
  printers: [{ name: "zebra-3", title: "Zebra exp 3", host: "10.1.2.3", tellsStatus: true }],
  places: [
    { code: "EXP3", title: "Expedition 3", unit: "SE1-E1", printer: "zebra-3" },
    { code: "ROND", title: "Rondvagn", unit: "SE1-E1" },
  ],
};

test("EXCH-PRINT-1 places lead to printers that are declared; anything that is wrong is said with its place", () => {
  const places = labelPlacesIn(JSON.stringify(FILE));
  assert.deepEqual(places.map(({ code, printer }) => [code, printer?.title, printer?.port]), [["EXP3", "Zebra exp 3", 9100], ["ROND", undefined, undefined]]); // prettier-ignore
  const [printer] = FILE.printers;
  const [place] = FILE.places;
  const wrong: readonly (readonly [RegExp, object])[] = [
    [/printers: a list/, { ...FILE, printers: undefined }],
    [/printers\[0\]\.port/, { ...FILE, printers: [{ ...printer, port: 70_000 }] }],
    [/printers\[0\]\.host/, { ...FILE, printers: [{ ...printer, host: "a b" }] }],
    [/printers\[1\]\.name/, { ...FILE, printers: [printer, printer] }],
    [/printers\[0\]\.tellsStatus/, { ...FILE, printers: [{ ...printer, tellsStatus: "ja" }] }],
    [/places\[0\]\.printer/, { ...FILE, places: [{ ...place, printer: "nobody" }] }],
    [/places\[1\]\.code/, { ...FILE, places: [place, { ...place, code: "exp3" }] }],
    [/places\[0\]\.unit/, { ...FILE, places: [{ ...place, unit: "" }] }],
    [/places\[0\]\.title/, { ...FILE, places: [{ ...place, title: " " }] }],
  ];
  for (const [why, file] of wrong) assert.throws(() => labelPlacesIn(JSON.stringify(file)), why);
  for (const text of ["", "[]", "x"]) assert.throws(() => labelPlacesIn(text));
});

const LABEL: LabelText = {
  number: "2173504412883102",
  name: "Åkesson, Örjan",
  identity: "19121212-1212",
  tube: "EDTA-rör 4 ml",
  analyses: ["B-Hemoglobin", "B-Leukocyter"],
  isUrgent: true,
};

test("EXCH-PRINT-2 a label has its number as code and digits and the whole identity; names are no commands, and what has no room is seen to be cut", () => {
  const text = zplOf([LABEL]).toString("utf8");
  assert.match(text, /^\^XA\^CI28/);
  assert.match(text, /\^BCN,66,N,N,N,N\^FD>;2173504412883102\^FS/);
  for (const said of ["Åkesson, Örjan", "19121212-1212   AKUT", "2173 5044 1288 3102", "EDTA-rör 4 ml: B-Hemoglobin, B-Leukocyter"]) assert.ok(text.includes(`^FD${said}^FS`), said); // prettier-ignore
  assert.match(text, /\^XZ\n$/);
  const evil = zplOf([{ ...LABEL, name: "^XZ^XA^DFR:~JR_5E\\\u0002\n", analyses: ["x".repeat(300)] }]).toString("utf8");
  assert.equal(evil.match(/\^XA/g)?.length, 1);
  assert.equal(evil.match(/\^XZ/g)?.length, 1);
  assert.doesNotMatch(evil, /~|\u0002/);
  assert.match(evil, /x…\^FS/);
  assert.ok(zplOf([{ ...LABEL, name: null }]).includes("Skyddade personuppgifter"));
  assert.equal(zplOf([LABEL, LABEL]).toString().match(/\^XA/g)?.length, 2);
});

type Heard = { readonly printer: Printer; readonly bytes: () => string; readonly connections: () => number };

/** A printer that takes what comes, or does what it is told instead. */
async function printerOf(
  t: TestContext,
  given: { readonly status?: string; readonly on?: (socket: Socket) => void } = {},
): Promise<Heard> {
  // prettier-ignore
  let heard = "";
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined);
    given.on?.(socket);
    socket.on("data", (chunk: Buffer) => {
      heard += chunk.toString("utf8");
      if (given.status !== undefined && heard.startsWith("~HS")) {
        heard = heard.slice(3);
        socket.write(given.status);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const printer = { name: "test", title: "Test", host: "127.0.0.1", port, tellsStatus: given.status !== undefined };
  return { printer, bytes: () => heard, connections: () => connections };
}

const statusOf = (first: string, second: string): string => `\u0002${first}\u0003\r\n\u0002${second}\u0003\r\n\u00021234,0\u0003\r\n`; // prettier-ignore
const WELL = ["030,0,0,0245,000,0,0,0,000,0,0,0", "001,0,0,0,1,2,6,0,00000000,1,000"] as const;

test("EXCH-PRINT-3 the bytes arrive once; a printer that is away, silent, breaks off, is out of paper, open or paused is told, and nothing is tried again", async (t) => {
  const bytes = zplOf([LABEL]);
  const plain = await printerOf(t);
  assert.deepEqual(await sendToPrinter(plain.printer, bytes), { kind: "handed-over" });
  assert.equal(plain.bytes(), bytes.toString());
  const asked = await printerOf(t, { status: statusOf(...WELL) });
  assert.deepEqual(await sendToPrinter(asked.printer, bytes), { kind: "handed-over" });
  assert.equal(asked.bytes(), bytes.toString());
  const ill: readonly (readonly [string, string, string])[] = [
    ["out-of-paper", WELL[0].replace("030,0", "030,1"), WELL[1]],
    ["paused", WELL[0].replace("030,0,0", "030,0,1"), WELL[1]],
    ["head-open", WELL[0], WELL[1].replace("001,0,0", "001,0,1")],
    ["out-of-ribbon", WELL[0], WELL[1].replace("001,0,0,0", "001,0,0,1")],
  ];
  for (const [why, first, second] of ill) {
    const one = await printerOf(t, { status: statusOf(first, second) });
    assert.deepEqual(await sendToPrinter(one.printer, bytes), { kind: "failed", why });
    assert.equal(one.bytes(), "");
    assert.equal(one.connections(), 1);
  }
  const silent = await printerOf(t);
  assert.deepEqual(await sendToPrinter({ ...silent.printer, tellsStatus: true }, bytes), { kind: "failed", why: "timeout" }); // prettier-ignore
  const broken = await printerOf(t, { on: (socket) => void socket.resetAndDestroy() });
  assert.deepEqual(await sendToPrinter({ ...broken.printer, tellsStatus: true }, bytes), { kind: "failed", why: "unreachable" }); // prettier-ignore
  assert.deepEqual(await sendToPrinter({ ...plain.printer, port: 1 }, bytes), { kind: "failed", why: "unreachable" });
});
