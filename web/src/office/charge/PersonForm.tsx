import { useState } from "preact/hooks";
import { putPerson } from "../../api/charge";
import type { Duty, UnitPerson } from "../../api/charge";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { NAME_CHARS_MAX, PHONE_CHARS_MAX } from "../../api/limits";
import { t } from "../../texts";
import { formatDay } from "../../time/moment";
import { Choices, TextField } from "../../ui/Choices";
import { FailureNotice } from "../../ui/Notice";
import { forgetTyped, useTyped } from "../../ui/useTyped";
import { fieldErrorText, isBesideFields } from "../settings/fieldErrorText";
import { earliest, noon } from "./terms";

const POINTERS = ["/person", "/phone", "/from"];

interface Typed {
  kind: "somebody" | "nobody";
  person: string;
  phone: string;
  from: string;
}

/** Notes who has the duty from a day on, or that nobody has; what is to come can be corrected until it begins. */
export function PersonForm({
  unit,
  duty,
  all,
  now,
  today,
  onKept,
}: {
  unit: string;
  duty: Duty;
  all: UnitPerson[];
  now: UnitPerson | undefined;
  today: string;
  onKept: () => void;
}) {
  const form = `charge/${unit}/${duty}`;
  const fresh = (one: UnitPerson | undefined, from: string): Typed => ({
    kind: one && one.person === "" ? "nobody" : "somebody",
    person: one?.person ?? "",
    phone: one?.phone ?? "",
    from,
  });
  const [typed, setTyped, wasKept] = useTyped<Typed>(form, "body", fresh(undefined, today));
  const [isOpen, setOpen] = useState(wasKept);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const change = (part: Partial<Typed>) => {
    setTyped({ ...typed, ...part });
    // What was refused is being corrected.
    setFailure(null);
  };
  const isNobody = typed.kind === "nobody";
  const missing = (value: string, isAsked = true) =>
    isTried && isAsked && value.trim() === "" ? t("field.required") : null;

  function open(one: UnitPerson | undefined, from: string) {
    setTyped(fresh(one, from));
    setTried(false);
    setFailure(null);
    setOpen(true);
  }
  function close() {
    forgetTyped(form);
    setOpen(false);
  }
  async function keep(event: Event) {
    event.preventDefault();
    setTried(true);
    if (typed.from === "" || (!isNobody && typed.person.trim() === "")) return;
    setBusy(true);
    try {
      const body = isNobody ? { person: "", phone: "" } : { person: typed.person.trim(), phone: typed.phone.trim() };
      await putPerson(unit, duty, typed.from, body);
      setFailure(null);
      close();
      onKept();
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }

  if (!isOpen)
    return (
      <div class="wrap">
        <button type="button" class="button" onClick={() => open(undefined, today)}>
          {t(all.length === 0 ? "charge.name" : "charge.replace")}
        </button>
        {now && now.from < today ? (
          <button type="button" class="button button-plain" onClick={() => open(now, today)}>
            {t("charge.phoneNew")}
          </button>
        ) : null}
        {all
          .filter((one) => one.from >= today)
          .map((one) => (
            <button
              type="button"
              class="button button-plain"
              key={one.from}
              aria-label={t("charge.correctOf", {
                person: one.person || t("charge.nobody"),
                day: formatDay(noon(one.from)),
              })}
              onClick={() => open(one, one.from)}
            >
              {t("charge.correct", { day: formatDay(noon(one.from)) })}
            </button>
          ))}
      </div>
    );
  const first = earliest(all, today);
  return (
    <form class="stack" aria-label={t(`charge.duty.${duty}`)} noValidate onSubmit={(event) => void keep(event)}>
      <Choices
        name={`kind-${duty}`}
        legend={t("charge.who")}
        layout="choices-even"
        value={typed.kind}
        options={[
          { value: "somebody", label: t("charge.somebody") },
          { value: "nobody", label: t("charge.nobody") },
        ]}
        onChange={(kind) => change({ kind })}
      />
      {isNobody ? null : (
        <>
          <TextField
            id={`person-${duty}`}
            label={t("charge.person")}
            value={typed.person}
            max={NAME_CHARS_MAX}
            autocomplete="off"
            error={missing(typed.person) ?? fieldErrorText(failure, "/person")}
            onInput={(person) => change({ person })}
          />
          <TextField
            id={`phone-${duty}`}
            label={t("charge.phone")}
            hint={t("charge.phoneHint")}
            value={typed.phone}
            max={PHONE_CHARS_MAX}
            autocomplete="off"
            error={fieldErrorText(failure, "/phone")}
            onInput={(phone) => change({ phone })}
          />
        </>
      )}
      <TextField
        id={`from-${duty}`}
        type="date"
        label={t("charge.from")}
        hint={t(first === undefined ? "charge.fromFirst" : "charge.fromHint")}
        {...(first === undefined ? {} : { min: first })}
        value={typed.from}
        error={missing(typed.from) ?? (fieldErrorText(failure, "/from") ? t("charge.fromPast") : null)}
        onInput={(from) => change({ from })}
      />
      {failure && !isBesideFields(failure, POINTERS) ? <FailureNotice failure={failure} /> : null}
      <div class="row">
        <button type="submit" class="button button-primary" disabled={isBusy}>
          {t("charge.keep")}
        </button>
        <button type="button" class="button" onClick={close}>
          {t("action.cancel")}
        </button>
      </div>
    </form>
  );
}
