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
  portalLog,
  portalProxies,
  portalQuestions,
  portalRecords,
  portalUnblock,
  portalWithdraw,
} from "./calls.ts";
import { portalProved, portalSession, portalSignOut } from "./sign-in.ts";

export const PORTAL_ROUTES: readonly Route[] = [
  portalProved,
  portalSignOut,
  portalSession,
  portalLog,
  portalRecords,
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
