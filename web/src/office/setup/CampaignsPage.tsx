import { useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reachable } from "../../api/request";
import { listStarters, loadStarters } from "../../api/setup";
import type { StarterSet } from "../../api/setup";
import { link } from "../../router";
import { refreshReference } from "../../session/reference";
import { localName, t } from "../../texts";
import { FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { useCached } from "../../ui/useCached";

/** The sets of items that come with the program; the office ticks those it uses. */
export function CampaignsPage() {
  const sets = useCached<StarterSet[]>("setup/starters", listStarters);
  return (
    <Page title={t("setup.campaigns")} back={link("setup")}>
      <Fetched of={sets}>{(all) => <Sets all={all} onLoaded={sets.reload} />}</Fetched>
    </Page>
  );
}

function Sets({ all, onLoaded }: { all: StarterSet[]; onLoaded: () => void }) {
  const [ticked, setTicked] = useState<string[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [isLoaded, setLoaded] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function load(event: Event) {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      await loadStarters(ticked);
      setTicked([]);
      setLoaded(true);
      void refreshReference().catch(() => undefined);
      onLoaded();
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form class="stack" onSubmit={(event) => void load(event)}>
      <p>{t("setup.campaignsHint")}</p>
      {all.map((set) => (
        <label class="card tick" key={set.campaign}>
          <input
            type="checkbox"
            checked={set.is_there || ticked.includes(set.campaign)}
            disabled={set.is_there}
            onChange={(event) =>
              setTicked(
                event.currentTarget.checked
                  ? [...ticked, set.campaign]
                  : ticked.filter((code) => code !== set.campaign),
              )
            }
          />
          <span class="grow">{t("setup.set", { name: localName(set), items: set.items })}</span>
          {set.is_there ? <span class="chip tone-success">{t("setup.setThere")}</span> : null}
        </label>
      ))}
      {failure ? <FailureNotice failure={failure} /> : null}
      {isLoaded ? (
        <Notice tone="success" role="status">
          <p>{t("setup.loaded")}</p>
          <a class="button" href={link("setup")}>
            {t("setup.title")}
          </a>
        </Notice>
      ) : null}
      <button
        type="submit"
        class="button button-primary button-wide"
        disabled={isBusy || ticked.length === 0 || !reachable.value}
      >
        {isBusy ? t("setup.loading") : t("setup.load")}
      </button>
      <a class="button button-wide" href={link("settings", "import", "items")}>
        {t("setup.ownItems")}
      </a>
    </form>
  );
}
