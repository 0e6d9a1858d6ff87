/**
 * Makes the directory what a previewed file says. One transaction when it is not larger than what a transaction may hold;
 * else the organization first, then people in groups, each of them with all assignments at once, and last what closes.
 * Whatever stops it in between, nobody has lost one assignment before getting the other; a new preview shows what is left.
 *
 * SPEC CLIN-DIRECTORY-8 CLIN-DIRECTORY-9
 */
import type { JsonObject } from "../../fhir/index.ts";
import { FhirError } from "../../fhir/index.ts";
import { commit, type UpdateCommand, type Visit } from "../../journal/index.ts";
import type { Problem } from "./fields.ts";
import { fingerprintOf, lookAtDirectory, type DirectoryAsk } from "./look.ts";
import { isEmpty } from "./plan.ts";
import { workOf, type Work } from "./write.ts";

export type ApplyAsk = DirectoryAsk & {
  /** The token of the preview that somebody has looked at. */
  readonly token: string;
  /** Who applies it, for the history. */
  readonly by: string;
  /** Most resources in one transaction. */
  readonly atOnce?: number;
  readonly onProgress?: (done: number, all: number) => void;
};

export type Applied =
  | { readonly outcome: "nothing" }
  | { readonly outcome: "applied"; readonly resources: number; readonly transactions: number }
  | { readonly outcome: "refused"; readonly problems: readonly Problem[] };

const MOST_AT_ONCE = 2000;

const STALE = {
  path: "--confirm",
  sv: "filen eller katalogen är en annan än när den förhandsgranskades. Förhandsgranska igen (preview) och se vad som ändras",
  en: "the file or the directory is not what was previewed. Run preview again and see what changes",
} as const;

/** Applies a file. What has nothing to change is done already, whatever its token. */
export async function applyDirectory(visit: Visit, ask: ApplyAsk): Promise<Applied> {
  const { value } = await lookAtDirectory(visit, ask);
  if ("problems" in value) return { outcome: "refused", problems: value.problems };
  const { here, plan, token, today } = value.look;
  if (isEmpty(plan)) return { outcome: "nothing" };
  if (token !== ask.token) return { outcome: "refused", problems: [STALE] };
  const batches = batchesOf(workOf(here, plan, today), ask.atOnce ?? MOST_AT_ONCE);
  const all = batches.reduce((sum, one) => sum + one.length, 0);
  let done = 0;
  for (const batch of batches) {
    try {
      await commit(visit, batch, { provenance: provenanceOf(visit, ask) });
    } catch (error) {
      if (!isOvertaken(error)) throw error;
      return { outcome: "refused", problems: [overtaken(done, all)] };
    }
    done += batch.length;
    ask.onProgress?.(done, all);
  }
  return { outcome: "applied", resources: all, transactions: batches.length };
}

/** Somebody else changed the directory between the look and the write: none of the batch was written. */
function isOvertaken(error: unknown): error is FhirError {
  return error instanceof FhirError && (error.code === "VERSION_CONFLICT" || error.code === "PRECONDITION_FAILED");
}

function overtaken(done: number, all: number): Problem {
  const { path, sv, en } = STALE;
  return { path, sv: `${sv}. ${done} av ${all} är skrivna`, en: `${en}. ${done} of ${all} are written` };
}

/** A person is never split between transactions, however many assignments there are. */
export function batchesOf({ opening, people, closing }: Work, atOnce: number): readonly (readonly UpdateCommand[])[] {
  const whole = [...opening, ...people.flat(), ...closing];
  if (whole.length <= atOnce) return [whole];
  const batches: UpdateCommand[][] = [];
  const groups = [...opening.map((one) => [one]), ...people, ...closing.map((one) => [one])];
  for (const group of groups) {
    const last = batches.at(-1);
    if (last !== undefined && last.length + group.length <= atOnce) last.push(...group);
    else batches.push([...group]);
  }
  return batches;
}

/** Written along with each transaction; it names every version that was written. */
function provenanceOf({ clock }: Visit, { by, text }: ApplyAsk): JsonObject {
  return {
    resourceType: "Provenance",
    recorded: clock().toISOString(),
    activity: { text: "Katalogen ändrades från en källfil" },
    agent: [{ who: { display: by } }],
    entity: [{ role: "source", what: { identifier: { system: "urn:eira:sha256", value: fingerprintOf(text) } } }],
  };
}
