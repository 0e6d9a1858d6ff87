/**
 * A label in ZPL II, which network label printers take as it is: the number as Code 128 and in digits, whose it is and what it is for. 50 × 25 mm
 * at 8 dots to the millimetre. SPEC EXCH-PRINT-2
 */
export type LabelText = {
  /** The digits that the code says. */
  readonly number: string;
  /** Null of somebody whose identity is protected. */
  readonly name: string | null;
  /** The identity number, in full. */
  readonly identity: string;
  readonly tube: string;
  readonly analyses: readonly string[];
  readonly isUrgent: boolean;
};

const WIDTH = 400;
const HEIGHT = 200;
const LEFT = 12;
/** A line of the font is about half as wide as it is high. */
const SHAPE = 0.52;
const SMALLEST = 14;

/** The bytes of some labels, one after the other. */
export function zplOf(labels: readonly LabelText[]): Buffer {
  return Buffer.from(labels.map(labelOf).join(""), "utf8");
}

function labelOf({ number, name, identity, tube, analyses, isUrgent }: LabelText): string {
  return [
    `^XA^CI28^PW${WIDTH}^LL${HEIGHT}^LH0,0`,
    line(6, 26, name ?? "Skyddade personuppgifter"),
    line(34, 26, identity + (isUrgent ? "   AKUT" : "")),
    // Subset C is asked for: two digits in a symbol, a code of 31 mm.
    `^FO${LEFT},64^BY2^BCN,66,N,N,N,N^FD>;${number}^FS`,
    line(136, 24, spaced(number)),
    line(164, 22, `${tube}: ${analyses.join(", ")}`),
    "^PQ1^XZ\n",
  ].join("\n");
}

/** In fours, as it is read aloud. */
function spaced(number: string): string {
  return number.replaceAll(/(\d{4})(?=\d)/g, "$1 ");
}

/** A line as large as it has room for; what has no room ends with an ellipsis, so that it is seen to be cut. */
function line(top: number, high: number, text: string): string {
  const room = WIDTH - 2 * LEFT;
  const size = Math.max(SMALLEST, Math.min(high, Math.floor(room / (Math.max(text.length, 1) * SHAPE))));
  const fits = Math.floor(room / (size * SHAPE));
  const shown = text.length > fits ? `${text.slice(0, fits - 1)}…` : text;
  return `^FO${LEFT},${top}^A0N,${size},${size}^FH^FD${escaped(shown)}^FS`;
}

/** What ZPL would take for a command, and what does not print, is written by its number. */
export function escaped(text: string): string {
  return text.replaceAll(/[\^~_\\]|\p{Cc}/gu, (one) =>
    /\p{Cc}/u.test(one) ? " " : `_${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
