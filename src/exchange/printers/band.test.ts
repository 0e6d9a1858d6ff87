/** Rules of SPEC.md: what a band says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bandZplOf } from "./band.ts";

const BAND = {
  number: "19950101K063",
  name: "Okänd kvinna 2026-11-22 A",
  born: "1995",
  isEstimated: true,
  sex: "female",
};

test("EXCH-PRINT-4 a band has the number as code and in text, name, year and that it is guessed; no name of somebody protected, and no command from a name", () => {
  const text = bandZplOf(BAND).toString("utf8");
  assert.match(text, /\^BCN,.*\^FD19950101K063\^FS/);
  for (const part of ["19950101-K063", "Okänd kvinna 2026-11-22 A", "Född ca 1995", "Kvinna"])
    assert.ok(text.includes(part), part);
  const hidden = bandZplOf({ ...BAND, name: null, born: null, isEstimated: false, sex: null }).toString("utf8");
  assert.ok(hidden.includes("Skyddade personuppgifter") && hidden.includes("Födelsetid okänd"));
  const sly = bandZplOf({ ...BAND, name: "A^XZ~JA" }).toString("utf8");
  assert.equal(sly.split("^XZ").length, 2);
  assert.ok(!sly.includes("~JA"));
});
