import { useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { MAP_BYTES_MAX, MAP_PIXELS_MAX, MAP_SIDE_MAX_PX } from "../../api/limits";
import { placeMapImage, removeMapImage, sendMapImage } from "../../api/map";
import type { MapImage, Placement } from "../../api/map";
import type { Sending } from "../../api/sendFile";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reachable } from "../../api/request";
import { link } from "../../router";
import { reference } from "../../session/reference";
import { formatSize } from "../../store/storageSpace";
import { t } from "../../texts";
import { formatMoment } from "../../time/moment";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { useCached } from "../../ui/useCached";
import { FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import type { Mark } from "../../map/draw";
import { imageUrl, readGround } from "../map/ground";
import type { Ground } from "../map/ground";
import { MapCanvas } from "../map/MapCanvas";
import { cornersOf, firstGuess, typedOf } from "../map/placement";
import type { Typed } from "../map/placement";
import { viewOf } from "../../map/view";
import type { View } from "../../map/view";
import { GroundCorners } from "./GroundCorners";

/** The picture under the map: chosen, put in its place, seen with the points on it, and only then saved. */
export function GroundPage() {
  const ground = useCached<Ground>("map/ground", readGround);
  const [done, setDone] = useState<"ground.saved" | "ground.removed" | null>(null);
  const onDone = (what: "ground.saved" | "ground.removed") => {
    setDone(what);
    ground.reload();
  };
  return (
    <Page title={t("settings.ground")} back={link("settings")} isWide>
      <Fetched of={ground}>
        {(now) => (
          <div class="stack">
            <p>{t("ground.about")}</p>
            <p class="meta">{t("ground.law")}</p>
            {now.tiles ? (
              <Notice tone="info">
                <p>{t("ground.tiles", { credit: now.tiles.credit })}</p>
              </Notice>
            ) : null}
            {done ? (
              <Notice tone="success" role="status">
                <p>{t(done)}</p>
              </Notice>
            ) : null}
            <Form
              key={`${now.image?.sha256 ?? ""}${now.image?.changed_at ?? ""}`}
              ground={now}
              onDone={onDone}
              onChange={() => setDone(null)}
            />
          </div>
        )}
      </Fetched>
    </Page>
  );
}

/** A picture that was chosen and not yet sent. */
interface Chosen {
  file: File;
  url: string;
  width: number;
  height: number;
}

function Form({
  ground,
  onDone,
  onChange,
}: {
  ground: Ground;
  onDone: (what: "ground.saved" | "ground.removed") => void;
  onChange: () => void;
}) {
  const { image } = ground;
  const places = (reference.value?.points ?? []).flatMap((point) => point.location ?? []);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [typed, setTyped] = useState<Typed | null>(image ? typedOf(image.corners) : null);
  const [crs, setCrs] = useState<Placement["crs"]>(image?.crs ?? "cgcs2000");
  const [fault, setFault] = useState("");
  const [share, setShare] = useState<number | null>(null);
  const [isStopped, setStopped] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const sending = useRef<Sending<MapImage> | null>(null);
  const isStopping = useRef(false);
  useEffect(() => () => sending.current?.stop(), []);
  useEffect(
    () => () => {
      if (chosen) URL.revokeObjectURL(chosen.url);
    },
    [chosen],
  );

  const corners = typed && cornersOf(typed);
  const size = chosen ?? image;
  const isChanged =
    chosen !== null ||
    (image !== null &&
      corners !== null &&
      (crs !== image.crs || JSON.stringify(typedOf(corners)) !== JSON.stringify(typedOf(image.corners))));
  const set = (next: Typed) => {
    setTyped(next);
    onChange();
  };

  function choose(input: HTMLInputElement) {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    onChange();
    setFailure(null);
    setStopped(false);
    const url = URL.createObjectURL(file);
    const picture = new Image();
    picture.onload = () => {
      const { naturalWidth: width, naturalHeight: height } = picture;
      const isLarge =
        file.size > MAP_BYTES_MAX || width * height > MAP_PIXELS_MAX || Math.max(width, height) > MAP_SIDE_MAX_PX;
      setFault(isLarge ? t("ground.isLarge", { size: formatSize(file.size), width, height }) : "");
      if (isLarge) return URL.revokeObjectURL(url);
      setChosen({ file, url, width, height });
      setTyped((old) => old ?? firstGuess(places, width, height));
    };
    picture.onerror = () => {
      URL.revokeObjectURL(url);
      setFault(t("ground.isBroken"));
    };
    picture.src = url;
  }

  async function save(event: Event) {
    event.preventDefault();
    if (!corners) return document.querySelector<HTMLInputElement>("[aria-invalid]")?.focus();
    setFailure(null);
    setStopped(false);
    setShare(0);
    isStopping.current = false;
    try {
      if (chosen) {
        sending.current = sendMapImage(chosen.file, { corners, crs }, setShare);
        await sending.current.done;
      } else await placeMapImage({ corners, crs });
      setChosen(null);
      onDone("ground.saved");
    } catch (cause) {
      if (isStopping.current) setStopped(true);
      else setFailure(asFailure(cause));
    } finally {
      sending.current = null;
      setShare(null);
    }
  }
  function stop() {
    isStopping.current = true;
    sending.current?.stop();
  }
  async function remove() {
    setFailure(null);
    try {
      await removeMapImage();
      onDone("ground.removed");
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  }

  return (
    <form class="stack" onSubmit={(event) => void save(event)} noValidate>
      {image ? (
        <p class="meta">
          {t("ground.since", { at: formatMoment(image.changed_at), width: image.width, height: image.height })}
        </p>
      ) : chosen ? null : (
        <p class="meta">{t("ground.none")}</p>
      )}
      <div class="wrap">
        <label class={`take ${size ? "" : "take-main"}`}>
          {t(size ? "ground.chooseAgain" : "ground.choose")}
          <input
            type="file"
            accept="image/jpeg,image/png,image/webp"
            disabled={share !== null || !reachable.value}
            onChange={(event) => choose(event.currentTarget)}
          />
        </label>
        {image && !chosen ? (
          <ConfirmButton
            label={t("ground.remove")}
            question={t("ground.removeQuestion")}
            onConfirm={() => void remove()}
          />
        ) : null}
      </div>
      <p class="caption">{t("ground.accept")}</p>
      {fault ? (
        <p class="field-error" role="alert">
          {fault}
        </p>
      ) : null}
      {size && typed ? (
        <div class="desk desk-map">
          <Preview
            image={
              corners
                ? { sha256: image?.sha256 ?? "", width: size.width, height: size.height, corners, crs, changed_at: "" }
                : null
            }
            url={chosen?.url ?? imageUrl(image?.sha256 ?? "")}
            ground={ground}
          />
          <GroundCorners
            typed={typed}
            crs={crs}
            onTyped={set}
            onCrs={(next) => {
              setCrs(next);
              onChange();
            }}
          />
        </div>
      ) : null}
      {share !== null && chosen ? (
        <div class="card stack" role="status">
          <p>{t("ground.sending")}</p>
          <progress max={100} value={Math.round(share * 100)} aria-label={t("ground.sending")} />
          <button type="button" class="button" onClick={stop}>
            {t("action.cancel")}
          </button>
        </div>
      ) : null}
      {isStopped ? (
        <Notice tone="warn" role="status">
          <p>{t("ground.stopped")}</p>
        </Notice>
      ) : null}
      {failure ? <FailureNotice failure={failure} /> : null}
      {reachable.value ? null : (
        <Notice tone="warn">
          <p>{t("desk.needsNetwork")}</p>
        </Notice>
      )}
      {size && typed ? (
        <button
          type="submit"
          class="button button-primary button-wide"
          disabled={share !== null || !isChanged || !reachable.value}
        >
          {t("ground.save")}
        </button>
      ) : null}
    </form>
  );
}

/** The picture in its place with every point on it. */
function Preview({ image, url, ground }: { image: MapImage | null; url: string; ground: Ground }) {
  const view = useSignal<View | null>(null);
  const places = (reference.value?.points ?? []).flatMap((point) => point.location ?? []);
  const marks: Mark[] = places.map((location) => ({ location, shape: "quiet", tone: "primary" }));
  const around = [...places, ...(image?.corners ?? []).map(([lon, lat]) => ({ lon: lon ?? 0, lat: lat ?? 0 }))];
  return (
    <MapCanvas
      label={t("ground.preview", { count: places.length })}
      view={view}
      marksOf={() => marks}
      initialView={(width, height) => viewOf(around.length > 0 ? around : [{ lat: 0, lon: 0 }], width, height)}
      ground={{ image, tiles: ground.tiles }}
      urlOfImage={url}
    />
  );
}
