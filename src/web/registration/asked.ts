/** What was asked for in one place and is done in another: blood for whoever was registered just now; opening the dock. Pure. SPEC WEB-UNKNOWN-3 */
let wanted: string | undefined;
const listeners = new Set<() => void>();

export function askForBlood(patient: string): void {
  wanted = patient;
}

/** True once for the patient whom it was asked for. */
export function takeBlood(patient: string): boolean {
  const isAsked = wanted === patient;
  if (isAsked) wanted = undefined;
  return isAsked;
}

export function askToRegister(): void {
  for (const listener of listeners) listener();
}

export function onRegister(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const WISH = /^([kmo])\s*(\d{1,3})?$/i;
const SEXES = { k: "female", m: "male", o: "unknown" } as const;

/** What one writes about somebody unknown: a letter and, if anybody can tell, an age. */
export function readWish(
  text: string,
): { readonly sex: "female" | "male" | "unknown"; readonly age: number | null } | undefined {
  const [, letter, digits] = WISH.exec(text.trim()) ?? [];
  const key = letter?.toLowerCase();
  if (key !== "k" && key !== "m" && key !== "o") return undefined;
  const age = digits === undefined ? null : Number(digits);
  return age !== null && age > 115 ? undefined : { sex: SEXES[key], age };
}
