/**
 * Definitions as they are published: a folder of JSON files or an npm package (.tgz) of them, as documents that `import`
 * takes in, one resource each. What is not a definition (examples, the guide itself, a table of contents) is passed over.
 *
 * SPEC CLI-IMPORT-5 · https://hl7.org/fhir/packages.html
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { isError, isJsonObject, parseJson, validateResource, writeJson, type JsonObject } from "../fhir/index.ts";

const DEFINITIONS: ReadonlySet<string> = new Set(["StructureDefinition", "ValueSet", "CodeSystem", "ConceptMap"]);
/** More than any package has, unpacked. */
const MOST_BYTES = 1024 ** 3;

export function isPackage(file: string): boolean {
  return file.endsWith(".tgz") || statSync(file).isDirectory();
}

/** How many bytes the documents come from. */
export function packageSize(file: string): number {
  return file.endsWith(".tgz")
    ? statSync(file).size
    : jsonFiles(file).reduce((sum, one) => sum + statSync(one).size, 0);
}

/** A bundle for each definition, with how many bytes have been read. */
export function* packageDocuments(file: string): Generator<readonly [text: string, bytes: number]> {
  const isArchive = file.endsWith(".tgz");
  const texts = isArchive ? archivedTexts(readFileSync(file)) : jsonFiles(file).map((one) => readFileSync(one, "utf8"));
  let bytes = isArchive ? statSync(file).size : 0;
  for (const text of texts) {
    if (!isArchive) bytes += Buffer.byteLength(text);
    const bundle = bundleOf(text);
    if (bundle !== undefined) yield [bundle, bytes];
  }
}

function jsonFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => join(folder, name));
}

/** A bundle that puts a definition in its place under its own id; nothing for what is no definition. */
function bundleOf(text: string): string | undefined {
  const resource = parseJson(text);
  if (!isJsonObject(resource)) return undefined;
  const { resourceType, id } = resource;
  if (typeof resourceType !== "string" || !DEFINITIONS.has(resourceType) || typeof id !== "string") return undefined;
  const entry = [{ resource: withoutBadText(resource), request: { method: "PUT", url: `${resourceType}/${id}` } }];
  return writeJson({ resourceType: "Bundle", type: "transaction", entry });
}

/** The text of a published definition is made for its web site and may refer to files there; without it nothing is lost. */
function withoutBadText(resource: JsonObject): JsonObject {
  const isBad = validateResource(resource).some(
    (issue) => isError(issue) && issue.expression?.includes(".text.") === true,
  );
  return isBad ? { ...resource, text: undefined } : resource;
}

const BLOCK = 512;

/** The JSON files at the top of a package. https://www.gnu.org/software/tar/manual/html_node/Standard.html */
function archivedTexts(archive: Buffer): string[] {
  const tar = gunzipSync(archive, { maxOutputLength: MOST_BYTES });
  const texts: string[] = [];
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK);
    const word = (from: number, to: number): string => header.toString("utf8", from, to).replace(/\0.*$/s, "");
    const size = parseInt(word(124, 136), 8) || 0;
    const [name, kind] = [word(0, 100), word(156, 157)];
    const isFile = kind === "0" || kind === "";
    if (isFile && /^package\/[^/.][^/]*\.json$/.test(name))
      texts.push(tar.toString("utf8", at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return texts;
}
