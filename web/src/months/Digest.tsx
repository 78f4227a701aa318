import { t } from "../texts";
import { shortDigest } from "./words";

/** A digest as two people compare it, and in full when asked for. */
export function Digest({ label, of }: { label: string; of: string }) {
  return (
    <details>
      <summary>
        <span>
          {label}
          {t("punctuation.colon")}
          <span class="digest-short">{shortDigest(of)}</span>
        </span>
      </summary>
      <p class="digest">{of}</p>
      <p class="meta">{t("months.digestHint")}</p>
    </details>
  );
}
