import { useEffect, useState } from "preact/hooks";
import type { Item } from "../api/types";
import { DraftNotices } from "../draft/DraftNotices";
import { useNonce } from "../draft/nonces";
import { PositionRow } from "../draft/PositionRow";
import { useDraft } from "../draft/useDraft";
import { ZoneHint } from "../inspector/ReportHints";
import { useDrafts } from "../inspector/UnfinishedDrafts";
import { entries } from "../outbox/drain";
import { followPosition, position } from "../place/position";
import { go, goInstead, link, route } from "../router";
import { placeOf, reference, typeOf } from "../session/reference";
import { session } from "../session/session";
import { uuid } from "../session/uuid";
import { PhotoLost } from "../store/drafts";
import type { VisitDraft } from "../store/records";
import { localName, localTitle, t } from "../texts";
import { Empty, Notice } from "../ui/Notice";
import { Page } from "../ui/Page";
import {
  checklistOf,
  faultOf,
  photosLeft,
  reportsOf,
  resultOf,
  wantsPhoto,
  withAllConforming,
  withResult,
} from "./checklist";
import type { VisitFault } from "./checklist";
import { Interviews } from "./Interviews";
import { begunVisit, hasBegun } from "./begin";
import { ItemCard } from "./ItemCard";
import { isTooLong, saveVisit } from "./saveVisit";

/** The item whose report was opened last: coming back from it, the form stands where it was left. */
let left: { visitId: string; code: string } | null = null;

/** A visit: one tap for what conforms, then the exceptions. */
export function VisitPage({ id }: { id: string }) {
  const user = session.value?.user.id ?? "";
  const handle = useDraft<VisitDraft>(id, () => begunVisit(id, user, route.value.query, Date.now()), link("visit", id));
  const [drafts, reloadDrafts] = useDrafts();
  const [isTried, setTried] = useState(false);
  /** Pressed once with items left open: the second time they stay open. */
  const [isPartial, setPartial] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBack] = useState(left?.visitId === id);
  useEffect(followPosition, []);
  const here = position.value;
  const fields = handle?.draft.fields;
  // Where the phone was, once: no track is kept.
  useEffect(() => {
    if (!handle || handle.draft.fields.location || here.kind !== "known" || !hasBegun(handle.draft)) return;
    handle.update((old) => ({ ...old, fields: { ...old.fields, location: here.location } }));
  });
  useNonce(handle, handle && hasBegun(handle.draft) ? handle.draft.createdAt : null);
  const isHere = handle !== null && reference.value !== null;
  useEffect(() => {
    if (!isHere || !left || left.visitId !== id) return;
    const { code } = left;
    left = null;
    // After the page has gone to its top, as every page does.
    requestAnimationFrame(() => show(code));
  }, [isHere]);

  const place = placeOf(fields?.pointId ?? null);
  if (!handle || !fields || !place)
    return (
      <Page title={t("visit.title")} back={link("points")}>
        {handle && reference.value ? <Empty>{t("place.unknown")}</Empty> : <div class="skeleton" />}
      </Page>
    );
  const { draft } = handle;
  const items = checklistOf(place);
  const codes = items.map(({ code }) => code);
  const reports = reportsOf(id, drafts, entries.value);
  const open = codes.filter((code) => resultOf(draft, reports, code) === null);
  const done = codes.length - open.length;
  const unshown = photosLeft(draft, reports, codes);
  /** What the one tap marks: not what has to be shown on a photo first. */
  const markable = open.filter((code) => !wantsPhoto(draft, code));
  const faults = codes.flatMap((code): [string, VisitFault][] => {
    const fault = faultOf(draft, reports, code);
    return fault ? [[code, fault]] : [];
  });
  const look = typeOf(place.type)?.look_first;

  async function report(code: string) {
    if (!handle) return;
    const begun = reports.get(code);
    handle.update((old) => withResult(old, code, "fails"));
    await handle.flush();
    left = { visitId: id, code };
    const query = `point=${draft.fields.pointId}&item=${encodeURIComponent(code)}&visit=${id}`;
    go(begun?.kind === "draft" ? link("report", begun.draft.id) : `${link("report", uuid())}?${query}`);
  }

  async function save() {
    if (!handle) return;
    setTried(true);
    if (faults.length > 0) return show(faults[0]?.[0]);
    if (done === 0) return show(codes[0]);
    if (open.length > 0 && !isPartial) {
      setPartial(true);
      return show(open[0]);
    }
    if (isTooLong(draft, reports)) return setRefusal(t("visit.tooLong"));
    setSaving(true);
    try {
      await saveVisit((await handle.flush()) ?? draft, reports, codes);
      if (route.value.path[1] === id) goInstead(`${link("visit", id)}?done=1`);
    } catch (cause) {
      setRefusal(cause instanceof PhotoLost ? t("problem.photo-lost") : t("report.storeRefused"));
    } finally {
      setSaving(false);
    }
  }

  return (
    <Page
      titleLang="zh-CN"
      title={place.name}
      back={link("points")}
      aside={
        <span class="visit-count" aria-hidden="true">
          {done}/{codes.length}
        </span>
      }
      actions={
        <>
          <button
            type="button"
            class="button"
            disabled={open.length === 0}
            onClick={() =>
              markable.length === 0 ? show(open[0]) : handle.update((old) => withAllConforming(old, open))
            }
          >
            {open.length === 0
              ? t("visit.allSeen")
              : markable.length === 0
                ? t("visit.photosLeft", { count: open.length })
                : done === 0 && markable.length === open.length
                  ? t("visit.allConform")
                  : t("visit.restConform", { count: markable.length })}
          </button>
          <button type="button" class="button button-primary" disabled={isSaving} onClick={() => void save()}>
            {t(isPartial && open.length > 0 ? "visit.finishPartial" : "visit.finish")}
          </button>
        </>
      }
    >
      <div class="stack-wide">
        {isBack ? null : <DraftNotices handle={handle} />}
        {refusal ? (
          <Notice tone="danger" role="alert">
            <p>{refusal}</p>
          </Notice>
        ) : null}
        <div class="stack-tight">
          <p class="wrap">
            <span class="chip">{t("visit.title")}</span>
            <span class={`chip ${fields.task ? "tone-info" : "tone-violet"}`}>
              {t(fields.task ? "visit.ofTask" : "visit.sudden")}
            </span>
          </p>
          <p role="status">{t("visit.progress", { done, count: codes.length })}</p>
          <progress max={codes.length} value={done} aria-label={t("visit.progressOf")} />
          {unshown.length > 0 ? (
            <div class="stack-tight" role="group" aria-label={t("visit.photosLeft", { count: unshown.length })}>
              <p class="text-warn">{t("visit.photosLeft", { count: unshown.length })}</p>
              <div class="wrap">
                {items
                  .filter(({ code }) => unshown.includes(code))
                  .map((item) => (
                    <button type="button" class="phrase" key={item.code} onClick={() => show(item.code)}>
                      {localTitle(item)}
                    </button>
                  ))}
              </div>
            </div>
          ) : null}
          {look ? <p class="meta">{`${t("place.lookFirst")}${t("punctuation.colon")}${look}`}</p> : null}
        </div>
        {isTried && (faults.length > 0 || open.length > 0) ? (
          <Notice tone={faults.length > 0 || done === 0 ? "danger" : "warn"} role="alert">
            {faults.length > 0 ? <p>{t("visit.incomplete", { count: faults.length })}</p> : null}
            {open.length > 0 ? <p>{t("visit.stillOpen", { count: open.length })}</p> : null}
          </Notice>
        ) : null}
        {fields.location && reference.value?.zones ? (
          <ZoneHint location={fields.location} at={draft.createdAt} />
        ) : null}
        {byCampaign(items).map(([name, group]) => (
          <section class="stack" key={name} aria-label={name}>
            <h2>
              {name} <span class="meta">{group.length}</span>
            </h2>
            <ul class="stack">
              {group.map((item) => (
                <li key={item.code} id={`item-${item.code}`} class="visit-row">
                  <ItemCard
                    item={item}
                    handle={handle}
                    report={reports.get(item.code)}
                    result={resultOf(draft, reports, item.code)}
                    fault={isTried ? faultOf(draft, reports, item.code) : null}
                    onReport={() => void report(item.code)}
                    onDropped={reloadDrafts}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
        <Interviews
          value={fields.interviews}
          onChange={(interviews) => handle.update((old) => ({ ...old, fields: { ...old.fields, interviews } }))}
        />
        <PositionRow fixed={fields.location} photos={[]} />
      </div>
    </Page>
  );
}

const show = (code: string | undefined): void =>
  document.getElementById(`item-${code ?? ""}`)?.scrollIntoView({ block: "center" });

/** In the order of the items; each with the name of its campaign. */
function byCampaign(items: Item[]): [name: string, items: Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(item.campaign, [...(groups.get(item.campaign) ?? []), item]);
  const nameOf = (code: string) => localName(reference.value?.campaigns.find((one) => one.code === code)) || code;
  return [...groups].map(([code, group]) => [nameOf(code), group]);
}
