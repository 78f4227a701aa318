import { storageProblem } from "../store/database";
import { t } from "../texts";
import { Icon } from "./Icon";

/** Shown on every page: this device cannot save what is entered, and why. */
export function StorageBar() {
  const what = storageProblem.value;
  if (what === null) return null;
  return (
    <p class="bar tone-danger" role="alert">
      <Icon name="alert" />
      <span class="grow">{t(`store.${what}`)}</span>
      {what === "outdated" ? (
        <button type="button" class="button" onClick={() => location.reload()}>
          {t("action.reload")}
        </button>
      ) : null}
    </p>
  );
}
