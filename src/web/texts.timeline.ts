/** What the timeline says, in Swedish: its lines, its filters and what is sought in the whole record. SPEC WEB-TIME, WEB-LANG */
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

export const timeline = {
  list: "Händelser, nyast först",
  filters: "Filter",
  words: "Ord i hela journalen",
  wordsExample: "Ord i journalen",
  denied: "nekas",
  looking: (count: number): string => `Söker … ${plural(count, "händelse", "händelser")} genomsökta.`,
  found: (count: number, looked: number): string =>
    `${plural(count, "träff", "träffar")} bland ${plural(looked, "händelse", "händelser")} i hela journalen.`,
  notFound: "Orden finns inte i det av journalen som är öppet för dig.",
  hideDenied: (count: number): string => `Dölj nekade (${count})`,
  withinReach: "Sökt i det som är öppet för dig.",
  type: "Slag",
  allTypes: "Alla slag",
  unit: "Enhet",
  allUnits: "Alla enheter",
  profession: "Yrke",
  allProfessions: "Alla yrken",
  from: "Från och med",
  to: "Till och med",
  clear: "Rensa filter",
  notRecorded: "Inget är dokumenterat om patienten.",
  noMatch: "Ingen hämtad händelse passar filtret.",
  hiddenByFilter: (count: number): string =>
    `${plural(count, "hämtad händelse döljs", "hämtade händelser döljs")} av filtret.`,
  untitled: "Utan rubrik",
  timeMissing: "Tid saknas",
};
