/**
 * By which ways a letter can reach a recipient: worked out from who it is and what it says, never from the template that it was made
 * with. None at all is said before anything is sent.
 *
 * SPEC LOOP-LETTER-1 · F7 (16 438 letters that were seen as sent) · PDL 5 kap. 5 §, offentlighets- och sekretesslagen 22 kap. 1 §
 */

/** The patient's own page here; paper in the post; paper by the tax agency's relay (förmedling); the inbox of a unit. */
export const TRANSPORTS = ["page", "paper", "relay", "inbox"] as const;
export type Transport = (typeof TRANSPORTS)[number];

export type RecipientFacts =
  | {
      readonly kind: "patient";
      readonly isDead: boolean;
      readonly isProtected: boolean;
      /** Who can open the page of the patient now: the patient, or only a guardian. */
      readonly page: "patient" | "guardian" | null;
      readonly hasAddress: boolean;
      /** The relay sends by identity number. */
      readonly hasNumber: boolean;
    }
  | {
      /** A guardian, a proxy or another relative, as the record has them. */
      readonly kind: "relative";
      readonly isProtected: boolean;
      /** May read for the patient at this moment. */
      readonly mayRead: boolean;
      readonly hasAddress: boolean;
    }
  | { readonly kind: "unit"; readonly hasInbox: boolean }
  | { readonly kind: "address"; readonly isComplete: boolean };

export type LetterContent = {
  readonly isEmpty: boolean;
  /** Words, and nothing that paper and the page cannot show. */
  readonly isText: boolean;
  /** By its labels: what never leaves to the patient, or only not to those who read for the patient. */
  readonly isForPatient: boolean;
  readonly isForOthers: boolean;
};

/** The ways there are, the best one first. */
export function transportsFor(recipient: RecipientFacts, content: LetterContent): readonly Transport[] {
  if (content.isEmpty) return [];
  switch (recipient.kind) {
    case "unit":
      return recipient.hasInbox ? ["inbox"] : [];
    case "address":
      return recipient.isComplete && content.isText ? ["paper"] : [];
    case "relative":
      return toRelative(recipient, content);
    case "patient":
      return content.isText && content.isForPatient && !recipient.isDead ? toPatient(recipient, content) : [];
  }
}

function toPatient(
  { isProtected, page, hasAddress, hasNumber }: Extract<RecipientFacts, { readonly kind: "patient" }>,
  { isForOthers }: LetterContent,
): readonly Transport[] {
  const isPage = page === "patient" || (page === "guardian" && isForOthers);
  const paper: readonly Transport[] = isProtected ? (hasNumber ? ["relay"] : []) : hasAddress ? ["paper"] : [];
  return isPage ? ["page", ...paper] : paper;
}

/** What protects a patient protects from relatives too: nothing tells them that there is a letter. */
function toRelative(
  { isProtected, mayRead, hasAddress }: Extract<RecipientFacts, { readonly kind: "relative" }>,
  { isText, isForOthers }: LetterContent,
): readonly Transport[] {
  return mayRead && !isProtected && hasAddress && isText && isForOthers ? ["paper"] : [];
}
