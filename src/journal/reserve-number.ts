/**
 * Drawing a reserve number for somebody who has no number that is known: whoever registers gets one that was never given before, and the same
 * one again when the same registration is sent again.
 *
 * SPEC STORE-RESERVE
 */
import { reachSetting } from "../access/index.ts";
import { authorize } from "./authorize.ts";
import { logEntry, groundText, type Visit } from "./context.ts";
import { recordAccess } from "./commit.ts";
import { disclose, type Disclosed } from "./disclosed.ts";

/** In which series, for what, and the numbers that may be drawn, in the order in which they are tried. */
export type DrawWish = {
  readonly system: string;
  /** Names the registration: the same name draws the same number. */
  readonly by: string;
  readonly values: readonly string[];
};

/** The number that was drawn; nothing when all of them are taken. Errors: FORBIDDEN. */
export async function drawReserveNumber(
  visit: Visit,
  { system, by, values }: DrawWish,
): Promise<Disclosed<string | undefined>> {
  const grounds = await authorize(visit, "create", "Patient");
  const drawn = await visit.store.write(reachSetting(grounds.reach), async (tx) => {
    const value = await tx.reserveNumbers.draw(values, { system, by, at: visit.clock().toISOString() });
    const act = { action: "draw number", outcome: "granted", ground: groundText(grounds) } as const;
    await recordAccess(tx, visit, [logEntry(visit, act, { home: 0, patient: null, what: [system] })]);
    return value;
  });
  return disclose(drawn);
}
