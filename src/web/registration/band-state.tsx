/** The band of whoever was registered: sent to the unit's printer at once, printed again when asked, by the browser where there is no printer. SPEC WEB-UNKNOWN-2 · F39 */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { qrMatrix } from "../../base/index.ts";
import { Button } from "../ui/controls.ts";
import { printBand, type Band, type BandPrint } from "../wire/registration.ts";
import { placesQuery } from "../wire/specimens.ts";
import styles from "./registration.module.css";
import { useRegistrationTexts } from "./use-texts.ts";

export function BandState({ patientId }: { readonly patientId: string }): ReactNode {
  const texts = useRegistrationTexts();
  const places = useQuery(placesQuery);
  const [print, setPrint] = useState<BandPrint | "failed">();
  const [turn, setTurn] = useState(0);
  const asked = useRef(-1);
  const place = places.data?.items.find(({ printer }) => printer !== null)?.code ?? null;
  const isKnown = places.data !== undefined || places.isError;
  useEffect(() => {
    if (!isKnown || asked.current === turn) return;
    asked.current = turn;
    printBand(patientId, { key: crypto.randomUUID(), place }).then(setPrint, () => setPrint("failed"));
  }, [isKnown, patientId, place, turn]);
  return (
    <>
      <p role="status" data-band={print === undefined || print === "failed" ? (print ?? "waiting") : print.outcome}>
        {wordsOf(print, texts)}
      </p>
      <div>
        <Button
          variant="default"
          size="compact-sm"
          disabled={print === undefined}
          onClick={() => {
            setPrint(undefined);
            setTurn(turn + 1);
          }}
        >
          {texts.again}
        </Button>
      </div>
      {print !== undefined && print !== "failed" && print.outcome === "browser" ? <Sheet band={print.band} /> : null}
    </>
  );
}

function wordsOf(print: BandPrint | "failed" | undefined, { band }: ReturnType<typeof useRegistrationTexts>): string {
  if (print === undefined) return band.wait;
  if (print === "failed") return band.error;
  return print.outcome === "browser" ? band.browser : band[print.outcome](print.printer ?? "");
}

const QUIET = 4;

/** The band as the browser prints it; on the screen there is nothing of it. */
function Sheet({ band: { number, name, born, isEstimated } }: { readonly band: Band }): ReactNode {
  useEffect(() => window.print(), [number]);
  const rows = qrMatrix(number);
  const size = rows.length + 2 * QUIET;
  const path = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : []))).join(""); // prettier-ignore
  return (
    <div className={styles["sheet"]} lang="sv">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={number} shapeRendering="crispEdges">
        <path d={path} fill="#000" />
      </svg>
      <p>
        <strong>{`${number.slice(0, 8)}-${number.slice(8)}`}</strong>
        <br />
        {name ?? "Skyddade personuppgifter"}
        <br />
        {born === null ? "Födelsetid okänd" : `Född ${isEstimated ? "ca " : ""}${born}`}
      </p>
    </div>
  );
}
