/** What the parts of a profile's judgement know of each other: definitions by their address. SPEC FHIR-PROFILE */
import type { ElementDefinition } from "../elements.ts";
import type { JsonObject } from "../json-value.ts";
import type { Rule } from "./rule.ts";
import type { CodeQuestion, Item, ProfileRun } from "./run.ts";

/** Judges a value whose place is `run.path` up to and including index `at`. */
export type Judge = (item: Item, at: number, run: ProfileRun) => void;

export interface Context {
  readonly kind: string;
  readonly expression: string;
}

export interface Definition {
  readonly url: string;
  readonly version: string | undefined;
  /** The type that it is about: `Patient`, `HumanName`, `Extension`. */
  readonly type: string;
  readonly tree: Rule;
  /** Where an extension may stand. */
  readonly contexts: readonly Context[];
  /** Of an extension: whether it changes the meaning of what it stands in. */
  readonly isModifier: boolean;
  /** Holds a value against the definition, in its name. */
  readonly judge: Judge;
}

export interface Definitions {
  /** By url, or `url|version`. */
  readonly find: (canonical: string) => Definition | undefined;
  /** Whether one of the codes is in the value set, when that can be listed at once. */
  readonly listedAnswer: (question: CodeQuestion) => boolean | undefined;
  /** Whether a resource or other value conforms; undefined when that cannot be told here. */
  readonly conforms: (value: JsonObject, canonical: string, run: ProfileRun) => boolean | undefined;
}

/** What compiling a profile's rules needs. */
export interface Compiling {
  readonly definitions: Definitions;
  /** The profile's whole tree, which a content reference points into. */
  readonly tree: Rule;
  /** The judge of one value by a rule; nothing when the rule says no more than R4. */
  readonly judgeOf: (rule: Rule, element: ElementDefinition | undefined) => Judge | undefined;
}
