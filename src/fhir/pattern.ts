/**
 * Regular expressions that somebody else wrote, matched in time proportional to the text: all the states that the pattern can
 * be in are followed at once, so that no pattern can make the server think for ever, as JavaScript's own would.
 * The whole value must match. Literals, `.`, classes, `\d \w \s`, groups, `|`, `* + ? {m,n}`; nothing that looks back or ahead.
 *
 * SPEC TERM-PATTERN (terminology/SPEC.md) · https://swtch.com/~rsc/regexp/regexp1.html
 */

/** Why a pattern is not matched. */
export class PatternError extends Error {
  readonly reason: "too costly" | "not understood";

  constructor(reason: PatternError["reason"]) {
    super(`the pattern is ${reason}`);
    this.name = "PatternError";
    this.reason = reason;
  }
}

type Test = (char: string) => boolean;
/** A state either reads a character or goes on to several others. */
type State = { readonly test?: Test; readonly next: number[] };
type Piece = { readonly start: number; readonly ends: readonly number[] };

const MOST_STATES = 2_000;
const LONGEST = 500;
/** Of a text, what is looked at. */
export const LONGEST_TEXT = 4_000;

/** The matcher of a pattern. @throws PatternError */
export function boundedPattern(text: string): (value: string) => boolean {
  if (text.length > LONGEST) throw new PatternError("too costly");
  const machine = new PatternParser(text).parse();
  return (value) => machine.matches(value);
}

class Machine {
  private readonly states: readonly State[];
  private readonly start: number;
  private readonly final: number;

  constructor(states: readonly State[], start: number, final: number) {
    this.states = states;
    this.start = start;
    this.final = final;
  }

  matches(value: string): boolean {
    let current = this.closure([this.start]);
    for (const char of value.slice(0, LONGEST_TEXT)) {
      const reached: number[] = [];
      for (const at of current) {
        const { test, next } = this.states[at] ?? { next: [] };
        if (test?.(char) === true) reached.push(...next);
      }
      if (reached.length === 0) return false;
      current = this.closure(reached);
    }
    return current.has(this.final);
  }

  private closure(from: readonly number[]): Set<number> {
    const found = new Set<number>();
    const open = [...from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (found.has(at)) continue;
      found.add(at);
      const state = this.states[at];
      if (state !== undefined && state.test === undefined) open.push(...state.next);
    }
    return found;
  }
}

class PatternParser {
  private readonly chars: readonly string[];
  private readonly states: State[] = [];
  private at = 0;

  constructor(text: string) {
    this.chars = Array.from(text.replace(/^\^/, "").replace(/(?<!\\)\$$/, ""));
  }

  parse(): Machine {
    const whole = this.alternatives(0);
    if (this.at < this.chars.length) throw this.misunderstood();
    const final = this.state({ next: [] });
    this.join(whole, final);
    return new Machine(this.states, whole.start, final);
  }

  private alternatives(depth: number): Piece {
    if (depth > 20) throw new PatternError("too costly");
    const pieces = [this.sequence(depth)];
    while (this.peek() === "|") {
      this.at += 1;
      pieces.push(this.sequence(depth));
    }
    const [only] = pieces;
    if (pieces.length === 1 && only !== undefined) return only;
    const start = this.state({ next: pieces.map((piece) => piece.start) });
    return { start, ends: pieces.flatMap(({ ends }) => ends) };
  }

  private sequence(depth: number): Piece {
    const start = this.state({ next: [] });
    let ends: readonly number[] = [start];
    for (let char = this.peek(); char !== undefined && char !== "|" && char !== ")"; char = this.peek()) {
      const piece = this.repeated(depth);
      this.join({ start, ends }, piece.start);
      ends = piece.ends;
    }
    return { start, ends };
  }

  private repeated(depth: number): Piece {
    const from = this.at;
    const piece = this.atom(depth);
    const [least, most] = this.bounds();
    if (least === 1 && most === 1) return piece;
    const to = this.at;
    const again = (): Piece => {
      this.at = from;
      const copy = this.atom(depth);
      this.at = to;
      return copy;
    };
    return this.repetition(piece, again, least, most);
  }

  /** Copies the piece as often as it must come, then as often as it may. */
  private repetition(first: Piece, again: () => Piece, least: number, most: number): Piece {
    const start = this.state({ next: [] });
    const leaving: number[] = [];
    let ends: readonly number[] = [start];
    let unused: Piece | undefined = first;
    const another = (): Piece => {
      const piece = unused ?? again();
      unused = undefined;
      return piece;
    };
    for (let n = 0; n < least; n += 1) {
      const piece = another();
      this.join({ start, ends }, piece.start);
      ends = piece.ends;
    }
    if (most === Infinity) {
      const loop = this.state({ next: [] });
      this.join({ start, ends }, loop);
      const piece = another();
      this.states[loop]?.next.push(piece.start);
      this.join(piece, loop);
      return { start, ends: [loop] };
    }
    for (let n = least; n < most; n += 1) {
      leaving.push(...ends);
      const piece = another();
      this.join({ start, ends }, piece.start);
      ends = piece.ends;
    }
    return { start, ends: [...leaving, ...ends] };
  }

  private bounds(): readonly [number, number] {
    const char = this.peek();
    if (char === "*" || char === "+" || char === "?") {
      this.at += 1;
      return char === "*" ? [0, Infinity] : char === "+" ? [1, Infinity] : [0, 1];
    }
    if (char !== "{") return [1, 1];
    const rest = this.chars.slice(this.at).join("");
    const found = /^\{(\d{1,3})(,(\d{0,3}))?\}/.exec(rest);
    if (found === null) throw this.misunderstood();
    this.at += found[0].length;
    const least = Number(found[1]);
    const most = found[2] === undefined ? least : found[3] === "" ? Infinity : Number(found[3]);
    if (most < least) throw this.misunderstood();
    return [least, most];
  }

  private atom(depth: number): Piece {
    const char = this.take();
    if (char === "(") return this.group(depth);
    if (char === "[") return this.reading(this.charClass());
    if (char === ".") return this.reading(() => true);
    if (char === "\\") return this.reading(this.escaped());
    if (/[*+?{})\]^$]/.test(char)) throw this.misunderstood();
    return this.reading((one) => one === char);
  }

  private group(depth: number): Piece {
    if (this.peek() === "?") {
      if (this.chars[this.at + 1] !== ":") throw this.misunderstood();
      this.at += 2;
    }
    const piece = this.alternatives(depth + 1);
    if (this.take() !== ")") throw this.misunderstood();
    return piece;
  }

  private charClass(): Test {
    const isNegated = this.peek() === "^";
    if (isNegated) this.at += 1;
    const tests: Test[] = [];
    for (let char = this.take(); char !== "]"; char = this.take()) {
      if (char === "\\") {
        tests.push(this.escaped());
        continue;
      }
      if (this.peek() === "-" && this.chars[this.at + 1] !== "]") {
        this.at += 1;
        const last = this.take();
        if (last === "\\" || last < char) throw this.misunderstood();
        tests.push((one) => one >= char && one <= last);
        continue;
      }
      tests.push((one) => one === char);
    }
    return (one) => tests.some((test) => test(one)) !== isNegated;
  }

  private escaped(): Test {
    const char = this.take();
    const known: Readonly<Record<string, RegExp>> = {
      d: /\d/,
      D: /\D/,
      w: /\w/,
      W: /\W/,
      s: /\s/,
      S: /\S/,
    };
    const named = known[char];
    if (named !== undefined) return (one) => named.test(one);
    if (char === "t") return (one) => one === "\t";
    if (char === "n") return (one) => one === "\n";
    if (/[\p{L}\p{N}]/u.test(char)) throw this.misunderstood();
    return (one) => one === char;
  }

  private reading(test: Test): Piece {
    const start = this.state({ test, next: [] });
    return { start, ends: [start] };
  }

  private state(state: State): number {
    if (this.states.length >= MOST_STATES) throw new PatternError("too costly");
    return this.states.push(state) - 1;
  }

  private join({ ends }: Piece, to: number): void {
    for (const end of ends) this.states[end]?.next.push(to);
  }

  private peek(): string | undefined {
    return this.chars[this.at];
  }

  private take(): string {
    const char = this.chars[this.at];
    if (char === undefined) throw this.misunderstood();
    this.at += 1;
    return char;
  }

  private misunderstood(): Error {
    return new PatternError("not understood");
  }
}
