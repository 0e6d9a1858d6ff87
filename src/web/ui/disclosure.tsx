/** A button that opens a small panel below itself; Escape and a click elsewhere close it. */
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import styles from "./disclosure.module.css";
import { Icon } from "./icon.tsx";

type DisclosureProps = {
  readonly label: ReactNode;
  readonly name: string;
  readonly children: ReactNode;
  readonly className?: string | undefined;
};

export function Disclosure({ label, name, children, className }: DisclosureProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    const outside = (event: PointerEvent): void => {
      if (!frame.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [isOpen]);
  const escape = (key: string): void => {
    if (key !== "Escape") return;
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div className={styles["frame"]} ref={frame} onKeyDown={(event) => escape(event.key)}>
      <button
        type="button"
        ref={button}
        className={`${styles["button"]} ${className ?? ""}`}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
        <span className="visually-hidden">{name}</span>
        <Icon name="down" />
      </button>
      <div id={id} className={styles["panel"]} hidden={!isOpen}>
        {isOpen ? children : null}
      </div>
    </div>
  );
}
