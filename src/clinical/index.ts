/** What clinicians look at, put together from the journal. SPEC: SPEC.md in this folder. */
export { findPatients, type Patients } from "./chart/find-patients.ts";
export { findWords, type FoundWords } from "./chart/find-words.ts";
export { readOverview, type Overview } from "./chart/overview.ts";
export { readOwnSection, readSection, type SectionPage } from "./chart/section-page.ts";
export { lookAtReferral, type ReferralLook } from "./referrals/look.ts";
export { ownRequests, type OwnRequest } from "./referrals/own.ts";
export { addToOwnReferral, unitsAtDoor, withdrawOwnReferral, writeOwnReferral } from "./referrals/own-write.ts";
export { waitingList, type Waiting } from "./referrals/waiting.ts";
export { readStaff, readStaffMember, type StaffMember } from "./directory/staff.ts";
export { applyDirectory, type Applied, type ApplyAsk } from "./directory/apply.ts";
export type { Problem } from "./directory/fields.ts";
export { lookAtDirectory, USUAL_MOST_ENDED, type DirectoryAsk, type Look, type Looked } from "./directory/look.ts";
export { countsOf, previewChanges, previewLines, type PreviewCounts } from "./directory/preview.ts";
export { PROTECTED_NAME } from "./directory/words.ts";
export { directoryPeople } from "./directory/find-people.ts";
export { directoryOverview, sessionsEnding } from "./directory/keeping.ts";
export { confirmAssignments, MOST_CONFIRMED } from "./directory/confirm.ts";
export { reviewDirectory, type Finding, type ReviewAsk } from "./directory/review.ts";
export { aboutLoops, type LoopAbout } from "./loops/about.ts";
export { namePeople, type NamedPerson } from "./loops/people.ts";
export {
  addToReferral,
  answerReferral,
  askPatient,
  askSecondOpinion,
  assessReferral,
  cancelRequest,
  pauseWaiting,
  PRIORITIES,
} from "./referrals/act.ts";
export { PAUSE_CODES } from "./referrals/guarantee.ts";
export type { Seen } from "./referrals/matter.ts";
export { collectTubes, labelTubes, NOT_DRAWN, notDrawn, type CollectWish, type NotDrawn } from "./specimens/collect.ts";
export { collectionList, collectionOf, type Collection, type CollectionRow } from "./specimens/collection.ts";
export { beginPrint, endPrint, inputsOf, printedNumbers, type LabelOfTube } from "./specimens/print.ts";
export { moveSpecimen, SPECIMEN_DEEDS, trackSpecimen, type Tracked } from "./specimens/track.ts";
export { toldByTelephone } from "./results/told.ts";
export { letterOptions } from "./letters/options.ts";
export { answerLetter, openOwnLetter, ownLetters } from "./letters/own.ts";
export { lettersOf, lettersUnderWay, letterToPrint } from "./letters/sent.ts";
export { letterTemplates, proposeTemplate, reviewTemplate } from "./letters/templates.ts";
export { composeLetter, sendLetter, type LetterRecipient, type LetterWish, type LetterWords } from "./letters/write.ts";
export { noteDesk, type NoteDesk } from "./notes/desk.ts";
export { contactIn, discardNoteDraft, pulledIn, saveNoteDraft, type Contact, type DraftWish } from "./notes/draft.ts";
export { noteHistory, type NoteHistory } from "./notes/history.ts";
export type { SectionChange } from "./notes/merge.ts";
export { phrasesOf, retirePhrase, savePhrase } from "./notes/phrases.ts";
export { pullIn, PULLS } from "./notes/pull.ts";
export { noteTemplates, proposeNoteTemplate, reviewNoteTemplate } from "./notes/templates.ts";
export { writeNote } from "./notes/write.ts";
export { medicationCheck } from "./medication/check.ts";
export { ordainingDesk } from "./medication/desk.ts";
export { saveLineDraft, type TypedLine } from "./medication/draft.ts";
export { medicationFavourites, retireFavourite, saveFavourite } from "./medication/favourites.ts";
export { lookAtLine } from "./medication/look.ts";
export {
  renewOrdinations,
  signOrdinations,
  stopOrdination,
  type Seen as SeenOrdination,
  type SignedLine as SignedOrdination,
} from "./medication/sign.ts";
export { correctMeasured } from "./observations/correct.ts";
export { measureDesk } from "./observations/desk.ts";
export { ordainScale } from "./observations/scale.ts";
export { VALUE_NAMES, type Measured } from "./observations/values.ts";
export { writeMeasured, type ShownScore } from "./observations/write.ts";
export { orderBasket, type Basket } from "./orders/basket.ts";
export { orderCatalogue, type Catalogue, type SetLine } from "./orders/catalogue.ts";
export { draftOf, orderLineIn, saveDraft } from "./orders/draft.ts";
export type { SeenDraft } from "./own-draft.ts";
export { lookAtOrder, type OrderLook } from "./orders/look.ts";
export { retireSet, saveSet } from "./orders/sets.ts";
export { signOrders } from "./orders/sign.ts";
export type { OrderLine } from "./orders/wish.ts";
export { beginBand, endBand, type Band } from "./registration/band.ts";
export { mergePatients, sameAs, unmergePatients, type SamePerson } from "./registration/merge.ts";
export { registerChild, registerUnknown } from "./registration/unknown.ts";
