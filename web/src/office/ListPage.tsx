import { useEffect, useRef, useState } from "preact/hooks";
import { route } from "../router";
import { t } from "../texts";
import { Page } from "../ui/Page";
import { ExportPanel } from "./ExportPanel";
import { FilterBar } from "./FilterBar";
import { canonical } from "./filters";
import { actionOf, isTyping } from "./keys";
import { isHelpOpen } from "./KeysHelp";
import { List } from "./ListRows";
import { ListTools } from "./ListTools";
import { keepLook, readLook } from "./listLook";
import type { Look } from "./listLook";
import { ViewsBar } from "./ViewsBar";

/** The list of all issues; its filters are in the address. */
export function ListPage() {
  const { query } = route.value;
  const search = useRef<HTMLInputElement>(null);
  const [isExporting, setExporting] = useState(false);
  const [look, setLook] = useState(readLook);
  const change = (next: Look) => {
    setLook(next);
    keepLook(next);
  };
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (isTyping(event)) return;
      if (actionOf("list", event) !== "search") return;
      event.preventDefault();
      search.current?.focus();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <Page
      title={t("tab.issues")}
      isWide
      aside={
        <button type="button" class="button" aria-expanded={isExporting} onClick={() => setExporting(!isExporting)}>
          {t("export.title")}
        </button>
      }
    >
      <div class="stack list-page">
        <ViewsBar query={query} />
        <FilterBar query={query} search={search}>
          <ListTools query={query} look={look} onLook={change} />
        </FilterBar>
        {isExporting ? <ExportPanel query={query} /> : null}
        <List key={canonical(query)} query={query} look={look} />
        <p class="caption desk-only">
          {t("list.keys")}{" "}
          <button
            type="button"
            class="link"
            onClick={() => {
              isHelpOpen.value = true;
            }}
          >
            {t("keys.title")}
          </button>
        </p>
      </div>
    </Page>
  );
}
