/**
 * Cells for the comparison: few people, units and moments, so that facts meet; moments that lie on one another's edges or a
 * millisecond beside them; and now and then a fact with a part that nobody can read. The same seed gives the same cells.
 *
 * SPEC ACC-ORACLE
 */
import type { SeededRandom } from "../../../base/index.ts";
import {
  PURPOSES,
  USUAL_DOOR_RULES,
  USUAL_LIMITS,
  type Block,
  type DoorFacts,
  type DoorRules,
  type Moment,
  type PatientFacts,
  type Reader,
  type RecordFacts,
  type Staff,
} from "../../../access/index.ts";
import type { Cell, DoorCell, StaffCell } from "./cells.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const PROVIDERS = ["P1", "P2", "P3"];
const UNITS = ["U1", "U2", "U3"];
const PEOPLE = ["E1", "E2"];
const JUNK: readonly unknown[] = [
  undefined,
  null,
  "",
  " ",
  0,
  {},
  [],
  "yesterday",
  "2026-02-30",
  "2026-02-30T10:00:00Z",
  true,
  "U 1",
];
/** Moments to stand on: a plain one, both changes of the clock, a leap day, and midnights in Sweden. */
const NOWS = [
  Date.UTC(2026, 10, 22, 5, 30),
  Date.UTC(2026, 2, 29, 1),
  Date.UTC(2026, 9, 25, 1),
  Date.UTC(2028, 1, 29, 12),
  Date.UTC(2027, 1, 27, 23),
  Date.UTC(2026, 5, 30, 22),
  Date.UTC(2026, 11, 31, 23),
];

/** An endless supply of cells, three records in each situation: four situations about staff for each one at the patient's door. */
export function* cells(random: SeededRandom): Generator<Cell, never> {
  while (true) yield* new CellMaker(random).make();
}

const RECORDS = 3;

class CellMaker {
  readonly #random: SeededRandom;
  readonly #now: number;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#now = random.pick(NOWS) + random.pick([-1, 0, 0, 1]);
  }

  make(): readonly Cell[] {
    const first = this.#random.int(5) === 0 ? this.#door() : this.#staffCell();
    if (this.#is(8)) this.#spoil(first, ["kind", "limits", "rules"]);
    const others = Array.from({ length: RECORDS - 1 }, () => ({ ...first, record: this.#record() }));
    return [first, ...others];
  }

  #staffCell(): StaffCell {
    const record = this.#record();
    return {
      kind: "staff",
      staff: this.#staff(),
      patient: this.#patient(record),
      record,
      at: this.#instant(this.#now),
      limits: USUAL_LIMITS,
    };
  }

  #staff(): Staff {
    return {
      employee: "E1",
      careProvider: "P1",
      careUnit: "U1",
      from: this.#is(80) ? null : this.#before(),
      until: this.#is(80) ? null : this.#after(),
      purpose: this.#is(97) ? "Vård och behandling" : this.#random.pick(PURPOSES),
      isClinical: this.#is(98),
      analysis: this.#is(98) ? "BRA-1" : null,
      term: this.#is(90) ? null : { from: this.#before(), until: this.#after() },
    };
  }

  #patient(record: RecordFacts): PatientFacts {
    return {
      relations: this.#upTo(2, () => ({
        id: "r",
        careProvider: this.#own(PROVIDERS),
        careUnit: this.#own(UNITS),
        employee: this.#orNull(this.#own(PEOPLE)),
        ...this.#openSpan(),
        ...this.#registered(),
      })),
      reasons: this.#some(25, () => ({
        id: "w",
        employee: this.#own(PEOPLE),
        careUnit: this.#own(UNITS),
        reason: "Rådgivning per telefon",
        ...this.#shortSpan(USUAL_LIMITS.reasonHours),
      })),
      choices: this.#upTo(2, () => {
        const { start: chosen, end: expires } = this.#shortSpan(USUAL_LIMITS.choiceHours);
        const careUnit = this.#is(40) ? null : this.#aimed(record.careUnit, UNITS);
        return {
          id: "c",
          employee: this.#own(PEOPLE),
          careProvider: this.#aimed(record.careProvider, PROVIDERS),
          careUnit,
          chosen,
          expires,
        };
      }),
      blocks: this.#is(45) ? [] : this.#many(2, () => this.#block(record)),
      consents: this.#some(70, () => this.#consent()),
      emergencies: this.#some(20, () => ({
        id: "n",
        employee: this.#own(PEOPLE),
        reason: "Medvetslös patient",
        ...this.#shortSpan(USUAL_LIMITS.emergencyHours),
      })),
      protection: { sekretessmarkering: this.#is(10), skyddadFolkbokforing: this.#is(10) },
    };
  }

  #consent(): PatientFacts["consents"][number] {
    const type = this.#is(70) ? "Consent" : "Emergency";
    const span = type === "Consent" ? this.#openSpan() : this.#shortSpan(USUAL_LIMITS.emergencyHours);
    return {
      id: "s",
      careProvider: this.#own(PROVIDERS),
      careUnit: this.#own(UNITS),
      employee: this.#orNull(this.#own(PEOPLE)),
      ...span,
      type,
      representedBy: this.#is(90) ? null : "Anna Ek",
      ...this.#registered(),
    };
  }

  #block(record: RecordFacts): Block {
    const kind = this.#random.pick(["inner", "outer"] as const);
    const [start, end] = this.#is(40) ? [null, null] : this.#informationSpan();
    const block: Block = {
      id: "b",
      kind,
      careProvider: this.#aimed(record.careProvider, PROVIDERS),
      careUnit: kind === "inner" || this.#is(10) ? this.#aimed(record.careUnit, UNITS) : null,
      start,
      end,
      excluded: this.#is(65)
        ? []
        : this.#random.pick([["lak"], ["upp"], ["lak", "upp"], ["lak", "upp"], ["lak", "und"]]),
      cancelled: this.#is(85) ? null : this.#near(),
      lifted: this.#is(85) ? null : this.#near(),
      revokes: this.#some(40, () => ({
        id: "h",
        careUnit: this.#own(UNITS),
        employee: this.#orNull(this.#own(PEOPLE)),
        end: this.#after(),
        reason: this.#random.pick(["PatientsConsent", "Emergency"] as const),
        cancelled: this.#is(85) ? null : this.#near(),
      })),
    };
    // Now and then one whose owner or kind nobody can read.
    if (this.#is(96)) return block;
    return { ...block, ...this.#random.pick([{ kind: "Inner" as never }, { careProvider: "" }, { careUnit: "" }]) };
  }

  #record(): RecordFacts {
    const [start, end] = this.#informationSpan();
    return {
      careProvider: this.#random.pick(PROVIDERS),
      careUnit: this.#random.pick(UNITS),
      start,
      end,
      type: this.#random.pick([null, "", "lak", "upp", "und", "LAK"]),
      isNotForPatient: this.#is(10),
      classes: this.#is(75) ? [] : [this.#random.pick(["youth-clinic", "violence-exposed", "other"])],
    };
  }

  #door(): DoorCell {
    const kind = this.#random.pick(["patient", "guardian", "proxy"] as const);
    const reader: Reader = kind === "patient" ? { kind } : { kind, person: "E1" };
    return {
      kind: "door",
      reader,
      person: this.#person(),
      record: this.#record(),
      at: this.#instant(this.#now),
      rules: this.#rules(),
    };
  }

  #person(): DoorFacts {
    return {
      birthDate: this.#is(3) ? null : this.#birthDate(),
      protection: { sekretessmarkering: this.#is(8), skyddadFolkbokforing: this.#is(8) },
      representations: this.#many(2, () => ({
        id: "f",
        kind: this.#random.pick(["guardian", "proxy"] as const),
        person: this.#own(PEOPLE),
        ...this.#openSpan(),
        ended: this.#is(85) ? null : this.#near(),
      })),
      grants: this.#some(60, () => ({
        id: "g",
        kind: this.#random.pick(["child", "guardian"] as const),
        person: this.#random.pick(PEOPLE),
        careUnit: this.#random.pick(UNITS),
        ...this.#openSpan(),
        cancelled: this.#is(85) ? null : this.#near(),
      })),
    };
  }

  /** A birthday (13, 16, 18 or another) today, the day before or after, or on 29 February. */
  #birthDate(): string {
    const today = new Date(this.#now + HOUR * this.#random.pick([1, 2]) + DAY * this.#random.pick([-1, 0, 0, 1]));
    const year = today.getUTCFullYear() - this.#random.pick([0, 5, 12, 13, 13, 15, 16, 16, 17, 18, 18, 40]);
    if (this.#is(25)) return `${year - (year % 4)}-02-29`;
    const date = today.toISOString().slice(5, 10);
    return `${year}-${date === "02-29" ? this.#random.pick(["02-28", "03-01"]) : date}`;
  }

  /** The usual rules, and now and then a law that changes today, or rules with a gap or an overlap. */
  #rules(): DoorRules {
    const [usual] = USUAL_DOOR_RULES.ages;
    if (usual === undefined || this.#is(75)) return USUAL_DOOR_RULES;
    const day = (shift: number): string => new Date(this.#now + HOUR + DAY * shift).toISOString().slice(0, 10);
    const changed = usual.rules.map((rule) => ({
      ...rule,
      guardian: rule.to === 16 ? ("all" as const) : rule.guardian,
    }));
    const until = day(this.#random.pick([-2, -1, -1, -1, 0]));
    return {
      ...USUAL_DOOR_RULES,
      ages: [
        { ...usual, until },
        { from: day(0), until: null, rules: changed },
      ],
    };
  }

  #openSpan(): { start: Moment; end: Moment | null } {
    return { start: this.#before(), end: this.#is(40) ? null : this.#after() };
  }

  /** At most as long as it may be, now and then a millisecond longer. */
  #shortSpan(hours: number): { start: Moment; end: Moment } {
    const length = hours * HOUR + this.#random.pick([0, 0, 0, 0, 0, -1, -1, -HOUR, -HOUR, 1]);
    const first = this.#now - this.#random.pick([0, 1, length, length, length - 1, length + 1, HOUR, HOUR, -1]);
    return { start: this.#instant(first), end: this.#instant(first + length) };
  }

  #registered(): { registered: Moment; cancelled: Moment | null; deleted: Moment | null } {
    return {
      registered: this.#is(95) ? this.#before() : this.#near(),
      cancelled: this.#is(90) ? null : this.#near(),
      deleted: this.#is(92) ? null : this.#near(),
    };
  }

  /** The time of information or of a block's period: around a day in March, with edges in common, sides left open, and days. */
  #informationSpan(): [Moment | null, Moment | null] {
    const base = Date.UTC(2026, 2, 28, 23);
    const first = base + DAY * this.#random.int(4) + this.#random.pick([-1, 0, 0, 1]);
    const last = first + this.#random.pick([0, 0, 1, DAY - 1, DAY, DAY, DAY + 1]);
    const side = (ms: number): Moment | null => (this.#is(8) ? null : this.#moment(ms));
    const [start, end] = [side(first), side(last)];
    return start !== null && start.length === 10 && end !== null && end.length > 10 ? [start, start] : [start, end];
  }

  /** Mostly before the moment that is asked about, often on its edge. */
  #before(): Moment {
    return this.#moment(
      this.#now - this.#random.pick([0, 1, HOUR, HOUR, DAY, DAY, 30 * DAY, 30 * DAY, 300 * DAY, 300 * DAY, -1]),
    );
  }

  #after(): Moment {
    return this.#moment(
      this.#now + this.#random.pick([0, 1, HOUR, HOUR, DAY, DAY, 30 * DAY, 30 * DAY, 300 * DAY, 300 * DAY, -1]),
    );
  }

  #near(): Moment {
    return this.#moment(this.#now + this.#random.pick([-DAY, -1, 0, 1, DAY]));
  }

  #moment(ms: number): Moment {
    return this.#is(25) ? written(ms + HOUR, "day") : this.#instant(ms);
  }

  /** The same instant in one of the ways it may be written. */
  #instant(ms: number): Moment {
    return written(ms, this.#is(70) ? "UTC" : "+02:00");
  }

  /** Puts junk somewhere into a cell, or takes a list away. */
  #spoil(value: object, untouched: readonly string[]): void {
    const places = Object.keys(value).filter((name) => !untouched.includes(name));
    if (places.length === 0) return;
    const name = this.#random.pick(places);
    const inside: unknown = Reflect.get(value, name);
    if (typeof inside === "object" && inside !== null && !this.#is(8)) this.#spoil(inside, []);
    else Reflect.set(value, name, this.#random.pick(JUNK));
  }

  #many<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.#random.int(most + 1) }, make);
  }

  /** At least one, as a rule. */
  #upTo<T>(most: number, make: () => T): T[] {
    return this.#is(8) ? [] : Array.from({ length: 1 + this.#random.int(most) }, make);
  }

  #some<T>(percent: number, make: () => T): T[] {
    return this.#is(percent) ? [make()] : [];
  }

  /** Mostly the first, which is the one who asks. */
  #own(all: readonly string[]): string {
    return this.#is(88) ? (all[0] ?? "") : this.#random.pick(all);
  }

  /** Mostly what the record has. */
  #aimed(one: string, all: readonly string[]): string {
    return this.#is(70) ? one : this.#random.pick(all);
  }

  #orNull<T>(value: T): T | null {
    return this.#is(30) ? null : value;
  }

  #is(percent: number): boolean {
    return this.#random.int(100) < percent;
  }
}

/** The same few moments come again and again. */
const texts = { UTC: new Map<number, string>(), "+02:00": new Map<number, string>(), day: new Map<number, string>() };

function written(ms: number, form: keyof typeof texts): string {
  const known = texts[form].get(ms);
  if (known !== undefined) return known;
  const iso = new Date(form === "+02:00" ? ms + 2 * HOUR : ms).toISOString();
  const text = form === "UTC" ? iso : form === "day" ? iso.slice(0, 10) : iso.replace("Z", form);
  texts[form].set(ms, text);
  return text;
}
