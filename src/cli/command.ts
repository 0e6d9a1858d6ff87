/** What every command of the command line is given. SPEC CLI-COMMAND */
import type { Config } from "./config.ts";

export type Terminal = {
  /** Writes one line of result to standard output. */
  readonly print: (line: string) => void;
  /** Writes one line for the person who watches, to standard error. */
  readonly tell: (line: string) => void;
  /** Replaces the last line that `progress` wrote, when the terminal can. */
  readonly progress: (line: string) => void;
  /** Called when the process is asked to stop; every listener is waited for. */
  readonly onStop: (listener: () => Promise<void>) => void;
};

/** This very program, for commands that start it anew: its command line without arguments, and its environment. */
export type Self = {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
};

export type Invocation = {
  readonly args: readonly string[];
  readonly config: Config;
  readonly terminal: Terminal;
  readonly clock: () => Date;
  readonly self: Self;
};

/** Answers the exit code. */
export type Command = (invocation: Invocation) => Promise<number>;

/** The value after `--name`, or nothing. Errors: a flag without its value. */
export function flag(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(`--${name}`);
  if (at < 0) return undefined;
  const value = args[at + 1];
  if (value === undefined || value.startsWith("--")) throw new Error(`--${name} needs a value.`);
  return value;
}

/** A whole number after `--name`. */
export function numberFlag(args: readonly string[], name: string, usual: number): number {
  const text = flag(args, name);
  if (text === undefined) return usual;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} is to be a whole number, not "${text}".`);
  return value;
}
