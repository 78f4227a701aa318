import { useEffect, useRef, useState } from "preact/hooks";
import { reachable } from "../api/request";
import { reloadLatest } from "../session/update";
import { t } from "../texts";
import { Loading, Notice } from "./Notice";
import type { Part } from "./part";

/** A part of the app that is fetched when it is first needed. */
export function Lazy<P extends object>({ of, props }: { of: Part<P>; props: NoInfer<P> }) {
  const [attempt, setAttempt] = useState(0);
  const [isMissing, setMissing] = useState(false);
  const isReachable = reachable.value;
  const isFromOffline = useRef(false);
  const isDrawn = of.ready !== null;
  useEffect(() => {
    // It may have been loaded ahead since it was shown as missing.
    if (isDrawn) return;
    let isCurrent = true;
    setMissing(false);
    of.load().then(
      () => {
        if (isCurrent) setAttempt((value) => value + 1);
      },
      () => {
        if (!isCurrent) return;
        // Some browsers keep the failure of a file for as long as the page lives, so that only a new page gets it.
        if (isFromOffline.current && reachable.value) void reloadLatest();
        else setMissing(true);
        isFromOffline.current = !reachable.value;
      },
    );
    return () => {
      isCurrent = false;
    };
    // A network that is back counts as a retry.
  }, [of, attempt, isReachable]);
  if (of.ready) return <of.ready {...props} />;
  if (!isMissing)
    return (
      <main class="page">
        <Loading />
      </main>
    );
  return (
    <main class="page">
      <Notice tone="warn" role="alert">
        {/* After an update the old name of a part is gone from the service. */}
        <p>{t(isReachable ? "page.renewed" : "page.notHere")}</p>
        <div class="wrap">
          <button type="button" class="button button-primary" onClick={() => setAttempt((value) => value + 1)}>
            {t("action.retry")}
          </button>
          {isReachable ? (
            <button type="button" class="button" onClick={() => void reloadLatest()}>
              {t("action.reload")}
            </button>
          ) : (
            <a class="button" href="#/">
              {t("page.toStart")}
            </a>
          )}
        </div>
      </Notice>
    </main>
  );
}
