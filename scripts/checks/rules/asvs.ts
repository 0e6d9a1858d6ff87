/**
 * The checklist of OWASP ASVS 5.0 in SECURITY.md against the standard's numbers and the rules: each requirement of level 1 and 2
 * stands there once, with an answer and what shows it; a rule that is named exists and has a test; the sums are those of the rows.
 *
 * SPEC HOUSE-ASVS
 */
import { LEVELS } from "./asvs-levels.ts";

/** How a requirement stands, in the words of the table. */
export const STANDINGS = ["met", "partly", "not met", "not applicable"] as const;
export type Standing = (typeof STANDINGS)[number];

/** The numbers of the requirements up to a level, in their order. */
export function requirementsUpTo(level: number): string[] {
  return Object.entries(LEVELS).flatMap(([section, levels]) =>
    levels.split("").flatMap((one, index) => (Number(one) <= level ? [`${section}.${index + 1}`] : [])),
  );
}

type Row = { readonly line: number; readonly number: string; readonly cells: readonly string[] };

const ROW = /^\|\s*(V\d+\.\d+\.\d+)\s*\|(.*)\|\s*$/;
const RULE_ID = /\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d+[a-z]?\b(?!\.\w)/g;
/** What has the form of a rule's id and is a name of something else. */
const NAMES: ReadonlySet<string> = new Set(["SHA-256", "UTF-8", "P-256", "P-384", "SHA-384", "AES-256"]);
const SUM = /(\d+) (met|partly|not met|not applicable)\b/g;
const SUM_LINE = /^Of (\d+) requirements\b.*$/m;
const LEVEL = 2;
/** Fewer letters say nothing, but for the id of a rule. */
const SHORTEST = 8;

/** What does not hold in the text; `isTested` tells of a rule whether it exists and has a test. */
export function judgeAsvs(text: string, isTested: (rule: string) => boolean): string[] {
  const rows = rowsOf(text);
  const wanted = requirementsUpTo(LEVEL);
  const known = new Set(wanted);
  const counted = new Map<string, number>();
  for (const { number } of rows) counted.set(number, (counted.get(number) ?? 0) + 1);
  return [
    ...wanted.filter((one) => !counted.has(one)).map((one) => `SECURITY.md says nothing of ASVS ${one}`),
    ...[...counted].filter(([, times]) => times > 1).map(([one]) => `SECURITY.md answers ASVS ${one} more than once`),
    ...rows
      .filter(({ number }) => !known.has(number))
      .map(({ line, number }) => `SECURITY.md:${line} ${number} is no requirement of level 1 or 2`),
    ...rows.flatMap((row) => faultsOf(row, isTested)),
    ...wrongSums(text, rows),
  ];
}

function rowsOf(text: string): Row[] {
  return text.split("\n").flatMap((line, index) => {
    const [, number, rest] = ROW.exec(line) ?? [];
    if (number === undefined || rest === undefined) return [];
    return [{ line: index + 1, number, cells: rest.split("|").map((cell) => cell.trim()) }];
  });
}

function faultsOf({ line, number, cells }: Row, isTested: (rule: string) => boolean): string[] {
  const where = `SECURITY.md:${line} ${number}`;
  const [asks = "", standing = "", shown = ""] = cells;
  if (cells.length !== 3) return [`${where} has not the four columns number, asks, stands, shown by`];
  const ids = (shown.match(RULE_ID) ?? []).filter((id) => !NAMES.has(id));
  return [
    ...(asks.length < SHORTEST ? [`${where} does not say what is asked`] : []),
    ...(isStanding(standing) ? [] : [`${where} is "${standing}", which is none of ${STANDINGS.join(", ")}`]),
    ...(ids.length === 0 && shown.length < SHORTEST ? [`${where} names no test and no reason`] : []),
    ...ids.filter((id) => !isTested(id)).map((id) => `${where} names ${id}, which is no rule with a test`),
  ];
}

function isStanding(text: string): text is Standing {
  return STANDINGS.some((one) => one === text);
}

/** How many rows stand how. */
export function sumsOf(text: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>(STANDINGS.map((one) => [one, 0]));
  for (const { cells } of rowsOf(text)) sums.set(cells[1] ?? "", (sums.get(cells[1] ?? "") ?? 0) + 1);
  return sums;
}

function wrongSums(text: string, rows: readonly Row[]): string[] {
  const [line, total] = SUM_LINE.exec(text) ?? [];
  if (line === undefined) return ["SECURITY.md does not say how many requirements are met"];
  const told = new Map([...line.matchAll(SUM)].map(([, number, standing]) => [standing, Number(number)]));
  const wrong = [...sumsOf(text)].filter(([standing, number]) => told.get(standing) !== number);
  return [
    ...(Number(total) === rows.length ? [] : [`SECURITY.md says ${total} requirements and has ${rows.length}`]),
    ...wrong.map(([standing, number]) => `SECURITY.md: ${number} are ${standing}, not ${told.get(standing) ?? "none"}`),
  ];
}

const SOUND = `${requirementsUpTo(LEVEL)
  .map((number) => `| ${number} | asks something | met | shown by A-B-1 and SHA-256 |`)
  .join(
    "\n",
  )}\nOf ${requirementsUpTo(LEVEL).length} requirements, ${requirementsUpTo(LEVEL).length} met, 0 partly, 0 not met, 0 not applicable.`;

const PLANTS: readonly { readonly why: string; readonly text: string; readonly says: string }[] = [
  {
    why: "a requirement that is missing",
    text: SOUND.replace("| V1.2.3 |", "| V1.2.10 |"),
    says: "nothing of ASVS V1.2.3",
  },
  { why: "one that is answered twice", text: SOUND.replace("| V1.2.3 |", "| V1.2.4 |"), says: "V1.2.4 more than once" },
  { why: "one of level 3", text: SOUND.replace("| V1.2.3 |", "| V1.2.10 |"), says: "V1.2.10 is no requirement" },
  { why: "a rule that is none", text: SOUND.replace("A-B-1", "A-B-2"), says: "A-B-2, which is no rule" },
  { why: "an answer of another kind", text: SOUND.replace("| met |", "| nearly |"), says: "nearly" },
  { why: "an answer without a reason", text: SOUND.replace("shown by A-B-1 and SHA-256", "-"), says: "no reason" },
  { why: "a wrong sum", text: SOUND.replace("0 partly", "1 partly"), says: "0 are partly, not 1" },
  { why: "a missing sum", text: SOUND.replace("Of ", "About "), says: "how many" },
  { why: "a missing column", text: SOUND.replace("| asks something ", ""), says: "four columns" },
];

/** What the judge failed to see; empty when it sees. */
export function asvsBlindSpots(): string[] {
  const judged = (text: string): readonly string[] => judgeAsvs(text, (rule) => rule === "A-B-1");
  const sound = judged(SOUND).map((finding) => `a sound checklist was refused: ${finding}`);
  const missed = PLANTS.filter(({ text, says }) => !judged(text).some((finding) => finding.includes(says)));
  return [...sound, ...missed.map(({ why }) => `planted and not caught: ${why}`)];
}
