/** Everything of the patient's own door that answers on the network. SPEC HTTP-PORTAL */
import type { Route } from "../route.ts";
import {
  portalAsk,
  portalBlock,
  portalBlocks,
  portalGrant,
  portalLog,
  portalProxies,
  portalQuestions,
  portalUnblock,
  portalWithdraw,
} from "./calls.ts";
import { portalPeople, portalProved, portalSession, portalSignIn, portalSignOut } from "./sign-in.ts";

export const PORTAL_ROUTES: readonly Route[] = [
  portalPeople,
  portalSignIn,
  portalProved,
  portalSignOut,
  portalSession,
  portalLog,
  portalQuestions,
  portalAsk,
  portalBlocks,
  portalBlock,
  portalUnblock,
  portalProxies,
  portalGrant,
  portalWithdraw,
];
