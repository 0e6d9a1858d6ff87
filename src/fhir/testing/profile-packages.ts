/**
 * Published profiles for tests: the Swedish base profiles and the national ones in shared data, the International Patient
 * Summary from npm. Each is read in place; shared data that is not there is said to be missing, and fails in CI.
 *
 * SPEC FHIR-PROFILE-EXAMPLE
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseJson } from "../json.ts";
import type { JsonObject } from "../json-value.ts";

const SHARED = fileURLToPath(new URL("../../../../shared/data/", import.meta.url));
const IPS = dirname(createRequire(import.meta.url).resolve("hl7.fhir.uv.ips/package.json"));
const CONFORMANCE =
  /^(?:CodeSystem|ConceptMap|ImplementationGuide|Parameters|StructureDefinition|ValueSet|CapabilityStatement|OperationDefinition|Basic)-/;

export interface ProfilePackage {
  readonly name: string;
  readonly definitions: readonly JsonObject[];
  readonly examples: readonly { readonly name: string; readonly resource: JsonObject }[];
}

export function profilePackages(): ProfilePackage[] {
  return [
    packageOf("hl7se", join(SHARED, "hl7se/compiled")),
    packageOf("inera-ehds-tk", join(SHARED, "inera-ehds-tk/compiled")),
    packageOf("hl7.fhir.uv.ips", IPS, join(IPS, "example")),
  ].filter((one) => one !== undefined);
}

/** Where the packages' files are, for tests that take them in. */
export function profileFolders(): string[] {
  return [join(SHARED, "hl7se/compiled"), join(SHARED, "inera-ehds-tk/compiled"), IPS].filter((one) => existsSync(one));
}

function packageOf(name: string, folder: string, examples = folder): ProfilePackage | undefined {
  if (!existsSync(folder)) {
    if (process.env["CI"] === "true") throw new Error(`${folder} is missing`);
    console.warn(`SKIPPED: ${folder} is missing, its profiles are not tested`);
    return undefined;
  }
  const isConformance = ({ name: file }: { readonly name: string }): boolean => CONFORMANCE.test(file);
  return {
    name,
    definitions: filesIn(folder)
      .filter(isConformance)
      .map(({ resource }) => resource),
    examples: filesIn(examples).filter((one) => !isConformance(one)),
  };
}

function filesIn(folder: string): { name: string; resource: JsonObject }[] {
  return readdirSync(folder)
    .filter((file) => /^[A-Z].*\.json$/.test(file))
    .toSorted()
    .map((name) => ({ name, resource: parseJson(readFileSync(join(folder, name), "utf8")) as JsonObject }));
}
