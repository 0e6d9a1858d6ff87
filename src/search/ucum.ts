/**
 * Units of measure (UCUM) as far as a search converts them: a unit is a whole ratio of powers of base units. Numbers are
 * ratios of whole numbers, so nothing is rounded on the way. What an amount of substance weighs depends on the substance:
 * mol is a base unit here, and never becomes gram.
 *
 * SPEC SEARCH-QUANTITY · https://ucum.org/ucum
 */
import { UNIT_DEFINITIONS, PREFIXES } from "./ucum-table.ts";

/** A whole ratio, its denominator positive. */
export type Ratio = { readonly over: bigint; readonly under: bigint };

/** A unit: `value × factor + offset` is the value in base units, whose powers `dimension` spells. */
export type Unit = { readonly dimension: string; readonly factor: Ratio; readonly offset: Ratio };

type Powers = ReadonlyMap<string, number>;
type Term = { readonly factor: Ratio; readonly powers: Powers };

const LONGEST = 60;
const HIGHEST_POWER = 12;
const ONE: Ratio = { over: 1n, under: 1n };
const NOTHING: Ratio = { over: 0n, under: 1n };

/** Scales with a zero of their own are units only by themselves: kelvin = value × factor + offset. */
const SCALES: ReadonlyMap<string, Unit> = new Map([
  ["Cel", { dimension: "K1", factor: ONE, offset: { over: 27_315n, under: 100n } }],
  ["[degF]", { dimension: "K1", factor: { over: 5n, under: 9n }, offset: { over: 45_967n, under: 180n } }],
]);

/** The unit that a code means, or undefined for one that is not understood. */
export function unitOf(code: string): Unit | undefined {
  const scale = SCALES.get(code);
  if (scale !== undefined || code.length > LONGEST) return scale;
  const term = new Reader(code).whole();
  return term === undefined ? undefined : { dimension: spelled(term.powers), factor: term.factor, offset: NOTHING };
}

/** Reads `g/L`, `mm[Hg]`, `10*9/L`, `L/min/m2`: factors after one another, each with a prefix, a power, an annotation. */
class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  whole(): Term | undefined {
    const term = this.term();
    return this.at === this.text.length ? term : undefined;
  }

  private term(): Term | undefined {
    let isUnder = this.takes("/");
    let all: Term = { factor: ONE, powers: new Map() };
    do {
      const next = this.component();
      if (next === undefined) return undefined;
      all = product(all, raised(next, isUnder ? -1 : 1));
      isUnder = this.text[this.at] === "/";
    } while (this.takes("/") || this.takes("."));
    return all;
  }

  private component(): Term | undefined {
    if (this.takes("(")) {
      const inner = this.term();
      return this.takes(")") && inner !== undefined ? raised(inner, this.power()) : undefined;
    }
    const annotation = this.match(/\{[!-z|~]*\}/y);
    if (annotation !== undefined) return { factor: ONE, powers: new Map() };
    const found = this.ten() ?? this.number() ?? this.symbol();
    this.match(/\{[!-z|~]*\}/y);
    return found;
  }

  /** `10*3`, a power of ten. */
  private ten(): Term | undefined {
    if (this.match(/10[*^]/y) === undefined) return undefined;
    return raised({ factor: { over: 10n, under: 1n }, powers: new Map() }, this.power());
  }

  private number(): Term | undefined {
    const digits = this.match(/\d{1,12}/y);
    return digits === undefined || BigInt(digits) === 0n
      ? undefined
      : { factor: { over: BigInt(digits), under: 1n }, powers: new Map() };
  }

  private symbol(): Term | undefined {
    const name = this.match(/(?:[A-Za-z%'_]|\[[^\][]{1,20}\])+/y);
    const term = name === undefined ? undefined : symbolTerm(name);
    return term === undefined ? undefined : raised(term, this.power());
  }

  private power(): number {
    const written = Number(this.match(/[+-]?\d{1,2}/y) ?? "1");
    return Math.max(-HIGHEST_POWER, Math.min(HIGHEST_POWER, written));
  }

  private takes(sign: string): boolean {
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }
}

const terms = new Map<string, Term | undefined>();

/** A symbol as it stands, or a metric one behind a prefix. */
function symbolTerm(name: string): Term | undefined {
  const own = atomTerm(name);
  if (own !== undefined) return own;
  for (const [prefix, exponent] of PREFIXES) {
    const rest = name.slice(prefix.length);
    if (!name.startsWith(prefix) || UNIT_DEFINITIONS.get(rest)?.isMetric !== true) continue;
    const term = atomTerm(rest);
    if (term !== undefined) return { ...term, factor: times(term.factor, tenTo(exponent)) };
  }
  return undefined;
}

function atomTerm(name: string): Term | undefined {
  if (terms.has(name)) return terms.get(name);
  const defined = UNIT_DEFINITIONS.get(name);
  if (defined === undefined) return undefined;
  const term =
    defined.means === undefined
      ? { factor: ONE, powers: new Map([[name, 1]]) }
      : product({ factor: ratioOf(defined.number), powers: new Map() }, definedTerm(defined.means));
  terms.set(name, term);
  return term;
}

function definedTerm(means: string): Term {
  const term = new Reader(means).whole();
  if (term === undefined) throw new Error(`the table of units has a definition that cannot be read: ${means}`);
  return term;
}

function product(left: Term, right: Term): Term {
  const powers = new Map(left.powers);
  for (const [base, power] of right.powers) powers.set(base, (powers.get(base) ?? 0) + power);
  return { factor: times(left.factor, right.factor), powers };
}

function raised({ factor, powers }: Term, power: number): Term {
  const size = BigInt(Math.abs(power));
  const { over, under } = power < 0 ? { over: factor.under, under: factor.over } : factor;
  return {
    factor: { over: over ** size, under: under ** size },
    powers: new Map([...powers].map(([base, one]) => [base, one * power])),
  };
}

function spelled(powers: Powers): string {
  return [...powers]
    .filter(([, power]) => power !== 0)
    .map(([base, power]) => `${base}${power}`)
    .toSorted()
    .join(".");
}

function tenTo(exponent: number): Ratio {
  const power = 10n ** BigInt(Math.abs(exponent));
  return exponent < 0 ? { over: 1n, under: power } : { over: power, under: 1n };
}

/** A decimal number as a ratio. */
export function ratioOf(decimal: string): Ratio {
  const [whole = "", fraction = ""] = decimal.split(".");
  return { over: BigInt(whole + fraction), under: 10n ** BigInt(fraction.length) };
}

export function times(left: Ratio, right: Ratio): Ratio {
  return reduced({ over: left.over * right.over, under: left.under * right.under });
}

export function plus(left: Ratio, right: Ratio): Ratio {
  if (right.over === 0n) return left;
  return reduced({ over: left.over * right.under + right.over * left.under, under: left.under * right.under });
}

export function inverse({ over, under }: Ratio): Ratio {
  return { over: under, under: over };
}

export function negative({ over, under }: Ratio): Ratio {
  return { over: -over, under };
}

function reduced({ over, under }: Ratio): Ratio {
  let [left, right] = [over < 0n ? -over : over, under];
  while (right !== 0n) [left, right] = [right, left % right];
  return left <= 1n ? { over, under } : { over: over / left, under: under / left };
}
