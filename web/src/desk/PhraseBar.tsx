import { useState } from "preact/hooks";
import { t } from "../texts";
import { type, useField } from "./field";
import { keepPhrases, PHRASES_CHARS_MAX, phraseLines, phrasesIn, resetPhrases, withPhrase } from "./phraseList";
import type { Phrased } from "./phraseList";

/** Phrases that a press inserts into the text; every user can change their own. */
export function PhraseBar({ action }: { action: Phrased }) {
  const [lines, setLines] = useState(() => phraseLines(action));
  const [isEditing, setEditing] = useState(false);
  const written = useField("text");
  const phrases = phrasesIn(lines);
  const change = (next: string) => {
    setLines(next);
    keepPhrases(action, next);
  };
  const own = written?.trim() ?? "";
  return (
    <section class="stack" aria-labelledby="phrases-title">
      <div class="row-spread">
        <h2 id="phrases-title">{t("report.phrasesTitle")}</h2>
        <button
          type="button"
          class="button button-plain"
          aria-expanded={isEditing}
          onClick={() => setEditing(!isEditing)}
        >
          {t(isEditing ? "unitDesk.phrasesDone" : "unitDesk.phrasesEdit")}
        </button>
      </div>
      {isEditing ? (
        <div class="field">
          <label class="label" for="phrase-lines">
            {t("unitDesk.phraseLines")}
          </label>
          <textarea
            id="phrase-lines"
            rows={7}
            maxLength={PHRASES_CHARS_MAX}
            value={lines}
            onInput={(event) => change(event.currentTarget.value)}
          />
          <p class="meta">{t("unitDesk.phrasesHint")}</p>
          <div class="wrap">
            {own !== "" && !own.includes("\n") && !phrases.includes(own) ? (
              <button type="button" class="button" onClick={() => change([...phrases, own].join("\n"))}>
                {t("unitDesk.phraseAdd")}
              </button>
            ) : null}
            <button
              type="button"
              class="button"
              onClick={() => {
                resetPhrases(action);
                setLines(phraseLines(action));
              }}
            >
              {t("unitDesk.phrasesReset")}
            </button>
          </div>
        </div>
      ) : (
        <div class="wrap" role="group" aria-label={t("report.phrasesTitle")}>
          {phrases.map((phrase) => (
            <button
              type="button"
              class="phrase"
              key={phrase}
              disabled={written === null}
              onClick={() => type("text", (value, most) => withPhrase(value, phrase, most))}
            >
              {phrase}
            </button>
          ))}
        </div>
      )}
    </section>
  );
}
