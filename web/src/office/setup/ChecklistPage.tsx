import { useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reachable } from "../../api/request";
import { markStep, readChecklist } from "../../api/setup";
import type { Checklist, SetupStep } from "../../api/setup";
import { link } from "../../router";
import { may } from "../../session/session";
import { t } from "../../texts";
import { FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { useCached } from "../../ui/useCached";

/** Where a step is done: by form or by sheet, and the list of what exists. */
interface Ways {
  form: string;
  sheet?: string;
  list?: string;
  /** The permission without which somebody else does it. */
  needs: string;
}

const WAYS: Record<SetupStep, Ways> = {
  county: { form: link("setup", "county"), needs: "manage-reference" },
  campaigns: {
    form: link("setup", "campaigns"),
    sheet: link("settings", "import", "items"),
    list: link("settings", "items"),
    needs: "manage-reference",
  },
  units: {
    form: link("setup", "unit", "new"),
    sheet: link("settings", "import", "units"),
    list: link("settings", "units"),
    needs: "manage-reference",
  },
  people: {
    form: link("settings", "users", "new"),
    sheet: link("settings", "import", "users"),
    list: link("settings", "users"),
    needs: "manage-users",
  },
  points: {
    form: link("setup", "point", "new"),
    sheet: link("settings", "import", "points"),
    list: link("settings", "points"),
    needs: "manage-reference",
  },
  calendar: {
    form: link("settings", "calendar"),
    sheet: link("settings", "import", "calendar"),
    needs: "manage-reference",
  },
};

/** What is to be done before the first inspection, and how far it is. */
export function ChecklistPage() {
  const list = useCached<Checklist>("setup/checklist", readChecklist);
  return (
    <Page title={t("setup.title")} back="#/">
      <Fetched of={list} rows={6}>
        {(body) => <Steps body={body} onChanged={list.reload} />}
      </Fetched>
    </Page>
  );
}

function Steps({ body, onChanged }: { body: Checklist; onChanged: () => void }) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const done = body.steps.filter((one) => one.state === "done").length;
  const mark = (step: SetupStep, isSkipped: boolean) =>
    void markStep(step, isSkipped ? "skipped" : null).then(
      () => {
        setFailure(null);
        onChanged();
      },
      (cause: unknown) => setFailure(asFailure(cause)),
    );
  return (
    <div class="stack">
      {body.done ? (
        <Notice tone="success" role="status">
          <p>{t("setup.done")}</p>
          <a class="button" href={link("settings")}>
            {t("setup.toHome")}
          </a>
        </Notice>
      ) : (
        <p>{t("setup.about")}</p>
      )}
      <div class="stack-tight">
        <p role="status">
          <strong>{t("setup.progress", { done, total: body.steps.length })}</strong>
        </p>
        <progress class="setup-progress" max={body.steps.length} value={done} aria-label={t("setup.title")} />
      </div>
      {failure ? <FailureNotice failure={failure} /> : null}
      <ol class="stack setup-steps">
        {body.steps.map(({ step, state }, at) => {
          const ways = WAYS[step];
          const thereIs = thereOf(step, body);
          return (
            <li class="card stack" key={step}>
              <div class="row-spread">
                <h2>
                  {at + 1}. {t(`setup.step.${step}`)}
                </h2>
                <span class={`chip ${state === "done" ? "tone-success" : state === "open" ? "tone-warn" : ""}`}>
                  {t(`setup.state.${state}`)}
                </span>
              </div>
              <p class="meta">{t(`setup.why.${step}`)}</p>
              {thereIs ? <p>{thereIs}</p> : null}
              {may(ways.needs) ? (
                <div class="wrap">
                  <a class={`button ${state === "open" ? "button-primary" : ""}`} href={ways.form}>
                    {t(step === "campaigns" ? "setup.byTick" : ways.list ? "setup.byForm" : "setup.check")}
                    <span class="visually-hidden">{t(`setup.step.${step}`)}</span>
                  </a>
                  {ways.sheet ? (
                    <a class="button" href={ways.sheet}>
                      {t("setup.bySheet")}
                      <span class="visually-hidden">{t(`setup.step.${step}`)}</span>
                    </a>
                  ) : null}
                  {ways.list && state === "done" ? (
                    <a class="button button-plain" href={ways.list}>
                      {t("setup.look")}
                      <span class="visually-hidden">{t(`setup.step.${step}`)}</span>
                    </a>
                  ) : null}
                  {state === "done" ? null : (
                    <button
                      type="button"
                      class="button button-plain"
                      disabled={!reachable.value}
                      onClick={() => mark(step, state === "open")}
                    >
                      {t(state === "open" ? "setup.skip" : "setup.unskip")}
                      <span class="visually-hidden">{t(`setup.step.${step}`)}</span>
                    </button>
                  )}
                </div>
              ) : (
                <p class="meta">{t("setup.adminOnly")}</p>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function thereOf(step: SetupStep, body: Checklist): string | null {
  switch (step) {
    case "county":
      return null;
    case "campaigns":
      return t("setup.there.campaigns", { items: body.items });
    case "units":
      return t("setup.there.units", { units: body.units });
    case "people":
      return t("setup.there.people", {
        office: body.office_people,
        min: body.office_people_min,
        inspectors: body.inspectors,
        units: body.unit_people,
      });
    case "points":
      return t("setup.there.points", { points: body.points });
    case "calendar":
      return body.unnamed_years.length > 0
        ? t("setup.there.calendar", { years: body.unnamed_years.join(t("punctuation.comma")) })
        : t("setup.there.calendarDone");
  }
}
