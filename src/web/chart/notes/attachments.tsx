/** What is attached to a note or a report: plain text is shown at once, everything else is opened on request. SPEC WEB-NOTE-4 */
import type { Attachment } from "fhir/r4";
import type { ReactNode } from "react";
import { attachedText } from "../../../base/index.ts";
import { useTexts } from "../../language/language.tsx";
import { PlainWords } from "../../words/shown-words.tsx";
import styles from "./notes.module.css";

export function Attachments({ attachments }: { readonly attachments: readonly Attachment[] }): ReactNode {
  return attachments.map((attachment, index) => <One key={attachment.id ?? index} attachment={attachment} />);
}

function One({ attachment }: { readonly attachment: Attachment }): ReactNode {
  const { note } = useTexts();
  const text = plainTextOf(attachment);
  if (text !== undefined) return <PlainWords as="pre" className={styles["plain"]} text={text} />;
  const name = attachment.title ?? note.document;
  const address = localAddress(attachment.url);
  const about = [attachment.contentType, attachment.size === undefined ? undefined : note.size(attachment.size)]
    .filter(Boolean)
    .join(", ");
  return (
    <p className={styles["attachment"]}>
      {address ? (
        <a href={address} target="_blank" rel="noopener noreferrer">
          {name}
        </a>
      ) : (
        <strong>{name}</strong>
      )}{" "}
      <span className="dim">
        {about} {address ? "" : note.notShown}
      </span>
    </p>
  );
}

/** Text carried inside the resource. Anything but plain text is not decoded here. */
function plainTextOf({ contentType, data }: Attachment): string | undefined {
  if (!data || !contentType?.startsWith("text/plain")) return undefined;
  return attachedText(data);
}

/** Only documents of this server are linked; an address elsewhere is not followed from the chart. */
function localAddress(url: string | undefined): string | undefined {
  const binary = /^(?:\/?fhir\/R4\/)?(Binary\/[A-Za-z0-9\-.]{1,64})$/.exec(url ?? "")?.[1];
  return binary && `/fhir/R4/${binary}`;
}
