/** The sections of the chart: a column at the left, or one button that opens it where the window is narrow. SPEC WEB-NAV */
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import { Apps } from "../app/apps.tsx";
import { useTexts } from "../language/language.tsx";
import { Button } from "../ui/controls.ts";
import { Icon } from "../ui/icon.tsx";
import styles from "./chart-nav.module.css";
import { SECTIONS } from "./sections.ts";
import type { Dock } from "./use-chart-commands.ts";

type NavProps = { readonly patientId: string; readonly dock: Dock | undefined };

export function ChartNav({ patientId, dock }: NavProps): ReactNode {
  const { sections, shell } = useTexts();
  const { pathname } = useLocation();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [pathname]);
  const here = SECTIONS.find((section) => pathname.endsWith(section.path.slice(section.path.lastIndexOf("/"))));
  return (
    <nav className={`${styles["nav"]} no-print`} aria-label={shell.chartSections}>
      {dock === undefined ? null : <DockButtons {...dock} />}
      <button
        type="button"
        className={styles["toggle"]}
        aria-expanded={isOpen}
        aria-controls="chart-sections"
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="menu" /> {here ? sections[here.id] : shell.chartSections}
        <Icon name="down" />
      </button>
      <ul id="chart-sections" data-open={isOpen}>
        {SECTIONS.map(({ id, path, keys }) => (
          <li key={id}>
            <Link
              to={path}
              params={{ patientId }}
              className={styles["link"]}
              activeProps={{ "aria-current": "page" }}
              aria-keyshortcuts={keys[0]}
            >
              {sections[id]}
              <span className={styles["key"]} aria-hidden="true">
                {keys[0]}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <Apps patientId={patientId} />
    </nav>
  );
}

function DockButtons({ order, write, ordain, measure }: Dock): ReactNode {
  const { commands } = useTexts();
  return (
    <div className={styles["order"]}>
      <Button size="compact-md" onClick={() => order("order")} aria-keyshortcuts="b">
        {commands.order}
      </Button>
      <Button size="compact-md" variant="default" onClick={() => order("referral")} aria-keyshortcuts="r">
        {commands.refer}
      </Button>
      <Button size="compact-md" variant="default" onClick={write} aria-keyshortcuts="n" data-write-note>
        {commands.note}
      </Button>
      <Button size="compact-md" variant="default" onClick={() => ordain()} aria-keyshortcuts="o" data-ordain>
        {commands.ordain}
      </Button>
      <Button size="compact-md" variant="default" onClick={() => measure()} aria-keyshortcuts="m" data-measure>
        {commands.measure}
      </Button>
    </div>
  );
}
