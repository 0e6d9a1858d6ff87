/** The routes of every terminology operation. SPEC HTTP-OP */
import type { Route } from "../../route.ts";
import { closureRoute } from "./closure.ts";
import { expandRoutes } from "./expand.ts";
import { lookupRoutes } from "./lookup.ts";
import { subsumesRoutes } from "./subsumes.ts";
import { translateRoutes } from "./translate.ts";
import { validateInSystemRoutes, validateInValueSetRoutes } from "./validate-code.ts";

export const TERMINOLOGY_ROUTES: readonly Route[] = [
  ...lookupRoutes,
  ...validateInSystemRoutes,
  ...subsumesRoutes,
  ...expandRoutes,
  ...validateInValueSetRoutes,
  ...translateRoutes,
  closureRoute,
];
