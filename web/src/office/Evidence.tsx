import type { OfficeIssue } from "../api/types";
import { t } from "../texts";
import { formatMoment } from "../time/moment";
import { PhotoGrid } from "../ui/PhotoGrid";
import { Doubts } from "./Doubts";
import { formatRoughDuration } from "./flagText";
import { MiniMap } from "./map/MiniMap";
import { PairView } from "./PairView";
import { PhotoFacts } from "./PhotoFacts";

/** The evidence: photos, flags in plain words, times and place. */
export function Evidence({ issue }: { issue: OfficeIssue }) {
  const found = issue.photos.filter((photo) => photo.stage === "found");
  const fixes = issue.photos.filter((photo) => photo.stage === "fix" && photo.round === issue.round);
  const others = issue.photos.filter((photo) => photo.stage !== "found" && !fixes.includes(photo));
  const skew = Date.parse(issue.received_at) - Date.parse(issue.captured_at);
  return (
    <div class="stack">
      {fixes.length > 0 && found.length > 0 ? (
        <PairView before={found} after={fixes} />
      ) : (
        <PhotoGrid photos={found} missing={issue.missing_photos} />
      )}
      {others.length > 0 ? (
        <details class="card card-tight">
          <summary>
            {t("issue.laterPhotos")} {others.length}
          </summary>
          <PhotoGrid photos={others} />
        </details>
      ) : null}
      {/* Paper gets into other hands: doubts, times, position and facts of the files tell who was there, and when. */}
      <div class="no-print stack">
        <Doubts issue={issue} />
        <div class="evidence-pair">
          <MiniMap issue={issue} />
          <dl class="facts card card-tight">
            <dt>{t("office.capturedAt")}</dt>
            <dd>{formatMoment(issue.captured_at)}</dd>
            <dt>{t("office.receivedAt")}</dt>
            <dd>
              {formatMoment(issue.received_at)}
              <br />
              <span class="caption">
                {skew >= 0
                  ? t("office.after", { span: formatRoughDuration(skew) })
                  : t("office.clockAhead", { span: formatRoughDuration(-skew) })}
              </span>
            </dd>
            <dt>{t("position.title")}</dt>
            <dd>
              {issue.location
                ? `${issue.location.lat.toFixed(5)}, ${issue.location.lon.toFixed(5)}`
                : t("flag.location-unknown")}
              {issue.location?.accuracy_m ? (
                <>
                  <br />
                  <span class="caption">
                    {t("position.accuracy", { metres: Math.round(issue.location.accuracy_m) })}
                  </span>
                </>
              ) : null}
            </dd>
          </dl>
        </div>
        <PhotoFacts photos={issue.photos} />
      </div>
    </div>
  );
}
