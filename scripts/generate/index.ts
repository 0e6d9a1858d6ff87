/**
 * Writes src/fhir/generated and src/terminology/generated from the R4 definitions. With --check it writes nothing and fails when
 * what is committed differs: `node --import tsx scripts/generate/index.ts [--check]`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { definitionsFile } from "./definitional.ts";
import { elementsFile, valueSetsFile } from "./elements.ts";
import { invariantsFile } from "./invariants.ts";
import { compartmentsFile, resourceTypesFile } from "./resource-types.ts";
import { searchParametersFile } from "./search-parameters.ts";
import { terminologyFile } from "./terminology.ts";

const FOLDER = new URL("../../src/fhir/generated/", import.meta.url);
const TERMINOLOGY = "../../terminology/generated/hl7.ts";

const FILES: Readonly<Record<string, () => string>> = {
  "resource-types.ts": resourceTypesFile,
  "search-parameters.ts": searchParametersFile,
  "compartments.ts": compartmentsFile,
  "elements.ts": elementsFile,
  "definitions.ts": definitionsFile,
  "value-sets.ts": valueSetsFile,
  "invariants.ts": invariantsFile,
  [TERMINOLOGY]: terminologyFile,
};

function committed(name: string): string {
  try {
    return readFileSync(new URL(name, FOLDER), "utf8");
  } catch {
    return "";
  }
}

const isCheck = process.argv.includes("--check");
for (const [name, make] of Object.entries(FILES)) {
  const text = make();
  const isSame = committed(name) === text;
  console.log(`${isSame ? "same   " : "differs"} ${name} ${text.length.toLocaleString("en")} characters`);
  if (isSame) continue;
  if (isCheck) process.exitCode = 1;
  else writeFileSync(new URL(name, FOLDER), text);
}
