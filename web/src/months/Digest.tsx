import { t } from "../texts";
import { shortDigest } from "./words";

/** A digest in a short form that two people can compare; in full on request. */
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
