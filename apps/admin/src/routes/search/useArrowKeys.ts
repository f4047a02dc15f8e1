/** The arrow keys go from a field to the links below it, from link to link, and back. */
import { useEffect, type RefObject } from "react";

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** Moves the focus within `area` among its input and its links. */
export function useArrowKeys(area: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = area.current;
    function move(event: KeyboardEvent): void {
      const step = STEPS[event.key];
      if (step === undefined || element === null) return;
      const stops = [...element.querySelectorAll<HTMLElement>("input, a")];
      const at = stops.findIndex((each) => each === document.activeElement);
      const next = stops[at + step];
      if (at < 0 || next === undefined) return;
      event.preventDefault();
      next.focus();
    }
    element?.addEventListener("keydown", move);
    return () => element?.removeEventListener("keydown", move);
  }, [area]);
}
