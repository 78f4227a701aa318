/** A key beside what it does, on a desk: to be seen, while `aria-keyshortcuts` says it to screen readers. */
export function Key({ of }: { of: string }) {
  return (
    <span class="key desk-only" aria-hidden="true">
      {of}
    </span>
  );
}
