import { useEffect, useState } from "preact/hooks";
import { link } from "../router";
import { t } from "../texts";
import type { TextKey } from "../texts";
import { Notice } from "../ui/Notice";
import { Page } from "../ui/Page";

/** Chrome's own install prompt. It is offered once and has to be kept for later. */
interface InstallOffer extends Event {
  prompt(): Promise<void>;
}
let offer: InstallOffer | null = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event as InstallOffer;
});

type Browser = "wechat" | "dingtalk" | "ios" | "android" | "desk";

function browser(): Browser {
  const agent = navigator.userAgent;
  if (/MicroMessenger/i.test(agent)) return "wechat";
  if (/DingTalk/i.test(agent)) return "dingtalk";
  if (/iPhone|iPad|iPod/.test(agent)) return "ios";
  return /Android|Harmony/i.test(agent) ? "android" : "desk";
}

/** How to put the app on the home screen, step by step for the browser in use. */
export function InstallPage() {
  const [hasOffer, setOffer] = useState(offer !== null);
  const here = browser();
  const isInstalled = matchMedia("(display-mode: standalone)").matches;
  useEffect(() => {
    const note = () => setOffer(true);
    addEventListener("beforeinstallprompt", note);
    return () => removeEventListener("beforeinstallprompt", note);
  }, []);
  const steps = t(`install.steps.${here}` as TextKey).split("|");
  return (
    <Page title={t("install.title")} back={link("me")}>
      <div class="stack">
        {isInstalled ? (
          <Notice tone="success">
            <p>{t("install.done")}</p>
          </Notice>
        ) : null}
        <p>{t("install.why")}</p>
        <ol class="stack">
          {steps.map((step, at) => (
            <li class="card card-tight" key={step}>
              <strong>{at + 1}.</strong> {step}
            </li>
          ))}
        </ol>
        {hasOffer ? (
          <button type="button" class="button button-primary" onClick={() => void offer?.prompt()}>
            {t("install.now")}
          </button>
        ) : null}
        {here === "wechat" || here === "dingtalk" ? (
          <Notice tone="warn">
            <p>{t("install.inApp")}</p>
          </Notice>
        ) : null}
        <a class="button" href={link("doctor")}>
          {t("doctor.title")}
        </a>
      </div>
    </Page>
  );
}
