import { useEffect, useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { SAVED_VIEW_NAME_CHARS_MAX } from "../api/limits";
import { listSavedViews, putSavedView, removeSavedView } from "../api/savedViews";
import type { SavedView } from "../api/savedViews";
import { session } from "../session/session";
import { uuid } from "../session/uuid";
import { t } from "../texts";
import { TextField } from "../ui/Choices";
import { ConfirmButton } from "../ui/ConfirmButton";
import { FailureNotice } from "../ui/Notice";
import { useCached } from "../ui/useCached";
import { canonical, listAddress } from "./filters";
import { BUILT_IN, keepViews, nameFault, readViews, viewAt } from "./views";
import type { NamedView, NameFault } from "./views";

/** A new view gets its id here, so that a repeated call after a lost answer does not create a second one. */
type Naming = { kind: "none" } | { kind: "new" | "rename"; id: string };

/** Shares what an older app kept on this device only, once. What the service refuses, such as a name that is taken, is
 * left there. */
function useSharing(isReady: boolean, onShared: () => void) {
  const user = session.value?.user.id ?? "";
  useEffect(() => {
    const kept = isReady ? readViews(user) : [];
    if (kept.length === 0) return;
    const share = (view: NamedView) =>
      putSavedView(view.id, view.name, view.query).then(
        () => true,
        () => false,
      );
    void Promise.all(kept.map(share)).then((areShared) => {
      keepViews(
        user,
        kept.filter((_, at) => !areShared[at]),
      );
      if (areShared.includes(true)) onShared();
    });
  }, [isReady, user]);
}

/** Named lists: built-in ones, then those that the office shares. */
export function ViewsBar({ query }: { query: URLSearchParams }) {
  const shared = useCached<SavedView[]>("saved-views", listSavedViews);
  const named = shared.body ?? [];
  const [naming, setNaming] = useState<Naming>({ kind: "none" });
  const [name, setName] = useState("");
  const [fault, setFault] = useState<NameFault | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const here = viewAt(named, query);
  const isBuiltIn = viewAt(BUILT_IN, query) !== undefined;
  const canSave = canonical(query) !== "" && !here && !isBuiltIn;
  useSharing(shared.body !== undefined, shared.reload);

  async function perform(step: () => Promise<unknown>) {
    setFailure(null);
    setBusy(true);
    try {
      await step();
      setNaming({ kind: "none" });
      shared.reload();
    } catch (cause) {
      const failed = asFailure(cause);
      // A colleague has used the name meanwhile.
      if (failed.fields.some((field) => field.code === "duplicate")) setFault("taken");
      else if (failed.fields.some((field) => field.code === "out-of-range")) setFault("full");
      else setFailure(failed);
    } finally {
      setBusy(false);
    }
  }
  function save(event: Event) {
    event.preventDefault();
    if (naming.kind === "none") return;
    const found = nameFault(named, name, naming.kind === "rename" ? naming.id : null);
    if (found) return setFault(found);
    const saved = naming.kind === "rename" ? named.find((view) => view.id === naming.id)?.query : canonical(query);
    void perform(() => putSavedView(naming.id, name.trim(), saved ?? canonical(query)));
  }
  function begin(next: Naming, words: string) {
    setNaming(next);
    setName(words);
    setFault(null);
    setFailure(null);
  }

  return (
    <div class="stack">
      <div class="views">
        <nav class="segments" aria-label={t("views.title")}>
          <a href="#/issues" aria-current={canonical(query) === "" ? "true" : undefined}>
            {t("views.all")}
          </a>
          {BUILT_IN.map((view) => (
            <a
              key={view.id}
              href={listAddress(view.query)}
              aria-current={view.query === canonical(query) ? "true" : undefined}
            >
              {t(`views.${view.id}`)}
            </a>
          ))}
          {named.map((view) => (
            <a key={view.id} href={listAddress(view.query)} aria-current={view.id === here?.id ? "true" : undefined}>
              {view.name}
            </a>
          ))}
        </nav>
        {canSave && naming.kind !== "new" ? (
          <button type="button" class="button" onClick={() => begin({ kind: "new", id: uuid() }, "")}>
            {t("views.save")}
          </button>
        ) : null}
        {here && naming.kind === "none" ? (
          <>
            <button type="button" class="button" onClick={() => begin({ kind: "rename", id: here.id }, here.name)}>
              {t("views.rename")}
            </button>
            <ConfirmButton
              key={here.id}
              label={t("views.delete")}
              question={t("views.forAll")}
              onConfirm={() => void perform(() => removeSavedView(here.id))}
            />
          </>
        ) : null}
      </div>
      {naming.kind !== "none" ? (
        <form class="card card-tight stack" onSubmit={save}>
          <TextField
            id="view-name"
            label={t(naming.kind === "new" ? "views.nameNew" : "views.name")}
            max={SAVED_VIEW_NAME_CHARS_MAX}
            value={name}
            onInput={setName}
            error={fault ? t(`views.fault.${fault}`) : null}
          />
          <div class="wrap">
            <button type="submit" class="button button-primary" disabled={isBusy}>
              {t("views.keep")}
            </button>
            <button type="button" class="button" onClick={() => setNaming({ kind: "none" })}>
              {t("action.cancel")}
            </button>
          </div>
        </form>
      ) : null}
      {failure ? <FailureNotice failure={failure} onRetry={() => setFailure(null)} /> : null}
    </div>
  );
}
