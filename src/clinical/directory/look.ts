/**
 * Looks at a source file against the directory that is here: what would change, and the token that says of exactly which
 * file and which directory that is true. Nothing is written.
 *
 * SPEC CLIN-DIRECTORY-5 CLIN-DIRECTORY-6 CLIN-DIRECTORY-8
 */
import { createHash } from "node:crypto";
import { disclosedTogether, today, type Disclosed, type Visit } from "../../journal/index.ts";
import type { Problem } from "./fields.ts";
import { readHere, type Here } from "./here.ts";
import { EMPTY } from "./model.ts";
import { planOf, type Plan } from "./plan.ts";
import { readSource, type Source } from "./source.ts";
import { targetOf } from "./target.ts";

export type DirectoryAsk = {
  /** The source file's text. */
  readonly text: string;
  /** The file is the whole directory: what it does not name ends. */
  readonly isComplete: boolean;
  /** How many per cent of the assignments that hold today may end. */
  readonly mostEnded: number;
  /** HSA-id of whoever asks: nobody changes their own access. */
  readonly keeper?: string;
};

export type Look = { readonly here: Here; readonly plan: Plan; readonly token: string; readonly today: string };

export type Looked = { readonly look: Look } | { readonly problems: readonly Problem[] };

export const USUAL_MOST_ENDED = 5;

const OWN_CHANGE: Problem = {
  path: "",
  sv: "Ändringen gäller dig själv. Någon annan som förvaltar katalogen får göra den",
  en: "The change is about yourself. Somebody else who keeps the directory is to make it",
};

/** A change that touches whoever makes it. */
function ownChanges({ duties, people }: Plan, keeper: string): boolean {
  return duties.some(({ subject }) => subject.person === keeper) || people.some(({ key }) => key === keeper);
}

/** Reads and compares. */
export async function lookAtDirectory(visit: Visit, ask: DirectoryAsk): Promise<Disclosed<Looked>> {
  const read = readSource(ask.text);
  const here = await readHere(visit);
  const day = today(visit);
  return disclosedTogether([here], ([known]) => ("problems" in read ? read : lookOf(read.source, known, ask, day)));
}

function lookOf(source: Source, here: Here, ask: DirectoryAsk, day: string): Looked {
  const first = [...uncounted(source, ask), ...otherKinds(source, here)];
  if (first.length > 0) return { problems: first };
  const judged = targetOf(source, ask.isComplete ? EMPTY : here.directory, day);
  if ("problems" in judged) return judged;
  const plan = planOf(here, judged.target, day);
  if (ask.keeper !== undefined && ownChanges(plan, ask.keeper)) return { problems: [OWN_CHANGE] };
  return tooMany(plan, ask) ?? { look: { here, plan, today: day, token: tokenOf(ask, here, day) } };
}

/** A list that was cut off before it became JSON shows only in its count. */
function uncounted({ isCounted }: Source, { isComplete }: DirectoryAsk): Problem[] {
  if (isCounted || !isComplete) return [];
  return [
    {
      path: "count",
      sv: "en hel katalog ska säga hur många den har av healthCareProvider, healthCareUnit, role, person och member",
      en: "a whole directory is to say how many it has of healthCareProvider, healthCareUnit, role, person and member",
    },
  ];
}

function otherKinds({ directory, placeOf }: Source, { standing }: Here): Problem[] {
  const sv = "är vårdgivare på ena stället och enhet på det andra";
  const en = "is a care provider in one place and a unit in the other";
  const providers = [...directory.providers.keys()].filter((key) => standing.has(`units ${key}`));
  const units = [...directory.units.keys()].filter((key) => standing.has(`providers ${key}`));
  return [
    ...providers.map((key) => ({ path: placeOf("providers", key), sv, en })),
    ...units.map((key) => ({ path: placeOf("units", key), sv, en })),
  ];
}

/** A file that lost its end must not lock a hospital out (F28 in the list of how such systems fail). */
function tooMany({ current, losing }: Plan, { mostEnded }: DirectoryAsk): Looked | undefined {
  if (current === 0 || (losing * 100) / current <= mostEnded) return undefined;
  const share = ((losing * 100) / current).toFixed(1);
  return {
    problems: [
      {
        path: "",
        sv: `${losing} av ${current} uppdrag som gäller i dag skulle upphöra (${share.replace(".", ",")} %, högst ${mostEnded} % får det): filen kan vara avhuggen. Är det meningen, höj gränsen: --most-ended ${Math.ceil(Number(share))}`,
        en: `${losing} of ${current} assignments that hold today would end (${share} %, at most ${mostEnded} % may): the file may be cut off. If it is meant, say --most-ended ${Math.ceil(Number(share))}`,
      },
    ],
  };
}

/** Another text as soon as the file, its being whole, any version of the directory, or the day is another. */
function tokenOf({ text, isComplete }: DirectoryAsk, { versions }: Here, day: string): string {
  return createHash("sha256")
    .update(JSON.stringify([fingerprintOf(text), isComplete, day, versions]))
    .digest("hex")
    .slice(0, 24);
}

export function fingerprintOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
