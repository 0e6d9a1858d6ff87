/**
 * Why something of a message is not written into a patient's record, and who has to see to it. Each reason has an owner: the system that
 * sent it (its quarantine), or the unit that ordered. SPEC EXCH-MAP-QUARANTINE · failure modes F19, F41
 */
export type ReasonCode = keyof typeof REASONS;
export type OwnerKind = "sender" | "orderer";

type Reason = { readonly owner: OwnerKind; readonly sv: string; readonly en: string };

export const REASONS = {
  "order-missing": { owner: "sender", sv: "Svaret saknar beställningsnummer.", en: "The answer names no order." },
  "order-unknown": { owner: "sender", sv: "Beställningen finns inte.", en: "There is no such order." },
  "order-not-yours": {
    owner: "sender",
    sv: "Beställningen är ställd till någon annan.",
    en: "The order was sent to somebody else.",
  },
  "order-mistaken": {
    owner: "orderer",
    sv: "Beställningen är makulerad som felaktig.",
    en: "The order was entered in error.",
  },
  "order-not-cancelled": {
    owner: "orderer",
    sv: "Beställningen kunde inte makuleras.",
    en: "The order could not be cancelled.",
  },
  "order-not-changed": {
    owner: "orderer",
    sv: "Beställningen kunde inte ändras.",
    en: "The order could not be changed.",
  },
  "number-missing": {
    owner: "sender",
    sv: "Meddelandet saknar giltigt personnummer eller annat id.",
    en: "The message has no valid identity number.",
  },
  "number-mismatch": {
    owner: "sender",
    sv: "Id-numret är inte beställningens patients.",
    en: "The identity number is not that of the order's patient.",
  },
  "specimen-missing": { owner: "sender", sv: "Svaret saknar provnummer.", en: "The answer names no specimen." },
  "specimen-mismatch": {
    owner: "sender",
    sv: "Provnumret hör inte till beställningen.",
    en: "The specimen is not the order's.",
  },
  "answer-empty": { owner: "sender", sv: "Svaret är tomt.", en: "The answer is empty." },
  "value-unreadable": {
    owner: "sender",
    sv: "Ett värde följer inte sin typ.",
    en: "A value does not follow its type.",
  },
  "code-unknown": { owner: "sender", sv: "En kod finns inte i tabellerna.", en: "A code is not in the tables." },
  "code-missing": {
    owner: "sender",
    sv: "En uppgift som måste finnas saknas.",
    en: "Something that must be there is missing.",
  },
  "time-unreadable": { owner: "sender", sv: "En tid kan inte läsas.", en: "A time cannot be read." },
  "same-version": {
    owner: "sender",
    sv: "Två olika svar har samma tid och status.",
    en: "Two different answers have the same time and status.",
  },
  "status-backwards": {
    owner: "sender",
    sv: "Ett slutligt svar skulle bli preliminärt.",
    en: "A final answer would become preliminary.",
  },
  "patient-unknown": { owner: "sender", sv: "Patienten finns inte.", en: "The patient is not known." },
  "patient-several": {
    owner: "sender",
    sv: "Numren hör till flera patienter.",
    en: "The numbers belong to several patients.",
  },
  "document-unknown": {
    owner: "sender",
    sv: "Dokumentet som ska makuleras finns inte.",
    en: "The document that is to be cancelled is not here.",
  },
  "unit-unknown": { owner: "sender", sv: "Enheten finns inte i katalogen.", en: "The unit is not in the directory." },
  "record-refused": { owner: "sender", sv: "Journalen tog inte emot uppgiften.", en: "The record did not take it." },
  "words-differ": {
    owner: "sender",
    sv: "Texterna är inte de som förseglades: något har ändrats eller kapats på vägen.",
    en: "The texts are not those that were sealed: something was changed or cut on its way.",
  },
  "message-unreadable": { owner: "sender", sv: "Meddelandet kan inte läsas.", en: "The message cannot be read." },
  "message-unknown": {
    owner: "sender",
    sv: "Meddelandetypen tas inte emot.",
    en: "This kind of message is not taken.",
  },
} as const satisfies Record<string, Reason>;

/** Something that was not taken in. `place` names segment and field (`OBX[2]-5`), never content. */
export type Exception = { readonly reason: ReasonCode; readonly place: string };

/** Thrown inside the mapping when a part of a message cannot be taken in; caught where the part ends. */
export class NotMapped extends Error {
  override readonly name = "NotMapped";
  readonly exception: Exception;

  constructor(reason: ReasonCode, place: string) {
    super(`${place}: ${REASONS[reason].en}`);
    this.exception = { reason, place };
  }
}
