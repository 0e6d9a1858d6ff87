/**
 * `eira directory preview FILE [--complete] [--most-ended N] [--json]`: what a source file would change and for whom;
 * nothing is written. `eira directory apply FILE --confirm TOKEN [--complete] [--most-ended N] [--by NAME]`: makes it so,
 * if file and directory are those that were previewed. `eira directory review [--older-than MONTHS] [--units N]`: what is
 * to be looked at regularly.
 *
 * SPEC CLI-DIRECTORY · docs/operations/directory.md
 */
import { readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import {
  applyDirectory,
  countsOf,
  lookAtDirectory,
  previewChanges,
  previewLines,
  reviewDirectory,
  USUAL_MOST_ENDED,
  type DirectoryAsk,
  type Finding,
  type Look,
  type Problem,
} from "../clinical/index.ts";
import type { Visit } from "../journal/index.ts";
import type { Store } from "../store/index.ts";
import { flag, numberFlag, type Command, type Invocation } from "./command.ts";
import { journalOptions, withStore } from "./installation.ts";
import { usageOf } from "./usage.ts";

const USAGE = usageOf("directory");
const LARGEST = 256 * 1024 * 1024;
const SHOWN_PROBLEMS = 200;

const TYPES = ["Organization", "Location", "Practitioner", "PractitionerRole", "CodeSystem"] as const;

/** Whoever keeps the directory reaches the directory, and no patient. */
const KEEPER = {
  kind: "client",
  name: "katalog",
  scopes: [
    ...TYPES.map((type) => ({ type, verbs: new Set(["c", "r", "u", "s"] as const) })),
    { type: "Provenance", verbs: new Set(["c"] as const) },
    // The directory is where the protection of staff is kept.
    { type: "ProtectedIdentity", verbs: new Set(["c", "r", "u", "s"] as const) },
  ],
  careProvider: null,
  careUnit: null,
} as const;

export const directoryCommand: Command = async (invocation) => {
  const [, what = "", ...rest] = invocation.args;
  if (what === "review") return withStore(invocation, (store) => review(invocation, store));
  if (what !== "preview" && what !== "apply") throw new Error(USAGE);
  const [file = ""] = rest;
  if (file === "" || file.startsWith("--")) throw new Error(USAGE);
  const ask = askOf(invocation, file);
  const token = flag(invocation.args, "confirm");
  if (what === "preview") return withStore(invocation, (store) => preview(invocation, store, ask));
  if (token === undefined) throw new Error("apply needs --confirm TOKEN, which preview prints.");
  return withStore(invocation, (store) => apply(invocation, store, { ...ask, token }));
};

function askOf({ args }: Invocation, file: string): DirectoryAsk {
  if (statSync(file).size > LARGEST) throw new Error(`The file is larger than ${LARGEST / 1024 / 1024} MB.`);
  const bytes = readFileSync(file);
  const mostEnded = numberFlag(args, "most-ended", USUAL_MOST_ENDED);
  if (mostEnded > 100) throw new Error("--most-ended is to be from 0 to 100 per cent.");
  return {
    text: new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    isComplete: args.includes("--complete"),
    mostEnded,
  };
}

function visitOf({ config, clock }: Invocation, store: Store, request: string): Visit {
  return { ...journalOptions(config, store, clock), actor: KEEPER, request };
}

async function preview(invocation: Invocation, store: Store, ask: DirectoryAsk): Promise<number> {
  const { terminal, args } = invocation;
  const { value } = await lookAtDirectory(visitOf(invocation, store, "directory preview"), ask);
  if ("problems" in value) return refuse(invocation, value.problems);
  const { look } = value;
  const counts = countsOf(look.plan);
  if (args.includes("--json")) {
    terminal.print(JSON.stringify({ token: look.token, ...counts, changes: previewChanges(look) }));
    return 0;
  }
  tell(invocation, look, ask);
  terminal.print(JSON.stringify({ token: look.token, ...counts }));
  return 0;
}

function tell({ terminal }: Invocation, look: Look, ask: DirectoryAsk): void {
  terminal.tell(
    ask.isComplete
      ? "Hel katalog: det som filen inte nämner upphör."
      : "Del av katalogen: det som filen inte nämner är kvar.",
  );
  for (const line of previewLines(look)) terminal.tell(line);
  const { current, losing } = look.plan;
  terminal.tell(`${losing} av ${current} uppdrag som gäller i dag upphör. Inget är skrivet.`);
  terminal.tell(`För att göra så: directory apply FIL${ask.isComplete ? " --complete" : ""} --confirm ${look.token}`);
}

async function apply(
  invocation: Invocation,
  store: Store,
  ask: DirectoryAsk & { readonly token: string },
): Promise<number> {
  const { terminal, args } = invocation;
  const applied = await applyDirectory(visitOf(invocation, store, `directory apply ${ask.token}`), {
    ...ask,
    by: flag(args, "by") ?? userInfo().username,
    onProgress: (done, all) => terminal.progress(`${done} av ${all} skrivna`),
  });
  if (applied.outcome === "refused") return refuse(invocation, applied.problems);
  if (applied.outcome === "nothing") terminal.tell("Katalogen är redan så. Inget är skrivet.");
  terminal.print(JSON.stringify(applied.outcome === "nothing" ? { outcome: "nothing", resources: 0 } : applied));
  return 0;
}

const USUAL_MONTHS = 12;
const MOST_MONTHS = 1200;
const USUAL_UNITS = 3;

async function review(invocation: Invocation, store: Store): Promise<number> {
  const { args, terminal } = invocation;
  const months = numberFlag(args, "older-than", USUAL_MONTHS);
  if (months > MOST_MONTHS) throw new Error(`--older-than is to be at most ${MOST_MONTHS} months.`);
  const units = numberFlag(args, "units", USUAL_UNITS);
  const { value: found } = await reviewDirectory(visitOf(invocation, store, "directory review"), { months, units });
  for (const { sv } of found) terminal.tell(sv);
  const count = (kind: Finding["kind"]): number => found.filter((one) => one.kind === kind).length;
  terminal.print(
    JSON.stringify({
      oldAnalysis: count("old-analysis"),
      noAnalysis: count("no-analysis"),
      noEnd: count("no-end"),
      manyUnits: count("many-units"),
      endedSession: count("ended-session"),
      expiring: count("expiring"),
      notReviewed: count("not-reviewed"),
    }),
  );
  return 0;
}

function refuse({ terminal }: Invocation, problems: readonly Problem[]): number {
  for (const { path, sv, en } of problems.slice(0, SHOWN_PROBLEMS))
    terminal.tell(`${path === "" ? "" : `${path}: `}${sv} (${en})`);
  if (problems.length > SHOWN_PROBLEMS) terminal.tell(`… och ${problems.length - SHOWN_PROBLEMS} fel till`);
  terminal.print(JSON.stringify({ refused: true, problems: problems.length }));
  return 1;
}
