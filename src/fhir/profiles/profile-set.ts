/**
 * The profiles that a server has, and a resource held against those that it claims or is asked about. A definition is
 * compiled when it is first needed; the set never changes, a new one is made when a definition does.
 *
 * SPEC FHIR-PROFILE · https://hl7.org/fhir/R4/resource.html#Meta
 */
import { isJsonObject, type JsonObject } from "../json-value.ts";
import { isError, safeWord, type Issue } from "../outcomes.ts";
import { requiredCodes } from "../required-codes.ts";
import { coreType, partsOf } from "./canonical.ts";
import { compileTree } from "./compile.ts";
import type { Definition, Definitions, Judge } from "./definition.ts";
import { judgeExtensions } from "./extensions.ts";
import { PROFILE_FAULTS, type ProfileFault } from "./faults.ts";
import { enter, entriesOf, itemsIn, placeOf } from "./items.ts";
import { emptyRule, objectsOf, overlay, textOf, textsOf, treeOf, type Rule } from "./rule.ts";
import { slimDefinition } from "./slim.ts";
import {
  beginRun,
  expressionOf,
  issueOf,
  moreOf,
  spend,
  MOST_ISSUES,
  triedWith,
  type CodeQuestion,
  type Item,
  type ProfileRun,
  type Verdict,
} from "./run.ts";

export interface Judgement {
  readonly issues: readonly Issue[];
  /** What terminology must answer before it is known whether all is well. */
  readonly questions: readonly CodeQuestion[];
}

export interface JudgeOptions {
  /** Profiles to hold the resource against besides those that it claims. */
  readonly profiles?: readonly string[];
  /** Errors only: a write is not kept from anything by what is not known. */
  readonly isErrorsOnly?: boolean;
}

const DEEPEST_BASE = 30;
const DEEPEST_RESOURCE = 5;

export class ProfileSet implements Definitions {
  private readonly sources = new Map<string, JsonObject>();
  private readonly compiled = new Map<string, Definition | undefined>();
  private readonly lists = new Map<string, Readonly<Record<string, readonly string[]>>>();

  /** @param definitions StructureDefinitions, of those of the same url the one to prefer last; and ValueSets */
  constructor(definitions: Iterable<JsonObject>) {
    for (const one of definitions) this.add(one);
  }

  get size(): number {
    return this.sources.size;
  }

  /** The urls of all profiles and extensions. */
  urls(): string[] {
    return [...this.sources.keys()].filter((url) => !url.includes("|"));
  }

  find(canonical: string): Definition | undefined {
    if (this.compiled.has(canonical)) return this.compiled.get(canonical);
    const source = this.sources.get(canonical);
    const made = source && this.compile(source);
    // Only what is here is kept: a caller may ask for anything.
    if (made !== undefined) this.compiled.set(canonical, made);
    return made;
  }

  codesOf(valueSet: string): Readonly<Record<string, readonly string[]>> | undefined {
    return this.lists.get(valueSet);
  }

  conforms(value: JsonObject, canonical: string, run: ProfileRun): boolean | undefined {
    const core = coreType(canonical);
    if (core !== undefined) return value["resourceType"] === core;
    const definition = this.find(canonical);
    if (definition === undefined || !spend(run)) return undefined;
    const verdicts = run.verdicts.get(value) ?? new Map<string, Verdict>();
    run.verdicts.set(value, verdicts);
    const verdict = verdicts.get(definition.url) ?? this.judged(value, definition, { run, verdicts });
    // While it is being judged it counts as right: of things that refer to each other in a ring, none is to blame.
    return verdict === "open" ? true : verdict === "unknown" ? undefined : verdict;
  }

  /** Whether one of the codes is in the value set, when that can be listed at once. */
  listedAnswer({ valueSet, codes }: CodeQuestion): boolean | undefined {
    const { url } = partsOf(valueSet);
    const listed = requiredCodes(url) ?? this.codesOf(url);
    if (listed === undefined) return undefined;
    return codes.some(({ system, code }) =>
      Object.entries(listed).some(([one, known]) => (system ?? one) === one && known.includes(code)),
    );
  }

  /** Holds a resource against what it claims, with everything in it; the resource itself is judged by R4 elsewhere. */
  judge(resource: JsonObject, options: JudgeOptions = {}): Judgement {
    const type = textOf(resource["resourceType"]);
    const root = /^[A-Za-z]{1,64}$/.test(type) ? type : "Resource";
    const run = beginRun(resource, root, entriesOf(resource));
    const item: Item = { value: resource, beside: undefined, type: root, member: "", index: undefined };
    for (const profile of options.profiles ?? []) this.judgeBy(profile, item, 0, run);
    this.judgeClaims(item, 0, { run, options, depth: 0 });
    run.profile = "";
    if (options.isErrorsOnly !== true || this.hasClaims(resource)) judgeExtensions(item, 0, run, this);
    if (run.room < 0) run.issues.push(issueOf(PROFILE_FAULTS.costly, root, []));
    const isTold = (one: Issue): boolean => options.isErrorsOnly !== true || isError(one);
    return { issues: listed(run.issues.filter(isTold), root), questions: distinctQuestions(run.questions) };
  }

  /** True when a resource, or one in it, claims a profile that is here. */
  hasClaims(resource: JsonObject, depth = 0): boolean {
    if (this.sources.size === 0) return false;
    if (claimsOf(resource).some((one) => this.sources.has(one))) return true;
    return depth < DEEPEST_RESOURCE && innerOf(resource).some((inner) => this.hasClaims(inner, depth + 1));
  }

  private judgeClaims(item: Item, at: number, judging: Judging): void {
    const { run, options, depth } = judging;
    if (!isJsonObject(item.value) || depth > DEEPEST_RESOURCE) return;
    for (const [index, profile] of claimsOf(item.value).entries()) {
      if (coreType(profile) !== undefined && this.find(profile) === undefined) continue;
      if (this.find(profile) !== undefined) this.judgeBy(profile, item, at, run);
      else if (options.isErrorsOnly !== true) {
        const place = `${expressionOf(run.path, at)}.meta.profile[${index}]`;
        run.issues.push(issueOf(PROFILE_FAULTS.profileUnknown, place, [safeWord(profile)]));
      }
    }
    for (const { inner, end } of innerItems(item, at, run)) {
      const { container, resource } = run;
      if (isJsonObject(inner.value)) run.resource = inner.value;
      if (inner.member === "resource") run.container = run.resource;
      this.judgeClaims(inner, end, { ...judging, depth: depth + 1 });
      run.container = container;
      run.resource = resource;
    }
  }

  private judgeBy(canonical: string, item: Item, at: number, run: ProfileRun): void {
    const definition = this.find(canonical);
    if (definition === undefined) {
      if (coreType(canonical) === item.type) return;
      run.issues.push(issueOf(PROFILE_FAULTS.profileMissing, expressionOf(run.path, at), [safeWord(canonical)]));
      return;
    }
    definition.judge(item, at, run);
  }

  private judged(
    value: JsonObject,
    definition: Definition,
    { run, verdicts }: { readonly run: ProfileRun; readonly verdicts: Map<string, Verdict> },
  ): Verdict {
    verdicts.set(definition.url, "open");
    const type = textOf(value["resourceType"]) || definition.type;
    const isInside = objectsOf(run.container["contained"]).includes(value);
    const item: Item = { value, beside: undefined, type, member: "", index: undefined };
    const { isRight, questions } = triedWith(run, () => {
      if (value["resourceType"] !== undefined && !isInside) run.container = value;
      definition.judge(item, 0, run);
    });
    const answers = questions.filter(({ strength }) => strength === "required").map((one) => this.listedAnswer(one));
    const isWrong = !isRight || answers.includes(false);
    const verdict = isWrong ? false : answers.includes(undefined) ? "unknown" : true;
    verdicts.set(definition.url, verdict);
    return verdict;
  }

  private add(one: JsonObject): void {
    const url = textOf(one["url"]);
    if (url === "") return;
    if (one["resourceType"] === "ValueSet") {
      const listed = listedCodes(one);
      if (listed !== undefined) this.lists.set(url, listed);
      return;
    }
    // A model of something else than a FHIR resource has no resources that could claim it.
    if (one["resourceType"] !== "StructureDefinition" || one["derivation"] !== "constraint") return;
    const slim = slimDefinition(one);
    this.sources.set(url, slim);
    const version = textOf(one["version"]);
    if (version !== "") this.sources.set(`${url}|${version}`, slim);
  }

  private compile(source: JsonObject): Definition {
    const url = textOf(source["url"]);
    const tree = this.treeOf(source, 0);
    const type = textOf(source["type"]);
    let judge: Judge | undefined;
    return {
      url,
      version: textOf(source["version"]) || undefined,
      type,
      tree,
      contexts: contextsOf(source),
      isModifier: tree.isModifier === true,
      judge: (item, at, run) => {
        const { profile } = run;
        run.profile = url;
        if (type !== item.type && !item.type.includes(".") && item.type !== "") tellType(run, at, type);
        else (judge ??= compileTree(tree, this))(item, at, run);
        run.profile = profile;
      },
    };
  }

  /** What a profile says: its snapshot, or its differential laid over what its base says. */
  private treeOf(source: JsonObject, depth: number): Rule {
    const snapshot = isJsonObject(source["snapshot"]) ? source["snapshot"]["element"] : undefined;
    if (Array.isArray(snapshot) && snapshot.length > 0) return treeOf(snapshot);
    const differential = isJsonObject(source["differential"]) ? source["differential"]["element"] : undefined;
    const own = Array.isArray(differential) ? treeOf(differential) : emptyRule("");
    const base = this.sources.get(textOf(source["baseDefinition"]));
    return base === undefined || depth >= DEEPEST_BASE ? own : overlay(this.treeOf(base, depth + 1), own);
  }
}

interface Judging {
  readonly run: ProfileRun;
  readonly options: JudgeOptions;
  readonly depth: number;
}

/** The profiles that a resource claims. */
export function claimsOf(resource: JsonObject): string[] {
  const { meta } = resource;
  return isJsonObject(meta) && meta["profile"] !== undefined ? textsOf(meta["profile"]) : [];
}

function innerOf(resource: JsonObject): JsonObject[] {
  if (resource["resourceType"] === "Bundle")
    return objectsOf(resource["entry"]).flatMap(({ resource: inner }) => (isJsonObject(inner) ? [inner] : []));
  return resource["contained"] === undefined ? [] : objectsOf(resource["contained"]);
}

/** The resources in a resource, each with where its place ends in the path. */
function* innerItems(item: Item, at: number, run: ProfileRun): Generator<{ inner: Item; end: number }> {
  if (!isJsonObject(item.value)) return;
  const contained = placeOf(item.type, "contained");
  if (contained !== undefined)
    for (const inner of itemsIn(item.value, contained.forms)) yield { inner, end: enter(run, at, inner) };
  if (item.type !== "Bundle") return;
  for (const entry of itemsIn(item.value, placeOf("Bundle", "entry")?.forms ?? [])) {
    const end = enter(run, at, entry);
    if (!isJsonObject(entry.value)) continue;
    for (const inner of itemsIn(entry.value, placeOf("Bundle.entry", "resource")?.forms ?? []))
      yield { inner, end: enter(run, end, inner) };
  }
}

function tellType(run: ProfileRun, at: number, type: string): void {
  const fault: ProfileFault = PROFILE_FAULTS.type;
  run.issues.push(issueOf(fault, expressionOf(run.path, at), [run.profile, type]));
}

function contextsOf(source: JsonObject): Definition["contexts"] {
  return objectsOf(source["context"]).map((one) => ({
    kind: textOf(one["type"]),
    expression: textOf(one["expression"]),
  }));
}

/** The codes of a value set that lists them all itself. */
function listedCodes({ compose }: JsonObject): Readonly<Record<string, readonly string[]>> | undefined {
  if (!isJsonObject(compose) || compose["exclude"] !== undefined) return undefined;
  const listed: Record<string, string[]> = {};
  for (const include of objectsOf(compose["include"])) {
    const concepts = objectsOf(include["concept"]);
    if (concepts.length === 0 || include["valueSet"] !== undefined) return undefined;
    const system = textOf(include["system"]);
    listed[system] = [...(listed[system] ?? []), ...concepts.map(({ code }) => textOf(code))];
  }
  return listed;
}

/** A fault that several profiles find, or one finds by several ways, is told once; and not endlessly many are told. */
function listed(issues: readonly Issue[], root: string): Issue[] {
  const told = [...new Map(issues.map((one) => [`${one.severity} ${one.expression} ${one.en}`, one])).values()];
  const errors = told.filter(({ severity }) => severity === "error");
  return [
    ...bounded(errors, root),
    ...bounded(
      told.filter(({ severity }) => severity !== "error"),
      root,
    ),
  ];
}

function bounded(told: readonly Issue[], root: string): readonly Issue[] {
  if (told.length <= MOST_ISSUES) return told;
  return [...told.slice(0, MOST_ISSUES), issueOf(moreOf(told[0]?.severity ?? "error"), root, [])];
}

function distinctQuestions(questions: readonly CodeQuestion[]): CodeQuestion[] {
  return [...new Map(questions.map((one) => [`${one.expression} ${one.valueSet} ${one.profile}`, one])).values()];
}
