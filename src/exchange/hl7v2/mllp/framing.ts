/**
 * Frames of MLLP: VT, the message, FS CR. Bytes may come cut anywhere and several frames at once; what stands between frames,
 * and a frame that another one begins in, is counted and left.
 *
 * SPEC EXCH-HL7-FRAME · HL7 v2 transport specification, MLLP release 1
 */
const VT = 0x0b;
const FS = 0x1c;
const CR = 0x0d;

export function framed(message: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(VT), message, Buffer.of(FS, CR)]);
}

export type Frames = {
  readonly messages: readonly Buffer[];
  /** Bytes that belong to no whole frame. */
  readonly garbage: number;
  /** The frame that is coming is larger than it may be: nothing more can be read from here. */
  readonly isTooLarge: boolean;
};

/** Puts frames together from what a socket gives. */
export class Framer {
  private readonly most: number;
  private parts: Buffer[] = [];
  private size = 0;
  private isInside = false;
  private hasTooMuch = false;

  /** `most`: bytes of a message. */
  constructor(most: number) {
    this.most = most;
  }

  /** Whether a frame has begun and not ended. */
  get isOpen(): boolean {
    return this.isInside;
  }

  push(chunk: Buffer): Frames {
    const messages: Buffer[] = [];
    let garbage = 0;
    let rest = chunk;
    while (rest.length > 0 && !this.hasTooMuch) {
      if (!this.isInside) {
        const start = rest.indexOf(VT);
        garbage += start < 0 ? rest.length : start;
        if (start < 0) break;
        this.isInside = true;
        rest = rest.subarray(start + 1);
        continue;
      }
      const end = this.endIn(rest);
      const again = rest.subarray(0, end < 0 ? rest.length : end).lastIndexOf(VT);
      if (again >= 0) {
        garbage += this.size + again + 1; // the sender began anew: what came before was cut off and is not acknowledged
        this.forget();
        rest = rest.subarray(again + 1);
        continue;
      }
      this.keep(end < 0 ? rest : rest.subarray(0, end + 1));
      this.hasTooMuch = this.size - 2 > this.most;
      if (end < 0 || this.hasTooMuch) break;
      messages.push(Buffer.concat(this.parts).subarray(0, -2));
      this.forget();
      this.isInside = false;
      rest = rest.subarray(end + 1);
    }
    return { messages, garbage, isTooLarge: this.hasTooMuch };
  }

  /** Where the CR of FS CR stands, the FS perhaps at the end of what came before; -1 when it is not there. */
  private endIn(bytes: Buffer): number {
    if (bytes[0] === CR && this.parts.at(-1)?.at(-1) === FS) return 0;
    for (let at = bytes.indexOf(FS); at >= 0; at = bytes.indexOf(FS, at + 1)) if (bytes[at + 1] === CR) return at + 1;
    return -1;
  }

  private keep(part: Buffer): void {
    if (part.length > 0) this.parts.push(part);
    this.size += part.length;
  }

  private forget(): void {
    this.parts = [];
    this.size = 0;
  }
}
