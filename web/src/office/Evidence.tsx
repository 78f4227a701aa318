import type { OfficeIssue } from "../api/types";
import { link } from "../router";
import { distanceWords } from "../place/distance";
import { t } from "../texts";
import { momentWords } from "../time/moment";
import { span } from "../time/countdown";
import { PhotoGrid, photoLabel } from "../ui/PhotoGrid";
import { Picture } from "../ui/Picture";
import { MiniMap } from "./MiniMap";
import { PairView } from "./PairView";
import { PhotoFacts } from "./PhotoFacts";

/** Earlier photos shown for one doubt; more would bury the rest. */
const EARLIER_MAX = 4;

/** What speaks for and against the record: photos, doubts in plain words, times, place. */
export function Evidence({ issue }: { issue: OfficeIssue }) {
  const found = issue.photos.filter((photo) => photo.stage === "found");
  const fixes = issue.photos.filter((photo) => photo.stage === "fix" && photo.round === issue.round);
  const others = issue.photos.filter((photo) => photo.stage !== "found" && !fixes.includes(photo));
  const skew = Date.parse(issue.received_at) - Date.parse(issue.captured_at);
  return (
    <div class="stack">
      {fixes.length > 0 && found.length > 0 ? <PairView before={found} after={fixes} /> : <PhotoGrid photos={found} missing={issue.missing_photos} />}
      {others.length > 0 ? <details class="card card-tight"><summary>{t("issue.laterPhotos")} {others.length}</summary><PhotoGrid photos={others} /></details> : null}
      {issue.flags.length > 0 ? (
        <section class="notice tone-warn" aria-labelledby={`flags-${issue.id}`}>
          <h3 id={`flags-${issue.id}`}>{t("office.flags")}</h3>
          <ul class="stack">{groupFlags(issue).map(({ code, detail, photos, earlier }) => (
            <li class="stack-tight" key={code}>
              <p><strong>{t(`flag.${code}`)}</strong>{photos.length > 0 ? ` \u00b7 ${photos.join(t("punctuation.comma"))}` : ""}</p>
              {detail ? <p class="meta">{detail}</p> : null}
              {earlier.length > 0 ? (
                <p class="wrap">
                  {earlier.slice(0, EARLIER_MAX).map((use) => <a class="thumb" key={use.photo_id} href={link("issue", use.issue_id)} aria-label={t("office.earlierPhoto")}><Picture id={use.photo_id} variant="thumb" alt="" /></a>)}
                  <span class="meta">{t("office.earlierCount", { count: earlier.length })}</span>
                </p>
              ) : null}
            </li>
          ))}</ul>
          <p class="meta">{t("office.flagsHint")}</p>
        </section>
      ) : <p class="meta">{t("office.noFlags")}</p>}
      <div class="evidence-pair">
        <MiniMap issue={issue} />
        <dl class="facts card card-tight">
          <dt>{t("office.capturedAt")}</dt><dd>{momentWords(issue.captured_at)}</dd>
          <dt>{t("office.receivedAt")}</dt><dd>{momentWords(issue.received_at)}<br /><span class="caption">{skew >= 0 ? t("office.after", { span: span(skew) }) : t("office.clockAhead", { span: span(-skew) })}</span></dd>
          <dt>{t("position.title")}</dt><dd>{issue.location ? `${issue.location.lat.toFixed(5)}, ${issue.location.lon.toFixed(5)}` : t("flag.location-unknown")}{issue.location?.accuracy_m ? <><br /><span class="caption">{t("position.accuracy", { metres: Math.round(issue.location.accuracy_m) })}</span></> : null}</dd>
        </dl>
      </div>
      <PhotoFacts photos={issue.photos} />
    </div>
  );
}

/** The service measures in minutes and metres; people do not. */
function detailWords(detail: string): string {
  const [, amount, unit] = /^(\d+) (min|m)$/.exec(detail) ?? [];
  if (amount === undefined) return detail;
  return t("office.differs", { amount: unit === "min" ? span(Number(amount) * 60_000) : distanceWords(Number(amount)) });
}

/** One line for each kind of doubt, with the photos it is about. */
function groupFlags(issue: OfficeIssue) {
  const codes = [...new Set(issue.flags.map((flag) => flag.code))];
  return codes.map((code) => {
    const flags = issue.flags.filter((flag) => flag.code === code);
    const about = flags.flatMap((flag) => issue.photos.filter((photo) => photo.id === flag.photo_id));
    return {
      code,
      detail: [...new Set(flags.map((flag) => detailWords(flag.detail)).filter(Boolean))].join(t("punctuation.comma")),
      photos: [...new Set(about.map(photoLabel))],
      earlier: [...new Map(flags.flatMap((flag) => (flag.refers_to ? [[flag.refers_to.photo_id, flag.refers_to] as const] : []))).values()],
    };
  });
}
