import { useNavigation } from "@remix-run/react";
import { type ReactNode, useId } from "react";
import styles from "./operator.module.css";

type FieldProps = {
  name: string;
  label: string;
  value?: string;
  error?: string | null;
  hint?: string;
  type?: "text" | "date" | "password";
  isWide?: boolean;
  autoComplete?: string;
  placeholder?: string;
};

/** A field of a form that works without any script. What is wrong with it stands below it. */
export function Field({ name, label, value = "", error, hint, isWide, type = "text", ...rest }: FieldProps) {
  const id = useId();
  const described = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  return (
    <div className={`${styles.field} ${isWide ? styles.wide : ""}`}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        // Made anew with another value from the server: a default alone would not show it.
        key={value}
        name={name}
        type={type}
        defaultValue={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={described}
        autoComplete="off"
        spellCheck={false}
        {...rest}
      />
      {error ? (
        <span id={`${id}-error`} className={styles.error}>
          {error}
        </span>
      ) : (
        hint && (
          <span id={`${id}-hint`} className={styles.quiet}>
            {hint}
          </span>
        )
      )}
    </div>
  );
}

type ChoiceProps = { name: string; label: string; value: string; options: [value: string, text: string][] };

export function Choice({ name, label, value, options }: ChoiceProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select id={id} key={value} name={name} defaultValue={value}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Check({ name, label, isChecked }: { name: string; label: string; isChecked: boolean }) {
  const id = useId();
  return (
    <div className={styles.check}>
      <input id={id} key={String(isChecked)} type="checkbox" name={name} defaultChecked={isChecked} />
      <label htmlFor={id}>{label}</label>
    </div>
  );
}

type SendProps = { intent?: string; isPrimary?: boolean; children: ReactNode };

/** A button that sends its form, with what it stands for. While a form is on its way it does nothing, and keeps the focus. */
export function Send({ intent, isPrimary, children }: SendProps) {
  const { formMethod, state } = useNavigation();
  const isBusy = state !== "idle" && formMethod === "POST";
  return (
    <button
      type="submit"
      className={`${styles.button} ${isPrimary ? styles.primary : ""}`}
      aria-disabled={isBusy || undefined}
      onClick={(event) => isBusy && event.preventDefault()}
      {...(intent && { name: "intent", value: intent })}
    >
      {children}
    </button>
  );
}
