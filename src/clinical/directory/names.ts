/** What the lists of the directory call units, people and roles. SPEC CLIN-DIRECTORY-5 */
import { chainOf, providerOf, type Directory } from "./model.ts";
import { PROTECTED_NAME } from "./words.ts";

export type Names = {
  readonly unit: (hsaId: string) => string;
  readonly person: (hsaId: string) => string;
  readonly role: (id: string) => string;
};

/** How units, people and roles are called in lists; nobody whose identity is or will be protected by name. */
export function namesOf(here: Directory, target: Directory): Names {
  const units = new Map([...here.units, ...target.units]);
  const providers = new Map([...here.providers, ...target.providers]);
  const isProtected = (hsaId: string): boolean =>
    here.people.get(hsaId)?.isProtected === true || target.people.get(hsaId)?.isProtected === true;
  return {
    unit: (hsaId) => {
      const [one] = chainOf(units, hsaId);
      const provider = providers.get(providerOf(units, hsaId) ?? hsaId)?.name;
      return one === undefined
        ? `${provider ?? "okänd enhet"} (${hsaId})`
        : `${one.name}, ${provider ?? "okänd vårdgivare"} (${hsaId})`;
    },
    person: (hsaId) => {
      const one = target.people.get(hsaId) ?? here.people.get(hsaId);
      const name = one === undefined ? "okänd person" : `${one.given} ${one.family}`;
      return `${isProtected(hsaId) ? PROTECTED_NAME : name} (${hsaId})`;
    },
    role: (id) => (target.roles.get(id) ?? here.roles.get(id))?.name ?? id,
  };
}
