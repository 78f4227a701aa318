import type { ComponentType } from "preact";

/** A part of the app that is a file of its own, fetched when it is first needed or when there is time. */
export interface Part<P> {
  /** Set once it has been fetched, so that it is drawn at once. */
  ready: ComponentType<P> | null;
  /** Fetches it once. After a failure the next call tries again. */
  load: () => Promise<unknown>;
}

/** A part that is only loaded here, not drawn. */
export type AnyPart = Pick<Part<never>, "load">;

export function part<P>(fetch: () => Promise<ComponentType<P>>): Part<P> {
  let loading: Promise<unknown> | null = null;
  const self: Part<P> = {
    ready: null,
    load: () => {
      loading ??= fetch().then(
        (component) => {
          self.ready = component;
        },
        (cause: unknown) => {
          loading = null;
          throw cause;
        },
      );
      return loading;
    },
  };
  return self;
}
