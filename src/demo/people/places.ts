/**
 * The fictional region's towns, streets and postcodes. Postcodes begin with 48, a series that no Swedish place uses,
 * so that a letter from the demonstration can reach nobody. SPEC DEMO-PLACE
 */
import type { Dice } from "../dice.ts";

export interface Town {
  readonly name: string;
  readonly municipality: string;
  readonly municipalityCode: string;
  /** First three digits of the town's postcodes. */
  readonly post: string;
}

/** Municipality codes 99xx are outside the national series. */
export const TOWNS = {
  sundaker: { name: "Sundåker", municipality: "Sundåkers kommun", municipalityCode: "9901", post: "481" },
  bergnas: { name: "Bergnäs", municipality: "Bergnäs kommun", municipalityCode: "9902", post: "483" },
  lillstrand: { name: "Lillstrand", municipality: "Lillstrands kommun", municipalityCode: "9903", post: "485" },
  granviken: { name: "Granviken", municipality: "Sundåkers kommun", municipalityCode: "9901", post: "487" },
} as const satisfies Record<string, Town>;

export type TownKey = keyof typeof TOWNS;

const STREETS: readonly string[] = [
  "Almvägen",
  "Björkgatan",
  "Sjövägen",
  "Kyrkogatan",
  "Storgatan",
  "Skolgatan",
  "Hamngatan",
  "Ringvägen",
  "Kvarngatan",
  "Smedjegatan",
  "Lingonstigen",
  "Hallonvägen",
  "Trädgårdsgatan",
  "Stationsgatan",
  "Åkervägen",
  "Ängsvägen",
  "Backgatan",
  "Torpvägen",
  "Fabriksgatan",
  "Lärkvägen",
  "Svanvägen",
  "Tallstigen",
  "Granvägen",
  "Norra Esplanaden",
  "Södra Strandgatan",
  "Prästgårdsgatan",
  "Vallmovägen",
  "Brogatan",
];

export interface Home {
  readonly line: string;
  readonly postalCode: string;
  readonly town: Town;
}

/** An address in a town; about a third are flats with an official flat number. */
export function drawHome(town: Town, dice: Dice): Home {
  const flat = dice.chance(0.35) ? ` lgh ${dice.between(10, 14)}0${dice.between(1, 6)}` : "";
  const line = `${dice.pick(STREETS)} ${dice.between(1, 64)}${dice.chance(0.25) ? dice.pick(["A", "B", "C"]) : ""}${flat}`;
  return { line, postalCode: `${town.post} ${dice.between(10, 69)}`, town };
}

/** The number series that the Swedish Post and Telecom Authority keeps free for fiction; nobody answers there. */
const FICTION_SERIES: readonly (readonly [string, number])[] = [
  ["070-174 06 ", 5],
  ["031-390 06 ", 0],
  ["040-628 04 ", 0],
  ["08-465 004 ", 0],
  ["0980-31 92 ", 0],
];

/** A telephone number that is kept free for fiction; a mobile number three times of four. */
export function drawPhone(dice: Dice): string {
  const [series, first] = dice.chance(0.75) ? FICTION_SERIES[0]! : dice.pick(FICTION_SERIES);
  return series + String(dice.between(first, 99)).padStart(2, "0");
}
