import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { clockAheadMs, isReplaced, reachable, loggedOut } from "../api/request";
import { entries } from "../outbox/drain";
import { isUnsent, isWaiting } from "../outbox/entry";
import { myRole } from "../roles";
import { goBack, link, route } from "../router";
import { session } from "../session/session";
import { badgeText, unread, waiting } from "../session/unread";
import { isUpdateReady, applyUpdate } from "../session/update";
import { t } from "../texts";
import { span } from "../time/countdown";
import { Icon } from "./Icon";
import { StorageBar } from "./StorageBar";
import { Tabs } from "./Tabs";

interface Props {
  title: string;
  /** The language of a title that is not ours: names of the county stay Chinese in an English page. */
  titleLang?: string;
  /** Where "back" leads when there is no page to go back to; without it the page is a root with tabs. */
  back?: string;
  aside?: ComponentChildren;
  /** The bar of main actions at the bottom edge. */
  actions?: ComponentChildren;
  /** For a desk: the whole width, and the tabs beside it. */
  isWide?: boolean;
  /** On a desk it is as high as the screen, and what is in it scrolls by itself. */
  isFull?: boolean;
  children: ComponentChildren;
}

/** iOS may clear a page's data after a week without a visit; half of that is time to act. Source: app plan §7. */
const UNSENT_MAX_MS = 3 * 24 * 3_600_000;
/** Clocks further apart than this are mentioned. Source: domain §5.2, the tolerance for offline reports. */
const SKEW_MAX_MS = 5 * 60_000;

export function Page({ title, titleLang, back, aside, actions, isWide = false, isFull, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A new page begins at its top, and is announced by its name.
    scrollTo(0, 0);
    // A dialog that is open over both pages keeps the keys.
    if (!document.querySelector("[aria-modal]")) heading.current?.focus({ preventScroll: true });
    // Two issues at one place have one title, but are two pages.
  }, [title, route.value.path.join("/")]);
  const count = waiting.value || unread.value;
  useEffect(() => {
    document.title = `${count ? `(${badgeText(count)}) ` : ""}${title} · ${t("app.name")}`;
  }, [title, count]);

  const hasTabs = session.value && (back === undefined || myRole().isAtDesk);
  const foot = actions ? "page-sticky" : back === undefined || hasTabs ? "" : "page-bare";
  const kind = `page ${foot} ${isWide ? "page-wide" : ""} ${isFull ? "page-full" : ""}`;
  return (
    <>
      <main class={kind}>
        <header class="top">
          <div class="top-in">
            {back === undefined ? null : (
              <button type="button" class="icon-button" onClick={() => goBack(back)} aria-label={t("nav.back")}>
                <Icon name="back" />
              </button>
            )}
            <h1 ref={heading} tabIndex={-1} lang={titleLang}>
              {title}
            </h1>
            {aside}
          </div>
          <Bars />
        </header>
        {children}
        <footer class="foot">
          <a href={link("complaint")}>{t("complaint.title")}</a>
        </footer>
      </main>
      {actions ? (
        <div class="sticky">
          <div class="sticky-in">{actions}</div>
        </div>
      ) : null}
      {hasTabs ? <Tabs /> : null}
    </>
  );
}

/** Notices that are shown on every page. */
function Bars() {
  const unsent = entries.value.filter(isUnsent).length;
  // What was refused is not sent by itself.
  const coming = entries.value.filter(isWaiting).length;
  const ahead = clockAheadMs.value;
  const oldest = Math.min(Infinity, ...entries.value.filter(isUnsent).map((entry) => entry.createdAt));
  return (
    <div role="status">
      <StorageBar />
      {loggedOut.value && session.value ? (
        <p class="bar">
          <Icon name="person" />
          <span class="grow">
            {t(`bar.${isReplaced.value ? "replaced" : "loggedOut"}${unsent > 0 ? "" : "Empty"}`, { count: unsent })}
          </span>
          <a class="button" href={link("login")}>
            {t("login.again")}
          </a>
        </p>
      ) : !reachable.value ? (
        <p class="bar">
          <Icon name="cloudOff" />
          <span>{coming > 0 ? t("bar.offlineUnsent", { count: coming }) : t("bar.offline")}</span>
        </p>
      ) : null}
      {isUpdateReady.value ? (
        <p class="bar tone-info">
          <span class="grow">{t("bar.updateReady")}</span>
          <button type="button" class="button" onClick={applyUpdate}>
            {t("bar.applyUpdate")}
          </button>
        </p>
      ) : null}
      {Date.now() - oldest > UNSENT_MAX_MS ? (
        <p class="bar tone-danger">
          <Icon name="alert" />
          <span class="grow">{t("bar.unsentOld", { span: span(Date.now() - oldest) })}</span>
          <a class="button" href={link("outbox")}>
            {t("action.open")}
          </a>
        </p>
      ) : null}
      {ahead !== null && Math.abs(ahead) > SKEW_MAX_MS ? (
        <p class="bar">
          <Icon name="clock" />
          <span>{t(ahead > 0 ? "bar.clockFast" : "bar.clockSlow", { span: span(Math.abs(ahead)) })}</span>
        </p>
      ) : null}
    </div>
  );
}
