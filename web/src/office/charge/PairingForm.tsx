import { useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { putPairing } from "../../api/charge";
import type { Leader, Pairing, PairingBody } from "../../api/charge";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reference } from "../../session/reference";
import { t } from "../../texts";
import { Choices, TextField } from "../../ui/Choices";
import { FailureNotice } from "../../ui/Notice";
import { forgetTyped, useTyped, useTypedId } from "../../ui/useTyped";
import { fieldErrorText, isBesideFields } from "../settings/fieldErrorText";
import { PointSearch, Select } from "./fields";

const POINTERS = ["/leader_id", "/unit_id", "/point_id", "/from", "/to"];

interface Typed {
  leader: string;
  kind: "unit" | "point";
  unit: string;
  point: string;
  from: string;
  to: string;
}

/** A new pairing, or one that has not begun. */
export function PairingForm({
  before,
  leaders,
  today,
  onKept,
  onCancel,
}: {
  before: Pairing | null;
  leaders: Leader[];
  today: string;
  onKept: () => void;
  onCancel: () => void;
}) {
  const form = `pairing/${before?.id ?? "new"}`;
  const [id] = useTypedId(form, before?.id);
  const [typed, setTyped] = useTyped<Typed>(form, "body", {
    leader: before?.leader_id ?? "",
    kind: before?.point_id ? "point" : "unit",
    unit: before?.unit_id ?? "",
    point: before?.point_id ?? "",
    from: before?.from ?? today,
    to: before?.to ?? "",
  });
  const isUnit = typed.kind === "unit";
  const sending = useSending(() => {
    forgetTyped(form);
    onKept();
  });
  const change = (part: Partial<Typed>) => {
    setTyped({ ...typed, ...part });
    sending.forget();
  };
  const isMissing = (value: string) => (sending.isTried && value === "" ? t("field.required") : null);
  const { failure } = sending;

  function keep() {
    const { leader, unit, point, from, to } = typed;
    if ([leader, isUnit ? unit : point, from].includes("")) return null;
    const body: PairingBody = { leader_id: leader, from, ...(to ? { to } : {}) };
    return putPairing(id, isUnit ? { ...body, unit_id: unit } : { ...body, point_id: point });
  }
  return (
    <Form
      title={t(before ? "pairing.change" : "pairing.add")}
      sending={sending}
      onSubmit={keep}
      onCancel={() => {
        forgetTyped(form);
        onCancel();
      }}
    >
      <Select
        label={t("pairing.leader")}
        empty={t("pairing.chooseLeader")}
        value={typed.leader}
        options={leaders
          .filter((one) => one.active || one.id === before?.leader_id)
          .map((one) => [one.id, one.display_name])}
        error={isMissing(typed.leader) ?? fieldErrorText(failure, "/leader_id")}
        onChange={(leader) => change({ leader })}
      />
      <Choices
        name="pairing-kind"
        legend={t("pairing.with")}
        layout="choices-even"
        value={typed.kind}
        options={[
          { value: "unit", label: t("unit.title") },
          { value: "point", label: t("place.title") },
        ]}
        onChange={(kind) => change({ kind })}
      />
      {isUnit ? (
        <Select
          label={t("unit.title")}
          empty={t("pairing.chooseUnit")}
          value={typed.unit}
          options={(reference.value?.units ?? []).filter((unit) => unit.active).map((unit) => [unit.id, unit.name])}
          error={isMissing(typed.unit) ?? fieldErrorText(failure, "/unit_id")}
          onChange={(unit) => change({ unit })}
        />
      ) : (
        <PointSearch
          value={typed.point}
          error={isMissing(typed.point) ?? fieldErrorText(failure, "/point_id")}
          onChange={(point) => change({ point })}
        />
      )}
      <TextField
        id="pairing-from"
        type="date"
        label={t("pairing.from")}
        value={typed.from}
        error={isMissing(typed.from) ?? fromFault(failure)}
        onInput={(from) => change({ from })}
      />
      <TextField
        id="pairing-to"
        type="date"
        label={t("pairing.to")}
        hint={t("pairing.toHint")}
        {...(typed.from ? { min: typed.from } : {})}
        value={typed.to}
        error={toFault(failure)}
        onInput={(to) => change({ to })}
      />
    </Form>
  );
}

/** The last day of a pairing that has begun; the rest of it stays as it was. */
export function EndForm({
  of,
  title,
  today,
  yesterday,
  onKept,
  onCancel,
}: {
  of: Pairing;
  title: string;
  today: string;
  yesterday: string;
  onKept: () => void;
  onCancel: () => void;
}) {
  const form = `pairing/${of.id}/end`;
  const [to, setTo] = useTyped(form, "to", of.to ?? today);
  const sending = useSending(() => {
    forgetTyped(form);
    onKept();
  });
  const { id, leader_id, unit_id, point_id, from } = of;
  return (
    <Form
      title={t("pairing.endOf", { name: title })}
      sending={sending}
      onSubmit={() => putPairing(id, { leader_id, unit_id, point_id, from, to: to || null })}
      onCancel={() => {
        forgetTyped(form);
        onCancel();
      }}
    >
      <TextField
        id="pairing-end"
        type="date"
        label={t("pairing.to")}
        hint={t("pairing.endHint")}
        min={from > yesterday ? from : yesterday}
        value={to}
        error={toFault(sending.failure)}
        onInput={(next) => {
          setTo(next);
          sending.forget();
        }}
      />
    </Form>
  );
}

const fromFault = (failure: Failure | null): string | null => {
  const code = failure?.fields.find(({ pointer }) => pointer === "/from")?.code;
  return code === "duplicate"
    ? t("pairing.fault.twice")
    : code === "not-allowed"
      ? t("pairing.fault.begun")
      : fieldErrorText(failure, "/from");
};
const toFault = (failure: Failure | null): string | null =>
  fieldErrorText(failure, "/to") === null ? null : t("pairing.fault.to");

interface Sending {
  isTried: boolean;
  isBusy: boolean;
  failure: Failure | null;
  send: (work: () => Promise<void> | null) => void;
  /** What was refused is being corrected. */
  forget: () => void;
}

function useSending(onDone: () => void): Sending {
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  async function send(work: () => Promise<void> | null) {
    setTried(true);
    const sent = work();
    if (!sent) return;
    setBusy(true);
    try {
      await sent;
      setFailure(null);
      onDone();
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }
  return { isTried, isBusy, failure, send: (work) => void send(work), forget: () => setFailure(null) };
}

function Form({
  title,
  sending,
  onSubmit,
  onCancel,
  children,
}: {
  title: string;
  sending: Sending;
  onSubmit: () => Promise<void> | null;
  onCancel: () => void;
  children: ComponentChildren;
}) {
  const { failure, isBusy } = sending;
  const heading = useRef<HTMLHeadingElement>(null);
  // It opens above the list, where the button was not.
  useEffect(() => heading.current?.focus(), []);
  return (
    <form
      class="card stack charge-form"
      aria-labelledby="pairing-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        sending.send(onSubmit);
      }}
    >
      <h2 id="pairing-form" tabIndex={-1} ref={heading}>
        {title}
      </h2>
      {children}
      {failure && !isBesideFields(failure, POINTERS) ? <FailureNotice failure={failure} /> : null}
      <div class="row">
        <button type="submit" class="button button-primary" disabled={isBusy}>
          {t("pairing.keep")}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          {t("action.cancel")}
        </button>
      </div>
    </form>
  );
}
