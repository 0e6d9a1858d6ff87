/** A booking that fell: when it was, whether the patient stayed away, and why, as far as anybody has said. SPEC WEB-INBOX-11 */
import type { Appointment, ServiceRequest } from "fhir/r4";
import type { ReactNode } from "react";
import { sayConcept, sayConcepts } from "../say/concepts.ts";
import { sayMoment } from "../say/dates.ts";
import { Chip } from "../ui/chip.tsx";
import styles from "./inbox.module.css";
import { useInboxTexts } from "./use-inbox-texts.ts";

export function BookingText({ booking }: { readonly booking: Appointment }): ReactNode {
  const { fallen } = useInboxTexts();
  const { status, start, comment } = booking;
  const what = sayConcepts(booking.serviceType) ?? sayConcepts(booking.reasonCode) ?? booking.description;
  const why = sayConcept(booking.cancelationReason);
  const hasFallen = status === "noshow" || status === "cancelled";
  return (
    <article className={styles["report"]}>
      <p>
        {hasFallen ? <Chip tone="warn">{fallen[status]}</Chip> : null} {start ? sayMoment(start) : ""}
        {what === undefined ? "" : ` · ${what}`}
      </p>
      <h3>{fallen.why}</h3>
      <p className={styles["words"]}>{why ?? fallen.whyMissing}</p>
      {comment ? <p className={styles["words"]}>{comment}</p> : null}
    </article>
  );
}

const STATUS_REASON = "http://hl7.org/fhir/StructureDefinition/request-statusReason";

/** Why a request was taken back; nothing of one that was not. */
export function WithdrawnText({ request }: { readonly request: ServiceRequest }): ReactNode {
  const { fallen } = useInboxTexts();
  if (request.status !== "revoked") return null;
  const said = (request.extension ?? []).findLast(({ url }) => url === STATUS_REASON)?.valueCodeableConcept;
  return (
    <p className={styles["words"]}>
      <Chip tone="warn">{fallen.revoked}</Chip> {sayConcept(said) ?? fallen.whyMissing}
    </p>
  );
}
