import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { loggedOut } from "../api/request";
import { go, goInstead, link, route } from "../router";
import { t } from "../texts";
import { failureText } from "../ui/failureText";
import { canUndo, dismiss, failureOfHeld, held, isPending, lastDone, undo } from "./held";
import type { Held } from "./held";
import { Key } from "./Key";
import { actionOf, isTyping } from "./keys";

/** How long it is said that a decision was taken, in milliseconds. Source: our choice. */
const SAID_MS = 12_000;

const words = (one: Held) => ({ name: one.place, what: t(`do.${one.action}`) });
/** Opens the case in its queue; in the queue itself without a new entry for Back. */
const open = (one: Held, more = ""): void => {
  const address = `${link("queue")}?kind=${one.queue}${more || `&id=${one.issueId}`}`;
  (route.value.path[0] === "queue" ? goInstead : go)(address);
};

function takeBack(): void {
  const back = undo();
  const last = back[back.length - 1];
  if (last) open(last, back.length > 1 ? "&batch=1" : "");
}

/** One bar for all decisions that are held back, with the way to take back the last one. */
export function HeldBar() {
  const pending = held.value.filter(isPending);
  const refused = held.value.filter((one) => !isPending(one));
  const last = [...pending].reverse().find(canUndo);
  const stuck = pending.filter((one) => one.isTried).length;
  const [said, setSaid] = useState<Held | null>(null);
  const done = lastDone.value;
  useEffect(() => {
    setSaid(done);
    const timer = setTimeout(() => setSaid(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [done]);
  // As a layout effect, so that the next key already takes back what was just confirmed.
  useLayoutEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (!isTyping(event) && actionOf("everywhere", event) === "undo") takeBack();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  const isShown = pending.length > 0 || refused.length > 0 || said !== null;
  return (
    <div class={isShown ? "held card card-tight no-print" : "held"} role="status">
      {refused.map((one) => {
        const failure = failureOfHeld(one);
        return (
          <div class="stack-tight" key={one.id}>
            <p class="text-danger">{t("held.refused", { ...words(one), why: failure ? failureText(failure) : "" })}</p>
            <p class="wrap">
              <button type="button" class="button" onClick={() => open(one)}>
                {t("held.look")}
              </button>
              <button type="button" class="button" onClick={() => dismiss(one.id)}>
                {t("held.dismiss")}
              </button>
            </p>
          </div>
        );
      })}
      {last ? (
        <div class="row-spread">
          <p>
            {t("held.waiting", words(last))}
            {pending.length > 1 ? t("held.more", { count: pending.length }) : ""}
            <Seconds until={last.sendAt} />
          </p>
          <button type="button" class="button" aria-keyshortcuts="z" onClick={takeBack}>
            {t("held.undo")}
            <Key of="z" />
          </button>
        </div>
      ) : said && pending.length === 0 ? (
        <p class="text-success">{t("office.done", words(said))}</p>
      ) : null}
      {stuck > 0 && !last ? (
        <p class="meta">{t(loggedOut.value ? "held.signIn" : "held.sending", { count: stuck })}</p>
      ) : null}
    </div>
  );
}

/** How long it can still be taken back: to be seen, and not to be read out every second. */
function Seconds({ until }: { until: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return (
    <span class="caption" aria-hidden="true">
      {" "}
      {t("held.seconds", { count: Math.max(0, Math.ceil((until - now) / 1000)) })}
    </span>
  );
}
