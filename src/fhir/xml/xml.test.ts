/** FHIR XML: what is read and written, what is refused, and that nothing is lost on the way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FhirError, parseJson, parseXml, RESOURCE_TYPES, validateResource, writeJson, writeXml } from "../index.ts";
import type { JsonObject, JsonValue } from "../json-value.ts";
import { fullResource } from "../testing/example.ts";
import { officialExamples } from "../testing/examples.ts";

// 98 of the examples' 185 MB: collections of definitions, each of which is an example of its own or one of 6,781 that are made alike.
const COLLECTIONS: ReadonlySet<string> = new Set(
  "resources dataelements valueset-expansions valuesets v3-valuesets v2-valuesets profiles-others extensions"
    .split(" ")
    .map((name) => `Bundle-${name}`),
);
/** EIRA_LONG=1 takes the collections too. */
const IS_LONG = process.env["EIRA_LONG"] === "1";

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const patient = (inside: string): string => `<Patient xmlns="http://hl7.org/fhir">${inside}</Patient>`;
const json = (text: string): JsonObject => parseJson(text) as JsonObject;

/** The text of a value with members in order of name, numbers as written. */
function canonical(value: JsonValue): string {
  return writeJson(sorted(value));
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(sorted);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const members = value as JsonObject;
  return Object.fromEntries(
    Object.keys(members)
      .toSorted()
      .map((name) => [name, sorted(members[name] ?? null)]),
  );
}

function refused(text: string, expected: RegExp): void {
  assert.throws(
    () => parseXml(text),
    (error) => {
      assert.ok(error instanceof FhirError, String(error));
      assert.equal(error.status, 400);
      assert.match(error.issues[0]?.en ?? "", expected);
      return true;
    },
  );
}

test("FHIR-XML-1 all official examples go from JSON to XML and back unchanged, numbers as text", () => {
  let seen = 0;
  let left = 0;
  for (const { name, text } of officialExamples()) {
    if (!IS_LONG && COLLECTIONS.has(name)) {
      left++;
      continue;
    }
    const resource = json(text);
    const isPretty = seen % 2 === 1;
    assert.equal(canonical(parseXml(writeXml(resource, isPretty))), canonical(resource), name);
    seen++;
  }
  assert.deepEqual([seen, left], IS_LONG ? [5305, 0] : [5297, 8]);
});

test("FHIR-XML-1 a full resource of every type and choice comes back unchanged", () => {
  for (const type of RESOURCE_TYPES) {
    for (let turn = 0; turn < 4; turn++) {
      const resource = fullResource(type, turn);
      assert.equal(canonical(parseXml(writeXml(resource))), canonical(resource), `${type} ${turn}`);
    }
  }
});

test("FHIR-XML-1 any text in a value comes back as it was", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1 });
  fc.assert(
    fc.property(text, text, (family, id) => {
      const resource: JsonObject = { resourceType: "Patient", name: [{ id, family }] };
      const carried = family.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
      const back = parseXml(writeXml(resource)) as { name?: { family?: string }[] };
      assert.equal(back.name?.[0]?.family, carried);
    }),
  );
});

test("FHIR-XML-2 writes elements in R4's order, with attributes, lists, choices and the namespace", () => {
  const resource = json(
    '{"resourceType":"Observation","valueQuantity":{"unit":"mmol/l","value":6.0},"status":"final","id":"a",' +
      '"code":{"text":"<K> & \\"Na\\"\\n"},"category":[{"id":"c1"}],"extension":[{"url":"u","valueBoolean":true}]}',
  );
  assert.equal(
    writeXml(resource),
    `${HEAD}<Observation xmlns="http://hl7.org/fhir"><id value="a"/><extension url="u"><valueBoolean value="true"/></extension>` +
      `<status value="final"/><category id="c1"/><code><text value="&lt;K&gt; &amp; &quot;Na&quot;&#10;"/></code>` +
      `<valueQuantity><value value="6.0"/><unit value="mmol/l"/></valueQuantity></Observation>`,
  );
});

test("FHIR-XML-2 a pretty text has an element on each line and means the same", () => {
  const resource = json('{"resourceType":"Patient","name":[{"given":["A","B"]}],"active":true}');
  const pretty = writeXml(resource, true);
  assert.equal(pretty.split("\n").length, 8);
  assert.equal(canonical(parseXml(pretty)), canonical(resource));
});

test("FHIR-XML-3 extensions and ids of plain values stand with them, also in lists with gaps", () => {
  const resource = json(
    '{"resourceType":"Patient","name":[{"given":["A",null,"C"],"_given":[null,{"extension":[{"url":"u","valueCode":"x"}]},{"id":"i"}]}],' +
      '"_birthDate":{"extension":[{"url":"u","valueCode":"y"}]},"gender":"male","_gender":{"id":"g"}}',
  );
  const text = writeXml(resource);
  assert.match(text, /<given value="A"\/><given><extension url="u">.*<\/given><given value="C" id="i"\/>/);
  assert.equal(canonical(parseXml(text)), canonical(resource));
  assert.equal(canonical(parseXml(patient("<active/>"))), '{"_active":{},"resourceType":"Patient"}');
  assert.ok(validateResource(parseXml(patient("<active/>"))).length > 0);
});

test("FHIR-XML-4 contained resources, entries and parameters hold resources of their own", () => {
  const bundle = json(
    '{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Parameters","parameter":[' +
      '{"name":"p","resource":{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o"},{"resourceType":"Basic","id":"b","code":{"text":"x"}}]}}]}}]}',
  );
  assert.equal(canonical(parseXml(writeXml(bundle))), canonical(bundle));
  refused(patient("<contained/>"), /a resource/);
  refused(patient("<contained><Nothing/></contained>"), /a resource/);
  refused(patient("<contained><Patient/><Patient/></contained>"), /end tag/);
});

test("FHIR-XML-5 the narrative is kept character for character, and one that is unsound becomes plain text", () => {
  const div = '<div xmlns="http://www.w3.org/1999/xhtml"><!-- > --><p title="a>b">x&amp;y<br/>  z</p>\n</div>';
  const back = parseXml(patient(`<text><status value="generated"/>${div}</text>`)) as { text?: { div?: string } };
  assert.equal(back.text?.div, div);
  const escaping = json(
    '{"resourceType":"Patient","text":{"status":"generated","div":"</div></text><active value=\'x\'/>"}}',
  );
  const text = parseXml(writeXml(escaping));
  assert.deepEqual(Object.keys(text), ["resourceType", "text"]);
});

test("FHIR-XML-6 numbers and truth values are read by their type, and kept as they were written", () => {
  const observation = (value: string): string =>
    `<Observation xmlns="http://hl7.org/fhir"><valueQuantity><value value="${value}"/></valueQuantity></Observation>`;
  for (const text of ["6.0", "1.00", "1e3", "0.000000000000000001", "123456789012345678901234567890", "-0"])
    assert.match(writeJson(parseXml(observation(text))), new RegExp(`"value":${text.replace(".", "\\.")}[}]`));
  assert.match(writeJson(parseXml(observation("six"))), /"value":"six"/);
  assert.ok(validateResource(parseXml(observation("six"))).some(({ expression }) => expression?.endsWith("value")));
  assert.equal(parseXml(patient('<active value="true"/>'))["active"], true);
  assert.equal(parseXml(patient('<active value="yes"/>'))["active"], "yes");
});

test("FHIR-XML-7 what R4 does not have, or has elsewhere, is refused with line and column", () => {
  refused(patient('\n  <nothing value="x"/>'), /line 2, column 3\. Expected an element that FHIR R4 has here/);
  refused(patient('<gender value="male"/><active value="true"/>'), /order/);
  refused(patient('<active value="true"/><active value="false"/>'), /only once/);
  refused(patient('<deceasedBoolean value="true"/><deceasedDateTime value="2026"/>'), /only once/);
  refused(patient('<active value="true" code="x"/>'), /attributes that FHIR R4 has/);
  refused('<Patient id="x" xmlns="http://hl7.org/fhir"/>', /attributes that FHIR R4 has/);
  refused(patient("<name>Anna</name>"), /an element/);
  refused("<Patient/>", /namespace/);
  refused('<f:Patient xmlns:f="http://hl7.org/fhir"/>', /namespace/);
  refused(patient('<name xmlns="urn:other"/>'), /namespace/);
  refused('<Nothing xmlns="http://hl7.org/fhir"/>', /a resource/);
  assert.throws(() => parseXml("  \n"), { code: "BODY_EMPTY" });
});

test("FHIR-XML-8 no document type, entity, CDATA or other encoding is read, so nothing expands and nothing is fetched", () => {
  refused(`<!DOCTYPE Patient [<!ENTITY x SYSTEM "file:///etc/passwd">]>${patient("")}`, /no document type/);
  refused(`<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${patient('<id value="&b;"/>')}`, /no document type/);
  refused(patient('<id value="&x;"/>'), /known character/);
  refused(patient("<![CDATA[x]]>"), /CDATA/);
  refused(patient('<text><div xmlns="http://www.w3.org/1999/xhtml"><![CDATA[x]]></div></text>'), /CDATA/);
  refused(`<?xml version="1.0" encoding="UTF-16"?>${patient("")}`, /UTF-8/);
  refused(patient('<id value="&#0;"/>'), /permits/);
  refused(patient('<id value="&#xD800;"/>'), /permits/);
  refused(patient('<id value="&#x110000;"/>'), /permits/);
  refused(patient('<id value="\u0000"/>'), /permits/);
});

test("FHIR-XML-9 text that is not well formed is refused", () => {
  for (const text of [
    "<",
    "<Patient",
    '<Patient xmlns="http://hl7.org/fhir">',
    `${patient("")}${patient("")}`,
    `${patient("")}x`,
    patient("<name>"),
    patient("</name>"),
    patient('<active value="true'),
    patient('<active value=true"/>'),
    patient('<active value="a" value="b"/>'),
    patient('<active value="<"/>'),
    patient("<!-- "),
    patient('<text><div xmlns="http://www.w3.org/1999/xhtml"><p></text>'),
  ])
    refused(text, /not valid FHIR XML/);
});

test("FHIR-XML-9 a resource with characters taken away or put in never gives anything but an answer or a refusal", () => {
  const text = writeXml(fullResource("Observation", 1));
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(5), fc.string({ maxLength: 3 }), (at, gone, put) => {
      try {
        parseXml(text.slice(0, at) + put + text.slice(at + gone));
      } catch (error) {
        assert.ok(error instanceof FhirError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test("FHIR-XML-10 nesting ends at 100 levels, and long texts are read in proportion to their length", () => {
  const deep = (levels: number): string => patient("<extension>".repeat(levels) + "</extension>".repeat(levels));
  refused(deep(100), /nesting/);
  assert.ok(parseXml(deep(90)));
  const started = performance.now();
  for (const piece of [
    "<name/>",
    '<name><given value="a"/></name>',
    '<extension url="u"/>',
    "<!-- x -->",
    "<!--",
    "&amp;",
    "<name ",
    " ",
  ]) {
    const long = piece.repeat(200_000);
    try {
      parseXml(patient(long));
    } catch (error) {
      assert.ok(error instanceof FhirError);
    }
  }
  const given = '<given value="a"/><given id="i"/>'.repeat(100_000);
  assert.equal(
    (parseXml(patient(`<name>${given}</name>`)) as { name: { given: [] }[] }).name[0]?.given.length,
    200_000,
  );
  assert.ok(performance.now() - started < 20_000);
});
