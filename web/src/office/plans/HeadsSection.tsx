import { useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { NAME_CHARS_MAX } from "../../api/limits";
import { putHead, readHeads, readPointsOf, readVacancies, removeHead } from "../../api/pointHeads";
import type { HeadedPoint, HeadTerm, Vacancies, Vacancy } from "../../api/pointHeads";
import { placeOf, reference, unitOf } from "../../session/reference";
import { t } from "../../texts";
import { civilDay } from "../../time/civil";
import { formatDay, serverNow } from "../../time/moment";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { MoreRows } from "../../ui/MoreRows";
import { FailureNotice, Fetched } from "../../ui/Notice";
import { TextField } from "../../ui/TextField";
import { useCached } from "../../ui/useCached";
import { faultAt } from "./fault";
import { UnitChoice } from "./UnitChoice";
import { usePaged } from "./usePaged";
import { forgetTyped, useTyped } from "../../ui/useTyped";

const noon = (day: string) => `${day}T04:00:00Z`;
/** How many points a search offers. Source: our choice. */
const FOUND_MAX = 8;

const spanOf = ({ from, to }: HeadTerm) =>
  `${formatDay(noon(from))} – ${to === null ? t("heads.open") : formatDay(noon(to))}`;

/** Who answers for each point, by point and by person, and the points that nobody answers for. */
export function HeadsSection() {
  const [point, setPoint] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  return (
    <div class="stack-wide">
      {point ? <Terms key={point} point={point} onChanged={() => setTurn(turn + 1)} /> : null}
      <Find onChoose={setPoint} />
      <Vacant key={turn} onChoose={setPoint} />
      <OfPerson onChoose={setPoint} />
    </div>
  );
}

function Vacant({ onChoose }: { onChoose: (point: string) => void }) {
  const [told, setTold] = useState<Vacancies | null>(null);
  const rows = usePaged<Vacancy>("vacancies", async (cursor) => {
    const page = await readVacancies(cursor);
    setTold(page);
    return page;
  });
  return (
    <section class="card stack" aria-labelledby="vacant-title">
      <h2 id="vacant-title">{t("heads.vacant")}</h2>
      {told === null ? (
        rows.failure ? (
          <FailureNotice failure={rows.failure} onRetry={rows.more} />
        ) : (
          <p role="status">{t("state.loading")}</p>
        )
      ) : told.since === null ? (
        <p>{t("heads.none")}</p>
      ) : told.total === 0 ? (
        <p>{t("heads.allFilled")}</p>
      ) : (
        <>
          <p class={told.overdue > 0 ? "text-warn" : ""}>
            {t("heads.counts", { total: told.total, overdue: told.overdue })}
          </p>
          <ul class="stack-tight">
            {rows.rows.map((row) => (
              <li class="row-spread" key={row.point.id}>
                <span>
                  <strong lang="zh-CN">{row.point.name}</strong>{" "}
                  <span class="meta">{t("heads.since", { day: formatDay(noon(row.from)) })}</span>{" "}
                  {row.overdue ? <span class="chip tone-danger">{t("heads.overdue")}</span> : null}
                </span>
                <button type="button" class="button" onClick={() => onChoose(row.point.id)}>
                  {t("heads.name")}
                </button>
              </li>
            ))}
          </ul>
          <MoreRows of={rows} />
        </>
      )}
    </section>
  );
}

function Find({ onChoose }: { onChoose: (point: string) => void }) {
  const [words, setWords] = useState("");
  const asked = words.trim();
  const found =
    asked === ""
      ? []
      : (reference.value?.points ?? [])
          .filter((point) => point.name.includes(asked) || point.code.includes(asked.toUpperCase()))
          .slice(0, FOUND_MAX);
  return (
    <section class="card stack" aria-labelledby="find-title">
      <h2 id="find-title">{t("heads.find")}</h2>
      <TextField
        id="heads-find"
        type="search"
        label={t("gap.point")}
        hint={t("heads.findHint")}
        value={words}
        onInput={setWords}
      />
      <div class="wrap">
        {found.map((point) => (
          <button type="button" class="phrase" key={point.id} lang="zh-CN" onClick={() => onChoose(point.id)}>
            {point.name}
          </button>
        ))}
      </div>
    </section>
  );
}

function OfPerson({ onChoose }: { onChoose: (point: string) => void }) {
  const [name, setName] = useState("");
  const [asked, setAsked] = useState("");
  return (
    <section class="card stack" aria-labelledby="person-title">
      <h2 id="person-title">{t("heads.byPerson")}</h2>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(name.trim());
        }}
      >
        <TextField id="heads-person" label={t("heads.person")} value={name} max={NAME_CHARS_MAX} onInput={setName} />
        <div class="row">
          <button type="submit" class="button">
            {t("heads.show")}
          </button>
        </div>
      </form>
      {asked === "" ? null : <PointsOf key={asked} person={asked} onChoose={onChoose} />}
    </section>
  );
}

function PointsOf({ person, onChoose }: { person: string; onChoose: (point: string) => void }) {
  const rows = usePaged<HeadedPoint>(person, (cursor) => readPointsOf(person, cursor));
  if (rows.rows.length === 0 && !rows.isLoading && !rows.failure) return <p>{t("heads.noPoints")}</p>;
  return (
    <>
      <ul class="stack-tight">
        {rows.rows.map(({ point, term }) => (
          <li key={`${point.id} ${term.from}`}>
            <button type="button" class="phrase" lang="zh-CN" onClick={() => onChoose(point.id)}>
              {point.name}
            </button>{" "}
            <span class="meta">{spanOf(term)}</span>
          </li>
        ))}
      </ul>
      <MoreRows of={rows} />
    </>
  );
}

function Terms({ point, onChanged }: { point: string; onChanged: () => void }) {
  const terms = useCached<HeadTerm[]>(`points/${point}/heads`, () => readHeads(point));
  const [failure, setFailure] = useState<Failure | null>(null);
  const today = civilDay(serverNow());
  const name = placeOf(point)?.name ?? "";
  const changed = () => {
    setFailure(null);
    terms.reload();
    onChanged();
  };
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      changed();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  };
  return (
    <section class="card stack" aria-labelledby="terms-title">
      <h2 id="terms-title">{t("heads.terms", { point: name })}</h2>
      <Fetched of={terms} rows={2}>
        {(all) => (
          <>
            {all.length === 0 ? <p>{t("heads.noTerms")}</p> : null}
            <ul class="stack-tight">
              {all.map((term) => (
                <li class="row-spread" key={term.from}>
                  <span>
                    <strong lang="zh-CN">{term.person}</strong>{" "}
                    <span lang="zh-CN">{unitOf(term.unit_id)?.name ?? ""}</span>{" "}
                    <span class="meta">{spanOf(term)}</span>{" "}
                    {term.from > today ? (
                      <span class="chip">{t("heads.later")}</span>
                    ) : term.to === null || term.to >= today ? (
                      <span class="chip tone-success">{t("heads.now")}</span>
                    ) : null}
                  </span>
                  {term.from > today ? (
                    <ConfirmButton
                      label={t("heads.withdraw")}
                      question={t("heads.withdrawSure", { person: term.person, day: formatDay(noon(term.from)) })}
                      onConfirm={() => void attempt(() => removeHead(point, term.from))}
                    />
                  ) : term.to === null || term.to >= today ? (
                    <End point={point} term={term} today={today} onEnd={attempt} />
                  ) : null}
                </li>
              ))}
            </ul>
          </>
        )}
      </Fetched>
      {failure ? <FailureNotice failure={failure} /> : null}
      <NameForm point={point} today={today} onNamed={changed} />
    </section>
  );
}

function End({
  point,
  term,
  today,
  onEnd,
}: {
  point: string;
  term: HeadTerm;
  today: string;
  onEnd: (work: () => Promise<unknown>) => Promise<void>;
}) {
  const [to, setTo] = useState(term.to ?? today);
  const { person, unit_id } = term;
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        void onEnd(() => putHead(point, term.from, { person, unit_id, to: to || null }));
      }}
    >
      <input
        class="input"
        type="date"
        aria-label={t("heads.to")}
        min={today}
        value={to}
        onInput={(event) => setTo(event.currentTarget.value)}
      />
      <button type="submit" class="button">
        {t("heads.end")}
      </button>
    </form>
  );
}

function NameForm({ point, today, onNamed }: { point: string; today: string; onNamed: () => void }) {
  const form = `head/${point}`;
  const fresh = { person: "", unit_id: placeOf(point)?.lead_unit_id ?? "", from: today, to: "" };
  const [body, setBody] = useTyped(form, "body", fresh);
  const [failure, setFailure] = useState<Failure | null>(null);
  const change = (part: Partial<typeof body>) => setBody({ ...body, ...part });
  const keep = async (event: Event) => {
    event.preventDefault();
    try {
      const { person, unit_id, from, to } = body;
      await putHead(point, from, { person, unit_id, to: to || null });
      change({ person: "", to: "" });
      forgetTyped(form);
      setFailure(null);
      onNamed();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  };
  return (
    <form class="stack" aria-label={t("heads.name")} onSubmit={(event) => void keep(event)}>
      <div class="wrap">
        <TextField
          id="head-person"
          label={t("heads.person")}
          value={body.person}
          max={NAME_CHARS_MAX}
          error={faultAt(failure, "/person")}
          onInput={(person) => change({ person })}
        />
        <UnitChoice
          label={t("heads.unit")}
          value={body.unit_id}
          error={faultAt(failure, "/unit_id")}
          onChange={(unit_id) => change({ unit_id })}
        />
        <TextField
          id="head-from"
          type="date"
          label={t("heads.from")}
          min={today}
          value={body.from}
          error={faultAt(failure, "/from")}
          onInput={(from) => change({ from })}
        />
        <TextField
          id="head-to"
          type="date"
          label={t("heads.to")}
          hint={t("heads.toHint")}
          min={today}
          value={body.to}
          error={faultAt(failure, "/to")}
          onInput={(to) => change({ to })}
        />
      </div>
      {failure ? <FailureNotice failure={failure} /> : null}
      <div class="row">
        <button type="submit" class="button button-primary">
          {t("heads.name")}
        </button>
      </div>
    </form>
  );
}
