import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { startAnew } from "../session/update";
import { t } from "../texts";
import { Loading, Notice } from "./Notice";

const loaded = new Map<string, ComponentType<never>>();

/** A part of the app that is fetched when it is first needed. */
export function Lazy<P extends object>({ name, load, props }: { name: string; load: () => Promise<ComponentType<P>>; props: P }) {
  const [, setTurn] = useState(0);
  const [failed, setFailed] = useState(false);
  const Part = loaded.get(name) as ComponentType<P> | undefined;
  useEffect(() => {
    if (loaded.has(name)) return;
    load().then((part) => { loaded.set(name, part as ComponentType<never>); setTurn((turn) => turn + 1); }, () => setFailed(true));
  }, [name]);
  if (Part) return <Part {...props} />;
  if (!failed) return <main class="page"><Loading /></main>;
  // After an update the old name of a part is gone from the server.
  return <main class="page"><Notice tone="warn"><p>{t("page.renewed")}</p><button type="button" class="button" onClick={() => void startAnew()}>{t("action.reload")}</button></Notice></main>;
}
