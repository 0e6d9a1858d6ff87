/**
 * What a drill was promised, and what it found: every acknowledged write must be there as it was acknowledged, none half,
 * none twice. Pure, so that it can be shown to see each of the three.
 *
 * SPEC DRILL-JUDGE
 */

/** A version that a request made: `value` is the number in its content, null for a deletion. */
export type Made = { readonly name: string; readonly version: number; readonly value: number | null };

/** One request and everything it made; its key stands in the content of each version. */
export type Write = { readonly key: string; readonly made: readonly Made[] };

/** A version as it was found; a deletion has neither key nor value. */
export type FoundVersion = { readonly key: string | null; readonly value: number | null };

export type Found = {
  /** By `Type/id/version`. */
  readonly versions: ReadonlyMap<string, FoundVersion>;
  /** `Type/id/version` of each line of the change log, in its order. */
  readonly changes: readonly string[];
  /** `Type/id/version` of each line of the access log that says that something was written. */
  readonly logged: readonly string[];
  /** How many requests were answered from what they had written before. */
  readonly replayed: number;
};

export type Verdict = {
  readonly lost: number;
  readonly half: number;
  readonly double: number;
  /** In words, the first of each kind first. */
  readonly faults: readonly string[];
};

type Fault = { readonly kind: "lost" | "half" | "double"; readonly text: string };

/** `must` was acknowledged before the fault; `may` is everything that was asked for, of which the rest may be there or not. */
export function judge(must: readonly Write[], may: readonly Write[], found: Found): Verdict {
  const faults = [
    ...lostOf(must, found),
    ...halfOf(may, found),
    ...doubleOf(may, found),
    ...faultsOfLog("change log", found.changes, found),
    ...faultsOfLog("access log", found.logged, found),
    ...faultsOfOrder(found),
  ];
  const count = (kind: Fault["kind"]): number => faults.filter((fault) => fault.kind === kind).length;
  return {
    lost: count("lost"),
    half: count("half"),
    double: count("double"),
    faults: faults.map(({ kind, text }) => `${kind}: ${text}`),
  };
}

const nameOf = ({ name, version }: Made): string => `${name}/${version}`;

function isThere({ versions }: Found, key: string, made: Made): boolean {
  const version = versions.get(nameOf(made));
  if (version === undefined || version.value !== made.value) return false;
  return made.value === null || version.key === key;
}

function lostOf(must: readonly Write[], found: Found): Fault[] {
  return must.flatMap(({ key, made }) =>
    made
      .filter((one) => !isThere(found, key, one))
      .map((one): Fault => ({ kind: "lost", text: `${nameOf(one)} of ${key} was acknowledged and is not there` })),
  );
}

/** What one request made is there as a whole, or not at all. */
function halfOf(may: readonly Write[], found: Found): Fault[] {
  return may.flatMap(({ key, made }): Fault[] => {
    const there = made.filter((one) => isThere(found, key, one)).length;
    return there === 0 || there === made.length
      ? []
      : [{ kind: "half", text: `${there} of the ${made.length} versions of ${key} are there` }];
  });
}

/** Nothing is there that no request made: a key written twice makes a version that nobody was told of. */
function doubleOf(may: readonly Write[], found: Found): Fault[] {
  const asked = new Set(may.flatMap(({ made }) => made.map(nameOf)));
  return [...found.versions].flatMap(([name, { key }]): Fault[] =>
    asked.has(name) ? [] : [{ kind: "double", text: `${name} is there (${key ?? "deleted"}) and nobody was told` }],
  );
}

/** Every version has one line, and no line is without its version. */
function faultsOfLog(log: string, lines: readonly string[], { versions }: Found): Fault[] {
  const times = new Map<string, number>();
  for (const line of lines) times.set(line, (times.get(line) ?? 0) + 1);
  const missing = [...versions.keys()].filter((name) => !times.has(name));
  const strange = [...times.keys()].filter((name) => !versions.has(name));
  const twice = [...times].filter(([, count]) => count > 1).map(([name]) => name);
  return [
    ...missing.map((name): Fault => ({ kind: "half", text: `${name} is not in the ${log}` })),
    ...strange.map((name): Fault => ({ kind: "half", text: `${name} is in the ${log} and nowhere else` })),
    ...twice.map((name): Fault => ({ kind: "double", text: `${name} is twice in the ${log}` })),
  ];
}

/** Readers of the change log meet a resource's versions in their order. */
function faultsOfOrder({ changes }: Found): Fault[] {
  const last = new Map<string, number>();
  return changes.flatMap((line): Fault[] => {
    const at = line.lastIndexOf("/");
    const [name, version] = [line.slice(0, at), Number(line.slice(at + 1))];
    const before = last.get(name) ?? 0;
    last.set(name, version);
    return version > before ? [] : [{ kind: "half", text: `${line} comes after version ${before} in the change log` }];
  });
}
