import type { LeaderNote } from "../api/leader";
import { link } from "../router";
import { t } from "../texts";
import { formatDay } from "../time/moment";
import "./words";

export const noon = (day: string): string => `${day}T04:00:00Z`;

/** Notes of county leaders; where they are not about one issue, with what each is about. */
export function Notes({ notes, isOfIssue }: { notes: LeaderNote[]; isOfIssue?: true }) {
  return (
    <ul class="notes">
      {notes.map((note) => (
        <li key={note.id} class="stack-tight note">
          {isOfIssue ? null : (
            <p class="meta">
              <span lang="zh-CN">{t("leader.to", { unit: note.unit_name })}</span>
              {note.issue_id ? (
                <>
                  {t("punctuation.dot")}
                  <a href={link("issue", note.issue_id)} lang="zh-CN">
                    {note.issue_title}
                  </a>
                </>
              ) : null}
            </p>
          )}
          <p lang="zh-CN">{note.note}</p>
          <p class="meta" lang="zh-CN">
            {t("leader.by", { who: note.leader, day: formatDay(noon(note.on)) })}
          </p>
        </li>
      ))}
    </ul>
  );
}
