import { session } from "../session/session";
import { t } from "../texts";
import { Page } from "../ui/Page";
import { ComplaintForm } from "./ComplaintForm";

/** Where to complain about the work or about this app. Everybody can open it. */
export function ComplaintPage() {
  const here = session.value;
  return (
    <Page title={t("complaint.title")} back="#/">
      <div class="stack-wide">
        {here && !here.mustChangePassword ? (
          <ComplaintForm userId={here.user.id} />
        ) : (
          <p>{t("complaint.loginFirst")}</p>
        )}
        <section class="stack" aria-labelledby="phones-title">
          <h2 id="phones-title">{t("complaint.phones")}</h2>
          <ul class="list">
            <li>
              <a class="list-row" href="tel:12388">
                <span class="grow">
                  <span class="list-title">12388</span>
                  <span class="meta">{t("complaint.discipline")}</span>
                </span>
              </a>
            </li>
            <li>
              <a class="list-row" href="tel:12345">
                <span class="grow">
                  <span class="list-title">12345</span>
                  <span class="meta">{t("complaint.hotline")}</span>
                </span>
              </a>
            </li>
          </ul>
          <p class="meta">{t("complaint.promise")}</p>
        </section>
      </div>
    </Page>
  );
}
