/** Keeping the line as a favourite of one's own or the unit's, and taking favourites out of use. SPEC WEB-ORDAIN-1 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, type ReactNode } from "react";
import orders from "../orders/orders.module.css";
import { Button } from "../ui/controls.ts";
import { useFailureWords } from "../ui/load-view.tsx";
import { failureOf } from "../wire/call.ts";
import { favouritesQuery, retireFavourite, saveFavourite, type Favourite } from "../wire/medication.ts";
import { useMedicationTexts } from "./use-medication-texts.ts";

/** Without a line only those that there are are shown. */
export function FavouriteForm({ line }: { readonly line: string | undefined }): ReactNode {
  const texts = useMedicationTexts();
  const queries = useQueryClient();
  const all = useQuery(favouritesQuery).data ?? [];
  const key = useRef(crypto.randomUUID());
  const onSuccess = (kept: readonly Favourite[]): void => {
    key.current = crypto.randomUUID();
    queries.setQueryData(favouritesQuery.queryKey, kept);
  };
  const keep = useMutation({ mutationFn: (whose: Favourite["whose"]) => saveFavourite({ line: line ?? "", whose, key: key.current }), onSuccess }); // prettier-ignore
  const retire = useMutation({ mutationFn: retireFavourite, onSuccess });
  const error = keep.error ?? retire.error;
  const wrong = useFailureWords(failureOf(error));
  const done = keep.isSuccess ? texts.saved : retire.isSuccess ? texts.retired : "";
  const begin = (act: () => void): void => {
    keep.reset();
    retire.reset();
    act();
  };
  return (
    <details className={orders["sources"]} data-favourites>
      <summary>{texts.keep}</summary>
      {line === undefined ? null : (
        <div className={orders["buttons"]}>
          {(["own", "unit"] as const).map((whose) => (
            <Button
              key={whose}
              size="compact-sm"
              variant="default"
              disabled={keep.isPending}
              onClick={() => begin(() => keep.mutate(whose))}
            >
              {whose === "own" ? texts.saveOwn : texts.saveUnit}
            </Button>
          ))}
        </div>
      )}
      <p role="status">{error === null ? done : ""}</p>
      <p role="alert">{error === null ? "" : wrong}</p>
      {all.length === 0 ? <p className="dim">{texts.noFavourites}</p> : null}
      <ul>
        {all.map((one) => (
          <li key={one.id} className={orders["top"]}>
            <span>
              {one.typed} <span className="dim">{texts.whose[one.whose]}</span>
            </span>
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => begin(() => retire.mutate(one.id))}
              aria-label={texts.retire(one.typed)}
            >
              <span aria-hidden="true">✕</span>
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
