/** Rule BASE-QR of SPEC.md. The first matrix was read by another reader (jsqr 1.4.0) when it was made, as were 300 of random codes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { qrMatrix } from "./index.ts";

const KNOWN = `#######.#.#.#.#######
#.....#..####.#.....#
#.###.#.##..#.#.###.#
#.###.#.#.###.#.###.#
#.###.#...#.#.#.###.#
#.....#.#####.#.....#
#######.#.#.#.#######
........#.#.#........
.#.#.####.######.##.#
.......#.#..###.##.#.
#...###..#.#..#...###
.##....###.#.#.##..##
####..#.####...##.#.#
........####..#.##...
#######.#.#....##.#..
#.....#.#..#.###..##.
#.###.#..#..##....##.
#.###.#.##....##.####
#.###.#...#..#..###.#
#.....#.#.....###...#
#######..####.#.###..`;

const drawn = (text: string): string =>
  qrMatrix(text).map((row) => row.map((one) => (one ? "#" : ".")).join("")).join("\n"); // prettier-ignore

test("BASE-QR-1 a code of at most 16 digits, capitals and hyphens is a QR code of version 1, level Q; anything else is refused", () => {
  assert.equal(drawn("0000-0001-ABCD-E"), KNOWN);
  for (let length = 1; length <= 16; length += 1) assert.equal(qrMatrix("A".repeat(length)).length, 21);
  const texts = Array.from({ length: 100 }, (_, n) => `K${n}-${n * 7919}`);
  assert.equal(new Set(texts.map(drawn)).size, texts.length);
  for (const bad of ["", "A".repeat(17), "a", "å", "A_B"]) assert.throws(() => qrMatrix(bad), RangeError);
});
