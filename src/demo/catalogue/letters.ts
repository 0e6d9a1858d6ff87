/**
 * Templates of letters that the demonstration's units have in use: each was proposed by one of the unit's people and taken into use by
 * another, as the rules ask (SPEC CLIN-LETTER-2). For showing the software. SPEC DEMO-CATALOGUE-4
 */
import { newId } from "../../base/index.ts";
import { dice } from "../dice.ts";
import type { Directory } from "../directory/directory.ts";
import { utcMs, wall } from "../time.ts";

export type DemoTemplate = {
  readonly id: string;
  readonly careUnit: string;
  readonly kind: "call" | "result" | "information" | "completion";
  readonly title: string;
  readonly words: string;
  readonly proposedBy: string;
  readonly reviewedBy: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
};

type Row = Pick<DemoTemplate, "kind" | "title" | "words">;

/** Fields are those of clinical: namn, tid, plats, enhet, fritext. */
const ROWS: readonly Row[] = [
  {
    kind: "call",
    title: "Kallelse till {enhet}",
    words:
      "Hej {namn}!\n\nDu är välkommen {tid} till {plats}.\n\nTa med legitimation och en lista över dina läkemedel. Kan du inte komma ber vi dig lämna återbud senast dagen innan.\n\nMed vänlig hälsning\n{enhet}",
  },
  {
    kind: "call",
    title: "Ny tid vid {enhet}",
    words:
      "Hej {namn}!\n\nDin tid har ändrats. Du är välkommen {tid} till {plats}.\n\n{fritext}\n\nMed vänlig hälsning\n{enhet}",
  },
  {
    kind: "result",
    title: "Svar på dina prover",
    words:
      "Hej {namn}!\n\nHär är svaret på de prover som du har lämnat.\n\n{fritext}\n\nHar du frågor kan du svara på det här brevet.\n\nMed vänlig hälsning\n{enhet}",
  },
  {
    kind: "information",
    title: "Efter ditt besök vid {enhet}",
    words: "Hej {namn}!\n\nDet här kom vi överens om vid ditt besök.\n\n{fritext}\n\nMed vänlig hälsning\n{enhet}",
  },
  {
    kind: "information",
    title: "Till dig som är närstående",
    words:
      "Hej!\n\nDu får det här brevet därför att du har rätt att läsa för en patient hos oss.\n\n{fritext}\n\nMed vänlig hälsning\n{enhet}",
  },
  {
    kind: "completion",
    title: "Vi behöver veta mer om din vårdbegäran",
    words:
      "Hej {namn}!\n\nVi har fått din vårdbegäran och behöver veta mer innan vi kan bedöma den.\n\n{fritext}\n\nMed vänlig hälsning\n{enhet}",
  },
];

/** The templates of each unit where at least two people work: nobody takes one's own into use. */
export function letterTemplatesOf(seed: number, directory: Directory): readonly DemoTemplate[] {
  const chance = dice(seed, "letters");
  const at = utcMs(wall(2024, 2, 5));
  const people = new Map<string, string[]>();
  for (const { hsaId, assignments } of directory.staff)
    for (const assignment of assignments) {
      const { hsaId: careUnit } = directory.unit(assignment.unit);
      people.set(careUnit, [...(people.get(careUnit) ?? []), hsaId]);
    }
  return [...people].flatMap(([careUnit, [proposedBy, reviewedBy]]) =>
    proposedBy === undefined || reviewedBy === undefined || proposedBy === reviewedBy
      ? []
      : ROWS.map((row) => ({ ...row, id: newId(0, at, chance.bytes(10)), careUnit, proposedBy, reviewedBy, at })),
  );
}
