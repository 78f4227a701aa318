import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Something beside a page that comes when it can; without it nothing is missing. */
export function OptionalPart<P extends object>({ load, props }: { load: () => Promise<ComponentType<P>>; props: P }) {
  const [Part, setPart] = useState<ComponentType<P> | null>(null);
  useEffect(() => {
    load().then(
      (part) => setPart(() => part),
      () => undefined,
    );
  }, []);
  return Part ? <Part {...props} /> : null;
}
