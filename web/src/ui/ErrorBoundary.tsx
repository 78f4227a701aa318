import { Component } from "preact";
import type { ComponentChildren } from "preact";
import { t } from "../texts";
import { Notice } from "./Notice";
import { StorageBar } from "./StorageBar";

interface State {
  cause: unknown;
}

/**
 * Catches what a page throws, so that the rest of the app goes on, above all the outbox, and the person can leave the
 * page.
 */
export class ErrorBoundary extends Component<{ children: ComponentChildren; where: string }, State> {
  override state: State = { cause: null };

  static override getDerivedStateFromError(cause: unknown): State {
    return { cause: cause ?? new Error("unknown") };
  }

  override componentDidUpdate(before: { where: string }) {
    // Try again on another page.
    if (before.where !== this.props.where && this.state.cause !== null) this.setState({ cause: null });
  }

  override render() {
    if (this.state.cause === null) return this.props.children;
    const name = this.state.cause instanceof Error ? this.state.cause.name : "unknown";
    return (
      <main class="page">
        <StorageBar />
        <Notice tone="danger" role="alert">
          <p>
            <strong>{t("page.broken")}</strong>
          </p>
          <p>{t("page.brokenHint")}</p>
          <div class="wrap">
            <button type="button" class="button button-primary" onClick={() => this.setState({ cause: null })}>
              {t("action.retry")}
            </button>
            <a class="button" href="#/">
              {t("page.toStart")}
            </a>
          </div>
          <p class="meta">{name}</p>
        </Notice>
      </main>
    );
  }
}
