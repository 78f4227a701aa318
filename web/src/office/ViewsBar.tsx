import { useState } from "preact/hooks";
import { session } from "../session/session";
import { uuid } from "../session/uuid";
import { t } from "../texts";
import { TextField } from "../ui/Choices";
import { canonical, listAddress } from "./filters";
import {
  addView,
  BUILT_IN,
  deleteView,
  keepViews,
  nameFault,
  NAME_CHARS_MAX,
  readViews,
  renameView,
  viewAt,
} from "./views";
import type { NameFault, OwnView } from "./views";

type Naming = { kind: "none" } | { kind: "new" } | { kind: "rename"; id: string };

/** Named lists: built-in ones, then the person's own. */
export function ViewsBar({ query }: { query: URLSearchParams }) {
  const user = session.value?.user.id ?? "";
  const [own, setOwn] = useState<OwnView[]>(() => readViews(user));
  const [naming, setNaming] = useState<Naming>({ kind: "none" });
  const [name, setName] = useState("");
  const [fault, setFault] = useState<NameFault | "refused" | null>(null);
  const here = viewAt(own, query);
  const isBuiltIn = viewAt(BUILT_IN, query) !== undefined;
  const canSave = canonical(query) !== "" && !here && !isBuiltIn;

  function change(next: OwnView[]) {
    setOwn(next);
    setNaming({ kind: "none" });
    setName("");
    setFault(keepViews(user, next) ? null : "refused");
  }
  function save(event: Event) {
    event.preventDefault();
    const id = naming.kind === "rename" ? naming.id : null;
    const found = nameFault(own, name, id);
    if (found) return setFault(found);
    change(id === null ? addView(own, uuid(), name, query) : renameView(own, id, name));
  }
  function begin(next: Naming, words: string) {
    setNaming(next);
    setName(words);
    setFault(null);
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
          {own.map((view) => (
            <a key={view.id} href={listAddress(view.query)} aria-current={view.id === here?.id ? "true" : undefined}>
              {view.name}
            </a>
          ))}
        </nav>
        {canSave && naming.kind !== "new" ? (
          <button type="button" class="button" onClick={() => begin({ kind: "new" }, "")}>
            {t("views.save")}
          </button>
        ) : null}
        {here && naming.kind === "none" ? (
          <>
            <button type="button" class="button" onClick={() => begin({ kind: "rename", id: here.id }, here.name)}>
              {t("views.rename")}
            </button>
            <button type="button" class="button" onClick={() => change(deleteView(own, here.id))}>
              {t("views.delete")}
            </button>
          </>
        ) : null}
      </div>
      {naming.kind !== "none" ? (
        <form class="card card-tight stack" onSubmit={save}>
          <TextField
            id="view-name"
            label={t(naming.kind === "new" ? "views.nameNew" : "views.name")}
            max={NAME_CHARS_MAX}
            value={name}
            onInput={setName}
            error={fault ? t(`views.fault.${fault}`) : null}
          />
          <div class="wrap">
            <button type="submit" class="button button-primary">
              {t("views.keep")}
            </button>
            <button type="button" class="button" onClick={() => setNaming({ kind: "none" })}>
              {t("action.cancel")}
            </button>
          </div>
        </form>
      ) : fault ? (
        <p class="field-error" role="alert">
          {t(`views.fault.${fault}`)}
        </p>
      ) : null}
    </div>
  );
}
