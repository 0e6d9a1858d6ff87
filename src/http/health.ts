/** Health for whoever watches: the process, and whether it can do its work. SPEC HTTP-HEALTH */
import { sendJson } from "./reply.ts";
import { route } from "./route.ts";

export const healthz = route({
  method: "GET",
  path: "/healthz",
  rule: "public",
  run: async ({ reply }) => sendJson(reply, 200, { status: "ok" }),
});

export const readyz = route({
  method: "GET",
  path: "/readyz",
  rule: "public",
  run: async ({ reply, options }) => {
    const faults = await options.readiness();
    return sendJson(reply, faults.length === 0 ? 200 : 503, {
      status: faults.length === 0 ? "ready" : "not ready",
      faults,
    });
  },
});
