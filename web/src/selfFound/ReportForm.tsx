import { useState } from "preact/hooks";
import { DESCRIPTION_CHARS_MAX } from "../api/limits";
import { reachable } from "../api/request";
import { putSelfReport } from "../api/selfReports";
import type { OwnFix } from "../api/selfReports";
import { faultAt } from "../months/fault";
import { ownUnit } from "../months/role";
import { useSending } from "../months/useStep";
import { itemsFor } from "../session/fitting";
import { placeOf, reference } from "../session/reference";
import { uuid } from "../session/uuid";
import { faultTitle, t } from "../texts";
import { FailureNotice } from "../ui/Notice";
import { TextField } from "../ui/TextField";
import { Photos } from "./Photos";

/** Reports a fault of the own unit; of a closed issue whose fault came back, place and item are given. */
export function ReportForm({ again, onDone }: { again?: OwnFix; onDone: () => void }) {
  // A new id once it was taken: the same is sent again under the same one.
  const [id, setId] = useState(uuid);
  const [point, setPoint] = useState(again?.point_id ?? "");
  const [item, setItem] = useState(again?.item_code ?? "");
  const [words, setWords] = useState("");
  const [photos, setPhotos] = useState<string[]>([]);
  const { isBusy, failure, send } = useSending(onDone);
  const place = placeOf(point);
  const own = (reference.value?.points ?? []).filter(
    (one) => one.lead_unit_id === ownUnit() || one.territorial_unit_id === ownUnit(),
  );
  const photoFault = failure?.fields.find((field) => field.pointer.startsWith("/photo_ids"));
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const body = {
          point_id: point,
          item_code: item,
          description: words.trim(),
          relapse_of: again?.issue_id ?? null,
          photo_ids: photos,
        };
        void send(
          () => putSelfReport(id, body),
          () => {
            setId(uuid());
            setWords("");
            setPhotos([]);
          },
        );
      }}
    >
      {again ? null : (
        <>
          <label class="field">
            <span class="label">{t("self.point")}</span>
            <select value={point} onChange={(event) => setPoint(event.currentTarget.value)}>
              <option value="">{t("self.choosePoint")}</option>
              {own.map((one) => (
                <option key={one.id} value={one.id} lang="zh-CN">
                  {one.name}
                </option>
              ))}
            </select>
            <Fault text={faultAt(failure, "/point_id")} />
          </label>
          <label class="field">
            <span class="label">{t("self.item")}</span>
            <select value={item} disabled={!place} onChange={(event) => setItem(event.currentTarget.value)}>
              <option value="">{t("self.chooseItem")}</option>
              {(place ? itemsFor(place) : []).map((one) => (
                <option key={one.code} value={one.code} lang="zh-CN">
                  {faultTitle(one)}
                </option>
              ))}
            </select>
            <Fault text={faultAt(failure, "/item_code")} />
          </label>
        </>
      )}
      <TextField
        id={`self-words-${again?.issue_id ?? "new"}`}
        label={t("self.description")}
        rows={2}
        max={DESCRIPTION_CHARS_MAX}
        value={words}
        onInput={setWords}
        error={faultAt(failure, "/description")}
      />
      <Photos ids={photos} onChange={setPhotos} error={photoFault ? faultAt(failure, photoFault.pointer) : null} />
      {failure && (failure.fields.length === 0 || again || faultAt(failure, "")) ? (
        <FailureNotice failure={failure} />
      ) : null}
      <p>
        <button
          type="submit"
          class="button button-primary"
          disabled={isBusy || !reachable.value || point === "" || item === "" || photos.length === 0}
        >
          {t("self.report")}
        </button>
      </p>
    </form>
  );
}

function Fault({ text }: { text: string | null }) {
  return text === null ? null : (
    <span class="field-error" role="alert">
      {text}
    </span>
  );
}
