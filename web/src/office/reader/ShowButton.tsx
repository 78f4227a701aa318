import { useState } from "preact/hooks";
import type { ReleasedIssue } from "../../api/types";
import { t } from "../../texts";
import type { Pages } from "../../ui/issuePages";
import type { SlideShow as Show } from "./SlideShow";

/** Starts the slide show of a list; the code is fetched at the first press. */
export function ShowButton({ pages }: { pages: Pages<ReleasedIssue> }) {
  const [SlideShow, setShow] = useState<typeof Show | null>(null);
  const [isOn, setOn] = useState(false);
  async function begin() {
    const part = await import("./SlideShow").catch(() => null);
    if (!part) return;
    setShow(() => part.SlideShow);
    setOn(true);
  }
  return (
    <>
      <button
        type="button"
        class="button button-primary"
        disabled={pages.rows.length === 0}
        onClick={() => void begin()}
      >
        {t("show.begin")}
      </button>
      {isOn && SlideShow ? <SlideShow pages={pages} onClose={() => setOn(false)} /> : null}
    </>
  );
}
