import { useEffect, useState } from "preact/hooks";
import { link } from "../router";
import { placeOf } from "../session/reference";
import { session } from "../session/session";
import { listDrafts } from "../store/draftList";
import type { Draft } from "../store/records";
import { t } from "../texts";
import { formatMoment } from "../time/moment";
import { Icon } from "../ui/Icon";

export const draftLink = (draft: Draft): string =>
  draft.kind === "answer" ? link("issue", draft.issueId, draft.action) : link(draft.kind, draft.id);

const placeName = (draft: Draft): string =>
  draft.kind === "answer"
    ? draft.title
    : (draft.kind === "report" && draft.fields.place?.name) ||
      placeOf(draft.fields.pointId)?.name ||
      t("draft.noPlace");

export const draftTitle = (draft: Draft): string =>
  draft.kind === "report"
    ? placeName(draft)
    : `${t(draft.kind === "visit" ? "visit.title" : `do.${draft.action}`)}${t("punctuation.dot")}${placeName(draft)}`;

export function useDrafts(): [drafts: Draft[], reload: () => void] {
  const [drafts, setDrafts] = useState<Draft[]>([]);
  const user = session.value?.user.id ?? "";
  const reload = () =>
    void listDrafts(user).then(
      (list) => setDrafts(list.sort((a, b) => b.updatedAt - a.updatedAt)),
      () => undefined,
    );
  useEffect(reload, [user]);
  return [drafts, reload];
}

/** Drafts that are not finished. They come first on the page, because a phone may have killed the form. */
export function UnfinishedDrafts() {
  const [drafts] = useDrafts();
  const [first] = drafts;
  if (!first) return null;
  return (
    <ul class="list">
      {drafts.slice(0, 3).map((draft) => (
        <li key={draft.id}>
          <a class="list-row" href={draftLink(draft)}>
            <span class="grow">
              <span class="list-title">{t("draft.goOn", { title: draftTitle(draft) })}</span>
              <span class="meta">
                {t("draft.facts", { count: draft.photos.length, at: formatMoment(draft.updatedAt) })}
              </span>
            </span>
            <Icon name="next" />
          </a>
        </li>
      ))}
    </ul>
  );
}
