/**
 * The modulus-10 check digit (Luhn) of Swedish identity numbers. It catches every single wrong digit and every swap of
 * two neighbours except 0 and 9. SPEC BASE-LUHN · Skatteverket SKV 704 · https://en.wikipedia.org/wiki/Luhn_algorithm
 */

/** What a character counts as; digits count as themselves unless a scheme says otherwise. */
export type CharacterValue = (character: string) => number;

/** Whether the last character is the check digit of those before it. `text` is digits only, unless `valueOf` gives letters a value. */
export function hasCheckDigit(text: string, valueOf: CharacterValue = Number): boolean {
  return Number(text.at(-1)) === checkDigitOf(text.slice(0, -1), valueOf);
}

/** The check digit that belongs after `text`: weights 2, 1, 2 … from the right; the digits of each product are added up. */
export function checkDigitOf(text: string, valueOf: CharacterValue = Number): number {
  let sum = 0;
  let weight = 2;
  for (let i = text.length - 1; i >= 0; i--) {
    sum += digitSum(valueOf(text[i]!) * weight);
    weight = 3 - weight;
  }
  return (10 - (sum % 10)) % 10;
}

function digitSum(value: number): number {
  let sum = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 10)) sum += rest % 10;
  return sum;
}
