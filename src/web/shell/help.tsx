/**
 * The help that ? opens: every command that can be given on this screen, with its key, made from the registry.
 * It docks at the right, beside the chart and never over the patient's banner.
 *
 * SPEC WEB-CMD-2
 */
import { useEffect, useRef, useState, type ReactNode } from "react";
import { allCommands, useLayers, type Command } from "../command/registry.ts";
import { useTexts } from "../language/language.tsx";
import { bannerBottom } from "../ui/below-banner.ts";
import { Button, Kbd } from "../ui/controls.ts";
import styles from "./help.module.css";

const GROUPS: readonly Command["group"][] = ["app", "go", "list", "view"];

export function HelpPanel({ close }: { readonly close: () => void }): ReactNode {
  const { help } = useTexts();
  const panel = useRef<HTMLElement>(null);
  const [top] = useState(bannerBottom);
  useLayers();
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const commands = allCommands();
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      className={`${styles["help"]} no-print`}
      aria-label={help.title}
      style={top > 0 ? { top } : undefined}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <header>
        <h2>{help.title}</h2>
        <Button size="xs" variant="default" onClick={close}>
          {help.close}
        </Button>
      </header>
      <p className="dim">{help.intro}</p>
      {GROUPS.map((group) => (
        <section key={group}>
          <h3>{help.groups[group]}</h3>
          <dl>
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <div key={command.id}>
                  <dt>{command.name}</dt>
                  <dd>
                    <Keys command={command} />
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </aside>
  );
}

function Keys({ command }: { readonly command: Command }): ReactNode {
  const first = command.keys[0] ?? "";
  return first.split(/[+ ]/).map((key, index) => <Kbd key={`${key}${index}`}>{key}</Kbd>);
}
