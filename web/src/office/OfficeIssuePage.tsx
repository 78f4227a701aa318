import { useState } from "preact/hooks";
import { link } from "../router";
import { t } from "../texts";
import { Page } from "../ui/Page";
import { IssueDesk } from "./IssueDesk";

/** One issue by its address, with everything about it. */
export function OfficeIssuePage({ id }: { id: string }) {
  const [note, setNote] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  return (
    <Page
      title={t("issue.title")}
      back={link("issues")}
      isWide
      aside={
        <button type="button" class="button no-print" onClick={() => print()}>
          {t("office.print")}
        </button>
      }
    >
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
          onDone={(_, words) => {
            setNote(words);
            setAttempt(attempt + 1);
          }}
        />
      </div>
    </Page>
  );
}
