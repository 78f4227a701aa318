import { useState } from "preact/hooks";
import type { Placement } from "../../api/map";
import { keysOf } from "../../keysOf";
import { t } from "../../texts";
import { Choices, TextField } from "../../ui/Choices";
import { adjusted, degrees, EDGES, isUpright, withEdge } from "../map/placement";
import type { Typed } from "../map/placement";

/** How far one press moves or grows the picture, as a share of it. Source: our choice. */
const STEP = 0.01;
/** What each button does: how far to the right, how far up, how much larger. */
const MOVES: [name: "up" | "down" | "left" | "right" | "grow" | "shrink", right: number, up: number, growth: number][] =
  [
    ["up", 0, STEP, 1],
    ["down", 0, -STEP, 1],
    ["left", -STEP, 0, 1],
    ["right", STEP, 0, 1],
    ["grow", 0, 0, 1 + STEP],
    ["shrink", 0, 0, 1 / (1 + STEP)],
  ];
/** Every coordinate system of the contract, in the order in which they are offered. */
const CRSES: Record<Placement["crs"], true> = { cgcs2000: true, wgs84: true, gcj02: true };

/** Where the picture lies: its edges or corners as numbers, and buttons that move and grow it. */
export function GroundCorners({
  typed,
  crs,
  onTyped,
  onCrs,
}: {
  typed: Typed;
  crs: Placement["crs"];
  onTyped: (next: Typed) => void;
  onCrs: (next: Placement["crs"]) => void;
}) {
  const [way, setWay] = useState<"upright" | "turned">(isUpright(typed) ? "upright" : "turned");
  const field = (id: string, label: string, value: string, most: number, onInput: (text: string) => void) => (
    <TextField
      key={id}
      id={id}
      label={label}
      value={value}
      error={degrees(value, most) === null ? t("ground.notNumber") : null}
      onInput={(text) => onInput(text.trim())}
    />
  );
  return (
    <div class="stack">
      <Choices
        name="way"
        legend={t("ground.where")}
        value={way}
        options={[
          { value: "upright", label: t("ground.upright") },
          { value: "turned", label: t("ground.turned") },
        ]}
        onChange={setWay}
      />
      <div class="ground-fields">
        {way === "upright"
          ? keysOf(EDGES).map((edge) => {
              const { axis, corners } = EDGES[edge];
              return field(
                `ground-${edge}`,
                t(`ground.${edge}`),
                typed[corners[0]]?.[axis] ?? "",
                axis === 0 ? 180 : 85,
                (text) => onTyped(withEdge(typed, edge, text)),
              );
            })
          : typed.flatMap(([lon, lat], at) => {
              const corner = t(`ground.corner.${at as 0 | 1 | 2 | 3}`);
              const put = (next: [string, string]) => onTyped(typed.map((old, index) => (index === at ? next : old)));
              return [
                field(`ground-lon-${at}`, t("ground.lon", { corner }), lon, 180, (text) => put([text, lat])),
                field(`ground-lat-${at}`, t("ground.lat", { corner }), lat, 85, (text) => put([lon, text])),
              ];
            })}
      </div>
      <label class="field">
        <span class="label">{t("ground.crs")}</span>
        <select value={crs} onChange={(event) => onCrs(event.currentTarget.value as Placement["crs"])}>
          {keysOf(CRSES).map((one) => (
            <option key={one} value={one}>
              {t(`crs.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <div class="stack-tight">
        <p class="meta">{t("ground.adjust")}</p>
        <div class="wrap">
          {MOVES.map(([name, right, up, growth]) => (
            <button type="button" class="button" key={name} onClick={() => onTyped(adjusted(typed, right, up, growth))}>
              {t(`ground.${name}`)}
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}
