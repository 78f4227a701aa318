import { useRef, useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { readKinds, switchKind } from "../api/notices";
import type { Schemas } from "../api/types";
import { t } from "../texts";
import { FailureNotice, Fetched } from "../ui/Notice";
import { useCached } from "../ui/useCached";
import { kindText } from "./kinds";

/** Which kinds of notices one gets. A switch is saved at once, and goes back if that fails. */
export function KindSwitches({ onSwitched }: { onSwitched: () => void }) {
  const kinds = useCached<Schemas["NoticeSwitches"]>("notices/kinds", readKinds);
  const [switched, setSwitched] = useState<Schemas["NoticeSwitches"]>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  /** One after the other, so that the last press of a switch is the last that is saved. */
  const last = useRef(Promise.resolve());
  const saved = useRef<Schemas["NoticeSwitches"]>({});

  function turn(kind: string, isOn: boolean) {
    setSwitched((old) => ({ ...old, [kind]: isOn }));
    setFailure(null);
    last.current = last.current.then(async () => {
      try {
        saved.current = await switchKind(kind, isOn);
        onSwitched();
      } catch (cause) {
        setFailure(asFailure(cause));
        setSwitched((old) => ({ ...old, [kind]: saved.current[kind] ?? kinds.body?.[kind] ?? !isOn }));
      }
    });
  }

  return (
    <section class="card stack no-print" aria-labelledby="kinds-title">
      <h2 id="kinds-title">{t("notices.kindsTitle")}</h2>
      <p class="meta">{t("notices.kindsHint")}</p>
      {failure ? <FailureNotice failure={failure} /> : null}
      <Fetched of={kinds}>
        {(body) => (
          <ul>
            {Object.entries({ ...body, ...switched }).map(([kind, isOn]) => (
              <li key={kind}>
                <label class="tick">
                  <input type="checkbox" checked={isOn} onChange={(event) => turn(kind, event.currentTarget.checked)} />
                  {kindText(kind)}
                </label>
              </li>
            ))}
          </ul>
        )}
      </Fetched>
    </section>
  );
}
