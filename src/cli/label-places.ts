/** The label printers of an installation and where they stand, from the file that the settings name. SPEC CLI-PRINTERS */
import { readFileSync } from "node:fs";
import { labelPlacesIn, type LabelPlace } from "../exchange/index.ts";

/** No file is no printers: labels are printed by the browser. Errors: an Error that names the file and what is wrong in it. */
export function labelPlacesAt(file: string | undefined): readonly LabelPlace[] {
  if (file === undefined) return [];
  try {
    return labelPlacesIn(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`EIRA_PRINTERS: ${file} cannot be used. ${(error as Error).message}`, { cause: error });
  }
}
