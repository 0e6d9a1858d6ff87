/** The Swedish words of the seal of words and of what changed between texts. Part of texts.ts. SPEC WEB-LANG */
const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const TOUCHES = {
  negation: "nekande eller osäkert ord",
  side: "sida eller läge",
  number: "tal eller enhet",
  word: "ord",
  mark: "skiljetecken",
  blank: "mellanrum",
} as const;

export const words = {
  notAsSealed: "Texten visas inte: orden är inte de som förseglades.",
  whatToDo: "Den kan ha ändrats eller kapats på vägen. Handla inte efter den. Fråga den som skrev den.",
  told: "Driften är larmad.",
  notTold: "Driften kunde inte larmas: ring dem.",
  showBoth: "Visa båda texterna",
  came: "Det här kom till skärmen:",
  again: "Det här svarar servern nu:",
  notFetched: "Det gick inte att hämta.",
  notAsWritten: "Texten kunde inte visas som den är skriven.",
  recorded: "Så står det i journalen:",
  shown: "Så hade det visats:",
  seal: (code: string): string => `Ordsigill ${code}`,
  counted: {
    negation: (count: number): string => plural(count, "nekande eller osäkert ord", "nekande eller osäkra ord"),
    side: (count: number): string => plural(count, "sida", "sidor"),
    number: (count: number): string => plural(count, "tal eller enhet", "tal eller enheter"),
  },
  mayTurn: (parts: readonly string[]): string => `Kan ändra innebörden: ${parts.join(", ")}.`,
  said: (kind: "out" | "in", touches: keyof typeof TOUCHES): string =>
    `${kind === "out" ? "borttaget" : "tillagt"} ${TOUCHES[touches]}`,
  sinceVersion: (version: number): string => `Ändrat sedan version ${version}:`,
  sinceSigned: (version: number): string => `Ändrat sedan version ${version}, som är signerad:`,
  unchangedSince: (version: number): string => `Orden är desamma som i version ${version}.`,
  youChange: "Det här ändrar du:",
};
