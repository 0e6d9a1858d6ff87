/** A person of the demonstration as the planner decides it, before any record is written. SPEC DEMO-PEOPLE */
import type { UnitKey } from "../directory/units.ts";
import type { StoryName } from "../stories/names.ts";
import type { Wall } from "../time.ts";
import type { Home } from "./places.ts";

export type Sex = "female" | "male" | "unknown";
export type Protection = "sekretessmarkering" | "skyddadFolkbokforing";
export type NumberKind = "personnummer" | "samordningsnummer" | "nationellt-reservnummer" | "regionalt-reservnummer";

export interface IdentityOfPerson {
  readonly kind: NumberKind;
  /** Twelve characters, as stored. */
  readonly value: string;
}

export interface Relation {
  /** Code of v3-RoleCode and its Swedish word. */
  readonly code: "MTH" | "FTH" | "CHILD" | "SPS" | "DOMPART" | "SIB" | "GUARD";
  readonly word: string;
  readonly name: string;
  readonly phone: string;
  readonly identity?: IdentityOfPerson;
}

export interface StoryPlan {
  readonly name: StoryName;
  /** What the story needs to know beyond the person: a bed, a child, a state to end in. */
  readonly with?: Readonly<Record<string, string | number>>;
}

export interface Person {
  readonly key: string;
  readonly id: string;
  readonly identity: IdentityOfPerson;
  readonly given: string;
  readonly middle?: string;
  readonly family: string;
  readonly sex: Sex;
  /** Absent for somebody whose date of birth nobody knows. */
  readonly birth?: Wall;
  readonly death?: Wall;
  readonly home?: Home;
  readonly phone?: string;
  readonly protection?: Protection;
  /** BCP 47 tag and Swedish name of the language, when it is not Swedish. */
  readonly language?: readonly [tag: string, name: string];
  readonly needsInterpreter?: true;
  readonly married?: "gift" | "ogift" | "skild" | "änka/änkling";
  readonly centre: UnitKey;
  readonly relations: readonly Relation[];
  readonly stories: readonly StoryPlan[];
}

/** People who are loaded together: a family at one address, or someone who lives alone. */
export interface Household {
  readonly key: string;
  readonly members: readonly Person[];
}
