import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../texts";
import { Icon } from "../ui/Icon";
import { useOverlay } from "../ui/overlay";
import { Picture } from "../ui/Picture";
import type { ShownPhoto } from "../ui/PhotoGrid";

/** A camera inside the page with the earlier photo as a transparent overlay, to find the same position. */
export function GhostCamera({
  earlier,
  onTaken,
  onClose,
}: {
  earlier: ShownPhoto;
  onTaken: (file: File) => void;
  onClose: () => void;
}) {
  const video = useRef<HTMLVideoElement>(null);
  const [mix, setMix] = useState(40);
  const [refused, setRefused] = useState(false);
  const { box, onKeyDown } = useOverlay(onClose);

  useEffect(() => {
    let stream: MediaStream | null = null;
    let isOpen = true;
    const stop = () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    navigator.mediaDevices
      .getUserMedia({
        video: { facingMode: "environment", width: { ideal: 2560 }, height: { ideal: 1920 } },
        audio: false,
      })
      .then(
        (found) => {
          stream = found;
          if (!isOpen) return stop();
          if (video.current) {
            video.current.srcObject = found;
            void video.current.play();
          }
        },
        () => setRefused(true),
      );
    return () => {
      isOpen = false;
      stop();
    };
  }, []);

  function shoot() {
    const from = video.current;
    if (!from || from.videoWidth === 0) return;
    const canvas = document.createElement("canvas");
    canvas.width = from.videoWidth;
    canvas.height = from.videoHeight;
    canvas.getContext("2d")?.drawImage(from, 0, 0);
    canvas.toBlob(
      (blob) => {
        if (blob) onTaken(new File([blob], "same-angle.jpg", { type: "image/jpeg", lastModified: Date.now() }));
      },
      "image/jpeg",
      0.92,
    );
  }

  return (
    <div class="viewer" role="dialog" aria-modal="true" aria-label={t("ghost.open")} ref={box} onKeyDown={onKeyDown}>
      <div class="viewer-bar">
        <button type="button" class="icon-button" onClick={onClose} aria-label={t("action.close")}>
          <Icon name="close" />
        </button>
        <span>{t("ghost.hint")}</span>
      </div>
      <div class="viewer-stage ghost">
        {refused ? <p class="empty">{t("ghost.refused")}</p> : <video ref={video} playsInline muted />}
        <div class="ghost-over" style={{ opacity: mix / 100 }}>
          <Picture id={earlier.id} variant="view" alt={t("compare.before")} hasPreview={earlier.has_preview} />
        </div>
      </div>
      <div class="viewer-bar">
        <label class="grow">
          <span class="visually-hidden">{t("compare.mix")}</span>
          <input
            class="range"
            type="range"
            min={0}
            max={80}
            step={5}
            value={mix}
            onInput={(event) => setMix(Number(event.currentTarget.value))}
          />
        </label>
        <button type="button" class="button button-primary" disabled={refused} onClick={shoot}>
          <Icon name="camera" />
          {t("ghost.shoot")}
        </button>
      </div>
    </div>
  );
}
