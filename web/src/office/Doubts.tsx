import { useState } from "preact/hooks";
import { readIssue } from "../api/issues";
import type { OfficeIssue } from "../api/types";
import { link } from "../router";
import { itemOf } from "../session/reference";
import { faultTitle, t } from "../texts";
import { formatMoment } from "../time/moment";
import { useCached } from "../ui/useCached";
import { photoLabel } from "../ui/PhotoGrid";
import { PhotoViewer } from "../ui/PhotoViewer";
import { Picture } from "../ui/Picture";
import { doubtsOf, flagName } from "./flagText";
import type { Doubt } from "./flagText";

/** Photo pairs that are shown at first for one flag. */
const PAIRS_SHOWN = 2;

/** The flags on the evidence, each as a sentence with the photos it is about. */
export function Doubts({ issue }: { issue: OfficeIssue }) {
  if (issue.flag_codes.length === 0) return <p class="meta">{t("office.noFlags")}</p>;
  return (
    <section class="notice tone-warn doubts" aria-labelledby={`flags-${issue.id}`}>
      <h3 id={`flags-${issue.id}`}>{t("office.flags")}</h3>
      <ul class="stack">
        {doubtsOf(issue).map((doubt) => (
          <li class="stack-tight" key={doubt.code}>
            <OneDoubt issue={issue} doubt={doubt} />
          </li>
        ))}
      </ul>
      <p class="meta">{t("office.flagsHint")}</p>
    </section>
  );
}

function OneDoubt({ issue, doubt }: { issue: OfficeIssue; doubt: Doubt }) {
  const [isAll, setAll] = useState(false);
  const about = issue.photos.filter((photo) => doubt.photoIds.includes(photo.id)).map(photoLabel);
  const shown = isAll ? doubt.pairs : doubt.pairs.slice(0, PAIRS_SHOWN);
  return (
    <>
      <p>
        <strong>{flagName(doubt.code)}</strong>
        {about.length > 0 && doubt.pairs.length === 0 ? (
          <span class="meta">
            {" "}
            {"\u00b7"} {[...new Set(about)].join(t("punctuation.comma"))}
          </span>
        ) : null}
      </p>
      {doubt.sentences.map((sentence) => (
        <p class="meta" key={sentence}>
          {sentence}
        </p>
      ))}
      {shown.length > 0 ? (
        <div class="doubt-pairs">
          {shown.map((pair) => (
            <EarlierUse key={`${pair.photoId}/${pair.earlier.photo_id}`} issue={issue} {...pair} />
          ))}
        </div>
      ) : null}
      {doubt.pairs.length > shown.length ? (
        <button type="button" class="button" onClick={() => setAll(true)}>
          {t("doubt.more", { count: doubt.pairs.length - shown.length })}
        </button>
      ) : null}
    </>
  );
}

/** This photo and the earlier one; a press opens both full screen, to switch between them. */
function EarlierUse({
  issue,
  photoId,
  earlier,
}: {
  issue: OfficeIssue;
  photoId: string;
  earlier: { issue_id: string; photo_id: string };
}) {
  const isHere = earlier.issue_id === issue.id;
  const other = useCached<OfficeIssue>(
    `issue/${earlier.issue_id}`,
    async () => (await readIssue(earlier.issue_id)) as OfficeIssue,
  );
  const [isOpen, setOpen] = useState(false);
  const photo = issue.photos.find((one) => one.id === photoId);
  const its = other.body?.photos.find((one) => one.id === earlier.photo_id);
  const mine = {
    id: photoId,
    label: `${t("doubt.thisPhoto")}${photo ? ` \u00b7 ${photoLabel(photo)}` : ""}`,
    hasPreview: photo?.has_preview ?? true,
  };
  const theirs = {
    id: earlier.photo_id,
    label: `${t("doubt.earlierPhoto")}${its ? ` \u00b7 ${photoLabel(its)}` : ""}`,
    hasPreview: its?.has_preview ?? true,
  };
  return (
    <div class="doubt-pair">
      <button type="button" class="doubt-photos" onClick={() => setOpen(true)} aria-label={t("doubt.compare")}>
        {[mine, theirs].map((one) => (
          <span class="doubt-photo" key={one.label}>
            <span class="photo-frame">
              <Picture id={one.id} variant="thumb" alt={one.label} hasPreview={one.hasPreview} />
            </span>
            <span class="caption">{one.label}</span>
          </span>
        ))}
      </button>
      {isHere ? (
        <p class="meta">{t("doubt.sameIssue")}</p>
      ) : (
        <p class="meta">
          <a class="tap" href={link("issue", earlier.issue_id)}>
            {other.body ? nameOf(other.body) : t("doubt.openEarlier")}
          </a>
        </p>
      )}
      {isOpen ? <PhotoViewer photos={[mine, theirs]} start={0} onClose={() => setOpen(false)} /> : null}
    </div>
  );
}

/** Number, place, item and time, so that nobody has to open the issue to know which it is. */
const nameOf = (issue: OfficeIssue): string =>
  [
    issue.number ?? t("issue.noNumber"),
    issue.point.name,
    faultTitle(itemOf(issue.item_code)) || issue.item_code,
    formatMoment(issue.captured_at),
    t(`issue.${issue.state}`),
  ].join(t("punctuation.dot"));
