/** Inputs with their label, a hint, and the sentence that says what is wrong with them. */
import { useId, type ComponentProps, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes } from "react";
import "./Field.css";

interface FieldParts {
  label: string;
  hint?: ReactNode;
  /** What is wrong with the value, shown and read out with the field. */
  error?: string | undefined;
}

interface Described {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

function Field({ label, hint, error, children }: FieldParts & { children: (described: Described) => ReactNode }) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  const describedBy = [errorId, hintId].filter(Boolean).join(" ") || undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": describedBy, "aria-invalid": error ? true : undefined })}
      {error && (
        <p id={errorId} className="field-error">
          {error}
        </p>
      )}
      {hint && (
        <p id={hintId} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}

export function TextField({ label, hint, error, ...given }: FieldParts & ComponentProps<"input">) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(described) => <input {...given} {...described} className="field-input" />}
    </Field>
  );
}

export function TextAreaField({ label, hint, error, ...given }: FieldParts & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(described) => <textarea rows={3} {...given} {...described} className="field-input" />}
    </Field>
  );
}

export function SelectField({
  label,
  hint,
  error,
  options,
  ...given
}: FieldParts & SelectHTMLAttributes<HTMLSelectElement> & { options: readonly (readonly [value: string, text: string])[] }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(described) => (
        <select {...given} {...described} className="field-input">
          {options.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  error?: string | undefined;
  value: Value | null;
  options: readonly { value: Value; text: string; swatch?: string }[];
  onChange: (value: Value) => void;
  /** Shows colours alone; their names are read out. */
  isSwatches?: boolean;
}

/** One of a few, all of them in view. */
export function ChoiceField<Value extends string>({ label, error, value, options, onChange, isSwatches }: ChoiceProps<Value>) {
  const name = useId();
  const errorId = `${name}-error`;
  return (
    <fieldset
      className="field"
      role="radiogroup"
      aria-invalid={error ? true : undefined}
      aria-describedby={error ? errorId : undefined}
    >
      <legend>
        {label}
        {isSwatches && <span className="muted"> {options.find((each) => each.value === value)?.text}</span>}
      </legend>
      <div className="choices">
        {options.map((option) => (
          <label key={option.value} className={isSwatches ? "swatch" : "choice"} title={isSwatches ? option.text : undefined}>
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.swatch && <span className="swatch-colour" style={{ backgroundColor: option.swatch }} />}
            <span className={isSwatches ? "hidden" : undefined}>{option.text}</span>
          </label>
        ))}
      </div>
      {error && (
        <p id={errorId} className="field-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}
