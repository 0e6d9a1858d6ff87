/**
 * The official test identity numbers, for tests. They lie beside the checkout (../shared/data/personnummer, Skatteverket's
 * open data); where they are missing a test says so and is skipped, and on the build server it fails.
 */
import { existsSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../../../shared/data/personnummer/", import.meta.url);

/** For `test`'s options: a reason to skip when the numbers are not there. */
export const needsOfficialNumbers = { skip: reasonToSkip() };

export function officialPersonnummer(): readonly string[] {
  return read("skatteverket-testpersonnummer.txt").split(/\r?\n/).filter(Boolean);
}

export function officialSamordningsnummer(): readonly string[] {
  return JSON.parse(read("allCoords.json")) as string[];
}

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), "utf8");
}

function reasonToSkip(): string | false {
  if (existsSync(new URL("allCoords.json", FOLDER))) return false;
  const reason = "THE OFFICIAL TEST NUMBERS ARE MISSING (../shared/data/personnummer)";
  if (process.env["CI"] === "true") throw new Error(reason);
  console.warn(reason);
  return reason;
}
