/**
 * The access log as people read it: what one person did in one moment is one line, in Swedish words. The log itself keeps
 * every row.
 *
 * SPEC HTTP-READERS
 */
import type { Reader } from "../../journal/index.ts";

const ACTIONS: Readonly<Record<string, string>> = {
  read: "Läst",
  vread: "Läst en äldre version",
  history: "Läst tidigare versioner",
  search: "Visat",
  create: "Skrivit",
  update: "Ändrat",
  patch: "Ändrat",
  delete: "Tagit bort",
  replay: "Hämtat svaret på en upprepad begäran",
  everything: "Hämtat hela journalen",
  export: "Tagit med i ett massuttag",
  document: "Hämtat som dokument",
  graphql: "Visat",
  "meta-add": "Märkt",
  "meta-delete": "Tagit bort märkning",
  "read access log": "Sett vem som har läst",
  "export access log": "Lämnat loggen till loggtjänsten",
  "extract access log": "Tagit fram loggutdrag åt patienten",
  "review access": "Granskat en åtkomst",
  sign: "Signerat",
  "note disagreement": "Antecknat att patienten inte håller med",
  "read signing": "Sett vad som är signerat",
  destroy: "Förstört efter myndighetsbeslut",
};

/** What is done within this time by one person is one visit to the chart. */
const MOMENT_MS = 5_000;

/** Joins neighbouring rows of one moment, newest first as they came. */
export function readersInWords(readers: readonly Reader[]): Reader[] {
  const lines: Reader[] = [];
  for (const reader of readers) {
    const last = lines.at(-1);
    if (last !== undefined && isSameMoment(last, reader)) lines[lines.length - 1] = joined(last, reader);
    else lines.push(inWords(reader));
  }
  return lines;
}

function isSameMoment(line: Reader, reader: Reader): boolean {
  const apart = Math.abs(Date.parse(line.recorded) - Date.parse(reader.recorded));
  return (
    apart <= MOMENT_MS &&
    line.action === actionOf(reader) &&
    line.actor === reader.actor &&
    line.unit === reader.unit &&
    line.refused === reader.refused &&
    line.ground === groundOf(reader)
  );
}

function joined(line: Reader, { count, types }: Reader): Reader {
  return { ...line, count: line.count + count, types: [...new Set([...line.types, ...types])] };
}

function inWords(reader: Reader): Reader {
  const person = reader.person ?? `System: ${reader.actor.replace(/^client /, "")}`;
  return { ...reader, person, action: actionOf(reader), ground: groundOf(reader) };
}

function actionOf({ action, refused }: Reader): string {
  const word = ACTIONS[action] ?? action;
  return refused ? `Nekad: ${word.toLowerCase()}` : word;
}

/** The law and the sentence; the rule's own name is for those who maintain it. */
function groundOf({ ground }: Reader): string {
  return ground.replace(/^ACC-[A-Z-]+ · /, "");
}
