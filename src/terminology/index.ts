/**
 * Code systems, value sets and concept maps: what a code means, which codes a value set has, what lies below what.
 * SPEC: SPEC.md in this folder.
 */
export { Budget } from "./budget.ts";
export { closure, type ClosureAsk } from "./closure.ts";
export { expand } from "./expand.ts";
export { hl7Systems, hl7Texts } from "./hl7.ts";
export { importSystem, IMPORT_KINDS, isImportKind, type ImportFile, type ImportKind } from "./importers/index.ts";
export { canonicalOf, Library, type Canonical } from "./library.ts";
export { lookup } from "./lookup.ts";
export { meaningOf, type Meaning } from "./meaning.ts";
export { parameterMissing } from "./refusals.ts";
export { languagesOf, type Coding, type Scope } from "./scope.ts";
export { subsumes } from "./subsumes.ts";
export { TermCache } from "./term-cache.ts";
export { translate, type TranslateOptions } from "./translate.ts";
export { validateInSystem, validateInValueSet, type AskedCoding } from "./validate-code.ts";
