import { useEffect, useState } from "preact/hooks";
import { clockAheadMs, request } from "../api/request";
import { link } from "../router";
import { requestPersistence, isPersistent, readStorageSpace, formatSize } from "../store/storageSpace";
import { writeMeta } from "../store/cache";
import { t } from "../texts";
import type { TextKey } from "../texts";
import { span } from "../time/countdown";
import { Icon } from "../ui/Icon";
import type { Tone } from "../ui/Notice";
import { Page } from "../ui/Page";

type CheckResult = "ok" | "weak" | "missing";
const TONES: Record<CheckResult, Tone> = { ok: "success", weak: "warn", missing: "danger" };
interface Finding {
  what: TextKey;
  result: CheckResult;
  detail: string;
}

/** Checks what this phone and this browser can do, before somebody relies on it. */
export function DoctorPage() {
  const [findings, setFindings] = useState<Finding[] | null>(null);
  useEffect(() => void examine().then(setFindings), []);
  const worst = findings?.some((finding) => finding.result === "missing")
    ? "missing"
    : findings?.some((finding) => finding.result === "weak")
      ? "weak"
      : "ok";
  return (
    <Page title={t("doctor.title")} back={link("me")}>
      <div class="stack">
        <p class="meta">{t("doctor.intro")}</p>
        {findings === null ? (
          <div class="skeleton" />
        ) : (
          <>
            <div class={`notice tone-${TONES[worst]}`} role="status">
              <p>{t(`doctor.sum.${worst}`)}</p>
            </div>
            <ul class="list">
              {findings.map((finding) => (
                <li class="list-row" key={finding.what}>
                  <span class={`chip tone-${TONES[finding.result]}`}>
                    <Icon name={finding.result === "ok" ? "tick" : "alert"} />
                    {t(`doctor.${finding.result}`)}
                  </span>
                  <span class="grow">
                    <strong>{t(finding.what)}</strong>
                    <br />
                    <span class="meta">{finding.detail}</span>
                  </span>
                </li>
              ))}
            </ul>
            <p class="caption">{navigator.userAgent}</p>
          </>
        )}
      </div>
    </Page>
  );
}

async function examine(): Promise<Finding[]> {
  await request("/me").catch(() => undefined);
  await requestPersistence().catch(() => undefined);
  const room = await readStorageSpace().catch(() => null);
  const stores = await writeMeta("doctor", Date.now()).then(
    () => true,
    () => false,
  );
  const isSecure = isSecureContext;
  const ahead = clockAheadMs.value;
  // Missing on plain HTTP and in old web views, although the types say otherwise.
  const hasCamera = "mediaDevices" in navigator && "getUserMedia" in navigator.mediaDevices;
  const is = (condition: boolean, otherwise: CheckResult): CheckResult => (condition ? "ok" : otherwise);
  return [
    {
      what: "doctor.secure",
      result: is(isSecure, "missing"),
      // Browsers count the machine's own address as secure without HTTPS.
      detail: t(
        !isSecure ? "doctor.secureNo" : location.protocol === "https:" ? "doctor.secureYes" : "doctor.secureOwn",
      ),
    },
    { what: "doctor.store", result: is(stores, "missing"), detail: t(stores ? "doctor.storeYes" : "doctor.storeNo") },
    {
      what: "doctor.room",
      result: is(room !== null && room.freeBytes > 200 * 1024 * 1024, "weak"),
      detail: room
        ? t("room.facts", { used: formatSize(room.usedBytes), free: formatSize(room.freeBytes) })
        : t("doctor.unknown"),
    },
    {
      what: "doctor.persist",
      result: is(isPersistent.value === true, "weak"),
      detail: t(isPersistent.value ? "room.persistent" : "room.notPersistent"),
    },
    {
      what: "doctor.worker",
      result: is("serviceWorker" in navigator, "weak"),
      detail: t("serviceWorker" in navigator ? "doctor.workerYes" : "doctor.workerNo"),
    },
    {
      what: "doctor.position",
      result: is("geolocation" in navigator && isSecure, "missing"),
      detail: t("geolocation" in navigator && isSecure ? "doctor.positionYes" : "doctor.positionNo"),
    },
    {
      what: "doctor.camera",
      result: is(hasCamera, "weak"),
      detail: t(hasCamera ? "doctor.cameraYes" : "doctor.cameraNo"),
    },
    {
      what: "doctor.digest",
      result: is(isSecure, "weak"),
      detail: t(isSecure ? "doctor.digestYes" : "doctor.digestNo"),
    },
    {
      what: "doctor.clock",
      result: ahead === null ? "weak" : is(Math.abs(ahead) < 300_000, "weak"),
      detail:
        ahead === null
          ? t("doctor.unknown")
          : Math.abs(ahead) < 300_000
            ? t("doctor.clockYes")
            : t(ahead > 0 ? "bar.clockFast" : "bar.clockSlow", { span: span(Math.abs(ahead)) }),
    },
  ];
}
