import type { ComponentChildren } from "preact";

export { TextField } from "./TextField";

interface Choice<T extends string> {
  value: T;
  label: ComponentChildren;
  isOff?: boolean;
}

/** Radio buttons that look like chips, with the behaviour of radio buttons for keyboard and screen reader. */
export function Choices<T extends string>({
  name,
  legend,
  value,
  options,
  onChange,
  layout = "wrap",
  error,
}: {
  name: string;
  legend: string;
  value: T | null;
  options: Choice<T>[];
  onChange: (value: T) => void;
  layout?: "wrap" | "choices-even" | "choices-3";
  error?: string | null;
}) {
  return (
    <fieldset class="field" aria-invalid={error ? true : undefined}>
      <legend class="label" id={`${name}-legend`}>
        {legend}
      </legend>
      <div class={layout}>
        {options.map((option) => (
          <label class="choice" key={option.value}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.isOff}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
      {error ? (
        <p class="field-error" role="alert">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
