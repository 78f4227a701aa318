import { useState } from "preact/hooks";
import { isReleased } from "../desk/print/sheet";
import "../desk/words";
import { link } from "../router";
import { t } from "../texts";
import { Page } from "../ui/Page";
import { isWide } from "../ui/isWide";
import { IssueDesk } from "./IssueDesk";

/** One issue by its address, with everything about it. */
export function OfficeIssuePage({ id }: { id: string }) {
  const [note, setNote] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  /** There is paper for the unit about what the unit knows of. */
  const [isOut, setOut] = useState(false);
  const paper = isOut ? (
    <a class="button" href={link("issue", id, "print")}>
      {t("unit.print")}
    </a>
  ) : null;
  const isBeside = isWide("720px");
  return (
    <Page
      title={t("issue.title")}
      back={link("issues")}
      isWide
      aside={
        <span class="wrap no-print">
          {isBeside ? paper : null}
          <button type="button" class="button" onClick={() => print()}>
            {t("office.print")}
          </button>
        </span>
      }
    >
      {isBeside ? null : <div class="no-print">{paper}</div>}
      {note ? (
        <p class="text-success" role="status">
          {note}
        </p>
      ) : null}
      <div class="desk-panel">
        <IssueDesk
          key={attempt}
          id={id}
          first={null}
          onDrawn={(issue) => setOut(isReleased(issue))}
          onDone={(_, words) => {
            setNote(words);
            setAttempt(attempt + 1);
          }}
        />
      </div>
    </Page>
  );
}
