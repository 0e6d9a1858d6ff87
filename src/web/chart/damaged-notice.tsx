/** Above every section: records of this patient whose words are not those that were sealed. SPEC WEB-WORDS-1 */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { damagedQuery, nameOf } from "../wire/damaged.ts";
import { Unlike } from "../words/words-notice.tsx";

export function DamagedNotice({ patientId }: { readonly patientId: string }): ReactNode {
  const { data } = useQuery(damagedQuery(patientId));
  return data.map((one) => <Unlike key={nameOf(one)} name={nameOf(one)} resource={one} />);
}
