import type { OfficeIssue } from "../api/types";
import { photoUrl } from "../api/photos";
import { formatSize } from "../store/storageSpace";
import { t } from "../texts";
import { formatMoment } from "../time/moment";
import { photoLabel } from "../ui/PhotoGrid";

/** The metadata of each photo, and what the service measured. */
export function PhotoFacts({ photos }: { photos: OfficeIssue["photos"] }) {
  return (
    <details class="card card-tight">
      <summary>{t("office.photoFacts")}</summary>
      <ul class="stack-wide">
        {photos.map((photo) => (
          <li class="stack-tight" key={photo.id}>
            <h3>{photoLabel(photo)}</h3>
            <dl class="facts">
              <dt>{t("office.file")}</dt>
              <dd>
                {[
                  photo.media_type,
                  photo.size_bytes === null ? null : formatSize(photo.size_bytes),
                  photo.width && photo.height ? `${photo.width} \u00d7 ${photo.height}` : null,
                ]
                  .filter(Boolean)
                  .join(" \u00b7 ")}
              </dd>
              {photo.captured_at ? (
                <>
                  <dt>{t("office.capturedAt")}</dt>
                  <dd>{formatMoment(photo.captured_at)}</dd>
                </>
              ) : null}
              {photo.received_at ? (
                <>
                  <dt>{t("office.receivedAt")}</dt>
                  <dd>{formatMoment(photo.received_at)}</dd>
                </>
              ) : null}
              {photo.sha256 ? (
                <>
                  <dt>SHA-256</dt>
                  <dd class="caption digest">{photo.sha256}</dd>
                </>
              ) : null}
              {Object.entries(photo.exif ?? {})
                .filter(([, value]) => value !== null && value !== "")
                .map(([name, value]) => (
                  <Pair key={name} name={name} value={value} />
                ))}
            </dl>
            <a class="button" href={photoUrl(photo.id, "original")} target="_blank" rel="noopener">
              {t("office.original")}
            </a>
          </li>
        ))}
      </ul>
      <p class="meta">{t("office.originalHint")}</p>
    </details>
  );
}

const Pair = ({ name, value }: { name: string; value: unknown }) => (
  <>
    <dt>EXIF {name}</dt>
    <dd>{typeof value === "object" ? JSON.stringify(value) : String(value)}</dd>
  </>
);
