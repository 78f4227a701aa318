import { photoUrl } from "../api/photos";
import type { SelfReport } from "../api/selfReports";
import { link } from "../router";
import { itemOf } from "../session/reference";
import { faultTitle, t } from "../texts";
import { formatDay, formatDeadline, formatMoment } from "../time/moment";

const TONES = { open: "text-warn", fixed: "text-warn", confirmed: "text-success", refused: "text-danger" } as const;

/** A fault that a unit found itself, before and after; what can be done with it stands below. */
export function ReportCard({
  of,
  withUnit,
  children,
}: {
  of: SelfReport;
  withUnit: boolean;
  children?: preact.ComponentChildren;
}) {
  return (
    <section class="card stack-tight" aria-label={`${of.point_name} ${faultTitle(itemOf(of.item_code))}`}>
      <p class="row-spread">
        <strong class="grow" lang="zh-CN">
          {of.point_name}
        </strong>
        <span class={TONES[of.state]}>{t(`self.state.${of.state}`)}</span>
      </p>
      <p>
        <span lang="zh-CN">{faultTitle(itemOf(of.item_code)) || of.item_code}</span>
        {withUnit ? (
          <span class="meta" lang="zh-CN">
            {" "}
            · {of.unit_name}
          </span>
        ) : null}
      </p>
      {of.description ? <p lang="zh-CN">{of.description}</p> : null}
      <p class="meta">
        {of.reported_at ? t("self.reportedAt", { at: formatMoment(of.reported_at) }) : null} ·{" "}
        {of.fixed_at
          ? t("self.fixedAt", { at: formatMoment(of.fixed_at) })
          : t("self.dueAt", { at: formatDeadline(of.due_at) })}
        {of.in_time === false ? <strong class="text-danger"> {t("self.late")}</strong> : null}
      </p>
      <div class="self-pair">
        <Shown title={t("self.fault")} ids={of.photo_ids} />
        {of.fix_photo_ids.length > 0 ? <Shown title={t("self.fix")} ids={of.fix_photo_ids} /> : null}
      </div>
      {of.measure ? <p lang="zh-CN">{of.measure}</p> : null}
      {of.relapse_of ? (
        <p>
          <a href={link("issue", of.relapse_of)}>{t("self.relapse", { number: "" })}</a>
        </p>
      ) : null}
      {of.decided_on ? (
        <p class="meta">
          {t("self.decidedOn", { day: formatDay(of.decided_on) })}{" "}
          {of.reason ? <span lang="zh-CN">{t("self.reason", { reason: of.reason })}</span> : null}
        </p>
      ) : null}
      {children}
    </section>
  );
}

function Shown({ title, ids }: { title: string; ids: string[] }) {
  return (
    <div class="stack-tight">
      <p class="label">{title}</p>
      <ul class="photos">
        {ids.map((id, at) => (
          <li class="photo-frame" key={id}>
            <a href={photoUrl(id, "view")} target="_blank" rel="noreferrer">
              <img src={photoUrl(id, "thumb")} alt={`${title} ${at + 1}`} loading="lazy" decoding="async" />
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
