import { useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { listKeepers, setKeeper } from "../../api/keepers";
import type { Schemas } from "../../api/types";
import { addTexts, t } from "../../texts";
import { zhKeeper } from "../../texts/zh/keeper";
import { FailureNotice, Fetched } from "../../ui/Notice";
import { useCached } from "../../ui/useCached";

addTexts(zhKeeper, () => import("../../texts/en/keeper").then((part) => part.enKeeper));

/** Whether an account of the office keeps the names behind code names. */
export function KeeperSwitch({ user }: { user: string }) {
  const keepers = useCached<Schemas["Person"][]>("identity-keepers", listKeepers);
  const [failure, setFailure] = useState<Failure | null>(null);
  const change = async (isKeeper: boolean) => {
    try {
      await setKeeper(user, isKeeper);
      setFailure(null);
      keepers.reload();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  };
  return (
    <section class="stack" aria-labelledby="keeper-title">
      <h2 id="keeper-title">{t("keeper.title")}</h2>
      <Fetched of={keepers} rows={1}>
        {(all) => {
          const isKeeper = all.some((one) => one.id === user);
          return (
            <div class="row-spread">
              <span>{t(isKeeper ? "keeper.is" : "keeper.isNot")}</span>
              <button type="button" class="button" onClick={() => void change(!isKeeper)}>
                {t(isKeeper ? "keeper.dismiss" : "keeper.make")}
              </button>
            </div>
          );
        }}
      </Fetched>
      {failure ? <FailureNotice failure={failure} /> : null}
    </section>
  );
}
