/** Shows the key of a command beside it, on a desk. Screen readers get it from `aria-keyshortcuts`. */
export function Key({ of }: { of: string }) {
  return (
    <span class="key desk-only" aria-hidden="true">
      {of}
    </span>
  );
}
