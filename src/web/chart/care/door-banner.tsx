/** Who the patient is, over a chart that is not open: nothing of the records is in it. SPEC WEB-DOOR-1 */
import { useQuery } from "@tanstack/react-query";
import type { Patient } from "fhir/r4";
import { useMemo, type ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import type { Loaded } from "../../loaded.ts";
import { LoadView } from "../../ui/load-view.tsx";
import { failureOf } from "../../wire/call.ts";
import { whoQuery } from "../../wire/care.ts";
import { BannerFrame } from "../banner/patient-banner.tsx";

export function DoorBanner({ patientId }: { readonly patientId: string }): ReactNode {
  const { patient, care } = useTexts();
  const { data, error, refetch, dataUpdatedAt } = useQuery(whoQuery(patientId));
  const loaded = useMemo((): Loaded<Patient> => {
    if (data) return { state: "some", value: data, asOf: new Date(dataUpdatedAt).toISOString(), stale: undefined };
    return error ? { state: "failed", failure: failureOf(error), retry: () => void refetch() } : { state: "loading" };
  }, [data, error, refetch, dataUpdatedAt]);
  return (
    <LoadView loaded={loaded} unknown={patient.notFound} lines={1}>
      {(who) => (
        <BannerFrame patient={who} asOf={new Date(dataUpdatedAt).toISOString()}>
          <span className="dim">{care.notOpen}</span>
        </BannerFrame>
      )}
    </LoadView>
  );
}
