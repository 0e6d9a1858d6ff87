/**
 * The band on a wrist in ZPL II: the number as Code 128 and in plain text, whose it is, born when, and that it is guessed where it is.
 * 25 mm high at 8 dots to the millimetre. SPEC EXCH-PRINT-4
 */
import { escaped } from "./zpl.ts";

export type BandText = {
  readonly number: string;
  /** Null of somebody whose identity is protected. */
  readonly name: string | null;
  readonly born: string | null;
  readonly isEstimated: boolean;
  readonly sex: string | null;
};

const SEXES: Readonly<Record<string, string>> = { female: "Kvinna", male: "Man" };

/** The bytes of one band. */
export function bandZplOf({ number, name, born, isEstimated, sex }: BandText): Buffer {
  const line = (top: number, text: string): string => `^FO24,${top}^A0N,30,30^FH^FD${escaped(text)}^FS`;
  const when = born === null ? "Födelsetid okänd" : `Född ${isEstimated ? "ca " : ""}${born}`;
  return Buffer.from(
    [
      "^XA^CI28^PW1000^LL200^LH0,0",
      line(14, name ?? "Skyddade personuppgifter"),
      line(54, `${number.slice(0, 8)}-${number.slice(8)}`),
      line(94, `${when}   ${SEXES[sex ?? ""] ?? "Kön okänt"}`),
      `^FO520,20^BY3^BCN,120,N,N,N^FD${escaped(number)}^FS`,
      "^PQ1^XZ\n",
    ].join("\n"),
    "utf8",
  );
}
