/** Everything of the patient's own door that answers on the network. SPEC HTTP-PORTAL */
import type { Route } from "../route.ts";
import {
  portalAsk,
  portalBlock,
  portalBlocks,
  portalConsent,
  portalConsents,
  portalDissent,
  portalGrant,
  portalLetterAnswer,
  portalLetterOpened,
  portalLetters,
  portalLog,
  portalProxies,
  portalQuestions,
  portalRecords,
  portalUnblock,
  portalWithdraw,
} from "./calls.ts";
import { portalRefer, portalReferralEnd, portalReferralWords, portalRequests, portalUnits } from "./requests.ts";
import { portalProved, portalSession, portalSignOut } from "./sign-in.ts";

export const PORTAL_ROUTES: readonly Route[] = [
  portalProved,
  portalSignOut,
  portalSession,
  portalLog,
  portalRecords,
  portalRequests,
  portalUnits,
  portalRefer,
  portalReferralWords,
  portalReferralEnd,
  portalLetters,
  portalLetterOpened,
  portalLetterAnswer,
  portalQuestions,
  portalAsk,
  portalBlocks,
  portalBlock,
  portalUnblock,
  portalConsents,
  portalConsent,
  portalDissent,
  portalProxies,
  portalGrant,
  portalWithdraw,
];
