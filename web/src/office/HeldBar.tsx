import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { loggedOut } from "../api/request";
import * as parts from "../parts";
import { myRole } from "../roles";
import { go, goInstead, link, route } from "../router";
import { t } from "../texts";
import { failureText } from "../ui/failureText";
import { SETTLING_MS } from "./DecisionForm";
import { abandon, canUndo, dismiss, held, isPending, isStuck, lastDone, sendNow, undo } from "./held";
import { failureOfHeld } from "./heldStore";
import type { Held } from "./heldStore";
import "./LeavingQuestion";
import { Key } from "./Key";
import { actionOf, isTyping } from "./keys";
import { faultsLine } from "./refusedFields";

/** How long the message that a decision was taken is shown, in milliseconds. Source: our choice. */
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
  const stuck = pending.filter(isStuck);
  const onTheirWay = pending.filter((one) => !isStuck(one));
  const underway = onTheirWay.filter((one) => one.isTried).length;
  const [said, setSaid] = useState<Held | null>(null);
  const done = lastDone.value;
  useEffect(() => {
    const left = done === null ? 0 : done.doneAt + SAID_MS - Date.now();
    setSaid(left > 0 ? done : null);
    const timer = setTimeout(() => setSaid(null), left);
    return () => clearTimeout(timer);
  }, [done]);
  const content = [...refused, ...stuck, ...(last ? [last] : [])].map(({ id }) => id).join(" ");
  const [settledContent, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(content), SETTLING_MS);
    return () => clearTimeout(timer);
  }, [content]);
  const isSettled = settledContent === content;
  // As a layout effect, so that the next key already takes back what was just confirmed.
  useLayoutEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (!event.repeat && !isTyping(event) && actionOf("everywhere", event) === "undo") takeBack();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  if (myRole().pages !== parts.office) return null;
  const isShown = pending.length > 0 || refused.length > 0 || said !== null;
  return (
    <div
      class={isShown ? "held card card-tight no-print" : "held"}
      role="status"
      onKeyDown={(event) => {
        // A key that is held down presses once.
        if (event.repeat && actionOf("queue", event) === "confirm") event.preventDefault();
      }}
    >
      {refused.map((one) => (
        <div class="stack-tight" key={one.id}>
          <p class="text-danger">{t("held.refused", { ...words(one), why: whyText(one) })}</p>
          <p class="wrap">
            <Press isSettled={isSettled} onPress={() => open(one)}>
              {t("held.look")}
            </Press>
            <Press isSettled={isSettled} onPress={() => dismiss(one.id)}>
              {t("held.dismiss")}
            </Press>
          </p>
        </div>
      ))}
      {stuck.map((one) => (
        <Stuck one={one} key={one.id} isSettled={isSettled} />
      ))}
      {last ? (
        <div class="row-spread">
          <p>
            {t("held.waiting", words(last))}
            {pending.length > 1 ? t("held.more", { count: pending.length }) : ""}
            {loggedOut.value ? null : <Seconds until={last.sendAt} />}
          </p>
          <Press isSettled={isSettled} onPress={takeBack} shortcut="z">
            {t("held.undo")}
            <Key of="z" />
          </Press>
        </div>
      ) : said && pending.length === 0 ? (
        <p class="text-success">{t("office.done", words(said))}</p>
      ) : null}
      {loggedOut.value && onTheirWay.length > 0 ? (
        <p class="meta">{t("held.signIn", { count: onTheirWay.length })}</p>
      ) : underway > 0 && !last ? (
        <p class="meta">{t("held.sending", { count: underway })}</p>
      ) : null}
    </div>
  );
}

/** Why it was not taken, with the fields that were at fault. */
function whyText(one: Held): string {
  const failure = failureOfHeld(one);
  return failure ? `${failureText(failure)} ${faultsLine(failure)}`.trim() : "";
}

/** One that the service does not manage to take: its person may end it. */
function Stuck({ one, isSettled }: { one: Held; isSettled: boolean }) {
  const [isUnknown, setUnknown] = useState(false);
  return (
    <div class="stack-tight">
      <p class="text-danger">{t("held.stuck", { ...words(one), count: one.tries, why: whyText(one) })}</p>
      {isUnknown ? <p class="meta">{t("held.notAbandoned")}</p> : null}
      <p class="wrap">
        <Press isSettled={isSettled} onPress={() => sendNow(one.id)}>
          {t("held.sendNow")}
        </Press>
        <Press isSettled={isSettled} onPress={() => void abandon(one).catch(() => setUnknown(true))}>
          {t("held.abandon")}
        </Press>
      </p>
    </div>
  );
}

/** A button of the bar. A double click, or one that was meant for what stood here before, does nothing. */
function Press({
  isSettled,
  onPress,
  shortcut,
  children,
}: {
  isSettled: boolean;
  onPress: () => void;
  shortcut?: string;
  children: ComponentChildren;
}) {
  return (
    <button
      type="button"
      class="button"
      aria-keyshortcuts={shortcut}
      aria-disabled={!isSettled || undefined}
      onClick={(event) => {
        if (isSettled && event.detail <= 1) onPress();
      }}
    >
      {children}
    </button>
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
