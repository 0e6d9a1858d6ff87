/** A code as a QR code, drawn here without network. SPEC WEB-LETTER-3 · BASE-QR */
import type { ReactNode } from "react";
import { qrMatrix } from "../../base/index.ts";
import styles from "./letters.module.css";

const QUIET = 4;

export function QrCode({ code, name }: { readonly code: string; readonly name: string }): ReactNode {
  const rows = qrMatrix(code);
  const size = rows.length + 2 * QUIET;
  const path = rows.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])),
  );
  return (
    <svg
      className={styles["qr"]}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={`${name} ${code}`}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path.join("")} fill="#000" />
    </svg>
  );
}
