/** Text with the searched words marked. SPEC WEB-TIME-3 */
import type { ReactNode } from "react";

export function Highlight({ text, words }: { readonly text: string; readonly words: readonly string[] }): ReactNode {
  const wanted = words.filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (wanted.length === 0) return text;
  const pieces = text.split(new RegExp(`(${wanted.join("|")})`, "giu"));
  return pieces.map((piece, index) => (index % 2 === 1 ? <mark key={index}>{piece}</mark> : piece));
}
