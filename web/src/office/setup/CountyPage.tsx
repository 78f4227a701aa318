import { useState } from "preact/hooks";
import { changeHours, readCalendar } from "../../api/calendar";
import type { Calendar } from "../../api/calendar";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { COUNTY_NAME_CHARS_MAX } from "../../api/limits";
import { reachable } from "../../api/request";
import { changeSettings, listSettings } from "../../api/settings";
import { markStep } from "../../api/setup";
import { goInstead, link } from "../../router";
import { refreshReference } from "../../session/reference";
import { may } from "../../session/session";
import { t } from "../../texts";
import { FailureNotice, Fetched } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { TextField } from "../../ui/TextField";
import { useCached } from "../../ui/useCached";
import { hoursOf, hoursText } from "../settings/hoursText";
import { forgetTyped, useTyped } from "../../ui/useTyped";

interface County {
  calendar: Calendar;
  county_name: string;
  office_name: string;
}

async function readCounty(): Promise<County> {
  const [calendar, settings] = await Promise.all([readCalendar(), listSettings()]);
  const named = (name: string) => String(settings.find((one) => one.name === name)?.value ?? "");
  return { calendar, county_name: named("county_name"), office_name: named("office_name") };
}

/** What the county and its office are called, and when they work: looked at once and confirmed. */
export function CountyPage() {
  const county = useCached<County>("setup/county", readCounty);
  return (
    <Page title={t("setup.county")} back={link("setup")}>
      <Fetched of={county} rows={4}>
        {(body) => <Form key={`${body.county_name}|${body.office_name}|${body.calendar.version}`} body={body} />}
      </Fetched>
    </Page>
  );
}

function Form({ body }: { body: County }) {
  const form = `county/${body.calendar.version}`;
  const [name, setName] = useTyped(form, "name", body.county_name);
  const [office, setOffice] = useTyped(form, "office", body.office_name);
  const [hours, setHours] = useTyped(form, "hours", hoursText(body.calendar.windows));
  const [zone, setZone] = useTyped(form, "zone", body.calendar.zone);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const mayName = may("manage-settings");
  const windows = hoursOf(hours);
  const at = (pointer: string) => (failure?.fields ?? []).some((error) => error.pointer.startsWith(pointer));

  async function save(event: Event) {
    event.preventDefault();
    setTried(true);
    if (!windows || (mayName && name.trim() === "")) return;
    setBusy(true);
    setFailure(null);
    try {
      if (mayName) await changeSettings({ county_name: name, office_name: office });
      await changeHours({ zone: zone.trim(), windows });
      await markStep("county", "confirmed");
      forgetTyped(form);
      void refreshReference().catch(() => undefined);
      goInstead(link("setup"));
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form class="stack" onSubmit={(event) => void save(event)} noValidate>
      {mayName ? (
        <>
          <TextField
            id="county-name"
            label={t("setup.countyName")}
            hint={t("setup.countyNameHint")}
            value={name}
            onInput={setName}
            max={COUNTY_NAME_CHARS_MAX}
            error={
              isTried && name.trim() === "" ? t("field.required") : at("/county_name") ? t("field.malformed") : null
            }
          />
          <TextField
            id="office-name"
            label={t("setup.officeName")}
            hint={t("setup.officeNameHint")}
            value={office}
            onInput={setOffice}
            max={COUNTY_NAME_CHARS_MAX}
            error={at("/office_name") ? t("field.malformed") : null}
          />
        </>
      ) : (
        <p>
          {body.county_name} <span class="meta">{t("setup.nameByAdmin")}</span>
        </p>
      )}
      <TextField
        id="hours"
        label={t("setup.hours")}
        hint={t("setup.hoursHint")}
        value={hours}
        onInput={setHours}
        error={(isTried && !windows) || at("/windows") ? t("setup.hoursFault") : null}
      />
      <TextField
        id="zone"
        label={t("setup.zone")}
        hint={t("setup.zoneHint")}
        value={zone}
        onInput={setZone}
        error={at("/zone") ? t("setup.zoneFault") : null}
      />
      {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
      <button type="submit" class="button button-primary button-wide" disabled={isBusy || !reachable.value}>
        {t("setup.confirm")}
      </button>
    </form>
  );
}
