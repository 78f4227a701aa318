import { useState } from "preact/hooks";
import { myRole } from "../roles";
import { link } from "../router";
import { may, session } from "../session/session";
import { addTexts, t } from "../texts";
import { zhNotices } from "../texts/zh/notices";
import { MoreRows } from "../ui/MoreRows";
import { Empty, Fetched, Loading } from "../ui/Notice";
import { NotFoundPage } from "../ui/NotFoundPage";
import { Page } from "../ui/Page";
import { KindSwitches } from "./KindSwitches";
import { NoticeRow } from "./NoticeRow";
import { useNotices } from "./useNotices";
import "../texts/withForms";

addTexts(zhNotices);

/** What somebody has been told of issues, latest first. */
export function NoticesPage() {
  const isKnown = (session.value?.permissions.length ?? 0) > 0;
  if (isKnown && !may("read-notices")) return <NotFoundPage />;
  const back = myRole().tabs.includes("notices") ? {} : { back: link("me") };
  return isKnown ? (
    <List back={back} />
  ) : (
    <Page title={t("tab.notices")} {...back}>
      <Loading />
    </Page>
  );
}

function List({ back }: { back: { back?: string } }) {
  const [isChoosing, setChoosing] = useState(false);
  const pages = useNotices();
  return (
    <Page
      title={t("tab.notices")}
      {...back}
      aside={
        <button type="button" class="button" aria-expanded={isChoosing} onClick={() => setChoosing(!isChoosing)}>
          {t("notices.kinds")}
        </button>
      }
    >
      <div class="stack">
        {isChoosing ? <KindSwitches onSwitched={pages.first.reload} /> : null}
        <Fetched of={pages.first}>
          {() =>
            pages.rows.length === 0 && !pages.hasMore ? (
              <Empty>{t("notices.empty")}</Empty>
            ) : (
              <div class="stack">
                <ul class="list notices">
                  {pages.rows.map((notice) => (
                    <li key={notice.id} id={`row-${notice.id}`}>
                      <NoticeRow notice={notice} isNew={pages.isNew(notice)} />
                    </li>
                  ))}
                </ul>
                {pages.left > 0 ? (
                  <p class="text-warn centre" role="status">
                    {pages.left === Infinity ? t("notices.leftMany") : t("notices.left", { count: pages.left })}
                  </p>
                ) : null}
                <MoreRows of={pages} />
                <p class="meta centre">{t("notices.kept")}</p>
              </div>
            )
          }
        </Fetched>
      </div>
    </Page>
  );
}
