/** A line or an area to write in, with its label, hint and fault. */
export function TextField({
  id,
  label,
  value,
  onInput,
  rows,
  hint,
  error,
  max,
  min,
  latest,
  type = "text",
  autocomplete,
}: {
  id: string;
  label: string;
  value: string;
  onInput: (value: string) => void;
  /** With rows it is a text area. */
  rows?: number;
  hint?: string;
  error?: string | null;
  max?: number;
  /** The earliest day that may be chosen. */
  min?: string;
  /** The latest one. */
  latest?: string;
  type?: "text" | "password" | "search" | "datetime-local" | "date";
  autocomplete?: string;
}) {
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined;
  const shared = {
    id,
    value,
    "aria-describedby": described,
    "aria-invalid": error ? true : undefined,
    ...(max === undefined ? {} : { maxLength: max }),
  };
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      {hint ? (
        <p class="meta" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {rows ? (
        <textarea {...shared} rows={rows} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        <input
          {...shared}
          type={type as "text"}
          {...(min ? { min } : {})}
          {...(latest ? { max: latest } : {})}
          {...(autocomplete ? { autoComplete: autocomplete } : {})}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
      {max !== undefined && rows ? (
        <p class="caption" aria-hidden="true">
          {value.length} / {max}
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
