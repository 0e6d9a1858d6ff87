/** Text with what is sought marked; what its sentence denies is marked as denied, for eye and ear. SPEC WEB-TIME-3, WEB-TIME-6 */
import type { ReactNode } from "react";
import { hitsIn, type Sought } from "../../base/index.ts";
import { useTexts } from "../language/language.tsx";

export function Highlight({ text, sought }: { readonly text: string; readonly sought: readonly Sought[] }): ReactNode {
  const { timeline } = useTexts();
  if (sought.length === 0) return text;
  const pieces: ReactNode[] = [];
  let from = 0;
  for (const { start, end, isDenied } of hitsIn(text, sought)) {
    pieces.push(text.slice(from, start));
    pieces.push(
      isDenied ? (
        <mark key={start} data-denied title={timeline.denied}>
          {text.slice(start, end)}
          <span className="visually-hidden"> ({timeline.denied})</span>
        </mark>
      ) : (
        <mark key={start}>{text.slice(start, end)}</mark>
      ),
    );
    from = end;
  }
  return [...pieces, text.slice(from)];
}
