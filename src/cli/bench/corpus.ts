/** The benchmark's resources: vital signs of made-up patients, of ordinary size. SPEC CLI-BENCH */
import { seededRandom, type SeededRandom } from "../../base/index.ts";

export const CODES = ["8867-4", "8480-6", "8462-4", "8310-5", "9279-1", "2708-6", "29463-7", "8302-2"] as const;

export type Sample = {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly code: string;
  readonly at: string;
};

/** An endless supply of Observations, the same for the same seed. */
export class Corpus {
  private readonly random: SeededRandom;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  next(subject: string): Sample {
    const code = this.random.pick(CODES);
    const at = new Date(Date.UTC(2024, 0, 1) + this.random.int(63_000_000) * 1000).toISOString();
    const resource = {
      resourceType: "Observation",
      status: "final",
      category: [
        {
          coding: [
            {
              system: "http://terminology.hl7.org/CodeSystem/observation-category",
              code: "vital-signs",
              display: "Vital Signs",
            },
          ],
        },
      ],
      code: { coding: [{ system: "http://loinc.org", code, display: `Mätvärde ${code}` }], text: `Mätvärde ${code}` },
      subject: { reference: subject },
      effectiveDateTime: at,
      issued: at,
      performer: [{ display: "Sjuksköterska, medicinavdelning 51" }],
      valueQuantity: {
        value: 40 + this.random.int(1200) / 10,
        unit: "/min",
        system: "http://unitsofmeasure.org",
        code: "/min",
      },
      note: [{ text: "Mätt i vila, sittande. ".repeat(1 + this.random.int(12)).trim() }],
    };
    return { resource, code, at };
  }

  pick<T>(from: readonly T[]): T {
    return this.random.pick(from);
  }
}
