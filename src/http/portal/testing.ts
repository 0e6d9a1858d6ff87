/** Patients at their own door, for tests: a session's cookie, and people of an age whose numbers are what their ids say. */
import type { JsonObject } from "../../fhir/index.ts";
import { registerGuardian } from "../../journal/index.ts";
import { patient } from "../../journal/testing/index.ts";
import type { Answer, ServerOfTest } from "../testing/index.ts";

export const PNR = "http://electronichealth.se/identifier/personnummer";

/** A person with a number, or without one when it does not matter. */
export async function putPerson(
  server: ServerOfTest,
  id: string,
  birthDate: string,
  more: JsonObject = {},
): Promise<void> {
  await server.put({ ...patient(id), birthDate, name: [{ text: `Test ${id}` }], ...more }, null);
}

/** A session's cookie at the patient's own door. */
export async function portalCookie(server: ServerOfTest, id: string, number = `${PNR}|${id}`): Promise<string> {
  return `eira_portal=${await server.sessions.patients.open({ id, name: `Test ${id}`, number })}`;
}

export interface Door {
  readonly cookie: string;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
}

/** The calls of one person at the door of one patient. */
export async function doorOf(server: ServerOfTest, who: string, of = who, number?: string): Promise<Door> {
  const cookie = await portalCookie(server, who, number);
  const path = (name: string): string => `/api/portal/patients/${of}/${name}`;
  return {
    cookie,
    get: (name) => server.call("GET", path(name), { cookie }),
    post: (name, body = {}) => server.call("POST", path(name), { cookie, body }),
  };
}

/** Makes somebody a child's guardian, as the population register would. */
export function putGuardian(server: ServerOfTest, id: string, of: string, number = `${PNR}|${id}`): Promise<void> {
  return registerGuardian(server.client(), { id: `g-${id}-${of}`, patient: of, number, since: "2000-01-01T00:00:00Z" });
}
