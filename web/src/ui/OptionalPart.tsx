import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

/** An optional part of a page, loaded when possible. */
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
