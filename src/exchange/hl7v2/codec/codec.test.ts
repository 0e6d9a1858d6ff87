/** Rules EXCH-HL7-PARSE, -VALUE, -ESCAPE, -CHARSET and -BUILD. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  buildMessage,
  charsetNamed,
  escapeText,
  Hl7Error,
  parseMessage,
  unescapeText,
  USUAL_DELIMITERS,
  withField,
  type Charset,
  type Delimiters,
  type Hl7Limits,
  type ParseOptions,
} from "./index.ts";

const LAB = [
  "MSH|^~\\&|LAB|HUS|EIRA|REGION|20261122120000||ORU^R01^ORU_R01|M1|P|2.5.1|||AL|NE||UNICODE UTF-8",
  'PID|1||191212121212^^^SKV^PNR~R77^^^LAB^MR||Ågren&von&Ågren^Åsa^""||19121212|F',
  "ZXY|what nobody understands|a^b&c~d||",
  "OBX|1|TX|1^A||ingen växt \\T\\ inga bakterier\\.br\\rad två \\H\\T\\N\\||||||F",
  "OBX|2|TX|1^A||a & b||||||F",
].join("\r");

const bytesOf = (text: string, charset: "utf8" | "latin1" = "utf8"): Buffer => Buffer.from(text, charset);
const read = (text: string, options?: ParseOptions) => parseMessage(bytesOf(text), options);

function fault(bytes: Uint8Array, options?: ParseOptions): string {
  try {
    parseMessage(bytes, options);
  } catch (error) {
    assert.ok(error instanceof Hl7Error, String(error));
    return `${error.fault} ${error.place}`;
  }
  return assert.fail("it was read");
}

/** Five or six different signs. */
const delimiters: fc.Arbitrary<Delimiters> = fc
  .tuple(fc.shuffledSubarray("|^~\\&#!$%*+/:;<=>?@_`{}()[]'-,".split(""), { minLength: 6, maxLength: 6 }), fc.boolean())
  .map(([[field = "", component = "", repetition = "", escape = "", subcomponent = "", last = ""], is]) => ({
    field,
    component,
    repetition,
    escape,
    subcomponent,
    truncation: is ? last : "",
  }));
const word = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom('""', "ingen", "a|b^c~d&e\\f", "\\", "\r\n", "µ ≥ −"),
);
const name = fc.stringMatching(/^[A-LN-Z][A-Z0-9]{2}$/);

test("EXCH-HL7-PARSE-1 delimiters of the message itself, CR, LF and CR LF", () => {
  const text = read(LAB).text();
  assert.equal(text, `${LAB}\r`);
  for (const end of ["\r", "\n", "\r\n"]) {
    assert.equal(read(LAB.replaceAll("\r", end)).text(), text);
    assert.equal(read(`${end}${LAB.replaceAll("\r", end)}${end}${end}`).text(), text);
  }
  const odd = read("MSH#*%$!#A#B\rPID#1##x*y!z%$F$#w");
  assert.deepEqual(odd.many("PID-3.1"), ["x", "#"]);
  assert.equal(odd.maybeOne("PID-3[1].2.2"), "z");
  assert.equal(odd.maybeOne("MSH-2"), "*%$!");
  const few = read("MSH|^|A\rOBX|1|TX|||a~b\\F\\&c");
  assert.equal(few.maybeOne("OBX-5"), "a~b\\F\\&c");
  assert.equal(few.maybeOne("OBX-5.1.1"), "a~b\\F\\&c");
  assert.equal(read("MSH|^~\\&#|A\rOBX|1|TX|||a\\P\\").maybeOne("OBX-5"), "a#");
  assert.equal(parseMessage(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytesOf(LAB)])).text(), text);
});

test("EXCH-HL7-PARSE-2 what is written again is the same to the byte", () => {
  const raw = fc
    .string({ unit: fc.constantFrom(...'abå≥|^~\\& "\n.XF\t\u0085'.split("")) })
    .filter((text) => !/\n[A-Z]/.test(text));
  const segment = fc
    .tuple(name, fc.array(raw, { maxLength: 6 }))
    .map(([first, fields]) => [first, ...fields].join("|"));
  const message = fc.array(segment, { maxLength: 8 }).map((rest) => ["MSH|^~\\&|A|B", ...rest, ""].join("\r"));
  fc.assert(
    fc.property(message, (text) => {
      assert.deepEqual(parseMessage(bytesOf(text)).bytes(), bytesOf(text));
    }),
    { numRuns: 500 },
  );
  const latin = bytesOf("MSH|^~\\&||||||||||||||||8859/1\rPID|1||||Åäö\xb5\r", "latin1");
  const changed = withField(parseMessage(latin), { segment: 1, field: 8 }, "F");
  assert.equal(changed.bytes().toString("latin1"), `${latin.toString("latin1").slice(0, -1)}|||F\r`);
});

test("EXCH-HL7-PARSE-3 what cannot be read says where, and nothing else is thrown", () => {
  const wrong: readonly (readonly [string, string])[] = [
    ["", "not-hl7 MSH"],
    ["PID|1", "not-hl7 MSH"],
    ["BHS|^~\\&|\rMSH|^~\\&|", "not-hl7 MSH"],
    ["MSH", "delimiters MSH-2"],
    ["MSH|", "delimiters MSH-2"],
    ["MSHA^~\\&A", "delimiters MSH-2"],
    ["MSH|^^\\&|", "delimiters MSH-2"],
    ['MSH|^~\\"|', "delimiters MSH-2"],
    ["MSH|^~\\&|\rPID|1\rtext that went on", "segment line 3"],
    ["MSH|^~\\&|\rPIDX1", "segment line 2"],
    ["MSH|^~\\&|\rPID|1\nOBX|1\rOBX|2", "segment line 2"],
    ["MSH|^~\\&|\rPID|1\rMSH|^~\\&|", "segment line 3"],
    ["MSH|^~\\&||||||||||||||||KLINGON", "charset MSH-18"],
  ];
  for (const [text, told] of wrong) assert.equal(fault(bytesOf(text)), told, text);
  const secret = "MSH|^~\\&|\rPID|1\rSvensson är sjuk";
  assert.throws(
    () => read(secret),
    (error: Error) => !/Svensson/.test(error.message + String(error.stack)),
  );
  const bytes = bytesOf(LAB);
  const broken = fc
    .tuple(fc.nat(bytes.length), fc.uint8Array({ maxLength: 6 }), fc.nat(5))
    .map(([at, put, gone]) => Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + gone)]));
  fc.assert(
    fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 60 })), (noise) => {
      try {
        const message = parseMessage(noise);
        for (const { name: one, number, fields } of message.segments)
          for (let field = 1; field < fields.length; field += 1) message.many(`${one}[${number}]-${field}.1.1`);
      } catch (error) {
        assert.ok(error instanceof Hl7Error, String(error));
      }
    }),
    { numRuns: 1500 },
  );
});

test("EXCH-HL7-PARSE-4 limits of size, segments and fields", () => {
  const limits: Hl7Limits = { bytes: 60, segments: 3, fields: 5 };
  assert.equal(fault(Buffer.alloc(61, "a"), { limits }), "limit MSH");
  assert.equal(fault(bytesOf("MSH|^~\\&|\rA01\rA01\rA01"), { limits }), "limit MSH");
  assert.equal(fault(bytesOf("MSH|^~\\&|\rA01|1|2|3|4|5|6"), { limits }), "limit A01");
  assert.equal(parseMessage(bytesOf("MSH|^~\\&|\rA01|1|2|3|4|5\rA01"), { limits }).segments.length, 3);
  const started = performance.now();
  parseMessage(bytesOf(`MSH|^~\\&|A\rOBX|1|TX|||${"\\".repeat(2_000_000)}`)).maybeOne("OBX-5");
  assert.ok(performance.now() - started < 3000);
});

test("EXCH-HL7-VALUE-1 places, nothing said, HL7's null", () => {
  const message = read(LAB);
  assert.equal(message.maybeOne("MSH-1"), "|");
  assert.equal(message.maybeOne("MSH-9.3"), "ORU_R01");
  assert.equal(message.maybeOne("PID-3[2].5"), "MR");
  assert.deepEqual(message.many("PID-3.1"), ["191212121212", "R77"]);
  assert.equal(message.maybeOne("PID-5.1.2"), "von");
  assert.equal(message.maybeOne("PID-5.3"), null);
  assert.equal(message.maybeOne("PID-5.4"), undefined);
  assert.equal(message.maybeOne("PID-40"), undefined);
  assert.equal(message.maybeOne("PV1-2"), undefined);
  assert.equal(message.maybeOne("OBX[2]-3.2"), "A");
  assert.deepEqual(message.many("OBX-1"), ["1", "2"]);
  assert.deepEqual(
    message.all("OBX").map(({ number }) => number),
    [1, 2],
  );
  for (const place of ["PID", "PID-0", "PID-1.0", "pid-1", "PID-x"])
    assert.throws(() => message.maybeOne(place), RangeError);
});

test("EXCH-HL7-VALUE-2 nothing that stands at a place is taken away, and several are not taken for one", () => {
  const message = read(LAB);
  assert.equal(message.maybeOne("OBX[2]-5"), "a & b");
  assert.equal(message.maybeOne("PID-5.1"), "Ågren&von&Ågren");
  assert.equal(message.maybeOne("OBX[1]-5"), "ingen växt & inga bakterier\nrad två \\H\\T\\N\\");
  assert.throws(
    () => message.maybeOne("PID-3.1"),
    (error: Hl7Error) => error.fault === "several" && error.place === "PID[1]-3",
  );
  assert.throws(
    () => message.maybeOne("OBX-5"),
    (error: Hl7Error) => error.fault === "several",
  );
});

test("EXCH-HL7-ESCAPE-1 every text comes back, with any delimiters; what is not understood is kept", () => {
  fc.assert(
    fc.property(word, delimiters, fc.constantFrom<Charset>("utf-8", "iso-8859-1"), (text, own, charset) => {
      const syntax = { delimiters: own, charset };
      const raw = escapeText(text, syntax);
      assert.equal(unescapeText(raw, syntax), text);
      for (const sign of [own.field, own.component, own.repetition, own.subcomponent]) assert.ok(!raw.includes(sign));
      assert.ok(!/[\r\n\x0b\x1c]/.test(raw));
    }),
    { numRuns: 1000 },
  );
  const syntax = { delimiters: USUAL_DELIMITERS, charset: "iso-8859-1" as const };
  const kept = ["\\H\\T\\N\\", "\\.sp+3\\T", "\\C2842\\E", "\\Zabc\\F", "C:\\temp", "\\", "\\\\", "\\X4\\", "\\XG0\\x"];
  for (const raw of kept) assert.equal(unescapeText(raw, syntax), raw);
  assert.equal(unescapeText("C:\\temp\\T\\x", syntax), "C:\\temp&x");
  assert.equal(unescapeText("\\XE5\\\\X0D0A\\\\.br\\", syntax), "å\r\n\n");
  const none = { ...syntax, delimiters: { ...USUAL_DELIMITERS, escape: "" } };
  assert.equal(escapeText("abc", none), "abc");
  for (const text of ["a|b", '""', "\r"]) assert.throws(() => escapeText(text, none), Hl7Error);
});

test("EXCH-HL7-CHARSET-1 MSH-18 decides, else the configuration", () => {
  const message = (told: string): Buffer => bytesOf(`MSH|^~\\&||||||||||||||||${told}\rPID|1||||Åsa`, "latin1");
  for (const told of ["8859/1", "ISO8859-1", "iso-8859-1", "8859/1~UNICODE UTF-8", "8859/15", "WINDOWS-1252"])
    assert.equal(parseMessage(message(told)).maybeOne("PID-5"), "Åsa", told);
  assert.equal(parseMessage(message(""), { charset: "iso-8859-1" }).maybeOne("PID-5"), "Åsa");
  assert.equal(fault(message("")), "charset PID[1]-5");
  const dash = bytesOf("MSH|^~\\&|\rPID|1||||a\x96b\x80", "latin1");
  assert.equal(parseMessage(dash, { charset: "windows-1252" }).maybeOne("PID-5"), "a–b€");
  assert.deepEqual(parseMessage(dash, { charset: "windows-1252" }).bytes(), Buffer.concat([dash, bytesOf("\r")]));
  assert.equal(charsetNamed("UNICODE UTF-8"), "utf-8");
  assert.equal(charsetNamed("utf-16"), undefined);
});

test("EXCH-HL7-CHARSET-2 a byte that is no character, and a character that the set lacks, say where", () => {
  const head = "MSH|^~\\&||||||||||||||||";
  const latin = (text: string): Buffer => bytesOf(text, "latin1");
  assert.equal(fault(latin(`${head}8859/1\rOBX|1\rOBX|2|a|\x96`)), "charset OBX[2]-3");
  assert.equal(fault(latin(`${head}UNICODE UTF-8\rOBX|1|\xe5`)), "charset OBX[1]-2");
  assert.equal(fault(latin(`${head}ASCII\rOBX|\xe5`)), "charset OBX[1]-1");
  assert.equal(fault(latin(`${head}WINDOWS-1252\rOBX|\x81`)), "charset OBX[1]-1");
  assert.equal(fault(latin("MSH|^~\\&|\xe5|")), "charset MSH-3");
  const built = buildMessage(
    [
      ["MSH", { 9: ["ORU", "R01"] }],
      ["OBX", { 5: "värde ≥ 3" }],
    ],
    { charset: "iso-8859-1" },
  );
  assert.throws(
    () => built.bytes(),
    (error: Hl7Error) => error.fault === "unwritable" && error.place === "OBX[1]-5",
  );
  assert.throws(() => buildMessage([["MSH", { 3: "\ud800" }]]).bytes(), Hl7Error);
});

test("EXCH-HL7-BUILD-1 a message that is built reads as what was put into it", () => {
  const words = fc.string({ unit: "grapheme", minLength: 1 });
  const component = fc.oneof(words, fc.constant(null), fc.constant(undefined));
  fc.assert(
    fc.property(
      fc.array(fc.array(component, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
      delimiters,
      (repeats, own) => {
        const built = buildMessage(
          [
            ["MSH", { 10: "1" }],
            ["PID", { 3: { repeats } }],
          ],
          { delimiters: own },
        );
        const again = parseMessage(built.bytes());
        const nothing = repeats.length === 1 && repeats[0]?.every((one) => one === undefined);
        for (const [at, parts] of repeats.entries())
          for (const [number, one] of parts.entries())
            assert.equal(again.maybeOne(`PID-3[${at + 1}].${number + 1}`), nothing ? undefined : one);
      },
    ),
    { numRuns: 500 },
  );
  const built = buildMessage([
    ["MSH", { 9: ["ORU", "R01"] }],
    ["PID", { 5: [{ parts: ["Berg", "von"] }, undefined, null] }],
  ]);
  assert.equal(built.text(), 'MSH|^~\\&|||||||ORU^R01|||||||||UNICODE UTF-8\rPID|||||Berg&von^^""\r');
  assert.throws(() => buildMessage([["pid", {}]]), Hl7Error);
});
