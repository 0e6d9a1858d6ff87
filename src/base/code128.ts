/**
 * Code 128 of a number: what a laboratory's readers take from the label of a tube. Subset C holds two digits in a symbol, so the code is short;
 * an odd digit goes in subset B. SPEC BASE-CODE128 · ISO/IEC 15417
 */

/** The widths of bars and spaces of each symbol, in modules; the last is the stop. */
const SYMBOLS =
  "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232";
const STOP = "2331112";
const START_C = 105;
const TO_B = 100;
const MOST = 48;

/** The modules of the code from left to right, dark ones true, without the quiet zones. Errors: RangeError unless 2 to 48 digits. */
export function code128(digits: string): readonly boolean[] {
  if (!/^\d{2,48}$/.test(digits)) throw new RangeError(`a code is made of 2 to ${MOST} digits`);
  const values = valuesOf(digits);
  const check = values.reduce((sum, value, at) => sum + value * Math.max(at, 1), 0) % 103;
  const widths = [...values, check].map((value) => SYMBOLS.slice(value * 6, value * 6 + 6)).join("") + STOP;
  return widths.split("").flatMap((width, at) => Array.from({ length: Number(width) }, () => at % 2 === 0));
}

/** In pairs from the left; the odd one at the end is a character of subset B. */
function valuesOf(digits: string): readonly number[] {
  const pairs = Array.from({ length: Math.floor(digits.length / 2) }, (_, at) =>
    Number(digits.slice(2 * at, 2 * at + 2)),
  );
  const odd = digits.length % 2 === 1 ? [TO_B, inB(digits.at(-1) ?? "0")] : [];
  return [START_C, ...pairs, ...odd];
}

function inB(digit: string): number {
  return digit.charCodeAt(0) - 32;
}
