import { useEffect, useRef, useState } from "preact/hooks";
import { goInstead, link, route } from "../router";
import { t } from "../texts";
import { Icon } from "../ui/Icon";
import { Page } from "../ui/Page";
import { doneCount, held, isPending } from "./held";
import { actionOf, isTyping } from "./keys";
import { isHelpOpen } from "./KeysHelp";
import { useQueueCounts } from "./queueCounts";
import { queueOf, QUEUES } from "./queues";
import type { QueueKind } from "./queues";
import { Waiting } from "./Waiting";

/** The queues of decisions: the list, the issue and its decision beside each other; the next one opens by itself. */
export function QueuePage() {
  const { query } = route.value;
  const queue = queueOf(query.get("kind"));
  const words = query.get("q") ?? "";
  const { counts, recount } = useQueueCounts();
  const done = doneCount.value;
  useEffect(() => {
    if (done > 0) recount();
  }, [done]);
  /** Those that wait without what is decided and held back. */
  const count = (kind: QueueKind): string => {
    const known = counts[kind];
    const decided = held.value.filter((one) => isPending(one) && one.queue === kind).length;
    return known === undefined ? "" : ` ${Math.max(0, known - decided)}`;
  };
  const canBatch = queue.kind === "release";
  const isBatch = canBatch && query.get("batch") !== null;
  const base = `${link("queue")}?kind=${queue.kind}`;
  const searched = base + (words ? `&q=${encodeURIComponent(words)}` : "");
  return (
    <Page title={t("tab.queue")} isWide isFull>
      <div class={query.get("id") === null ? "queue" : "queue queue-open"}>
        <div class="queue-head">
          <nav class="segments" aria-label={t("queue.title")}>
            {QUEUES.map(({ kind }) => (
              <a
                key={kind}
                href={`${link("queue")}?kind=${kind}`}
                aria-current={kind === queue.kind ? "true" : undefined}
              >
                {t(`queue.${kind}`)}
                {count(kind)}
              </a>
            ))}
          </nav>
          <Search
            words={words}
            onSearch={(next) =>
              goInstead(base + (next ? `&q=${encodeURIComponent(next)}` : "") + (isBatch ? "&batch=1" : ""))
            }
          />
          {canBatch ? (
            <a class="button" href={isBatch ? searched : `${searched}&batch=1`}>
              {t(isBatch ? "batch.oneByOne" : "batch.title")}
            </a>
          ) : null}
        </div>
        <Waiting key={`${queue.kind}?${words}`} queue={queue} words={words} isBatch={isBatch} />
        <p class="caption desk-only queue-keys">
          {t("queue.keys")}{" "}
          <button
            type="button"
            class="link"
            onClick={() => {
              isHelpOpen.value = true;
            }}
          >
            {t("keys.title")}
          </button>
        </p>
      </div>
    </Page>
  );
}

/** Words in place, number or description, of this queue alone. */
function Search({ words, onSearch }: { words: string; onSearch: (words: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(words);
  useEffect(() => setTyped(words), [words]);
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (isTyping(event) || actionOf("queue", event) !== "search") return;
      event.preventDefault();
      field.current?.focus();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const send = () => {
    if (typed.trim() !== words) onSearch(typed.trim());
  };
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        send();
        // The keys belong to the queue again.
        field.current?.blur();
      }}
    >
      <Icon name="search" />
      <input
        ref={field}
        class="input"
        type="search"
        aria-label={t("queue.search")}
        placeholder={t("queue.search")}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onChange={send}
        onKeyDown={(event) => {
          if (actionOf("field", event) === "leave") event.currentTarget.blur();
        }}
      />
    </form>
  );
}
