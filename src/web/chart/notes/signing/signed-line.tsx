/** Whether a note is signed, by whom, when and how, and whether it is locked. Also on paper. SPEC WEB-SIGNING-1 */
import type { ReactNode } from "react";
import { useTexts } from "../../../language/language.tsx";
import { sayReferenceTo, type Beside } from "../../../say/concepts.ts";
import { sayMoment } from "../../../say/dates.ts";
import type { Note } from "../../../say/notes.ts";
import { Chip } from "../../../ui/chip.tsx";
import type { Seal, SigningState } from "../../../wire/signing.ts";
import { standingOf } from "./use-signing.ts";
import styles from "./signing.module.css";

const TONES = { signed: "calm", unsigned: "warn", changed: "warn", amended: "note", mistaken: "note" } as const;

export function StandingChip({
  note,
  state,
}: {
  readonly note: Note;
  readonly state: SigningState | undefined;
}): ReactNode {
  const { note: texts, signing } = useTexts();
  const standing = standingOf(note, state);
  const words = standing === "changed" ? signing.changed : texts.signings[standing];
  return <Chip tone={TONES[standing]}>{words}</Chip>;
}

export function SignedLine({
  note,
  state,
  beside,
}: {
  readonly note: Note;
  readonly state: SigningState | undefined;
  readonly beside: Beside;
}): ReactNode {
  const { signing } = useTexts();
  return (
    <div className={styles["standing"]}>
      <p>
        <StandingChip note={note} state={state} />{" "}
        {state === undefined ? null : state.isLocked ? (
          <Chip tone="note">{signing.locked}</Chip>
        ) : (
          <span className="dim">{signing.locks(sayMoment(state.locks))}</span>
        )}
      </p>
      {state?.seals.length ? (
        state.seals.map((seal) => (
          <SealLine key={seal.version} seal={seal} isCurrent={seal.version === state.version} />
        ))
      ) : (
        <Attesters note={note} beside={beside} />
      )}
    </div>
  );
}

function SealLine({ seal, isCurrent }: { readonly seal: Seal; readonly isCurrent: boolean }): ReactNode {
  const { signing } = useTexts();
  const { name, title, unit, proof } = seal.signer;
  const who = [name, title, unit].join(", ");
  const when = sayMoment(seal.signed);
  return (
    <p>
      {isCurrent ? signing.signedBy(who, when) : signing.olderSigned(seal.version, who, when)}.{" "}
      <span className="dim">{signing.method(proof.method === "none" ? signing.withoutProof : proof.name)}</span>
    </p>
  );
}

/** Who has signed it where it came from. */
function Attesters({ note, beside }: { readonly note: Note; readonly beside: Beside }): ReactNode {
  const attesters = note.resource.resourceType === "Composition" ? (note.resource.attester ?? []) : [];
  const words = attesters.map((one) =>
    [sayReferenceTo(one.party, beside), one.time ? sayMoment(one.time) : undefined].filter(Boolean).join(", "),
  );
  const said = words.filter(Boolean).join(" · ");
  return said === "" ? null : <p>{said}</p>;
}
