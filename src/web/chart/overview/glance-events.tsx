/** The glances at notes, contacts and referrals: the latest of each. SPEC WEB-OVER-1 */
import { Link } from "@tanstack/react-router";
import type { Encounter } from "fhir/r4";
import type { ReactNode } from "react";
import { useTexts } from "../../language/language.tsx";
import { sayConcept, sayConcepts } from "../../say/concepts.ts";
import { sayDay, sayMoment, sayPeriod } from "../../say/dates.ts";
import { noteOf } from "../../say/notes.ts";
import { plainText } from "../../say/plain-text.ts";
import { Chip } from "../../ui/chip.tsx";
import { ofType } from "../use-section.ts";
import { Glance, Unit, type GlanceInput } from "./glance.tsx";
import styles from "./overview.module.css";

export function GlanceNotes({ patientId, beside, slice }: GlanceInput): ReactNode {
  const { note, source } = useTexts();
  const notes = ofType(slice?.items ?? [], "Composition", "DocumentReference").map((one) => noteOf(one, beside));
  return (
    <Glance
      title={note.latest}
      to="/patienter/$patientId/anteckningar"
      patientId={patientId}
      slice={slice}
      rows={notes}
      most={3}
      unknown={note.notRecorded}
      nothing={note.notRecorded}
      rowKey={(one) => one.id}
      row={(one) => (
        <>
          <span className={styles["main"]}>
            <Link to="/patienter/$patientId/anteckningar" params={{ patientId }} search={{ anteckning: one.id }}>
              <strong>{one.title ?? note.untitled}</strong>
            </Link>{" "}
            {one.signing === "signed" ? null : (
              <Chip tone={one.signing === "unsigned" ? "warn" : "note"}>{note.signings[one.signing]}</Chip>
            )}
          </span>
          <span className={styles["side"]}>{one.when ? sayMoment(one.when) : note.timeMissing}</span>
          <span className={styles["excerpt"]}>{excerpt(one.resource)}</span>
          <span className={styles["unit"]}>
            {one.author ?? source.authorMissing} · {one.unit ?? source.unitMissing}
          </span>
        </>
      )}
    />
  );
}

export function GlanceContacts({ patientId, beside, slice }: GlanceInput): ReactNode {
  const { contact, sections } = useTexts();
  const classes: Readonly<Record<string, string>> = contact.classes;
  const kind = (one: Encounter): string => classes[one.class.code ?? ""] ?? one.class.display ?? contact.kindMissing;
  return (
    <Glance
      title={sections.contacts}
      to="/patienter/$patientId/vardkontakter"
      patientId={patientId}
      slice={slice}
      rows={ofType(slice?.items ?? [], "Encounter")}
      most={3}
      unknown={contact.notRecorded}
      nothing={contact.notRecorded}
      rowKey={(one) => one.id ?? ""}
      row={(one) => (
        <>
          <span className={styles["main"]}>
            {[sayConcepts(one.type) ?? kind(one), sayConcepts(one.reasonCode)].filter(Boolean).join(": ")}{" "}
            {one.status === "finished" ? null : (
              <Chip tone={one.status === "in-progress" ? "calm" : "plain"}>{contact.statuses[one.status]}</Chip>
            )}
          </span>
          <span className={styles["side"]}>
            {one.period?.start ? sayDay(one.period.start) : (sayPeriod(one.period) ?? contact.timeMissing)}
          </span>
          <Unit resource={one} beside={beside} />
        </>
      )}
    />
  );
}

export function GlanceReferrals({ patientId, beside, slice }: GlanceInput): ReactNode {
  const { referral, sections } = useTexts();
  const statuses: Readonly<Record<string, string>> = referral.statuses;
  return (
    <Glance
      title={sections.referrals}
      to="/patienter/$patientId/remisser"
      patientId={patientId}
      slice={slice}
      rows={ofType(slice?.items ?? [], "ServiceRequest").toSorted(
        (a, b) => Number(isClosed(a.status)) - Number(isClosed(b.status)),
      )}
      most={3}
      unknown={referral.notRecorded}
      nothing={referral.notRecorded}
      rowKey={(one) => one.id ?? ""}
      row={(one) => (
        <>
          <span className={styles["main"]}>
            {sayConcept(one.code) ?? sayConcepts(one.category) ?? referral.unnamed}{" "}
            <Chip>{statuses[one.status] ?? one.status}</Chip>
          </span>
          <span className={styles["side"]}>{one.authoredOn ? sayDay(one.authoredOn) : referral.timeMissing}</span>
          <Unit resource={one} beside={beside} />
        </>
      )}
    />
  );
}

/** What still waits goes before what is done. */
function isClosed(status: string): boolean {
  return status === "completed" || status === "revoked" || status === "entered-in-error";
}

/** The beginning of a note, for recognising it; CSS cuts it at two lines and the whole is one click away. */
function excerpt(resource: ReturnType<typeof noteOf>["resource"]): string {
  if (resource.resourceType === "DocumentReference") return resource.description ?? "";
  return (resource.section ?? [])
    .map((one) => `${one.title ? `${one.title}: ` : ""}${plainText(one.text?.div ?? "")}`)
    .join(" ")
    .slice(0, 240);
}
