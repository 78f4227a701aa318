import type { ComponentType } from "preact";

/** A part of the app that is a file of its own, fetched when it is first needed or when there is time. */
export interface Part<P> {
  /** There at once where it has come already, so that nothing flickers. */
  ready: ComponentType<P> | null;
  /** Fetches it, once; what failed is tried again by the next who asks. */
  bring: () => Promise<unknown>;
}

export function part<P>(load: () => Promise<ComponentType<P>>): Part<P> {
  let coming: Promise<unknown> | null = null;
  const self: Part<P> = {
    ready: null,
    bring: () => {
      coming ??= load().then(
        (component) => {
          self.ready = component;
        },
        (cause: unknown) => {
          coming = null;
          throw cause;
        },
      );
      return coming;
    },
  };
  return self;
}
