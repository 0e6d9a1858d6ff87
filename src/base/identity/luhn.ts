/**
 * The modulus-10 check digit (Luhn) of Swedish identity numbers. It catches every single wrong digit and every swap of
 * two neighbours except 0 and 9. SPEC BASE-LUHN · Skatteverket SKV 704 · https://en.wikipedia.org/wiki/Luhn_algorithm
 */

/** What a character counts as. */
export type CharacterValue = (character: string) => number;

/** Whether the last character is the check digit of those before it. `text` is digits only, unless `valueOf` gives letters a value. */
export function hasCheckDigit(text: string, valueOf: CharacterValue = digitValue): boolean {
  const last = text.length - 1;
  return digitValue(text[last] ?? "") === checkDigitOf(text.slice(0, last), valueOf);
}

/** The check digit that belongs after `text`: weights 2, 1, 2 … from the right; the digits of each product are added up. */
export function checkDigitOf(text: string, valueOf: CharacterValue = digitValue): number {
  let sum = 0;
  let weight = 2;
  for (let i = text.length - 1; i >= 0; i--) {
    sum += digitSum(valueOf(text[i]!) * weight);
    weight = 3 - weight;
  }
  return (10 - (sum % 10)) % 10;
}

function digitValue(character: string): number {
  return character.charCodeAt(0) - 48;
}

function digitSum(value: number): number {
  if (value < 10) return value;
  if (value < 19) return value - 9;
  return (value % 10) + digitSum(Math.floor(value / 10));
}
