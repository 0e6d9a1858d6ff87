/** Who is signed in, looks, language, single keys and sign-out, here or everywhere: the panel behind the name in the top bar. */
import { useState, type ReactNode } from "react";
import { useLanguage, useTexts } from "../language/language.tsx";
import { readPreference, writePreference } from "../language/preferences.ts";
import { Button, SegmentedControl, Switch, useMantineColorScheme } from "../ui/controls.ts";
import { handOver, parkedPeople } from "../sign-in/parked.ts";
import type { Session } from "../wire/session.ts";
import styles from "./settings.module.css";
import { leave, leaveEverywhere } from "./use-shell-commands.ts";

export function Settings({ session }: { readonly session: Session }): ReactNode {
  const { code, texts, choose } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [areSinglesOn, setSinglesOn] = useState(readPreference("single-keys") !== "off");
  const [hasFailed, setFailed] = useState(false);
  const { settings } = texts;
  const signOutOfAll = (): void => void leaveEverywhere().catch(() => setFailed(true));
  const chooseSingles = (on: boolean): void => {
    writePreference("single-keys", on ? "on" : "off");
    setSinglesOn(on);
  };
  return (
    <div className={styles["settings"]}>
      <p>
        <strong>{session.person.name}</strong>
        <span className="dim">{session.person.title}</span>
        <span>{session.assignment.unit}</span>
        <span className="dim">{session.assignment.provider}</span>
      </p>
      <fieldset>
        <legend>{settings.colours}</legend>
        <SegmentedControl
          fullWidth
          aria-label={settings.colours}
          value={colorScheme}
          onChange={(value) => setColorScheme(value)}
          data={[
            { value: "light", label: settings.light },
            { value: "dark", label: settings.dark },
            { value: "auto", label: settings.auto },
          ]}
        />
      </fieldset>
      <fieldset>
        <legend>{settings.language}</legend>
        <SegmentedControl
          fullWidth
          aria-label={settings.language}
          value={code}
          onChange={(value) => choose(value)}
          data={[
            { value: "sv", label: "Svenska" },
            { value: "en", label: "English" },
          ]}
        />
      </fieldset>
      <Switch
        checked={areSinglesOn}
        onChange={(event) => chooseSingles(event.currentTarget.checked)}
        label={settings.singleKeys}
      />
      <SwitchUser session={session} />
      <Button variant="default" fullWidth onClick={() => void leave()}>
        {settings.signOut}
      </Button>
      <Button variant="subtle" fullWidth onClick={signOutOfAll}>
        {settings.signOutEverywhere}
      </Button>
      {hasFailed ? <p role="alert">{settings.stillIn}</p> : null}
    </div>
  );
}

/** Leaves the computer to somebody else, or back to somebody who was here. */
function SwitchUser({ session }: { readonly session: Session }): ReactNode {
  const { settings } = useTexts();
  const others = parkedPeople().filter(({ hsaId }) => hsaId !== session.person.hsaId);
  return (
    <>
      {others.map((one) => (
        <Button key={one.hsaId} variant="default" fullWidth onClick={() => void handOver(session, one)}>
          {settings.backTo(one.name)}
        </Button>
      ))}
      <Button variant="default" fullWidth onClick={() => void handOver(session)}>
        {settings.switchUser}
      </Button>
    </>
  );
}
