import { ADDRESS_CHARS_MAX, TITLE_CHARS_MAX } from "../api/limits";
import type { Location } from "../api/types";
import type { ReportFields } from "../store/reportFields";
import { t } from "../texts";
import { TextField } from "../ui/TextField";
import { Icon } from "../ui/Icon";

export type NamedPlace = NonNullable<ReportFields["place"]>;

/** A place that is not on the list: its name, how to find it, and where the phone was. */
export function UnlistedPlace({
  value,
  location,
  onChange,
  onList,
  error,
}: {
  value: NamedPlace;
  location: Location | null;
  onChange: (place: NamedPlace) => void;
  /** Back to the list. */
  onList: () => void;
  error: (fault: "placeName" | "placePosition") => string | null;
}) {
  const noPosition = error("placePosition");
  return (
    <div class="card card-tight stack">
      <TextField
        id="place-name"
        label={t("unlisted.name")}
        hint={t("unlisted.nameHint")}
        max={TITLE_CHARS_MAX}
        value={value.name}
        onInput={(name) => onChange({ ...value, name })}
        error={error("placeName")}
      />
      <TextField
        id="place-address"
        label={t("unlisted.address")}
        max={ADDRESS_CHARS_MAX}
        value={value.address}
        onInput={(address) => onChange({ ...value, address })}
      />
      <p class="meta">
        {location
          ? t("unlisted.here", { at: `${location.lat.toFixed(5)}, ${location.lon.toFixed(5)}` })
          : t("unlisted.noPosition")}
      </p>
      {noPosition ? (
        <p class="field-error" role="alert">
          {noPosition}
        </p>
      ) : null}
      <p class="meta">{t("unlisted.office")}</p>
      <button type="button" class="button" onClick={onList}>
        <Icon name="list" />
        {t("unlisted.toList")}
      </button>
    </div>
  );
}
