import { t } from "../texts";
import type { Pages } from "./issuePages";
import { FailureNotice } from "./Notice";

/** The end of a long list: a button for more rows, or a note that these are all. */
export function MoreRows({ of }: { of: Pick<Pages<unknown>, "failure" | "hasMore" | "isLoading" | "more" | "rows"> }) {
  return (
    <>
      {of.failure ? <FailureNotice failure={of.failure} onRetry={of.more} /> : null}
      {of.hasMore ? (
        <button type="button" class="button button-wide" disabled={of.isLoading} onClick={of.more}>
          {t(of.isLoading ? "state.loading" : "rows.more", { count: of.rows.length })}
        </button>
      ) : (
        <p class="meta centre" role="status">
          {t("rows.all", { count: of.rows.length })}
        </p>
      )}
    </>
  );
}
