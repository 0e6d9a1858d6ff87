/**
 * Code systems from their publishers' own files into the tables. The files are read and judged whole before anything is
 * stored, so that a broken file changes nothing.
 *
 * SPEC TERM-IMPORT
 */
import type { NewConcept, NewSystem } from "../../store/index.ts";
import { readAtc } from "./atc.ts";
import type { Draft } from "./draft.ts";
import { readIcd10Se } from "./icd-10-se.ts";
import { readKva } from "./kva.ts";
import { readLoinc } from "./loinc.ts";
import { readNpu } from "./npu.ts";
import type { ImportFile } from "./rows.ts";
import { readSnomed } from "./snomed.ts";

export type { ImportFile };

type Publisher = Omit<NewSystem, "version"> & { readonly read: (files: readonly ImportFile[]) => Promise<Draft> };

const PUBLISHERS = {
  "icd-10-se": {
    url: "urn:oid:1.2.752.116.1.1.1.1.3",
    name: "ICD10SE",
    title: "ICD-10-SE",
    language: "sv",
    read: readIcd10Se,
  },
  kva: { url: "urn:oid:1.2.752.116.1.3.2.1.4", name: "KVA", title: "KVÅ", language: "sv", read: readKva },
  atc: { url: "http://www.whocc.no/atc", name: "ATC", title: "ATC", language: "en", read: readAtc },
  npu: { url: "urn:oid:1.2.752.108.1", name: "NPU", title: "NPU", language: "en", read: readNpu },
  snomed: { url: "http://snomed.info/sct", name: "SNOMEDCT", title: "SNOMED CT", language: "sv", read: readSnomed },
  loinc: { url: "http://loinc.org", name: "LOINC", title: "LOINC", language: "en", read: readLoinc },
} as const satisfies Record<string, Publisher>;

export type ImportKind = keyof typeof PUBLISHERS;

export const IMPORT_KINDS = Object.keys(PUBLISHERS) as readonly ImportKind[];

export function isImportKind(text: string): text is ImportKind {
  return Object.hasOwn(PUBLISHERS, text);
}

export type ImportOptions = {
  readonly kind: ImportKind;
  readonly files: readonly ImportFile[];
  readonly version: string;
  /** In place of the code system's usual address. */
  readonly url?: string | undefined;
  readonly language?: string | undefined;
  readonly onProgress?: (stage: "read" | "stored", concepts: number) => void;
};

/** Where the concepts go: the store. */
export type ConceptSink = {
  replaceSystem(
    system: NewSystem,
    concepts: Iterable<NewConcept>,
    onProgress?: (stored: number) => void,
  ): Promise<number>;
};

/** Takes in a code system and answers how many concepts it has. Errors: what is wrong with the files. */
export async function importSystem(sink: ConceptSink, options: ImportOptions): Promise<number> {
  const { kind, files, version, onProgress } = options;
  if (files.length === 0) throw new Error("No file was given.");
  if (version === "") throw new Error("The version of the code system is missing.");
  const { read, ...system } = PUBLISHERS[kind];
  const draft = await read(files);
  if (draft.concepts.size === 0) throw new Error("There was no concept in the files.");
  onProgress?.("read", draft.concepts.size);
  const described = {
    ...system,
    version,
    url: options.url ?? system.url,
    language: options.language ?? system.language,
  };
  return sink.replaceSystem(described, draft.numbered(), (stored) => onProgress?.("stored", stored));
}
