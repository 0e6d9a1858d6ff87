/** Who gets the letter, each with the way to them: only ways that there are. Copies go to units that somebody works at. SPEC WEB-LETTER-1 · F7, F8 */
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Button, NativeSelect, TextInput } from "../ui/controls.ts";
import type { LetterOptions, PostalAddress, RecipientOption, Way } from "../wire/letters.ts";
import { placesQuery } from "../wire/loops.ts";
import { AddressForm } from "./address-form.tsx";
import styles from "./letters.module.css";
import { useLetterTexts } from "./use-letters.ts";

/** By recipient; an address that was typed has a name of its own here. */
export type Picked = Readonly<
  Record<string, { readonly way: Way; readonly name: string; readonly address?: PostalAddress }>
>;
type RecipientsProps = {
  readonly options: LetterOptions;
  readonly picked: Picked;
  readonly set: (picked: Picked) => void;
};

export function Recipients({ options, picked, set }: RecipientsProps): ReactNode {
  const texts = useLetterTexts();
  const others = Object.entries(picked).filter(([, { way, address }]) => way === "inbox" || address !== undefined);
  const without = (to: string): Picked => Object.fromEntries(Object.entries(picked).filter(([one]) => one !== to));
  return (
    <fieldset className={styles["page"]}>
      <legend>{texts.recipients}</legend>
      {options.recipients.map((one) => (
        <Person
          key={one.to}
          one={one}
          way={picked[one.to]?.way}
          set={(way) => set(way === undefined ? without(one.to) : { ...picked, [one.to]: { way, name: "" } })}
        />
      ))}
      {others.map(([to, { name, way, address }]) => (
        <div key={to} className={styles["row"]}>
          <span>
            {name}{" "}
            <span className="dim">
              {address === undefined
                ? texts.ways[way]
                : `${texts.ways.paper}: ${address.line.replaceAll("\n", ", ")}, ${address.postalCode} ${address.city}`}
            </span>
          </span>
          <Button size="xs" variant="default" onClick={() => set(without(to))}>
            {texts.remove(name)}
          </Button>
        </div>
      ))}
      <Copies add={(to, name) => set({ ...picked, [to]: { way: "inbox", name } })} />
      {options.isAddressOpen ? (
        <AddressForm
          add={(address) =>
            set({ ...picked, [`address ${JSON.stringify(address)}`]: { way: "paper", name: address.name, address } })
          }
        />
      ) : (
        <p className="dim">{texts.noAddress}</p>
      )}
    </fieldset>
  );
}

type PersonProps = {
  readonly one: RecipientOption;
  readonly way: Way | undefined;
  readonly set: (way: Way | undefined) => void;
};

function Person({ one, way, set }: PersonProps): ReactNode {
  const texts = useLetterTexts();
  const name = [one.kind === "patient" ? texts.patient : (one.relation ?? texts.relative), one.name].filter(Boolean).join(": "); // prettier-ignore
  if (one.ways.length === 0)
    return (
      <p className={styles["row"]}>
        <span>{name}</span> <span className="dim">{texts.noWay}</span>
      </p>
    );
  return (
    <NativeSelect
      label={name}
      data={[{ value: "", label: texts.notTo }, ...one.ways.map((value) => ({ value, label: texts.ways[value] }))]}
      value={way ?? ""}
      onChange={(event) => set(one.ways.find((value) => value === event.currentTarget.value))}
    />
  );
}

function Copies({ add }: { readonly add: (to: string, name: string) => void }): ReactNode {
  const texts = useLetterTexts();
  const [words, setWords] = useState("");
  const units = useQuery(placesQuery(words)).data?.items ?? []; // units that somebody works at
  return (
    <div>
      <TextInput
        label={texts.copyTo}
        placeholder={texts.copyFind}
        autoComplete="off"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <ul>
        {words.trim().length < 2
          ? null
          : units.map(({ id, title, provider }) => (
              <li key={id}>
                <Button
                  size="xs"
                  variant="subtle"
                  onClick={() => {
                    add(id, title);
                    setWords("");
                  }}
                >
                  {[title, provider].filter(Boolean).join(" · ")}
                </Button>
              </li>
            ))}
      </ul>
    </div>
  );
}
