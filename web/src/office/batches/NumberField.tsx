/** A whole number, with what is wrong with it. */
export function NumberField({
  id,
  label,
  hint,
  value,
  error,
  onInput,
}: {
  id: string;
  label: string;
  hint?: string;
  value: string;
  error: string | null;
  onInput: (value: string) => void;
}) {
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined;
  return (
    <div class="field batch-number">
      <label class="label" for={id}>
        {label}
      </label>
      <input
        id={id}
        inputMode="numeric"
        autoComplete="off"
        value={value}
        aria-describedby={described}
        aria-invalid={error ? true : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {hint ? (
        <p class="meta" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      ) : null}
    </div>
  );
}
