import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Failure } from "../api/failure";
import { language, t } from "../texts";
import { formatMoment } from "../time/moment";
import { failureText } from "./failureText";
import type { Cached } from "./useCached";

export type Tone = "info" | "warn" | "danger" | "success";

export function Notice({
  tone = "info",
  children,
  role,
}: {
  tone?: Tone;
  children: ComponentChildren;
  role?: "status" | "alert" | undefined;
}) {
  return (
    <div class={`notice tone-${tone}`} role={role}>
      {children}
    </div>
  );
}

/** What is wrong with a field. What would be right the service says in English only. */
export const faultText = ({ name, code, detail }: Failure["fields"][number]): string =>
  [name, t(`field.${code}`), language.value === "en" && detail].filter(Boolean).join(t("punctuation.colon"));

export function FailureNotice({ failure, onRetry, safe }: { failure: Failure; onRetry?: () => void; safe?: string }) {
  return (
    <Notice tone={failure.isUnreachable ? "warn" : "danger"} role="alert">
      <p>{failureText(failure)}</p>
      {safe ? <p class="meta">{safe}</p> : null}
      {failure.fields.length > 0 ? (
        <ul>
          {failure.fields.map((field) => (
            <li key={field.pointer}>{faultText(field)}</li>
          ))}
        </ul>
      ) : null}
      {onRetry ? (
        <button type="button" class="button" onClick={onRetry}>
          {t("action.retry")}
        </button>
      ) : null}
      {failure.requestId ? (
        <details>
          <summary>{t("failure.details")}</summary>
          <p class="meta">
            {failure.code} · {failure.requestId}
          </p>
        </details>
      ) : null}
    </Notice>
  );
}

/** Placeholders, shown only after a moment, so that quick answers do not flicker. */
export function Loading({ rows = 3 }: { rows?: number }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  if (!isLate)
    return (
      <div role="status">
        <span class="visually-hidden">{t("state.loading")}</span>
      </div>
    );
  return (
    <div class="stack" role="status">
      <span class="visually-hidden">{t("state.loading")}</span>
      {Array.from({ length: rows }, (_, at) => (
        <div class="skeleton" key={at} />
      ))}
    </div>
  );
}

export function Empty({ children, action }: { children: ComponentChildren; action?: ComponentChildren }) {
  return (
    <div class="empty">
      <p>{children}</p>
      {action}
    </div>
  );
}

/** Frame for fetched data: loading, failed, outdated, or present. */
export function Fetched<T>({
  of,
  children,
  rows,
}: {
  of: Cached<T>;
  children: (body: T) => ComponentChildren;
  rows?: number;
}) {
  if (of.body === undefined) {
    if (of.failure) return <FailureNotice failure={of.failure} onRetry={of.reload} />;
    return <Loading {...(rows === undefined ? {} : { rows })} />;
  }
  return (
    <>
      {of.failure && of.failure.code === "not-found" ? <FailureNotice failure={of.failure} /> : null}
      {of.failure && of.at !== null && of.failure.code !== "not-found" ? (
        <p class="meta" role="status">
          {t("state.asOf", { at: formatMoment(of.at) })}
        </p>
      ) : null}
      {children(of.body)}
    </>
  );
}
