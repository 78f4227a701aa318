import { useRef, useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { PHOTOS_PER_STEP_MAX } from "../api/limits";
import { photoUrl, putPlainly } from "../api/photos";
import { reachable } from "../api/request";
import { session } from "../session/session";
import { uuid } from "../session/uuid";
import { t } from "../texts";
import { Icon } from "../ui/Icon";
import { FailureNotice } from "../ui/Notice";

/** Photos of a form that is filled in with a network: each is sent as it is chosen, and named by its id. */
export function Photos({
  ids,
  onChange,
  error,
}: {
  ids: string[];
  onChange: (ids: string[]) => void;
  error: string | null;
}) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const input = useRef<HTMLInputElement>(null);
  async function took(files: File[]) {
    setBusy(true);
    setFailure(null);
    const sent = [...ids];
    try {
      for (const file of files.slice(0, PHOTOS_PER_STEP_MAX - ids.length)) {
        const id = uuid();
        await putPlainly(id, file, session.value?.user.id ?? "");
        sent.push(id);
      }
    } catch (cause) {
      setFailure(asFailure(cause));
    }
    onChange(sent);
    setBusy(false);
    // Otherwise the same file could not be chosen again after it was removed.
    if (input.current) input.current.value = "";
  }
  return (
    <fieldset class="stack-tight">
      <legend>{t("self.photos")}</legend>
      {ids.length > 0 ? (
        <ul class="photos">
          {ids.map((id, at) => (
            <li class="photo-frame" key={id}>
              <img src={photoUrl(id, "thumb")} alt={t("self.photoOf", { number: at + 1 })} />
              <button
                type="button"
                class="photo-remove"
                aria-label={t("self.removePhoto", { number: at + 1 })}
                onClick={() => onChange(ids.filter((one) => one !== id))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      {ids.length < PHOTOS_PER_STEP_MAX ? (
        <label class="field">
          <span class="label">{t(isBusy ? "self.sendingPhoto" : "self.addPhoto")}</span>
          <input
            ref={input}
            type="file"
            accept="image/*"
            multiple
            disabled={isBusy || !reachable.value}
            onChange={(event) => void took(Array.from(event.currentTarget.files ?? []))}
          />
        </label>
      ) : null}
      {error ? (
        <p class="field-error" role="alert">
          {error}
        </p>
      ) : null}
      {failure ? <FailureNotice failure={failure} /> : null}
    </fieldset>
  );
}
