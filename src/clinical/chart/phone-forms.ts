/**
 * A telephone number in the forms that it is written in: a search compares what stands in a record, and people write
 * with and without area dash, spaces and country code.
 *
 * SPEC CLIN-PHONE · https://www.pts.se (number groups: 3-2, 2-2-2, 3-2-2, 3-3-2)
 */
const WRITTEN = /^(?:\+|00)?[\d ()/-]{7,24}$/;
const GROUPS: Readonly<Record<number, readonly number[]>> = { 5: [3, 2], 6: [2, 2, 2], 7: [3, 2, 2], 8: [3, 3, 2] };

/** The forms of a Swedish number; a foreign one only as it is and without spaces; none when it is no number. */
export function phoneForms(text: string): readonly string[] {
  if (!WRITTEN.test(text)) return [];
  const dialled = text.replaceAll(/[^\d+]/g, "").replace(/^00/, "+");
  const national = dialled.replace(/^\+46\(?0?/, "0");
  if (/^\+[1-9]\d{6,14}$/.test(national)) return [...new Set([text, dialled])];
  if (!/^0[1-9]\d{5,10}$/.test(national)) return [];
  const forms = new Set([text, national, `+46${national.slice(1)}`]);
  for (const size of [2, 3, 4]) {
    const area = national.slice(0, size);
    const rest = national.slice(size);
    const grouped = groupsOf(rest);
    if (grouped === undefined) continue;
    for (const form of [`${area}-${grouped}`, `${area}-${rest}`, `${area} ${grouped}`]) forms.add(form);
    for (const form of [grouped, rest]) forms.add(`+46 ${area.slice(1)} ${form}`);
  }
  return [...forms];
}

function groupsOf(digits: string): string | undefined {
  const sizes = GROUPS[digits.length];
  if (sizes === undefined) return undefined;
  let at = 0;
  return sizes.map((size) => digits.slice(at, (at += size))).join(" ");
}
