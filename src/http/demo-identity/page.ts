/** The page on which one chooses whom to be. Plain HTML without a script, under the policy of every page and its own style's hash. SPEC HTTP-DEMO-IDENTITY */
import { createHash } from "node:crypto";

export type Someone = {
  /** What the claim is to say: HSA-id or personal number. */
  readonly subject: string;
  readonly name: string;
  readonly aside: string;
  readonly group: string;
};

export type Choosing = {
  readonly title: string;
  readonly action: string;
  readonly people: readonly Someone[];
  readonly sought: string;
  /** What may be typed when nobody in the list is meant. */
  readonly field: string;
};

const STYLE = `
:root{color-scheme:light dark;font:16px/1.45 system-ui,sans-serif}
body{margin:0 auto;max-width:52rem;padding:1.5rem}
.note{border-left:.3rem solid #b3540c;padding:.5rem .75rem;background:light-dark(#fff4e6,#3a2a18)}
form{display:flex;gap:.5rem;flex-wrap:wrap;align-items:end;margin:1rem 0}
label{display:block;font-size:.875rem}
input,button{font:inherit;padding:.5rem .75rem;border:1px solid light-dark(#66707a,#9aa4ae);border-radius:.35rem}
h2{font-size:1rem;margin:1.25rem 0 .25rem}
ul{list-style:none;margin:0;padding:0;display:grid;gap:.35rem;grid-template-columns:repeat(auto-fill,minmax(16rem,1fr))}
li form{margin:0}
li button{width:100%;text-align:left;background:light-dark(#fff,#1d2125);cursor:pointer;color:inherit}
li button:hover,li button:focus-visible{outline:.18rem solid light-dark(#0b5cad,#7ab7ff)}
small{display:block;color:light-dark(#4a545e,#b6bfc8)}`;

/** What the policy lets the page's style sheet in by. */
export const STYLE_HASH = `sha256-${createHash("sha256").update(STYLE).digest("base64")}`;

/** The page. Everything that comes from elsewhere is escaped. */
export function choicePage({ title, action, people, sought, field }: Choosing): string {
  const words = sought
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const found = people.filter(({ name, aside, group }) => {
    const all = `${name} ${aside} ${group}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const groups = [...new Set(found.map(({ group }) => group))].toSorted((a, b) => a.localeCompare(b, "sv"));
  const lists = groups.map(
    (group) =>
      `<h2>${escaped(group)}</h2><ul>${found
        .filter((one) => one.group === group)
        .map((one) => option(action, one))
        .join("")}</ul>`,
  );
  return `<!doctype html><html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(
    title,
  )}</title><style>${STYLE}</style></head><body><main><h1>${escaped(title)}</h1>
<p class="note">Det här är en demonstration: ingen legitimation behövs, och alla personer är påhittade.</p>
<form method="get"><div><label for="sok">Sök bland personerna</label><input id="sok" name="sok" value="${escaped(
    sought,
  )}" autofocus></div><button>Sök</button></form>
${lists.join("") || "<p>Ingen i listan stämmer.</p>"}
<form method="post" action="${escaped(action)}"><div><label for="person">${escaped(
    field,
  )}</label><input id="person" name="person" required maxlength="40" autocomplete="off"></div><button>Logga in</button></form>
<form method="post" action="${escaped(action)}"><button name="person" value="">Avbryt</button></form>
</main></body></html>`;
}

function option(action: string, { subject, name, aside }: Someone): string {
  return `<li><form method="post" action="${escaped(action)}"><button name="person" value="${escaped(subject)}"><strong>${escaped(
    name,
  )}</strong><small>${escaped(aside)}</small></button></form></li>`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
