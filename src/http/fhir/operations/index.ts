/** The routes of the operations on records. SPEC HTTP-OPERATION */
import type { Route } from "../../route.ts";
import { accessLogRoutes } from "./access-log.ts";
import { everythingRoutes } from "./everything.ts";
import { graphqlRoutes } from "./graphql.ts";
import { metaRoutes } from "./meta.ts";
import { documentRoutes } from "./document.ts";
import { exportRoutes } from "./export.ts";
import { importRoute } from "./import.ts";
import { jobRoutes } from "./job-status.ts";
import { lastnRoutes } from "./lastn.ts";
import { signingRoutes } from "./signing.ts";
import { validateRoutes } from "./validate.ts";
import { subscriptionRoutes } from "./subscription.ts";

export const OPERATION_ROUTES: readonly Route[] = [
  ...accessLogRoutes,
  ...everythingRoutes,
  ...graphqlRoutes,
  ...metaRoutes,
  ...signingRoutes,
  ...validateRoutes,
  ...documentRoutes,
  ...lastnRoutes,
  ...subscriptionRoutes,
  ...exportRoutes,
  importRoute,
  ...jobRoutes,
];
