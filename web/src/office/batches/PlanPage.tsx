import { useState } from "preact/hooks";
import { readBatch } from "../../api/batches";
import type { Batch } from "../../api/batches";
import { readCalendar } from "../../api/calendar";
import type { Calendar } from "../../api/calendar";
import { goInstead, link } from "../../router";
import { uuid } from "../../session/uuid";
import { t } from "../../texts";
import { civilDay } from "../../time/civil";
import { serverNow } from "../../time/moment";
import { Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { useCached } from "../../ui/useCached";
import { useKept } from "./kept";
import { PlanEditor } from "./PlanEditor";
import { formOf, freshForm } from "./planForm";
import type { PlanForm } from "./planForm";

/** A plan that nobody has saved yet; it has its id from the beginning, so that it is saved once. */
export function NewPlanPage() {
  const calendar = useCached<Calendar>("calendar", readCalendar);
  const [draft, setDraft, forget] = useKept<{ id: string; form: PlanForm }>("plan/new", () => ({
    id: uuid(),
    form: freshForm(civilDay(serverNow())),
  }));
  const leave = (to: string) => {
    forget();
    goInstead(to);
  };
  return (
    <Page title={t("batches.new")} back={link("batches")} isWide>
      <Fetched of={calendar} rows={6}>
        {(days) => (
          <PlanEditor
            id={draft.id}
            calendar={days}
            form={draft.form}
            onChange={(form) => setDraft({ ...draft, form })}
            onSaved={() => leave(link("batches", draft.id))}
            onDiscard={() => leave(link("batches"))}
          />
        )}
      </Fetched>
    </Page>
  );
}

/** The plan of a draft. */
export function PlanPage({ id }: { id: string }) {
  const calendar = useCached<Calendar>("calendar", readCalendar);
  const batch = useCached<Batch>(`batches/${id}`, () => readBatch(id));
  return (
    <Page title={t("planForm.title")} back={link("batches", id)} isWide>
      <Fetched of={calendar} rows={6}>
        {(days) => (
          <Fetched of={batch} rows={6}>
            {(body) => <Draft batch={body} calendar={days} />}
          </Fetched>
        )}
      </Fetched>
    </Page>
  );
}

function Draft({ batch, calendar }: { batch: Batch; calendar: Calendar }) {
  // What is typed stays on the version that it was begun on, whatever is read meanwhile.
  const [draft, setDraft, forget] = useKept<{ version: number; form: PlanForm }>(`plan/${batch.id}`, () => ({
    version: batch.version,
    form: formOf(batch.plan, calendar),
  }));
  const [isGone, setGone] = useState(false);
  const leave = () => {
    forget();
    setGone(true);
    goInstead(link("batches", batch.id));
  };
  if (isGone) return null;
  if (batch.state !== "draft")
    return (
      <Notice tone="warn">
        <p>{t("planForm.notDraft")}</p>
        <button type="button" class="button" onClick={leave}>
          {t("planForm.toBatch")}
        </button>
      </Notice>
    );
  return (
    <PlanEditor
      id={batch.id}
      version={draft.version}
      calendar={calendar}
      form={draft.form}
      onChange={(form, version) => setDraft({ form, version: version ?? draft.version })}
      onSaved={leave}
      onDiscard={leave}
    />
  );
}
