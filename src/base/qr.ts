/**
 * A QR code of the smallest size (version 1, level Q) for a code of at most 16 digits, capitals and hyphens: what stands on each page of a
 * letter. Pure and without network; the matrix is drawn by whoever shows it.
 *
 * SPEC BASE-QR · ISO/IEC 18004:2015 · docs/decisions/dependencies.md
 */
const SIZE = 21;
const DATA = 13;
const CHECK = 13;
const MOST = 16;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/** Level Q with each mask, with its BCH check and the standard's own mask (table C.1). */
const FORMATS = [0x355f, 0x3068, 0x3f31, 0x3a06, 0x24b4, 0x2183, 0x2eda, 0x2bed] as const;
const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

/** Rows of dark and light; the quiet zone of four is the drawer's. Errors: RangeError for what does not fit. */
export function qrMatrix(text: string): readonly (readonly boolean[])[] {
  if (text.length === 0 || text.length > MOST || Array.from(text).some((one) => !ALPHABET.includes(one)))
    throw new RangeError("not a code of at most 16 characters");
  const data = codewords(text);
  const bits = [...data, ...checkwords(data)].flatMap((byte) => bitsOf(byte, 8));
  const drawn = MASKS.map((isFlipped, mask) => draw(bits, isFlipped, FORMATS[mask] ?? 0));
  const best = drawn.reduce((one, other) => (penalty(other) < penalty(one) ? other : one));
  return best;
}

/** The bytes: mode, length, pairs of characters in 11 bits, end, and the standard's filling. */
function codewords(text: string): readonly number[] {
  const bits = [...bitsOf(2, 4), ...bitsOf(text.length, 9)];
  for (let at = 0; at < text.length; at += 2) {
    const [a, b] = [ALPHABET.indexOf(text[at] ?? ""), at + 1 < text.length ? ALPHABET.indexOf(text[at + 1] ?? "") : -1];
    bits.push(...(b < 0 ? bitsOf(a, 6) : bitsOf(a * 45 + b, 11)));
  }
  bits.push(...bitsOf(0, Math.min(4, DATA * 8 - bits.length)));
  while (bits.length % 8 !== 0) bits.push(0);
  const bytes = Array.from({ length: bits.length / 8 }, (_, at) => valueOf(bits.slice(at * 8, at * 8 + 8)));
  while (bytes.length < DATA) bytes.push(bytes.length % 2 === (bits.length / 8) % 2 ? 0xec : 0x11);
  return bytes;
}

/** Reed-Solomon over GF(256) with the standard's polynomial. */
function checkwords(data: readonly number[]): readonly number[] {
  const generator = Array.from({ length: CHECK }).reduce<{ readonly by: readonly number[]; readonly root: number }>(
    ({ by, root }) => ({ by: multiplied(by, root), root: times(root, 2) }),
    { by: [1], root: 1 },
  ).by;
  const rest = [...data, ...Array.from({ length: CHECK }, () => 0)];
  for (let at = 0; at < data.length; at += 1) {
    const lead = rest[at] ?? 0;
    for (const [offset, value] of generator.entries())
      rest[at + offset] = (rest[at + offset] ?? 0) ^ times(value, lead);
  }
  return rest.slice(data.length);
}

/** A polynomial times (x + root). */
function multiplied(by: readonly number[], root: number): readonly number[] {
  return [...by, 0].map((value, at) => value ^ times(by[at - 1] ?? 0, root));
}

function times(a: number, b: number): number {
  let [product, left, right] = [0, a, b];
  for (; right > 0; right >>= 1) {
    if (right & 1) product ^= left;
    left = left & 128 ? ((left << 1) ^ 0x11d) & 255 : left << 1;
  }
  return product;
}

type Grid = (boolean | undefined)[][];

/** One matrix: finders, timing, format, and the bits in their zigzag from the lower right corner. */
function draw(
  bits: readonly number[],
  isFlipped: (row: number, column: number) => boolean,
  format: number,
): boolean[][] {
  const grid: Grid = Array.from({ length: SIZE }, () => Array.from({ length: SIZE }));
  for (const corner of [[0, 0], [0, SIZE - 7], [SIZE - 7, 0]] as const) drawFinder(grid, corner); // prettier-ignore
  for (let at = 8; at < SIZE - 8; at += 1) {
    set(grid, [6, at], at % 2 === 0);
    set(grid, [at, 6], at % 2 === 0);
  }
  drawFormat(grid, format);
  set(grid, [SIZE - 8, 8], true);
  const free = zigzag().filter(([row, column]) => grid[row]?.[column] === undefined);
  for (const [at, [row, column]] of free.entries())
    set(grid, [row, column], (bits[at] === 1) !== isFlipped(row, column));
  return grid.map((row) => row.map((one) => one === true));
}

function set(grid: Grid, [row, column]: readonly [number, number], isDark: boolean): void {
  const line = grid[row];
  if (line !== undefined && column >= 0 && column < SIZE) line[column] = isDark;
}

/** A finder with the light border around it. */
function drawFinder(grid: Grid, [top, left]: readonly [number, number]): void {
  for (let r = -1; r <= 7; r += 1)
    for (let c = -1; c <= 7; c += 1) {
      const ring = Math.max(Math.abs(r - 3), Math.abs(c - 3));
      set(grid, [top + r, left + c], ring === 3 || ring <= 1);
    }
}

/** Around the upper left finder, and again beside the two others. */
function drawFormat(grid: Grid, format: number): void {
  for (let n = 0; n < 15; n += 1) {
    const isDark = ((format >> n) & 1) === 1;
    const jumped = n < 6 ? n : n + 1; // the timing line
    set(grid, n < 8 ? [jumped, 8] : n === 8 ? [8, 7] : [8, 14 - n], isDark);
    set(grid, n < 8 ? [8, SIZE - 1 - n] : [SIZE - 15 + n, 8], isDark);
  }
}

/** Every place in the order of the bits: pairs of columns from the right, up and down in turn. */
function zigzag(): readonly (readonly [number, number])[] {
  const pairs = [20, 18, 16, 14, 12, 10, 8, 5, 3, 1]; // the timing column is jumped over
  return pairs.flatMap((right, at) =>
    Array.from({ length: SIZE }, (_, n) => (at % 2 === 0 ? SIZE - 1 - n : n)).flatMap((row) => [
      [row, right] as const,
      [row, right - 1] as const,
    ]),
  );
}

/** How badly a reader would fare: long runs, blocks, false finders and an uneven number of dark ones. */
function penalty(matrix: readonly (readonly boolean[])[]): number {
  const lines = [...matrix, ...matrix.map((_, at) => matrix.map((row) => row[at] === true))].map((line) =>
    line.map((one) => (one ? "1" : "0")).join(""),
  );
  const runs = lines.flatMap((line) => line.match(/0{5,}|1{5,}/g) ?? []).reduce((sum, run) => sum + run.length - 2, 0);
  const finders = lines.reduce((sum, line) => sum + (line.match(/(?=00001011101|10111010000)/g)?.length ?? 0), 0);
  let [blocks, dark] = [0, 0];
  for (const [r, row] of matrix.entries())
    for (const [c, one] of row.entries()) {
      if (one) dark += 1;
      if (r > 0 && c > 0 && one === row[c - 1] && one === matrix[r - 1]?.[c] && one === matrix[r - 1]?.[c - 1])
        blocks += 1;
    }
  return runs + 3 * blocks + 40 * finders + 10 * Math.floor(Math.abs(dark / (SIZE * SIZE) - 0.5) * 20);
}

function bitsOf(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => (value >> (count - 1 - at)) & 1);
}

function valueOf(bits: readonly number[]): number {
  return bits.reduce((sum, bit) => sum * 2 + bit, 0);
}
