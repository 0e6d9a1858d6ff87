/**
 * What is typed between the key of a command that opens a field and the moment when the field is there: it goes into the field, and no
 * letter of it is taken for a command. A ward's computer may need a second to show a workspace for the first time.
 *
 * SPEC WEB-DOCK-1
 */
import type { Press } from "./keys.ts";

/** How long letters are held for a field that does not come. */
const LONGEST_MS = 5000;
const FIELD = "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea";

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Holds what is typed until a field has the focus. One of these for the page's one key listener. */
export class TypeAhead {
  private held: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** From now on letters are held. */
  begin(): void {
    this.end();
    this.held = "";
    this.timer = setTimeout(() => this.end(), LONGEST_MS);
    document.addEventListener("focusin", this.pour);
  }

  /** Whether the press was held: then it must do nothing else. A key that is no letter ends the holding, and so does any focus. */
  takes({ key, ctrl, alt }: Press): boolean {
    if (this.held === undefined) return false;
    const isLetter = key.length === 1 && !ctrl && !alt;
    if (isLetter) this.held += key;
    else if (key === "Backspace") this.held = this.held.slice(0, -1);
    else this.end();
    return isLetter || key === "Backspace";
  }

  end(): void {
    this.held = undefined;
    clearTimeout(this.timer);
    document.removeEventListener("focusin", this.pour);
  }

  private readonly pour = ({ target }: FocusEvent): void => {
    const text = this.held ?? "";
    this.end(); // what has come without a field wants its own keys
    if (text !== "" && target instanceof Element && target.matches(FIELD)) insert(target as Field, text);
  };
}

/** As if it had been typed: where the cursor stands, and told to whoever listens to the field. */
function insert(field: Field, text: string): void {
  const end = field.value.length;
  field.setRangeText(text, field.selectionStart ?? end, field.selectionEnd ?? end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
}
