import type { ComponentChildren } from "preact";
import { reference, itemOf, unitOf } from "../../session/reference";
import { faultTitle, localName, localTitle, t } from "../../texts";
import { formatLimit } from "../../time/limits";
import { PaperPhoto } from "./PaperPhoto";
import { paperDay, paperDeadline, paperTitle } from "./sheet";
import type { Sheet, SheetPhoto } from "./sheet";

/** The notice 整改通知单 about one issue, as it is signed and handed over. */
export function RectificationNotice({ sheet }: { sheet: Sheet }) {
  const item = itemOf(sheet.itemCode);
  const unit = unitOf(sheet.unitId)?.name ?? t("unit.unknown");
  const campaign = reference.value?.campaigns.find((one) => one.code === item?.campaign);
  const fault = faultTitle(item) || sheet.itemCode;
  return (
    <article
      class={sheet.fix.length > 0 ? "paper paper-full" : "paper"}
      aria-label={`${t("print.notice")} ${sheet.number}`}
    >
      <h2 class="paper-title">{paperTitle(t("print.notice"), reference.value?.county_name)}</h2>
      <p class="paper-line">
        <span>
          {t("print.document")}
          <span class="paper-blank" />
        </span>
        <span>
          {t("issue.number")}
          {t("punctuation.colon")}
          {sheet.number}
        </span>
      </p>
      <p lang="zh-CN">
        {unit}
        {t("punctuation.colon")}
      </p>
      <p class="paper-body">
        {sheet.dueAt ? t("print.ask", { at: paperDeadline(sheet.dueAt) }) : t("print.askUndated")}
      </p>
      <dl class="paper-facts">
        <Fact name={t("unit.title")} lang="zh-CN">
          {unit}
        </Fact>
        <Fact name={t("place.title")} lang="zh-CN">
          {sheet.place}
        </Fact>
        <Fact name={t("place.address")} lang="zh-CN">
          {sheet.address}
        </Fact>
        <Fact name={t("unit.whatIsWrong")}>
          <strong>{fault}</strong>
          {sheet.description ? (
            <span class="paper-words" lang="zh-CN">
              {sheet.description}
            </span>
          ) : null}
        </Fact>
        <Fact name={t("print.clause")}>
          {campaign ? `${localName(campaign)}${t("punctuation.dot")}` : ""}
          {sheet.itemCode} {localTitle(item)}
          {item?.veto ? `${t("punctuation.dot")}${t("item.veto")}` : ""}
        </Fact>
        <Fact name={t("severity.title")}>
          {t(`severity.${sheet.severity}`)}
          {sheet.isUrgent ? `${t("punctuation.dot")}${t("issue.urgent")}` : ""}
          {sheet.round > 1 ? `${t("punctuation.dot")}${t("issue.round", { round: sheet.round })}` : ""}
        </Fact>
        {sheet.releasedAt ? <Fact name={t("print.releasedOn")}>{paperDay(sheet.releasedAt)}</Fact> : null}
        <Fact name={t("unit.limit")}>
          {sheet.state === "hung" ? (
            t("time.paused")
          ) : sheet.dueAt ? (
            <strong>{t("time.dueAt", { at: paperDeadline(sheet.dueAt) })}</strong>
          ) : (
            t("print.noDeadline")
          )}
          {item?.limit ? <span class="paper-note">{t("print.limit", { limit: formatLimit(item.limit) })}</span> : null}
        </Fact>
      </dl>
      <Photos title={t("print.found")} photos={sheet.found} />
      {sheet.measure || sheet.fix.length > 0 ? (
        <>
          <dl class="paper-facts">
            <Fact name={t("issue.measure")} lang="zh-CN">
              {sheet.remedy ? `${t(`remedy.${sheet.remedy}`)}${t("punctuation.dot")}` : ""}
              {sheet.measure}
            </Fact>
          </dl>
          <Photos title={t("print.fixed")} photos={sheet.fix} />
        </>
      ) : null}
      <div class="paper-signs">
        <Sign office={t("print.sealOffice") + (reference.value?.office_name ?? "")} person={t("print.signedBy")} />
        <Sign office={t("print.sealUnit")} person={t("print.receivedBy")} />
      </div>
    </article>
  );
}

function Fact({ name, lang, children }: { name: string; lang?: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd lang={lang}>{children}</dd>
    </div>
  );
}

function Photos({ title, photos }: { title: string; photos: SheetPhoto[] }) {
  if (photos.length === 0) return null;
  return (
    <section class="paper-photos">
      <h3>{title}</h3>
      <ul>
        {photos.map((photo) => (
          <li key={photo.id}>
            <figure>
              <PaperPhoto
                photo={photo}
                alt={`${title}${t("punctuation.dot")}${t(`view.${photo.view}`)}`}
                variant="view"
              />
              <figcaption>{t(`view.${photo.view}`)}</figcaption>
            </figure>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Room for a seal, a signature and a date, all by hand. */
function Sign({ office, person }: { office: string; person: string }) {
  return (
    <div class="paper-sign">
      <p>
        {office}
        <span class="paper-blank" />
      </p>
      <p>
        {person}
        <span class="paper-blank" />
      </p>
      <p class="paper-date">{t("print.date")}</p>
    </div>
  );
}
