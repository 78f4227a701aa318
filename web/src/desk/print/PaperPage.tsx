import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../texts";
import { Page } from "../../ui/Page";
import { pendingPictures, whenSettled } from "./pictures";
import "../styles";
import "../words";

/** A page that shows on the screen what will be on paper, with a button that waits for the photos and prints. */
export function PaperPage({
  title,
  back,
  isReady,
  notes,
  children,
}: {
  title: string;
  back: string;
  /** Whether everything but the photos is drawn. */
  isReady: boolean;
  /** Choices and remarks that stay on the screen. */
  notes?: ComponentChildren;
  children: ComponentChildren;
}) {
  const paper = useRef<HTMLDivElement>(null);
  const [waits, setWaits] = useState(false);
  const isHere = useRef(true);
  useEffect(
    () => () => {
      isHere.current = false;
    },
    [],
  );
  async function start() {
    if (paper.current && pendingPictures(paper.current).length > 0) {
      setWaits(true);
      await whenSettled(paper.current);
      if (!isHere.current) return;
      setWaits(false);
    }
    print();
  }
  return (
    <Page
      title={title}
      back={back}
      isWide
      aside={
        <button
          type="button"
          class="button button-primary no-print"
          disabled={!isReady || waits}
          onClick={() => void start()}
        >
          {t("print.start")}
        </button>
      }
    >
      <div class="stack">
        <div class="stack no-print">
          {notes}
          <p class="meta" role="status">
            {t(waits ? "print.waits" : isReady ? "print.hint" : "state.loading")}
          </p>
        </div>
        <div class="paper-desk" ref={paper}>
          {children}
        </div>
      </div>
    </Page>
  );
}
