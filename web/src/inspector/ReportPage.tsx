import { useEffect, useState } from "preact/hooks";
import { DESCRIPTION_CHARS_MAX } from "../api/limits";
import { readResponsible } from "../api/responsible";
import type { Item, Place, Schemas } from "../api/types";
import { DraftNotices } from "../draft/DraftNotices";
import { useNonce } from "../draft/nonces";
import { PhotoTaker } from "../draft/PhotoTaker";
import { PositionRow } from "../draft/PositionRow";
import { useDraft } from "../draft/useDraft";
import { SavedNotice } from "../outbox/SavedNotice";
import { followPosition, position } from "../place/position";
import { goInstead, link, route } from "../router";
import { itemOf, placeOf, reference, unitOf } from "../session/reference";
import { session } from "../session/session";
import { uuid } from "../session/uuid";
import { SEVERITIES } from "../severities";
import { newReportDraft, PhotoLost } from "../store/drafts";
import type { ReportDraft } from "../store/records";
import type { ReportFields } from "../store/reportFields";
import { t } from "../texts";
import { Choices, TextField } from "../ui/Choices";
import { useCached } from "../ui/useCached";
import { Notice } from "../ui/Notice";
import { OptionalPart } from "../ui/OptionalPart";
import { Page } from "../ui/Page";
import { worded } from "./headline";
import type { Chip } from "./headline";
import { ItemPicker } from "./ItemPicker";
import { located } from "./located";
import { nearestFirst } from "./nearest";
import { backToVisit, OfVisit, onVisit } from "./OfVisit";
import { PlacePicker } from "./PlacePicker";
import { UnlistedPlace } from "./UnlistedPlace";
import { faultsOf, foundAt, saveReport, TURNED_WRONG } from "./saveReport";
import type { ReportFault } from "./saveReport";
import "../texts/withForms";

const loadAlreadyHere = () => import("./ReportHints").then((part) => part.AlreadyHere);
const loadCopyLast = () => import("./ReportHints").then((part) => part.CopyLast);

const loadZoneHint = () => import("./ReportHints").then((part) => part.ZoneHint);

/** The section of the page in which a fault is corrected. */
const SECTION: Record<ReportFault, string> = {
  photos: "photos",
  place: "place",
  placeName: "place",
  placePosition: "place",
  retired: "place",
  item: "item",
  misfit: "item",
  severity: "severity",
};

export function ReportPage({ id }: { id: string }) {
  const user = session.value?.user.id ?? "";
  const point = route.value.query.get("point");
  const named = route.value.query.get("place");
  const handle = useDraft<ReportDraft>(
    id,
    () => onVisit(begun(newReportDraft(id, user, point, "", Date.now()), named), route.value.query),
    link("report", id),
  );
  const [isTried, setTried] = useState(false);
  const [isSeverityChosen, setSeverityChosen] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const before = route.value.query.get("saved");
  const [refusal, setRefusal] = useState<string | null>(null);
  useEffect(followPosition, []);
  // Read while rendering, so that the nearest place is found again when either of them arrives.
  const here = position.value;
  const isReferenceKnown = reference.value !== null;

  const fields = handle?.draft.fields;
  useEffect(() => {
    if (!handle) return;
    const { fields: now, photos } = handle.draft;
    const next = located(now, photos, here);
    if (next !== now) handle.update((old) => ({ ...old, fields: { ...old.fields, ...next } }));
  });
  // What was found on a visit is covered by the number of the visit.
  const isCaptured = handle !== null && handle.draft.photos.length > 0 && !handle.draft.fields.visitId;
  useNonce(handle, isCaptured ? Date.parse(foundAt(handle.draft)) : null);
  // Inside the geofence of a place, that place is chosen. The choice is visible and can be changed.
  useEffect(() => {
    if (
      !handle ||
      handle.draft.fields.pointId !== null ||
      handle.draft.fields.place ||
      here.kind !== "known" ||
      !isReferenceKnown
    )
      return;
    const [nearest] = nearestFirst("");
    if (
      nearest?.metres != null &&
      nearest.metres <= nearest.place.radius_m &&
      here.location.accuracy_m <= nearest.place.radius_m
    ) {
      const pointId = nearest.place.id;
      handle.update((old) => ({ ...old, fields: { ...old.fields, pointId } }));
    }
  });
  if (!handle || !fields)
    return (
      <Page title={t("report.title")} back={link("points")}>
        <div class="skeleton" />
      </Page>
    );

  const set = (change: Partial<ReportFields>) =>
    handle.update((old) => ({ ...old, fields: { ...old.fields, ...change } }));
  const visitId = fields.visitId ?? null;
  const unlisted = fields.place ?? null;
  const place = unlisted ? undefined : placeOf(fields.pointId);
  const item = itemOf(fields.itemCode);
  // Faults that are shown disappear as they are corrected.
  const all = faultsOf(handle.draft);
  const faults = isTried ? all : [];
  const fault = (...names: ReportFault[]) => {
    const name = all.find((one) => names.includes(one) && (isTried || TURNED_WRONG.includes(one)));
    return name ? t(`report.fault.${name}`) : null;
  };

  function chooseItem(next: Item, chip: Chip | null) {
    // A veto item is severe by default; the person can change that.
    set({
      ...(chip ? { description: worded(fields?.description ?? "", chip) } : {}),
      itemCode: next.code,
      severity: isSeverityChosen && fields?.severity ? fields.severity : next.veto ? "high" : "low",
    });
  }

  async function save(goOn: boolean) {
    if (!handle) return;
    const found = faultsOf(handle.draft);
    setTried(true);
    if (found.length > 0) {
      document.getElementById(`report-${SECTION[found[0] ?? "photos"]}`)?.scrollIntoView({ block: "center" });
      return;
    }
    setSaving(true);
    try {
      const draft = (await handle.flush()) ?? handle.draft;
      await saveReport(draft);
      // If the person has left the page meanwhile, for example to log in again, do not call them back.
      if (route.value.path[1] !== id) return;
      const { visitId } = draft.fields;
      if (visitId) backToVisit(visitId);
      else if (goOn) goInstead(`${link("report", uuid())}?${samePlace(draft.fields)}&saved=${id}`);
      else goInstead(`${link("outbox")}?saved=${id}`);
    } catch (cause) {
      setRefusal(cause instanceof PhotoLost ? t("problem.photo-lost") : t("report.storeRefused"));
    } finally {
      setSaving(false);
    }
  }

  return (
    <Page
      title={t("report.title")}
      back={visitId ? link("visit", visitId) : link("points")}
      actions={
        <>
          {visitId ? null : (
            <button type="button" class="button" disabled={isSaving} onClick={() => void save(true)}>
              {t("report.saveNext")}
            </button>
          )}
          <button type="button" class="button button-primary" disabled={isSaving} onClick={() => void save(false)}>
            {t("report.save")}
          </button>
        </>
      }
    >
      <div class="stack-wide">
        {before ? <SavedNotice key={before} id={before} waiting={t("report.savedGoOn")} /> : null}
        <DraftNotices handle={handle} />
        {faults.length > 0 ? (
          <Notice tone="danger" role="alert">
            <p>{t("report.incomplete")}</p>
            <ul>
              {faults.map((name) => (
                <li key={name}>{t(`report.fault.${name}`)}</li>
              ))}
            </ul>
          </Notice>
        ) : null}
        {refusal ? (
          <Notice tone="danger" role="alert">
            <p>{refusal}</p>
          </Notice>
        ) : null}
        <div id="report-photos">
          <PhotoTaker handle={handle} views={["far", "near", "detail"]} error={fault("photos")} />
        </div>
        <OptionalPart
          load={loadCopyLast}
          props={{
            fields,
            onCopy: (change: Partial<ReportFields>) => {
              setSeverityChosen(true);
              set(change);
            },
          }}
        />
        <div id="report-place">
          {visitId && item ? (
            <OfVisit place={place} item={item} error={fault("place", "retired", "item", "misfit")} />
          ) : unlisted ? (
            <section class="stack" aria-labelledby="place-title">
              <h2 id="place-title">{t("unlisted.title")}</h2>
              <UnlistedPlace
                value={unlisted}
                location={fields.location}
                onChange={(next) => set({ place: next })}
                onList={() => set({ place: null })}
                error={fault}
              />
            </section>
          ) : (
            <PlacePicker
              value={place}
              onChoose={(next) => set({ pointId: next.id })}
              onUnlisted={(name) => set({ pointId: null, place: { name, address: "" } })}
              error={fault("place", "retired")}
            />
          )}
        </div>
        {fields.location && reference.value?.zones ? (
          <OptionalPart
            load={loadZoneHint}
            props={{ location: fields.location, at: Date.parse(foundAt(handle.draft)) }}
          />
        ) : null}
        {visitId && item ? null : (
          <div id="report-item">
            <ItemPicker place={place} value={item} onChoose={chooseItem} error={fault("item", "misfit")} />
          </div>
        )}
        {place && item ? (
          <OptionalPart
            key={`${place.id}/${item.code}`}
            load={loadAlreadyHere}
            props={{ pointId: place.id, itemCode: item.code, ownId: id, replaces: handle.draft.replaces }}
          />
        ) : null}
        <div id="report-severity">
          <Choices
            name="severity"
            legend={t("severity.title")}
            layout="choices-even"
            value={fields.severity}
            onChange={(severity) => {
              setSeverityChosen(true);
              set({ severity });
            }}
            options={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
            error={fault("severity")}
          />
        </div>
        <div class="stack">
          <TextField
            id="description"
            label={t("report.description")}
            rows={3}
            max={DESCRIPTION_CHARS_MAX}
            value={fields.description}
            onInput={(description) => set({ description })}
            hint={t("report.descriptionHint")}
          />
          <Phrases item={item} onChoose={(phrase) => set({ description: append(fields.description, phrase) })} />
        </div>
        <PositionRow fixed={fields.location} photos={handle.draft.photos} />
        {place && item ? <UnitHint key={`${place.id}/${item.code}`} place={place} item={item} /> : null}
      </div>
    </Page>
  );
}

/** The next report at a place off the list begins with its name. */
const begun = (draft: ReportDraft, name: string | null): ReportDraft =>
  name ? { ...draft, fields: { ...draft.fields, pointId: null, place: { name, address: "" } } } : draft;

/** The same place, for the address of the next report. */
const samePlace = ({ place, pointId }: ReportFields): string =>
  place ? `place=${encodeURIComponent(place.name)}` : `point=${pointId ?? ""}`;

/** The unit that will be responsible: as the service answered, else a guess from the place, marked as such. */
function UnitHint({ place, item }: { place: Place; item: Item }) {
  const found = useCached<Schemas["ResponsibleView"]>(`responsible/${place.id}/${item.code}`, () =>
    readResponsible(place.id, item.code),
  );
  const unit = (id: string | undefined) => unitOf(id ?? null)?.name ?? t("unit.unknown");
  if (found.body) return <p class="meta">{t("report.unitHint", { unit: unit(found.body.lead_unit_id) })}</p>;
  if (found.isLoading) return null;
  return <p class="meta">{t("report.unitGuess", { unit: unit(place.lead_unit_id) })}</p>;
}

/** Phrases that are inserted with one tap: those of the item, then general ones. */
function Phrases({ item, onChoose }: { item: Item | undefined; onChoose: (phrase: string) => void }) {
  const phrases = [...(item?.chips ?? []).map((chip) => t(`chip.${chip}`)), ...t("report.phrases").split("|")].slice(
    0,
    8,
  );
  return (
    <div class="wrap" role="group" aria-label={t("report.phrasesTitle")}>
      {phrases.map((phrase) => (
        <button type="button" class="phrase" key={phrase} onClick={() => onChoose(phrase)}>
          {phrase}
        </button>
      ))}
    </div>
  );
}

/** What is there already is not said twice. */
const append = (text: string, phrase: string): string =>
  text.includes(phrase)
    ? text
    : (text === "" ? phrase : `${text.replace(/[\uff0c,\u3002.\s]+$/, "")}${t("punctuation.comma")}${phrase}`).slice(
        0,
        DESCRIPTION_CHARS_MAX,
      );
