import { useState } from "preact/hooks";
import { changeHours } from "../../api/calendar";
import type { Calendar } from "../../api/calendar";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reachable } from "../../api/request";
import { t } from "../../texts";
import { TextField } from "../../ui/Choices";
import { FailureNotice } from "../../ui/Notice";
import { hoursOf, hoursText, seasonsOf, seasonsText } from "./hoursText";
import { forgetTyped, useTyped } from "../../ui/useTyped";

/** Working hours, seasons and zone: as text, which is how an office has them. */
export function HoursForm({ body, onSaved }: { body: Calendar; onSaved: () => void }) {
  const form = `hours/${body.version}`;
  const [zone, setZone, wasZone] = useTyped(form, "zone", body.zone);
  const [hours, setHours, wasHours] = useTyped(form, "hours", hoursText(body.windows));
  const [seasons, setSeasons, wasSeasons] = useTyped(form, "seasons", seasonsText(body.seasons));
  const [isBusy, setBusy] = useState(false);
  const [isTried, setTried] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const windows = hoursOf(hours);
  const parts = seasonsOf(seasons);
  const at = (pointer: string) => (failure?.fields ?? []).some((error) => error.pointer.startsWith(pointer));

  async function save(event: Event) {
    event.preventDefault();
    setTried(true);
    if (!windows || !parts) return;
    setBusy(true);
    setFailure(null);
    try {
      await changeHours({ zone: zone.trim(), windows, seasons: parts });
      forgetTyped(form);
      onSaved();
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }

  return (
    <details open={wasZone || wasHours || wasSeasons}>
      <summary>{t("calendar.changeHours")}</summary>
      <form class="stack" onSubmit={(event) => void save(event)} noValidate>
        <p class="meta">{t("calendar.kept")}</p>
        <TextField
          id="hours"
          label={t("calendar.hours")}
          hint={t("calendar.hoursHint")}
          value={hours}
          onInput={setHours}
          error={(isTried && !windows) || at("/windows") ? t("calendar.hoursFault") : null}
        />
        <TextField
          id="seasons"
          rows={3}
          label={t("calendar.seasons")}
          hint={t("calendar.seasonsHint")}
          value={seasons}
          onInput={setSeasons}
          error={(isTried && !parts) || at("/seasons") ? t("calendar.seasonsFault") : null}
        />
        <TextField
          id="zone"
          label={t("calendar.zone")}
          value={zone}
          onInput={setZone}
          error={at("/zone") ? t("calendar.zoneFault") : null}
        />
        {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
        <button type="submit" class="button button-primary button-wide" disabled={isBusy || !reachable.value}>
          {isBusy ? t("desk.saving") : t("desk.save")}
        </button>
      </form>
    </details>
  );
}
