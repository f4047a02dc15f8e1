/** Whether an element is in view, or near it, and how high it is. */
import { useEffect, useState, type RefObject } from "react";

interface InView {
  isInView: boolean;
  height: number;
}

const NEAR = "800px 0px";

export function useInView(element: RefObject<Element | null>, isAtFirst: boolean): InView {
  const [found, setFound] = useState<InView>({ isInView: isAtFirst, height: 0 });
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        const entry = entries.at(-1);
        if (entry) setFound({ isInView: entry.isIntersecting, height: entry.boundingClientRect.height });
      },
      { rootMargin: NEAR },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return found;
}
