/**
 * The reserve numbers that were given out here. A number is given once: what was drawn is never drawn again, whatever becomes of the
 * registration that it was drawn for.
 *
 * SPEC STORE-RESERVE
 */
import type { Talk } from "./connection.ts";

/** A number as it is drawn: by whom and when. */
export type Draw = { readonly system: string; readonly at: string; readonly by: string };

export class ReserveNumbers {
  private readonly talk: Talk;

  constructor(talk: Talk) {
    this.talk = talk;
  }

  /** Draws the first of the numbers that was never drawn; nothing when all were. Of two at once each gets one of their own; the same name draws the same again. */
  async draw(values: readonly string[], { system, at, by }: Draw): Promise<string | undefined> {
    // One at a time, so that whoever comes second sees what the first has drawn.
    await this.talk.many({ text: "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", values: [system] });
    const [before] = await this.talk.many<{ value: string }>({
      name: "reserve-drawn",
      text: "SELECT value FROM reserve_number WHERE drawn_by = $1 AND system = $2",
      values: [by, system],
    });
    if (before !== undefined) return before.value;
    const [drawn] = await this.talk.many<{ value: string }>({
      name: "reserve-draw",
      text: `INSERT INTO reserve_number (system, value, drawn, drawn_by)
             SELECT $1, one.value, $3::timestamptz, $4 FROM unnest($2::text[]) WITH ORDINALITY AS one (value, place)
              WHERE NOT EXISTS (SELECT 1 FROM reserve_number AS r WHERE r.system = $1 AND r.value = one.value)
              ORDER BY one.place LIMIT 1 ON CONFLICT DO NOTHING RETURNING value`,
      values: [system, values, at, by],
    });
    return drawn?.value;
  }
}
