/**
 * The number of a tube: sixteen digits, of which the first nine are the second in which it was made, six are random and the last is a check,
 * so that a slip of the pen or of the scanner is no other tube. SPEC CLIN-SPECIMEN-2 · F40
 */
export const NUMBER_SYSTEM = "urn:eira:provnummer";

const BEGINNING_MS = Date.UTC(2020, 0, 1);
const SECONDS = 9;
const RANDOM = 6;

/** A number for a tube, from the time and eight random bytes. */
export function specimenNumber(ms: number, random: Uint8Array): string {
  const seconds = Math.max(0, Math.floor((ms - BEGINNING_MS) / 1000));
  const drawn = random.reduce((sum, byte) => (sum * 256 + byte) % 10 ** RANDOM, 0);
  const digits = String(seconds % 10 ** SECONDS).padStart(SECONDS, "0") + String(drawn).padStart(RANDOM, "0");
  return digits + checkDigit(digits);
}

/** The number that was typed or scanned, without blanks; nothing when its check does not hold. */
export function readSpecimenNumber(text: string): string | undefined {
  const digits = text.replaceAll(/[\s-]/g, "");
  if (!/^\d{16}$/.test(digits)) return undefined;
  return checkDigit(digits.slice(0, -1)) === digits.slice(-1) ? digits : undefined;
}

/** Damm's check: every single wrong digit and every two that have changed places are found. */
function checkDigit(digits: string): string {
  let state = 0;
  for (const digit of digits) state = Number((DAMM[state] ?? "").charAt(Number(digit)));
  return String(state);
}

/** The quasigroup of order 10 that H. Michael Damm published (2004). */
const DAMM = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
];
