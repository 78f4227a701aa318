import { useState } from "preact/hooks";
import { REASON_CHARS_MAX } from "../api/limits";
import type { Item, ItemResult } from "../api/types";
import { PhotoTaker } from "../draft/PhotoTaker";
import type { DraftHandle } from "../draft/useDraft";
import { keysOf } from "../keysOf";
import { link } from "../router";
import { discardDraft } from "../store/drafts";
import type { VisitDraft } from "../store/records";
import { localTitle, t } from "../texts";
import { TextField } from "../ui/Choices";
import { ConfirmButton } from "../ui/ConfirmButton";
import { SeverityChip } from "../ui/StateChip";
import { photosOf, RESULTS, wantsPhoto, withoutResult, withResult } from "./checklist";
import type { ItemReport, VisitFault } from "./checklist";
import { photosOfItem } from "./photosOfItem";

/** One item of the checklist: how it was found, and what that needs. */
export function ItemCard({
  item,
  handle,
  report,
  result,
  fault,
  onReport,
  onDropped,
}: {
  item: Item;
  handle: DraftHandle<VisitDraft>;
  report: ItemReport | undefined;
  result: ItemResult | null;
  /** What is still missing, once it was asked for. */
  fault: VisitFault | null;
  /** Opens the report of this item. */
  onReport: () => void;
  /** The report that was being written is gone. */
  onDropped: () => void;
}) {
  const { code } = item;
  /** Whether it is shown on photos of the visit itself, whatever the result. */
  const isShown = item.photo_required === true && result !== "fails" && result !== "not-applicable";
  function choose(next: ItemResult) {
    if (next === "fails") return onReport();
    handle.update((old) => withResult(old, code, next));
  }
  async function drop() {
    if (report?.kind !== "draft") return;
    await discardDraft(report.draft);
    handle.update((old) => withoutResult(old, code));
    onDropped();
  }
  return (
    <article class={`card card-tight stack ${result ? "" : "visit-open"}`}>
      <fieldset class="field" aria-invalid={fault ? true : undefined}>
        <legend class="visit-item">
          {localTitle(item)}
          {item.veto ? (
            <>
              {" "}
              <span class="chip tone-danger">{t("item.veto")}</span>
            </>
          ) : null}
        </legend>
        <div class="choices-4">
          {keysOf(RESULTS).map((value) => (
            <label class={`choice choice-${value}`} key={value}>
              <input
                type="radio"
                name={`item-${code}`}
                value={value}
                checked={result === value}
                // What was reported is taken back where the report is.
                disabled={report !== undefined && value !== "fails"}
                onChange={() => choose(value)}
              />
              <span>{t(`visit.result.${value}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {result === "fails" ? <ReportOfItem report={report} onReport={onReport} onDrop={() => void drop()} /> : null}
      {isShown ? (
        <>
          <p class={wantsPhoto(handle.draft, code) ? "text-warn" : "meta"}>{t("visit.photoRequired")}</p>
          <PhotoTaker handle={photosOfItem(handle, code)} views={["detail"]} canMark={false} of={code} />
        </>
      ) : null}
      {result === "mostly" || result === "not-applicable" || result === "conforms" ? (
        <Remarks key={result} code={code} result={result} handle={handle} isShown={isShown} />
      ) : null}
      {fault ? (
        <p class="field-error" role="alert">
          {t(`visit.fault.${fault}`)}
        </p>
      ) : null}
    </article>
  );
}

/** The report of an item that fails: where it stands, and the way to it. */
function ReportOfItem({
  report,
  onReport,
  onDrop,
}: {
  report: ItemReport | undefined;
  onReport: () => void;
  onDrop: () => void;
}) {
  if (report?.kind === "saved") {
    const { entry } = report;
    return (
      <p class="row-spread">
        <span class="wrap grow">
          <SeverityChip severity={entry.body.severity} />
          <span class="meta">{t("outbox.photos", { count: entry.photos.length })}</span>
          <span class={entry.state === "attention" ? "text-danger" : "meta"}>{t(`outbox.state.${entry.state}`)}</span>
        </span>
        <a class="button" href={link("outbox")}>
          {t("action.open")}
        </a>
      </p>
    );
  }
  return (
    <div class="stack">
      <p class="text-warn">{t(report ? "visit.reportBegun" : "visit.reportMissing")}</p>
      <div class="wrap">
        <button type="button" class="button button-primary" onClick={onReport}>
          {t(report ? "visit.reportGoOn" : "visit.report")}
        </button>
        {report ? (
          <ConfirmButton label={t("visit.reportDrop")} question={t("draft.discardSure")} onConfirm={onDrop} />
        ) : null}
      </div>
    </div>
  );
}

/** Words and photos: asked for where they are needed, offered elsewhere. */
function Remarks({
  code,
  result,
  handle,
  isShown,
}: {
  code: string;
  result: Exclude<ItemResult, "fails">;
  handle: DraftHandle<VisitDraft>;
  /** Its photos stand above. */
  isShown: boolean;
}) {
  const { draft } = handle;
  const note = draft.fields.seen[code]?.note ?? "";
  const count = photosOf(draft, code).length;
  const isAsked = result !== "conforms";
  const [isOpen, setOpen] = useState(isAsked || note !== "");
  const [hasPhotos, setHasPhotos] = useState(false);
  const set = (next: string) =>
    handle.update((old) => ({
      ...old,
      fields: { ...old.fields, seen: { ...old.fields.seen, [code]: { result, note: next } } },
    }));
  if (!isOpen)
    return (
      <button type="button" class="button button-plain visit-remark" onClick={() => setOpen(true)}>
        {isShown ? t("visit.note") : count > 0 ? t("visit.photos", { count }) : t("visit.remark")}
      </button>
    );
  const phrases = isAsked ? t(`visit.phrases.${result}`).split("|") : [];
  return (
    <div class="stack">
      <TextField
        id={`note-${code}`}
        label={t(result === "not-applicable" ? "visit.whyNot" : "visit.note")}
        rows={2}
        max={REASON_CHARS_MAX}
        value={note}
        onInput={set}
      />
      {phrases.length > 0 ? (
        <div class="wrap" role="group" aria-label={t("report.phrasesTitle")}>
          {phrases.map((phrase) => (
            <button type="button" class="phrase" key={phrase} onClick={() => set(phrase)}>
              {phrase}
            </button>
          ))}
        </div>
      ) : null}
      {result === "not-applicable" || isShown ? null : hasPhotos ? (
        <PhotoTaker handle={photosOfItem(handle, code)} views={["detail"]} canMark={false} of={code} />
      ) : (
        <button type="button" class="button" onClick={() => setHasPhotos(true)}>
          {count > 0 ? t("visit.photos", { count }) : t("visit.addPhotos")}
        </button>
      )}
    </div>
  );
}
