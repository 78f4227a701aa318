// Printed from docs/generated/openapi.json. Do not edit: npm run generate:api

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @enum {string} */
        Action: "report" | "submit" | "withdraw" | "settle-place" | "approve" | "send-back" | "resubmit" | "reject" | "release" | "release-urgent" | "sign-in" | "lapse-sign-in" | "return" | "reassign" | "report-fix" | "confirm-fix" | "remind" | "assign-check" | "pass" | "fail" | "confirm-false-evidence" | "request-hang" | "decide-hang" | "hang" | "reach-milestone" | "unhang" | "end-plan" | "request-extension" | "decide-extension" | "dispute" | "decide-dispute" | "assign-look-back" | "look-back" | "cannot-judge" | "archive";
        /** @description What somebody wants done to an issue. The fields of its members are those of the REST contract's bodies. */
        ActionBody: components["schemas"]["Withdraw"] | components["schemas"]["Approve"] | components["schemas"]["SendBack"] | components["schemas"]["Resubmit"] | components["schemas"]["Reject"] | components["schemas"]["Release"] | components["schemas"]["ReleaseUrgent"] | components["schemas"]["SignIn"] | components["schemas"]["Return"] | components["schemas"]["Reassign"] | components["schemas"]["ReportFix"] | components["schemas"]["ConfirmFix"] | components["schemas"]["Remind"] | components["schemas"]["AssignVisit"] | components["schemas"]["Pass"] | components["schemas"]["Fail"] | components["schemas"]["ConfirmFalseEvidence"] | components["schemas"]["RequestHang"] | components["schemas"]["Decide"] | components["schemas"]["Hang"] | components["schemas"]["ReachMilestone"] | components["schemas"]["Unhang"] | components["schemas"]["RequestExtension"] | components["schemas"]["Decide"] | components["schemas"]["Dispute"] | components["schemas"]["Decide"] | components["schemas"]["AssignVisit"] | components["schemas"]["LookBack"] | components["schemas"]["CannotJudge"];
        /** @description A photo that a step brings: already sent by the same person. */
        ActionPhoto: {
            captured_at?: components["schemas"]["Timestamp"] | null;
            /** @description Whether it was chosen from the album instead of taken for the step. */
            from_album?: boolean;
            /** @description The upload. */
            id: components["schemas"]["PhotoId"];
            /** @description What was drawn on it: burnt into `thumb` and `view`, while the original stays as it is. */
            marks?: components["schemas"]["Mark"][];
            /** @description What it shows. */
            view: components["schemas"]["PhotoView"];
        };
        /** @enum {string} */
        Addressee: "office" | "deputy-head" | "unit-head" | "discipline";
        /** @description A correction. */
        AdjustmentBody: {
            /** @description 1–100 characters. */
            document_no: string;
            /** @description The locked month that it corrects. */
            of_month: components["schemas"]["Month"];
            /** @description Points, from -100 to 100, exact: `-1.5`. */
            points: components["schemas"]["Exact"];
            /** @description 1–500 characters. */
            reason: string;
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** Format: uuid */
        AdjustmentId: string;
        /** @description A line that corrects a locked month. */
        AdjustmentView: {
            /** @description The document that decided it. */
            document_no: string;
            /** @description Identity. */
            id: components["schemas"]["AdjustmentId"];
            /** @description The month that it counts in. */
            in_month: components["schemas"]["Month"];
            /** @description The month that it corrects. */
            of_month: components["schemas"]["Month"];
            /** @description Points, added or taken away. */
            points: string;
            /** @description Why. */
            reason: string;
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @enum {string} */
        AgeBand: "18-34" | "35-59" | "60-plus";
        /** @description What the county pays or takes, in yuan; 0 where it has set no amount. Source of both defaults: none, so 0. */
        AmountRules: {
            /**
             * Format: int32
             * @description For a place on the black list, up to a million.
             */
            black_list_yuan: number;
            /**
             * Format: int32
             * @description For a place on the red list, up to a million.
             */
            red_list_yuan: number;
        };
        /** @description An answer. */
        AnswerBody: {
            /** @description 1–2000 characters; the author of the complaint reads it. */
            answer: string;
        };
        /** @description `answer`. */
        AnswerObjection: {
            /** @description Whether it is right. Then the rows are corrected, and read again at the decision. */
            is_upheld: boolean;
            /** @description Which. */
            objection_id: components["schemas"]["ObjectionId"];
            /** @description 1–500 characters. */
            reason: string;
        };
        /** @description `approve`. */
        Approve: {
            due?: components["schemas"]["Timestamp"] | null;
            severity?: components["schemas"]["Severity"] | null;
            /** @description Responsible unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description `approve`. */
        ApproveBatch: {
            /** @description Number of the document that approves the plan, 1–40 characters. */
            approval_no: string;
        };
        /** @description The present state of a township. */
        AreaFigures: components["schemas"]["SituationView"] & {
            /** @description Its area code. */
            area: string;
        };
        /** @description Figures by township. */
        AreasView: {
            /** @description Each township that has any issue, in the order of their area codes. */
            areas: components["schemas"]["AreaFigures"][];
            /** @description When they were counted. */
            at: components["schemas"]["Timestamp"];
            /**
             * Format: date
             * @description The first day of the weeks, a Monday.
             */
            from: string;
            /**
             * Format: date
             * @description The day after them.
             */
            to: string;
        };
        /** @description An external assessment, as the office writes it down. Its days are confidential and are not asked for. */
        Assessment: {
            /** @description Code of the campaign that is assessed. */
            campaign: string;
            /** @description First month in which it may come, such as `2027-08`. */
            from: string;
            /** @description How it is made. */
            kind: components["schemas"]["AssessmentKind"];
            /** @description What it is called, 1–40 characters. */
            name: string;
            /** @description Last month, the same one or at most eleven months later. */
            to: string;
        };
        /** Format: uuid */
        AssessmentId: string;
        /** @enum {string} */
        AssessmentKind: "unannounced" | "on-site" | "documents" | "survey" | "recheck";
        /** @description An external assessment. Nothing here depends on anything finer than a month. */
        AssessmentView: {
            /** @description Code of the campaign. */
            campaign: string;
            /** @description When it was written last. */
            changed_at: components["schemas"]["Timestamp"];
            /** @description The same in words, such as `预计2027年8月，还有2个月`. */
            countdown: string | null;
            /** @description First month in which it may come. */
            from: string;
            /** @description Identity. */
            id: components["schemas"]["AssessmentId"];
            /** @description How it is made. */
            kind: components["schemas"]["AssessmentKind"];
            /**
             * Format: int32
             * @description Months until the first one; 0 from then on; `null` once they are over.
             */
            months_left: number | null;
            /** @description What it is called. */
            name: string;
            /** @description Last month. */
            to: string;
            /**
             * Format: int64
             * @description What `If-Match` must name.
             */
            version: number;
        };
        /** @description `assign-look-back`. */
        AssignVisit: {
            /** @description Who goes. */
            inspector_id: components["schemas"]["UserId"];
        };
        /** @enum {string} */
        AuditAction: "sign-in" | "sign-out" | "session-revoked" | "password-changed" | "access-denied" | "user-created" | "user-changed" | "user-disabled" | "setting-changed" | "map-changed" | "imported" | "reference-changed" | "place-settled" | "job-taken-up" | "complaint-answered" | "packet-handed-in" | "record-handed-in" | "export-requested" | "export-read" | "batch-changed" | "recusals-changed" | "point-head-changed" | "zone-changed" | "planning-changed" | "name-asked" | "name-answered" | "name-read" | "keeper-changed" | "draw-read" | "month-rules-changed" | "peer-group-changed" | "month-changed" | "adjustment-made" | "commendation-made" | "ledger-changed" | "sample-drawn" | "card-changed" | "case-changed" | "self-report-changed" | "leader-note-written" | "repeats-drawn" | "original-read" | "scrub-failed";
        /** @description One record. */
        AuditView: {
            /** @description What. */
            action: components["schemas"]["AuditAction"];
            actor: components["schemas"]["Person"] | null;
            actor_role: components["schemas"]["Role"] | null;
            /** @description Server time. */
            at: components["schemas"]["Timestamp"];
            /** @description More, in words. */
            detail: string;
            /** @description How it ended. */
            outcome: components["schemas"]["Outcome"];
            /** @description The request it came with. */
            request_id: string;
            /**
             * Format: int64
             * @description Counts up; below zero for refusals, which are counted together and by themselves.
             */
            seq: number;
            /** @description To what. */
            target: string;
            /**
             * Format: int64
             * @description How often in that hour, of refusals; the first is shown. 1 for all else.
             */
            times: number;
        };
        /** @enum {string} */
        Basis: "point-item" | "point-category" | "area-item" | "area-category" | "category" | "point-lead";
        /** @enum {string} */
        BatchAction: "create" | "amend" | "propose" | "withdraw" | "send-back" | "approve" | "revoke" | "draw" | "redraw" | "begin" | "review" | "release" | "abandon";
        /** @description The body of a step. */
        BatchActionBody: components["schemas"]["PlainStep"] | components["schemas"]["ReasonedStep"] | components["schemas"]["ApproveBatch"] | components["schemas"]["DrawBatch"] | components["schemas"]["RedrawTask"];
        /** @description A step of the record of a batch. */
        BatchEventView: {
            /** @description The step. */
            action: components["schemas"]["BatchAction"];
            /** @description When. */
            at: components["schemas"]["Timestamp"];
            by: components["schemas"]["Person"] | null;
            /** @description Why. Before the release, or the end of an abandoned batch, only the office reads it. */
            reason: string | null;
            /** @description The state after it. */
            state: components["schemas"]["BatchState"];
            /**
             * Format: int64
             * @description The version that it led to.
             */
            version: number;
        };
        /** Format: uuid */
        BatchId: string;
        /** @description A plan, as the office writes it. */
        BatchPlan: {
            /** @description Six-digit codes of areas: points of any of them are in the pool; all points if there are none. */
            areas: string[];
            /** @description Codes of campaigns: points of any of them are in the pool; all points if there are none. */
            campaigns: string[];
            /** @description Slots, quotas and caps. */
            rules: components["schemas"]["DrawRules"];
            /** @description What it is called, for the office only; 1–100 characters. */
            title: string;
            /**
             * Format: date
             * @description First day of the window.
             */
            window_from: string;
            /**
             * Format: date
             * @description Last day of the window, in the same calendar month.
             */
            window_to: string;
        };
        /** @enum {string} */
        BatchState: "draft" | "proposed" | "approved" | "drawn" | "under-way" | "reviewed" | "released" | "abandoned";
        /** @description A batch as the office reads it. Which points are visited, when and by whom is in the draw's proof after the release. */
        BatchView: {
            abandon_vote: components["schemas"]["SignedView"] | null;
            abandoned: components["schemas"]["SignedView"] | null;
            /** @description What the caller may do with it now. */
            allowed_actions: components["schemas"]["BatchAction"][];
            /** @description Number of the document that approves the plan. */
            approval_no: string | null;
            approved: components["schemas"]["SignedView"] | null;
            /**
             * Format: int32
             * @description How often its draw was committed to; above 1 somebody started again.
             */
            attempt: number;
            began_at: components["schemas"]["Timestamp"] | null;
            commitment_sha256: components["schemas"]["Digest"] | null;
            drawn_at: components["schemas"]["Timestamp"] | null;
            /** @description Identity. */
            id: components["schemas"]["BatchId"];
            /**
             * Format: int32
             * @description Of these, neither carried out nor over.
             */
            open_tasks: number;
            /** @description Its plan. */
            plan: components["schemas"]["BatchPlan"];
            proposed: components["schemas"]["SignedView"] | null;
            /**
             * Format: int32
             * @description Redraws after declared conflicts.
             */
            redraws: number;
            released: components["schemas"]["SignedView"] | null;
            reviewed: components["schemas"]["SignedView"] | null;
            /** @description Its state. */
            state: components["schemas"]["BatchState"];
            /**
             * Format: int32
             * @description Tasks that were drawn and not dropped.
             */
            tasks: number;
            /**
             * Format: int32
             * @description Reports found on its visits that wait for their review.
             */
            unreviewed_reports: number;
            /**
             * Format: int64
             * @description What `If-Match` must name.
             */
            version: number;
            /**
             * Format: int32
             * @description Of these, carried out.
             */
            visited: number;
        };
        /** @description A point on the board. */
        BoardPointView: {
            /** @description Its code. */
            code: string;
            /** @description Whether it is a demonstration point. */
            demo: boolean;
            /** @description The unit that leads it. */
            lead_unit_id: components["schemas"]["UnitId"];
            /** @description Its name. */
            name: string;
            /** @description Issues there that are overdue, twenty at most; as long as there is one it does not pass. */
            overdue: components["schemas"]["IssueId"][];
            /** @description The point. */
            point_id: components["schemas"]["PointId"];
            /** @description Its type. */
            point_type: string;
            /**
             * @description The score behind it, with two decimals: the mean of the month's visits, or the latest one that is not
             *     stale.
             */
            score: string | null;
            /** @description Its standing. */
            standing: components["schemas"]["PointStanding"];
            /** @description Whether a veto item failed. */
            vetoed: boolean;
            visit_id: components["schemas"]["VisitId"] | null;
            /**
             * Format: date
             * @description The day of that.
             */
            visited_on: string | null;
        };
        /** @description The point board. */
        BoardView: {
            /** @description The number of points of the query by standing, without the filter `standing`. */
            counts: components["schemas"]["StandingCount"][];
            /**
             * Format: date
             * @description The day.
             */
            day: string;
            /** @description Failing points first, the lowest score at the top, then stale, never scored and passing ones. */
            items: components["schemas"]["BoardPointView"][];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
            /** @description The score from which a point passes, with two decimals. */
            pass_line: string;
            /**
             * Format: int32
             * @description After so many days a score is stale.
             */
            stale_days: number;
        };
        /** @enum {string} */
        BonusHead: "self-found" | "commendation";
        /** @description A line of F, what is added. */
        BonusView: {
            /** @description For what. */
            head: components["schemas"]["BonusHead"];
            /** @description What it adds, at most its cap. */
            points: string;
            /** @description Its rows. */
            rows: components["schemas"]["MonthRow"][];
        };
        /** @description The burden of a month. */
        BurdenView: {
            /** @description The median of the units of which anything was asked, with two decimals. */
            median: string | null;
            /** @description The month. */
            month: string;
            /** @description The points that were visited most often, ten at most. */
            most_visited: components["schemas"]["VisitedView"][];
            /**
             * Format: int64
             * @description Points that are inspected at present.
             */
            points: number;
            /** @description Those that bear most first. */
            units: components["schemas"]["UnitBurdenView"][];
            /**
             * Format: int64
             * @description Visits of the month.
             */
            visits: number;
        };
        /** @enum {string} */
        ByItself: "nothing" | "freeze" | "preview";
        /** @description A version of the calendar. */
        CalendarVersion: {
            /** @description Since when. */
            created_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Its number.
             */
            version: number;
        };
        /** @description The working calendar 工作日历 that limits are counted with. */
        CalendarView: {
            /** @description Saturdays and Sundays that are worked. */
            makeup: string[];
            /** @description Days off, such as `2026-10-01`. */
            off: string[];
            /** @description Other working hours for a part of every year. */
            seasons: components["schemas"]["SeasonView"][];
            /** @description Years whose days off should be named by now and are not: from November on the next one too. */
            unnamed_years: number[];
            /**
             * Format: int64
             * @description Deadlines name the version they were counted with.
             */
            version: number;
            /** @description Every version, newest first. */
            versions: components["schemas"]["CalendarVersion"][];
            /** @description Working hours of a working day. */
            windows: components["schemas"]["WindowView"][];
            /** @description IANA zone. */
            zone: string;
        };
        CampaignCode: string;
        /** @description A campaign 创建项目. */
        CampaignView: {
            code: string;
            honour_name: string;
            level: string;
            name: string;
            name_en: string;
        };
        /** @description `cannot-judge`. */
        CannotJudge: {
            /** @description What was seen, sent before, if anything. */
            photos?: components["schemas"]["ActionPhoto"][];
            /** @description Why not: closed, built over, in the dark. */
            reason: string;
        };
        /** Format: uuid */
        CaptureNonce: string;
        /** @enum {string} */
        CardAction: "propose" | "issue" | "drop" | "propose-withdrawal" | "keep" | "withdraw" | "conclude";
        /** Format: uuid */
        CardId: string;
        /** @enum {string} */
        CardState: "proposed" | "issued" | "concluded" | "dropped" | "withdrawn";
        /** @description A step on a card. */
        CardStep: {
            /** @description For `conclude`: number of the document, 1–40 characters. */
            document_no?: string | null;
            /** @description For `conclude`: the minutes of the talk, or who took the referral over, 1–2000 characters. */
            minutes?: string | null;
            /**
             * Format: date
             * @description For `conclude`: the day of the talk, or on which the referral was taken over.
             */
            on?: string | null;
            /** @description For `issue`, `drop`, `keep`, `withdraw`: why, 1–500 characters. Of what was issued or withdrawn the unit reads it. */
            reason?: string | null;
        };
        /** @description A card as its reader sees it. */
        CardView: components["schemas"]["OfficeCard"] | components["schemas"]["PublicCard"];
        /** Format: uuid */
        CaseId: string;
        /** @enum {string} */
        CaseKind: "reminder" | "talk" | "circular" | "referral";
        /** @description An accountability case. */
        CaseView: {
            approved_by: components["schemas"]["UserId"] | null;
            /** @description Number of the document. */
            document_no: string;
            /** @description Identity. */
            id: components["schemas"]["CaseId"];
            issue_id: components["schemas"]["IssueId"] | null;
            /** @description How. */
            kind: components["schemas"]["CaseKind"];
            /**
             * Format: date
             * @description The day of the document.
             */
            on: string;
            /** @description Name and post of the person. */
            person: string;
            /** @description Who entered it. */
            proposed_by: components["schemas"]["UserId"];
            /** @description For what. */
            reason: string;
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @enum {string} */
        Cashing: "cashed" | "waiting" | "not-cashed";
        /** @description How many changes the caller could see. */
        ChangesView: {
            /**
             * Format: int64
             * @description A number that says nothing by itself: when it is another than before, lists and issues of the caller may differ
             *     from what was read before.
             */
            seen: number;
        };
        /** @description What a county does before its first inspection, and what there is. */
        ChecklistView: {
            /** @description Whether every step is done. */
            done: boolean;
            /**
             * Format: int64
             * @description Inspectors who may log in.
             */
            inspectors: number;
            /**
             * Format: int64
             * @description Items of all campaigns.
             */
            items: number;
            /**
             * Format: int64
             * @description Accounts of the office that may log in.
             */
            office_people: number;
            /**
             * Format: int64
             * @description How many the office needs at least: who approves an issue does not release it.
             */
            office_people_min: number;
            /**
             * Format: int64
             * @description Points in use.
             */
            points: number;
            /** @description The steps, in order. */
            steps: components["schemas"]["StepView"][];
            /**
             * Format: int64
             * @description Accounts of units that may log in.
             */
            unit_people: number;
            /**
             * Format: int64
             * @description Units in use.
             */
            units: number;
            /** @description Years whose days off should be named by now and are not. */
            unnamed_years: number[];
        };
        /** @enum {string} */
        Chip: "road-uneven" | "lamp-out" | "dirty" | "facility-missing" | "street-market" | "stray-stall" | "road-trading" | "shop-spill" | "road-working";
        /** @enum {string} */
        Choke: "unclaimed" | "returned" | "overdue" | "reworked" | "rebound" | "past-plan";
        /** @description An issue on the dispatch list. */
        ChokeView: {
            /** @description Why it is on the list, at least one reason. */
            chokes: components["schemas"]["Choke"][];
            /** @description Its deadline. */
            due_at: components["schemas"]["Timestamp"];
            /** @description The issue. */
            issue_id: components["schemas"]["IssueId"];
            /** @description Its item. */
            item_code: string;
            /** @description Its number. */
            number: string;
            /** @description Name of the point. */
            point_name: string;
            /** @description How bad it is. */
            severity: components["schemas"]["Severity"];
            /** @description Its state. */
            state: components["schemas"]["State"];
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
            /** @description Its name. */
            unit_name: string;
        };
        /**
         * @description Whoever inspects, as the office knows them: by the account's pseudonym, and where a batch sent them by their code name
         *     in it, without the account.
         */
        CodedPerson: {
            /**
             * @description What they are called.
             * @example 暗访07
             */
            display_name: string;
            id: components["schemas"]["UserId"] | null;
        };
        /** @description A column of a sheet. */
        ColumnView: {
            /** @description What an empty cell does to a row that is there; a missing column leaves it as it was. */
            empty: components["schemas"]["EmptyCell"];
            /** @description Headings that mean the same. */
            headings: string[];
            /** @description What its cells hold. */
            holds: string;
            /** @description Its name. */
            name: string;
            /** @description The sheet is refused without it. */
            required: boolean;
        };
        /** @description A commendation. */
        CommendationBody: {
            /** @description 1–100 characters. */
            document_no: string;
            /**
             * Format: date
             * @description The day on which it was given.
             */
            given_on: string;
            /** @description 1–500 characters. */
            title: string;
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** Format: uuid */
        CommendationId: string;
        /** @description A commendation by a higher level. */
        CommendationView: {
            /** @description Its document. */
            document_no: string;
            /**
             * Format: date
             * @description The day on which it was given.
             */
            given_on: string;
            /** @description Identity. */
            id: components["schemas"]["CommendationId"];
            /** @description The month that it counts in. */
            in_month: components["schemas"]["Month"];
            /** @description For what. */
            title: string;
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description What a draw is committed to; see `docs/DRAW.md`. */
        CommitmentView: {
            /**
             * Format: int32
             * @description Which commitment of the batch it is, from 1.
             */
            attempt: number;
            /** @description The commitment itself. */
            commitment: Record<string, never>;
            /** @description The digest of the commitment, which the approver was shown. */
            commitment_sha256: components["schemas"]["Digest"];
        };
        /** @description Who said it: told only where they wanted it. */
        ComplaintAuthor: {
            /** @description What they are called; inspectors by their pseudonym. */
            display_name: string;
            /** @description What they do. */
            role: components["schemas"]["Role"];
            unit_id: components["schemas"]["UnitId"] | null;
        };
        /** @description What somebody has to say. */
        ComplaintBody: {
            /** @description 1–2000 characters. */
            body: string;
            /** @description About what. `conduct` goes to discipline inspection alone. */
            kind: components["schemas"]["ComplaintKind"];
            /** @description Whether its readers may know who wrote it; otherwise nobody learns that. */
            named: boolean;
        };
        /** @description How many complaints there are. */
        ComplaintCountsView: {
            /**
             * Format: int64
             * @description That have one.
             */
            answered: number;
            /**
             * Format: int64
             * @description That wait for an answer.
             */
            open: number;
            /**
             * Format: int64
             * @description Together.
             */
            total: number;
        };
        /** Format: uuid */
        ComplaintId: string;
        /** @enum {string} */
        ComplaintKind: "work" | "conduct" | "service" | "suggestion";
        /** @description A complaint as those it is meant for read it. */
        ComplaintView: {
            /** @description The answer. */
            answer: string | null;
            answered_at: components["schemas"]["Timestamp"] | null;
            /** @description By whom. */
            answered_by: string | null;
            author: components["schemas"]["ComplaintAuthor"] | null;
            /** @description What was said. */
            body: string;
            /** @description When it arrived. */
            filed_at: components["schemas"]["Timestamp"];
            /** @description Identity. */
            id: components["schemas"]["ComplaintId"];
            /** @description About what. */
            kind: components["schemas"]["ComplaintKind"];
        };
        /** @description `confirm-false-evidence`. */
        ConfirmFalseEvidence: {
            /** @description What was seen, sent before. */
            photos?: components["schemas"]["ActionPhoto"][];
            /** @description What is false, and how that is known; the unit reads it. */
            reason: string;
        };
        /** @description `confirm-fix`, by the unit's vice head: what is severe is reported then. */
        ConfirmFix: Record<string, never>;
        /** @description How a severe fix went by the unit's vice head. */
        ConfirmationView: {
            at: components["schemas"]["Timestamp"] | null;
            by: components["schemas"]["Person"] | null;
            /** @description `asked`, `given` or `no-vice-head`. */
            state: string;
        };
        /** @description A corner of a zone, WGS-84. */
        Corner: {
            /**
             * Format: double
             * @description Degrees north, −90 to 90.
             */
            lat: number;
            /**
             * Format: double
             * @description Degrees east, −180 to 180.
             */
            lon: number;
        };
        /** @description How many issues there are. */
        CountsView: {
            /** @description In each state that has any. */
            by_state: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description Of these, late.
             */
            overdue: number;
            /**
             * Format: int64
             * @description Together.
             */
            total: number;
        };
        /** @description Who logs in. */
        Credentials: {
            /**
             * Format: password
             * @description Its password.
             */
            password: string;
            /** @description Name of the account. */
            username: string;
        };
        /** @enum {string} */
        Crs: "wgs84" | "cgcs2000" | "gcj02";
        /** @enum {string} */
        DayPart: "morning" | "afternoon" | "evening";
        /** Format: date-time */
        Deadline: string;
        /** @description `decide-dispute`. */
        Decide: {
            /** @description The answer. */
            granted: boolean;
            /** @description Why. */
            reason: string;
            /** @description Which request. */
            request_id: components["schemas"]["RequestId"];
        };
        /** @description Who decided, when and why. */
        DecisionView: {
            /** @description When. */
            at: components["schemas"]["Timestamp"];
            by: components["schemas"]["Person"] | null;
            /** @description Why. */
            reason: string;
        };
        /** @enum {string} */
        DeductionHead: "yellow-card" | "red-card" | "unfounded-return" | "false-evidence" | "exposure";
        /** @description A line of E, the deductions. */
        DeductionView: {
            /** @description What of them counts. */
            counted: string;
            /** @description For what. */
            head: components["schemas"]["DeductionHead"];
            /** @description The points of the head. */
            points: string;
            /** @description What it can be opened to. */
            row: components["schemas"]["MonthRow"];
            /** @description Why. */
            ruling: components["schemas"]["Ruling"];
        };
        /** @description A position, WGS-84. */
        DegreesBody: {
            /**
             * Format: double
             * @description Degrees north.
             */
            lat: number;
            /**
             * Format: double
             * @description Degrees east.
             */
            lon: number;
        };
        Digest: string;
        /** @description The daily dispatch list. */
        DispatchView: {
            /**
             * Format: date
             * @description The county's day.
             */
            day: string;
            /** @description A part of it, those with most reasons first. */
            items: components["schemas"]["ChokeView"][];
            /** @description What to send as `cursor` for the next part; `null` on the last one. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description How many issues are on it, counted up to 10,000.
             */
            total: number;
        };
        /** @description `dispute`. */
        Dispute: {
            /** @description Evidence, sent before. */
            photos?: components["schemas"]["ActionPhoto"][];
            /** @description Why the finding is wrong. */
            reason: string;
        };
        /** @description `draw`. */
        DrawBatch: {
            /** @description What the approver was shown. The nonce must be drawn after that. */
            commitment_sha256: components["schemas"]["Digest"];
            /** @description 32 bytes that the approver's browser drew. */
            nonce: components["schemas"]["Digest"];
        };
        /** @description How many points of a stratum are drawn at least. */
        DrawQuota: {
            /** @description Code of the area. */
            area: string;
            /**
             * Format: int32
             * @description How many.
             */
            count: number;
            /** @description Code of the type. */
            point_type: string;
        };
        /** @description A batch whose draw was committed to. */
        DrawRow: {
            /** @description Number of the document that approves the plan. */
            approval_no: string | null;
            approved_at: components["schemas"]["Timestamp"] | null;
            /** @description The batch. */
            batch_id: components["schemas"]["BatchId"];
            /** @description Every commitment, the first first; more than one says that somebody started again. */
            commitments: components["schemas"]["CommitmentView"][];
            drawn_at: components["schemas"]["Timestamp"] | null;
            released_at: components["schemas"]["Timestamp"] | null;
            /** @description Where the batch stands. */
            state: components["schemas"]["BatchState"];
            /** @description What its plan is called; `null` for others than the office until it is released. */
            title: string | null;
        };
        /** @description The rules of a draw. Lists may be in any order; the digest does not depend on it. */
        DrawRules: {
            /** @description [`ALGORITHM`]. */
            algorithm: string;
            /**
             * Format: int32
             * @description The weight of a demonstration point in percent of that of any other, 100–1,000.
             */
            demo_percent: number;
            /**
             * Format: int32
             * @description Least number of tasks in the evening.
             */
            evening_min: number;
            /**
             * Format: int32
             * @description Places for any point, at least 1. They are drawn first, so every point that can be drawn has a chance, whatever
             *     the quotas are.
             */
            open_places: number;
            /** @description Whether two people visit the points that are marked as severe. */
            pair_severe: boolean;
            /** @description Types of point that two people visit. */
            pair_types: string[];
            /**
             * Format: int32
             * @description Visits that a point may have in the month, at least 1.
             */
            point_visits_max: number;
            /**
             * Format: int32
             * @description Places that are spread over the strata without a quota in proportion to their points.
             */
            proportional_places: number;
            /** @description Quotas of strata. */
            quotas: components["schemas"]["DrawQuota"][];
            /** @description The window: all slots, within one calendar month, since caps are for a month. */
            slots: components["schemas"]["DrawSlot"][];
            /**
             * Format: int32
             * @description Tasks that one inspector may have in the batch, at least 1.
             */
            tasks_per_inspector_max: number;
            /**
             * Format: int32
             * @description Visits that the points of a unit may have together in the month, at least 1.
             */
            unit_visits_max: number;
            /**
             * Format: int32
             * @description Least number of tasks on days off.
             */
            weekend_min: number;
        };
        /** @description What is to be drawn. */
        DrawSampleBody: {
            /** @description The present month, such as `2026-09`. */
            month: string;
        };
        /** @description A stretch of time in which a task may take place. */
        DrawSlot: {
            /**
             * Format: date
             * @description The civil day.
             */
            date: string;
            /**
             * Format: int32
             * @description Its start, in minutes after midnight.
             */
            from_minute: number;
            /** @description What kind of time it is; the caller decides this with the working calendar. */
            kind: components["schemas"]["SlotKind"];
            /**
             * Format: int32
             * @description Its end, in minutes after midnight, at most 1,440.
             */
            to_minute: number;
        };
        /** @description A draw, as far as it may be known. */
        DrawView: {
            /** @description Every commitment of the batch, the first first; more than one says that somebody started again. */
            commitments: components["schemas"]["CommitmentView"][];
            /** @description The proof file, for `anfang draw verify`; `null` until the batch is released. */
            proof: Record<string, never> | null;
        };
        /** @description A generated password; it is shown once. */
        DrawnPassword: {
            /** @description To be changed at the first login. */
            password: string;
        };
        /** @description `drop`. */
        DropEntry: {
            /** @description 1–500 characters. */
            reason: string;
        };
        /** Format: uuid */
        DutyId: string;
        /** @enum {string} */
        DutyRole: "lead" | "co" | "territorial" | "frontage";
        /** @description One duty of a unit 责任分工. */
        DutyView: {
            area_code: string | null;
            campaign: string | null;
            id: components["schemas"]["DutyId"];
            /** @description The item it is about; `null` when it is about a whole campaign. */
            item_code: string | null;
            point_id: components["schemas"]["PointId"] | null;
            role: components["schemas"]["DutyRole"];
            unit_id: components["schemas"]["UnitId"];
            /** @description First day, such as `2026-08-03`; `null` for since ever. */
            valid_from: string | null;
            /** @description Last day; `null` for no end. */
            valid_to: string | null;
        };
        /** @description Where a photo, or one like it, was used before. */
        EarlierUse: {
            /** @description On which issue. */
            issue_id: components["schemas"]["IssueId"];
            /** @description As which upload. */
            photo_id: components["schemas"]["PhotoId"];
        };
        /** @description The effort of a cell of the gap matrix. */
        EffortBody: {
            /**
             * Format: int32
             * @description 1–100; `null` forgets it.
             */
            effort?: number | null;
            /** @description The item. */
            item_code: string;
            /** @description The type of the points. */
            point_type: string;
        };
        /** @description A value that an empty cell empties. */
        EmptiedView: {
            /** @description Column by name. */
            column: string;
            /**
             * Format: int64
             * @description Line of the sheet.
             */
            line: number;
            /** @description The existing value, as people read it. */
            was: string;
        };
        /** @enum {string} */
        EmptyCell: "refused" | "kept" | "emptied" | "names";
        /** @enum {string} */
        EntryAction: "approve" | "drop" | "execute" | "publish";
        /** @description The body of a step. */
        EntryActionBody: components["schemas"]["PlainEntryStep"] | components["schemas"]["DropEntry"] | components["schemas"]["ExecuteEntry"];
        /** @enum {string} */
        EntryKind: "reward" | "penalty";
        /** @enum {string} */
        EntryState: "proposed" | "approved" | "executed" | "published" | "dropped";
        /** @description When cards, talks and referrals are proposed. All numbers are the least that lead to the measure. */
        EscalationRules: {
            /**
             * Format: int32
             * @description Months running on the black list for a referral. Default 3. Source: our judgement.
             */
            black_months_referral: number;
            /**
             * Format: int32
             * @description Months running on the black list for a talk. Default 2. Source: our judgement.
             */
            black_months_talk: number;
            /**
             * Format: int32
             * @description Position in a chain of rebounds for a red card. Default 2. Source: our judgement.
             */
            chain_red: number;
            /**
             * Format: int32
             * @description Working days overdue for a red card. Default 5. Source: our judgement.
             */
            overdue_days_red: number;
            /**
             * Format: int32
             * @description Red cards of a unit in a month for a referral 移交. Default 3. Source: our judgement.
             */
            reds_referral: number;
            /**
             * Format: int32
             * @description Red cards of a unit in a month for a talk 约谈. Default 2. Source: our judgement; 隆昌 (四川) takes three running.
             */
            reds_talk: number;
            /**
             * Format: int32
             * @description Failed checks of one issue for a red card. Default 3. Source: 金华 (浙江), which deducts more from the third on.
             */
            reworks_red: number;
            /**
             * Format: int32
             * @description Failed checks of one issue for a yellow card. Default 2. Source: our judgement.
             */
            reworks_yellow: number;
            /**
             * Format: int32
             * @description Yellow cards on one issue for a red card. Default 2. Source: 广元 (四川), which escalates the second.
             */
            yellows_red: number;
        };
        /** @description A photo that a step brought. */
        EventPhoto: {
            /** @description The upload. */
            id: components["schemas"]["PhotoId"];
            /** @description At which step. */
            stage: components["schemas"]["PhotoStage"];
            /** @description What it shows. */
            view: components["schemas"]["PhotoView"];
        };
        Exact: string;
        /** @description `execute`. */
        ExecuteEntry: {
            /** @description The document, 1–100 characters. */
            document_no: string;
            /**
             * Format: date
             * @description The day.
             */
            on: string;
        };
        /** @enum {string} */
        Facet: "severity";
        /** @description `fail`. */
        Fail: {
            /** @description What was seen, sent before. */
            photos?: components["schemas"]["ActionPhoto"][];
            /** @description What is still wrong. */
            reason: string;
        };
        /** @enum {string} */
        FieldCode: "required" | "too-long" | "out-of-range" | "malformed" | "unknown" | "duplicate" | "missing" | "not-allowed" | "digest-mismatch";
        /** @description One wrong field. */
        FieldProblem: {
            /** @description What kind of fault. */
            code: components["schemas"]["FieldCode"];
            /** @description What would be right. */
            detail: string;
            /** @description JSON Pointer (RFC 6901) into the body. */
            pointer: string;
        };
        /** @description A row of a figure. */
        FigureRowView: {
            /** @description Whether it belongs to the part, and not to the whole alone. */
            is_part: boolean;
            /** @description The row. */
            row: components["schemas"]["MonthRow"];
        };
        /** @description Some rows of a figure. */
        FigureRowsView: {
            /** @description The figure. */
            figure: components["schemas"]["MonthFigure"];
            /** @description Its rows: all of the whole, or of the part where the whole is concealed. */
            items: components["schemas"]["FigureRowView"][];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: number | null;
        };
        /** @description Figures. */
        FiguresView: {
            /** @description All units together. */
            all: components["schemas"]["SituationView"];
            /** @description When they were counted. */
            at: components["schemas"]["Timestamp"];
            /** @description Each unit that has any issue, in the order of their codes. */
            units: components["schemas"]["UnitFigures"][];
            /** @description Week by week, the present one last. */
            weeks: components["schemas"]["WeekView"][];
        };
        /** @description A doubt as the finder may know it: not what it was compared with. */
        FinderFlag: {
            /** @description What. */
            code: components["schemas"]["FlagCode"];
            photo_id?: components["schemas"]["PhotoId"] | null;
        };
        /** @description An issue as its finder reads it: the own report and its fate. */
        FinderIssue: {
            /** @description What the reader may do now. */
            allowed_actions: components["schemas"]["Action"][];
            /** @description Device time of the finding. */
            captured_at: components["schemas"]["Timestamp"];
            /**
             * Format: int32
             * @description Place in the chain of relapses, from 0.
             */
            chain_no: number;
            /**
             * Format: date
             * @description The day it was closed; the hour could be another's visit.
             */
            closed_on: string | null;
            /** @description The report's words. */
            description: string;
            due_at: components["schemas"]["Deadline"] | null;
            /**
             * @description The kinds of doubts there are about the own report; empty in lists, which do not tell them from doubts about
             *     what others did.
             */
            flag_codes: components["schemas"]["FlagCode"][];
            /** @description Doubts about the own report; absent in lists. */
            flags?: components["schemas"]["FinderFlag"][] | null;
            /** @description Identity. */
            id: components["schemas"]["IssueId"];
            /** @description That the reader found it: `true`. */
            is_mine: boolean;
            /** @description Item that is violated. */
            item_code: string;
            location: components["schemas"]["Location"] | null;
            /** @description What the unit says it did. */
            measure: string | null;
            /** @description Photos that were named but have not come. */
            missing_photos: components["schemas"]["PhotoId"][];
            /** @description Given at release. */
            number: string | null;
            parent_id: components["schemas"]["IssueId"] | null;
            /** @description The report's photos; those of the fix, too, for a finder who was given the check. */
            photos: components["schemas"]["FinderPhoto"][];
            /** @description Where. */
            point: components["schemas"]["PointView"];
            /** @description Server time the report came. */
            received_at: components["schemas"]["Timestamp"];
            released_at: components["schemas"]["ShownTime"] | null;
            remedy: components["schemas"]["Remedy"] | null;
            /**
             * Format: int32
             * @description 1, and one more with each failed check.
             */
            round: number;
            /** @description How bad. */
            severity: components["schemas"]["Severity"];
            /** @description Its state. */
            state: components["schemas"]["State"];
            submitted_at: components["schemas"]["Timestamp"] | null;
            unit_id: components["schemas"]["UnitId"] | null;
            /**
             * Format: int64
             * @description What `If-Match` must name: counts the steps that the finder may know of.
             */
            version: number;
            visit_id: components["schemas"]["VisitId"] | null;
        };
        /** @description A photo as the finder of the issue reads it. */
        FinderPhoto: {
            captured_at: components["schemas"]["Timestamp"] | null;
            /** @description Whether it can be looked at. */
            has_preview: boolean;
            /**
             * Format: int32
             * @description Pixels down of its `view`, upright.
             */
            height: number | null;
            /** @description The upload. */
            id: components["schemas"]["PhotoId"];
            /**
             * Format: int32
             * @description In which round.
             */
            round: number;
            /** @description At which step. */
            stage: components["schemas"]["PhotoStage"];
            /** @description What it shows. */
            view: components["schemas"]["PhotoView"];
            /**
             * Format: int32
             * @description Pixels across of its `view`, upright; `null` while it is on its way.
             */
            width: number | null;
        };
        /** @enum {string} */
        Fineness: "exact" | "half-day" | "day" | "never";
        /** @description The first administrator and the county. */
        FirstAccountBody: {
            /** @description The code that the service printed when it started. */
            code: string;
            /** @description What the county is called, 1–30 characters. */
            county_name: string;
            /** @description What others see. */
            display_name: string;
            /**
             * Format: password
             * @description Its password.
             */
            password: string;
            /** @description Name to log in with: 2–32 of `a-z0-9._-`. */
            username: string;
        };
        /** @description The first administrator. */
        FirstAccountView: {
            /** @description What others see. */
            display_name: string;
            /** @description Identity. */
            id: components["schemas"]["UserId"];
            /** @description What it is for: `admin`. */
            role: components["schemas"]["Role"];
            /** @description Name to log in with. */
            username: string;
        };
        /** @description The first password of a new account; its owner must change it. */
        FirstPassword: {
            /** @description What. */
            password: string;
            /** @description Whose. */
            username: string;
        };
        /** @enum {string} */
        FlagCode: "outside-geofence" | "location-unknown" | "clock-skew" | "late" | "handed-in" | "view-missing" | "photo-reused" | "photo-similar" | "photo-time-differs" | "photo-place-differs" | "photo-edited" | "photo-small" | "photo-no-preview" | "photo-unreadable" | "permitted-zone" | "impossible-travel" | "position-repeated" | "from-album" | "fix-alike" | "fix-unlike" | "closing-burst" | "nonce-missing" | "nonce-unknown" | "nonce-outdated" | "nonce-reused" | "desk-check";
        /** @description What a plan covers. */
        ForecastCovered: {
            /**
             * Format: int32
             * @description Areas.
             */
            areas: number;
            /**
             * Format: int32
             * @description Points that were never visited.
             */
            never_visited: number;
            /**
             * Format: int32
             * @description Types of point.
             */
            point_types: number;
            /**
             * Format: int32
             * @description Points.
             */
            points: number;
            /**
             * Format: int32
             * @description Lead units.
             */
            units: number;
        };
        /** @description The least and the greatest of a number over all draws that were tried. */
        ForecastRange: {
            /**
             * Format: int32
             * @description The least.
             */
            least: number;
            /**
             * Format: int32
             * @description The greatest.
             */
            most: number;
        };
        /** @description Points that cannot be drawn, or had nobody to go. */
        ForecastUndrawable: {
            /** @description How many. */
            points: components["schemas"]["ForecastRange"];
            /** @description Why. */
            reason: components["schemas"]["Reason"];
        };
        /** @description What a plan would lead to if it were drawn now. */
        ForecastView: {
            /** @description Areas with a task. */
            areas: components["schemas"]["ForecastRange"];
            /** @description What it covers. */
            covered: components["schemas"]["ForecastCovered"];
            /** @description Tasks in the evening too few. */
            evening_missing: components["schemas"]["ForecastRange"];
            /**
             * Format: int32
             * @description Inspectors who could go.
             */
            inspectors: number;
            /** @description Codes of types of point that no trial reached. */
            missed_types: string[];
            /** @description Points with a task that were never visited. */
            never_visited: components["schemas"]["ForecastRange"];
            /**
             * Format: int64
             * @description Places that the rules ask for.
             */
            places: number;
            /** @description Types of point with a task. */
            point_types: components["schemas"]["ForecastRange"];
            /** @description Tasks. */
            tasks: components["schemas"]["ForecastRange"];
            /**
             * Format: int32
             * @description Draws that were tried, each with a seed of its own that was thrown away.
             */
            trials: number;
            /** @description Points that cannot be drawn, or had nobody to go, by reason. */
            undrawable: components["schemas"]["ForecastUndrawable"][];
            /** @description Lead units with a task. */
            units: components["schemas"]["ForecastRange"];
            /** @description Tasks on days off too few. */
            weekend_missing: components["schemas"]["ForecastRange"];
        };
        /** @description A photo that a report names. */
        FormPhoto: {
            captured_at?: components["schemas"]["Timestamp"] | null;
            /** @description Whether it was chosen from the album instead of taken for the report. */
            from_album?: boolean;
            /** @description The upload's id. */
            id?: components["schemas"]["PhotoId"];
            /** @description What was drawn on it: burnt into `thumb` and `view`, while the original stays as it is. */
            marks?: components["schemas"]["Mark"][];
            sha256?: components["schemas"]["Digest"] | null;
            /** @description `far`, `near` or `detail`. */
            view: components["schemas"]["PhotoView"];
        };
        /** @description A report. */
        FormReport: {
            capture_nonce?: components["schemas"]["CaptureNonce"] | null;
            /** @description Device time of the finding. */
            captured_at: components["schemas"]["Timestamp"];
            /** @description In words, at most 500 characters; may be empty. */
            description?: string;
            /**
             * Format: uuid
             * @description Drawn when absent; give one, so that the call may be repeated.
             */
            id?: string;
            /**
             * @description Item that is violated.
             * @example WM-07
             */
            item_code: string;
            location?: components["schemas"]["Location"] | null;
            /** @description What each picture shows; the first is `far`, the second `near`, others `detail` when absent. */
            photos?: components["schemas"]["FormPhoto"][];
            place?: components["schemas"]["UnlistedPlaceBody"] | null;
            point_id?: components["schemas"]["PointId"] | null;
            sent_at?: components["schemas"]["Timestamp"] | null;
            /** @description How bad. */
            severity: components["schemas"]["Severity"];
            visit_id?: components["schemas"]["VisitId"] | null;
        };
        /** @description When something was found, as fine as a unit may know it. */
        FoundOn: {
            /**
             * Format: date
             * @description The civil day.
             */
            date: string;
            /** @description `morning` or `afternoon`. */
            half_day: string;
        };
        /** @description A cell of the gap matrix. */
        GapCellView: {
            /**
             * Format: int32
             * @description The office's estimate of the effort, 1–100; `null` counts as 1.
             */
            effort: number | null;
            /** @description Lost points ÷ effort, with two decimals. */
            gain: string;
            /** @description The item. */
            item_code: string;
            /** @description Lost points, the sum of weight × (1 − r), with two decimals. */
            lost: string;
            /**
             * Format: int64
             * @description How many valid visits judged it.
             */
            observed: number;
            /** @description The type of the points. */
            point_type: string;
        };
        /** @description The gap matrix. */
        GapMatrixView: {
            /** @description First month. */
            from: string;
            /** @description The cells in which anything was judged, first where an effort gains most. */
            items: components["schemas"]["GapCellView"][];
            /** @description Last month, the present one. */
            to: string;
        };
        /** @description The weights within B; together 100. A rate without data is left out, and the others share its weight. */
        HandlingWeights: {
            /** @description 1 − 延期率. Default 10. Source: 成都金牛区. */
            extension: components["schemas"]["Exact"];
            /** @description 处置率. Default 30. Source: 成都金牛区. */
            handling: components["schemas"]["Exact"];
            /** @description 按期处置率. Default 20. Source: 成都金牛区. */
            on_time: components["schemas"]["Exact"];
            /** @description 1 − 超期待处置率. Default 20. Source: 成都金牛区. */
            overdue_open: components["schemas"]["Exact"];
            /** @description 1 − 返工率. Default 20. Source: 成都金牛区. */
            rework: components["schemas"]["Exact"];
        };
        /** @description `hang`. */
        Hang: {
            /** @description What will be done by when. */
            plan: components["schemas"]["PlanBody"][];
            /** @description Why it cannot be fixed now. */
            reason: string;
        };
        /** @description Who is head of a point, and until when. */
        HeadBody: {
            /** @description The person's name, 1–40 characters. */
            person: string;
            /**
             * Format: date
             * @description Last day; absent while no end is known.
             */
            to?: string | null;
            /** @description The unit that the person works for. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description Somebody's time as head of a point 点长. */
        HeadTermView: {
            /**
             * Format: date
             * @description First day.
             */
            from: string;
            /** @description The person's name. */
            person: string;
            /**
             * Format: date
             * @description Last day; `null` while no end is known.
             */
            to: string | null;
            /** @description The unit that the person works for. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description A point and somebody's time as its head. */
        HeadedPointView: {
            /** @description The point. */
            point: components["schemas"]["PointView"];
            /** @description The time. */
            term: components["schemas"]["HeadTermView"];
        };
        /** @description The history in the view of the caller's role, oldest first. */
        HistoryView: components["schemas"]["Items_OfficeEvent"] | components["schemas"]["Items_EventView"];
        /** @description What to change of the working hours; absent fields stay. Days are named by `POST /imports/calendar`. */
        HoursBody: {
            /** @description Other working hours for a part of every year; all of them. */
            seasons?: components["schemas"]["SeasonView"][] | null;
            /** @description Working hours of a working day, such as `[{"from": "09:00", "to": "12:00"}]`. */
            windows?: components["schemas"]["WindowView"][] | null;
            /** @description IANA zone. */
            zone?: string | null;
        };
        /** @enum {string} */
        ImportKind: "units" | "points" | "items" | "users" | "duties" | "calendar";
        /** @description What an import came to. */
        ImportedView: {
            /** @description Rows that differ from the existing ones. */
            changed: number;
            /** @description Rows that were not there before. */
            created: number;
            doubt: components["schemas"]["PlaceDoubt"] | null;
            /** @description Values that empty cells empty, the first 500 of them. */
            emptied: components["schemas"]["EmptiedView"][];
            /** @description How many values empty cells empty. */
            emptied_count: number;
            /** @description First passwords of new accounts, told this once. */
            passwords: components["schemas"]["FirstPassword"][];
            /** @description Rows that are there already. */
            unchanged: number;
            /** @description Whether it was written; not when only a check was asked for. */
            written: boolean;
        };
        /** @description Somebody who answers for a unit, or is going to. */
        InChargeView: {
            /** @description Whether it is this person today. */
            current: boolean;
            /** @description As what. */
            duty: components["schemas"]["UnitDuty"];
            /**
             * Format: date
             * @description From which day on, until the next one of the same duty.
             */
            from: string;
            /** @description The name; empty while nobody is named. */
            person: string;
            /** @description A telephone number; may be empty. */
            phone: string;
            /** @description Of which unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description An own visit as its inspector reads it. There is no score: it could colour the next visit. */
        InspectorVisit: {
            /** @description Device time at which it began. */
            began_at: components["schemas"]["Timestamp"];
            /** @description Device time at which it ended. */
            ended_at: components["schemas"]["Timestamp"];
            /** @description Identity. */
            id: components["schemas"]["VisitId"];
            /** @description Street interviews. */
            interviews: components["schemas"]["Interview"][];
            location: components["schemas"]["Location"] | null;
            /** @description Photos of results that have not arrived; those of reports are on their issues. */
            missing_photos: components["schemas"]["PhotoId"][];
            /** @description Where. */
            point_id: components["schemas"]["PointId"];
            /** @description What was seen. */
            results: components["schemas"]["SeenView"][];
            task: components["schemas"]["TaskRef"] | null;
        };
        /** @description One person's answers. */
        Interview: {
            /** @description Age, roughly, as the inspector judges it. */
            age_band: components["schemas"]["AgeBand"];
            /**
             * Format: int32
             * @description Questions answered, 1–20.
             */
            answered: number;
            /**
             * Format: int32
             * @description Of these, answered right.
             */
            right: number;
        };
        /** Format: uuid */
        IssueId: string;
        /** @description What an issue needs. */
        IssueNeedsView: {
            /** @description What, in a fixed order; nothing when it needs nothing. */
            needs: components["schemas"]["Need"][];
            /** @description In words; may be empty. */
            note: string;
        };
        /** @description An issue in the view of the caller's role. */
        IssueView: components["schemas"]["OfficeIssue"] | components["schemas"]["FinderIssue"] | components["schemas"]["TaskIssue"] | components["schemas"]["UnitIssue"] | components["schemas"]["ReleasedIssue"];
        /** @enum {string} */
        ItemResult: "conforms" | "mostly" | "fails" | "not-applicable";
        /** @description An item 测评项. */
        ItemView: {
            campaign: string;
            /** @description One-tap chips that lead to it. */
            chips: components["schemas"]["Chip"][];
            code: string;
            /** @description What is wrong where it is violated, as headlines and papers name it; the title where the county says nothing else. */
            fault?: string;
            /** @description First letters of its title in pinyin, to search by: one word a character, a letter for each of its readings. */
            initials?: string;
            /** @description Such as `4wh`; `null` where a date is set at approval. */
            limit: string | null;
            limit_note: string;
            /** @description Whether a visit shows it on a photo, also where it conforms. */
            photo_required: boolean;
            /** @description Types of points it is looked for at; `*` is all of them. */
            point_types: string[];
            source: string;
            /** @description What is asked for. */
            title: string;
            title_en: string;
            veto: boolean;
            /** Format: int32 */
            weight: number;
        };
        /** @description All rows of a short list. */
        Items_AdjustmentView: {
            /** @description Its rows. */
            items: {
                /** @description The document that decided it. */
                document_no: string;
                /** @description Identity. */
                id: components["schemas"]["AdjustmentId"];
                /** @description The month that it counts in. */
                in_month: components["schemas"]["Month"];
                /** @description The month that it corrects. */
                of_month: components["schemas"]["Month"];
                /** @description Points, added or taken away. */
                points: string;
                /** @description Why. */
                reason: string;
                /** @description The unit. */
                unit_id: components["schemas"]["UnitId"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_AssessmentView: {
            /** @description Its rows. */
            items: {
                /** @description Code of the campaign. */
                campaign: string;
                /** @description When it was written last. */
                changed_at: components["schemas"]["Timestamp"];
                /** @description The same in words, such as `预计2027年8月，还有2个月`. */
                countdown: string | null;
                /** @description First month in which it may come. */
                from: string;
                /** @description Identity. */
                id: components["schemas"]["AssessmentId"];
                /** @description How it is made. */
                kind: components["schemas"]["AssessmentKind"];
                /**
                 * Format: int32
                 * @description Months until the first one; 0 from then on; `null` once they are over.
                 */
                months_left: number | null;
                /** @description What it is called. */
                name: string;
                /** @description Last month. */
                to: string;
                /**
                 * Format: int64
                 * @description What `If-Match` must name.
                 */
                version: number;
            }[];
        };
        /** @description All rows of a short list. */
        Items_BatchEventView: {
            /** @description Its rows. */
            items: {
                /** @description The step. */
                action: components["schemas"]["BatchAction"];
                /** @description When. */
                at: components["schemas"]["Timestamp"];
                by: components["schemas"]["Person"] | null;
                /** @description Why. Before the release, or the end of an abandoned batch, only the office reads it. */
                reason: string | null;
                /** @description The state after it. */
                state: components["schemas"]["BatchState"];
                /**
                 * Format: int64
                 * @description The version that it led to.
                 */
                version: number;
            }[];
        };
        /** @description All rows of a short list. */
        Items_CampaignView: {
            /** @description Its rows. */
            items: {
                code: string;
                honour_name: string;
                level: string;
                name: string;
                name_en: string;
            }[];
        };
        /** @description All rows of a short list. */
        Items_CommendationView: {
            /** @description Its rows. */
            items: {
                /** @description Its document. */
                document_no: string;
                /**
                 * Format: date
                 * @description The day on which it was given.
                 */
                given_on: string;
                /** @description Identity. */
                id: components["schemas"]["CommendationId"];
                /** @description The month that it counts in. */
                in_month: components["schemas"]["Month"];
                /** @description For what. */
                title: string;
                /** @description The unit. */
                unit_id: components["schemas"]["UnitId"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_DutyView: {
            /** @description Its rows. */
            items: {
                area_code: string | null;
                campaign: string | null;
                id: components["schemas"]["DutyId"];
                /** @description The item it is about; `null` when it is about a whole campaign. */
                item_code: string | null;
                point_id: components["schemas"]["PointId"] | null;
                role: components["schemas"]["DutyRole"];
                unit_id: components["schemas"]["UnitId"];
                /** @description First day, such as `2026-08-03`; `null` for since ever. */
                valid_from: string | null;
                /** @description Last day; `null` for no end. */
                valid_to: string | null;
            }[];
        };
        /** @description All rows of a short list. */
        Items_EventView: {
            /** @description Its rows. */
            items: {
                /** @description What. */
                action: components["schemas"]["Action"];
                actor_role: components["schemas"]["Role"] | null;
                /** @description The time, as exactly as the reader may know it; a half day or a day is given by its beginning. */
                at: components["schemas"]["ShownTime"];
                /** @description How exact that time is. */
                fineness: components["schemas"]["Fineness"];
                from: components["schemas"]["State"] | null;
                /** @description Photos it brought. */
                photos: components["schemas"]["EventPhoto"][];
                /** @description Why. */
                reason: string | null;
                /** @description To where. */
                to: components["schemas"]["State"];
                /**
                 * Format: int64
                 * @description The version it led to, as the reader counts.
                 */
                version: number;
            }[];
        };
        /** @description All rows of a short list. */
        Items_HeadTermView: {
            /** @description Its rows. */
            items: {
                /**
                 * Format: date
                 * @description First day.
                 */
                from: string;
                /** @description The person's name. */
                person: string;
                /**
                 * Format: date
                 * @description Last day; `null` while no end is known.
                 */
                to: string | null;
                /** @description The unit that the person works for. */
                unit_id: components["schemas"]["UnitId"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_InChargeView: {
            /** @description Its rows. */
            items: {
                /** @description Whether it is this person today. */
                current: boolean;
                /** @description As what. */
                duty: components["schemas"]["UnitDuty"];
                /**
                 * Format: date
                 * @description From which day on, until the next one of the same duty.
                 */
                from: string;
                /** @description The name; empty while nobody is named. */
                person: string;
                /** @description A telephone number; may be empty. */
                phone: string;
                /** @description Of which unit. */
                unit_id: components["schemas"]["UnitId"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_IssueView: {
            /** @description Its rows. */
            items: (components["schemas"]["OfficeIssue"] | components["schemas"]["FinderIssue"] | components["schemas"]["TaskIssue"] | components["schemas"]["UnitIssue"] | components["schemas"]["ReleasedIssue"])[];
        };
        /** @description All rows of a short list. */
        Items_ItemView: {
            /** @description Its rows. */
            items: {
                campaign: string;
                /** @description One-tap chips that lead to it. */
                chips: components["schemas"]["Chip"][];
                code: string;
                /** @description What is wrong where it is violated, as headlines and papers name it; the title where the county says nothing else. */
                fault?: string;
                /** @description First letters of its title in pinyin, to search by: one word a character, a letter for each of its readings. */
                initials?: string;
                /** @description Such as `4wh`; `null` where a date is set at approval. */
                limit: string | null;
                limit_note: string;
                /** @description Whether a visit shows it on a photo, also where it conforms. */
                photo_required: boolean;
                /** @description Types of points it is looked for at; `*` is all of them. */
                point_types: string[];
                source: string;
                /** @description What is asked for. */
                title: string;
                title_en: string;
                veto: boolean;
                /** Format: int32 */
                weight: number;
            }[];
        };
        /** @description All rows of a short list. */
        Items_LeaderView: {
            /** @description Its rows. */
            items: {
                /** @description Whether the account is in use. */
                active: boolean;
                /** @description The name. */
                display_name: string;
                /** @description The account. */
                id: components["schemas"]["UserId"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_LongJobView: {
            /** @description Its rows. */
            items: {
                /** @description When it was asked for. */
                created_at: components["schemas"]["Timestamp"];
                /**
                 * Format: int64
                 * @description Rows that are done.
                 */
                done: number;
                ended_at: components["schemas"]["Timestamp"] | null;
                /** @description Why it could not be done. */
                error: string | null;
                /** @description When it is forgotten, with its result. */
                expires_at: components["schemas"]["Timestamp"];
                /** @description How its sheet is written. */
                format: components["schemas"]["SheetFormat"];
                /** @description Identity. */
                id: components["schemas"]["LongJobId"];
                /** @description What is made. */
                kind: components["schemas"]["LongJobKind"];
                /**
                 * Format: int64
                 * @description Bytes of the result so far.
                 */
                size_bytes: number;
                /** @description Its state. */
                state: components["schemas"]["LongJobState"];
                /**
                 * Format: int64
                 * @description Rows there were to do when it began; `null` before.
                 */
                total: number | null;
            }[];
        };
        /** @description All rows of a short list. */
        Items_MonthRulesView: {
            /** @description Its rows. */
            items: {
                made_at: components["schemas"]["Timestamp"] | null;
                made_by: components["schemas"]["UserId"] | null;
                /** @description The rules, with their version. Numbers are exact, such as `9/20`. */
                rules: components["schemas"]["MonthRules"];
                /** @description The document that they follow; `null` for the program's own, version 1. */
                source: string | null;
            }[];
        };
        /** @description All rows of a short list. */
        Items_MonthView: {
            /** @description Its rows. */
            items: {
                /** @description What the caller may do with it now; `object` is `PUT …/objections/{id}`. */
                allowed_actions: components["schemas"]["MonthAction"][];
                /** @description The number of the circular 通报文号. */
                circular_no: string | null;
                /** @description Until when the office decides on objections, as planned. */
                decide_until: components["schemas"]["Timestamp"];
                /**
                 * Format: date
                 * @description The day from which it is frozen and its preview opened.
                 */
                freeze_on: string;
                /**
                 * Format: date
                 * @description Its last day; it is cut off at 24:00.
                 */
                last_day: string;
                /** @description Until when it is locked, as planned. */
                lock_until: components["schemas"]["Timestamp"];
                /** @description Which, such as `2026-09`. */
                month: components["schemas"]["Month"];
                /** @description Objections: for a unit its own. */
                objections: components["schemas"]["ObjectionView"][];
                /** @description Until when units may object: as planned, and once the preview is open as it holds. */
                objections_until: components["schemas"]["Timestamp"];
                office: components["schemas"]["OfficeMonth"] | null;
                /** @description Its state. */
                state: components["schemas"]["MonthState"];
                /**
                 * Format: int64
                 * @description What `If-Match` must name.
                 */
                version: number;
            }[];
        };
        /** @description All rows of a short list. */
        Items_NameRequestView: {
            /** @description Its rows. */
            items: {
                /** @description What the caller may do with it now; to read it one has to be a keeper still. */
                allowed_actions: components["schemas"]["NameRequestAction"][];
                answered_at: components["schemas"]["Timestamp"] | null;
                answered_by: components["schemas"]["UserId"] | null;
                /** @description When. */
                asked_at: components["schemas"]["Timestamp"];
                /** @description The keeper who asks. */
                asked_by: components["schemas"]["UserId"];
                /** @description Whose name, such as `暗访07`. */
                code_name: string;
                expires_at: components["schemas"]["Timestamp"] | null;
                /** @description Identity. */
                id: components["schemas"]["NameRequestId"];
                read_at: components["schemas"]["Timestamp"] | null;
                /** @description Why. */
                reason: string;
                /** @description Its state. */
                state: components["schemas"]["NameRequestState"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_OfficeEvent: {
            /** @description Its rows. */
            items: {
                /** @description What. */
                action: components["schemas"]["Action"];
                actor: components["schemas"]["CodedPerson"] | null;
                actor_role: components["schemas"]["Role"] | null;
                /** @description Server time. */
                at: components["schemas"]["Timestamp"];
                /** @description Fields that changed, with their new values. */
                changes: Record<string, never>;
                from: components["schemas"]["State"] | null;
                /** @description Photos it brought. */
                photos: components["schemas"]["EventPhoto"][];
                /** @description Why. */
                reason: string | null;
                /** @description To where. */
                to: components["schemas"]["State"];
                /**
                 * Format: int64
                 * @description The version it led to.
                 */
                version: number;
            }[];
        };
        /** @description All rows of a short list. */
        Items_OpenCasesView: {
            /** @description Its rows. */
            items: {
                /** @description How many. */
                count: number;
                /** @description Whether a unit has them; the others wait for the office. */
                is_released: boolean;
                /** @description The item that is violated. */
                item_code: string;
                /** @description How bad. */
                severity: components["schemas"]["Severity"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_OwnComplaintView: {
            /** @description Its rows. */
            items: {
                /** @description The answer. */
                answer: string | null;
                answered_at: components["schemas"]["Timestamp"] | null;
                /** @description What was said. */
                body: string;
                /** @description When it arrived. */
                filed_at: components["schemas"]["Timestamp"];
                /** @description Identity. */
                id: components["schemas"]["ComplaintId"];
                /** @description About what. */
                kind: components["schemas"]["ComplaintKind"];
                /** @description Whether those who read it may know who it was. */
                named: boolean;
            }[];
        };
        /** @description All rows of a short list. */
        Items_OwnPairingView: {
            /** @description Its rows. */
            items: {
                /**
                 * Format: date
                 * @description First day.
                 */
                from: string;
                /** @description Identity. */
                id: components["schemas"]["PairingId"];
                /** @description Whether it holds today, so that a note can be written. */
                is_on: boolean;
                last: components["schemas"]["LastScoreView"] | null;
                /** @description Name of the point or the unit. */
                name: string;
                /**
                 * Format: int64
                 * @description Released and not settled.
                 */
                open: number;
                /**
                 * Format: int64
                 * @description Of these, late now.
                 */
                overdue: number;
                point_id: components["schemas"]["PointId"] | null;
                /**
                 * Format: int64
                 * @description Relapses of earlier issues that were released since `since`.
                 */
                rebounds: number;
                /**
                 * Format: date
                 * @description A Monday, about 90 days ago.
                 */
                since: string;
                /**
                 * Format: date
                 * @description Last day; `null` while no end is known.
                 */
                to: string | null;
                /** @description The unit that answers for it. */
                unit_id: components["schemas"]["UnitId"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_PairingView: {
            /** @description Its rows. */
            items: {
                /**
                 * Format: date
                 * @description First day.
                 */
                from: string;
                /** @description Identity. */
                id: components["schemas"]["PairingId"];
                /** @description The leader's account. */
                leader_id: components["schemas"]["UserId"];
                point_id: components["schemas"]["PointId"] | null;
                /**
                 * Format: date
                 * @description Last day; `null` while no end is known.
                 */
                to: string | null;
                unit_id: components["schemas"]["UnitId"] | null;
            }[];
        };
        /** @description All rows of a short list. */
        Items_Person: {
            /** @description Its rows. */
            items: {
                /** @description What they are called. */
                display_name: string;
                /** @description The account. */
                id: components["schemas"]["UserId"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_PlaceView: {
            /** @description Its rows. */
            items: {
                /** @description Whether it is inspected at present. */
                active: boolean;
                address: string;
                area_code: string;
                campaigns: string[];
                code: string;
                /**
                 * Format: double
                 * @description Metres from the position that was given.
                 */
                distance_m?: number | null;
                id: components["schemas"]["PointId"];
                /** @description First letters of its name in pinyin, to search by: one word a character, a letter for each of its readings. */
                initials?: string;
                is_demo: boolean;
                lead_unit_id: components["schemas"]["UnitId"];
                location: components["schemas"]["Location"] | null;
                name: string;
                /** Format: int32 */
                radius_m: number;
                territorial_unit_id: components["schemas"]["UnitId"] | null;
                type: string;
            }[];
        };
        /** @description All rows of a short list. */
        Items_SavedViewView: {
            /** @description Its rows. */
            items: {
                /** @description Identity. */
                id: components["schemas"]["SavedViewId"];
                /** @description What it is called. */
                name: string;
                /** @description The query of `GET /issues` that shows it. */
                query: string;
                /** @description When it was saved last. */
                saved_at: components["schemas"]["Timestamp"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_SessionView: {
            /** @description Its rows. */
            items: {
                /** @description What the client called itself. */
                agent: string;
                /** @description When it began, by a login. */
                created_at: components["schemas"]["Timestamp"];
                /** @description When it ends. */
                expires_at: components["schemas"]["Timestamp"];
                /** @description Identity. */
                id: components["schemas"]["SessionId"];
                /** @description Whether it is the one that asks. */
                is_current: boolean;
                /** @description Last use, to the minute. */
                last_seen_at: components["schemas"]["Timestamp"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_SettingView: {
            /** @description Its rows. */
            items: {
                /**
                 * Format: int32
                 * @description Most characters of a name; `null` where it is none.
                 */
                chars_max: number | null;
                /** @description What holds when nothing was ever set. */
                default: unknown;
                /**
                 * Format: int32
                 * @description The largest.
                 */
                max: number | null;
                /**
                 * Format: int32
                 * @description The least number it can be; `null` where it is none.
                 */
                min: number | null;
                /** @description Its name. */
                name: string;
                /** @description What is in force. */
                value: unknown;
                /** @description The words it can be; empty where it is a number or a name. */
                words: string[];
            }[];
        };
        /** @description All rows of a short list. */
        Items_SheetView: {
            /** @description Its rows. */
            items: {
                /** @description Its columns, in any order. */
                columns: components["schemas"]["ColumnView"][];
                /** @description What it holds. */
                kind: components["schemas"]["ImportKind"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_StandingPoint: {
            /** @description Its rows. */
            items: {
                /** @description Whether it is a demonstration point. */
                is_demo: boolean;
                /** @description Whether that failed an item with a veto. */
                is_vetoed: boolean;
                /** @description The unit that leads it. */
                lead_unit_id: components["schemas"]["UnitId"];
                /** @description Its name. */
                name: string;
                /** @description Issues that were overdue there. */
                overdue: components["schemas"]["IssueId"][];
                /** @description The point. */
                point_id: components["schemas"]["PointId"];
                /** @description The score that decides its standing. */
                score: string | null;
                /** @description Its standing. */
                standing: components["schemas"]["PointStanding"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_StarterSetView: {
            /** @description Its rows. */
            items: {
                /** @description Code of the campaign. */
                campaign: string;
                /** @description Whether the county has this campaign already. */
                is_there: boolean;
                /** @description How many items it has. */
                items: number;
                /** @description Its name. */
                name: string;
                /** @description Its name in English. */
                name_en: string;
            }[];
        };
        /** @description All rows of a short list. */
        Items_StuckJobView: {
            /** @description Its rows. */
            items: {
                /** @description Identity. */
                id: components["schemas"]["JobId"];
                kind: components["schemas"]["JobKind"] | null;
                /** @description Why the last try failed. */
                last_error: string | null;
                stuck_at: components["schemas"]["Timestamp"] | null;
            }[];
        };
        /** @description All rows of a short list. */
        Items_TaskView: {
            /** @description Its rows. */
            items: {
                /** @description The batch. */
                batch_id: components["schemas"]["BatchId"];
                /** @description What the caller is called in the batch. */
                code_name: string;
                /** @description From when. */
                from: components["schemas"]["Timestamp"];
                /**
                 * Format: int32
                 * @description Its number in it; the visit names both.
                 */
                number: number;
                /** @description Where. */
                point_id: components["schemas"]["PointId"];
                /** @description Until when. */
                to: components["schemas"]["Timestamp"];
                /** @description What the other person of a pair is called. */
                with: string | null;
            }[];
        };
        /** @description All rows of a short list. */
        Items_UnitGroupView: {
            /** @description Its rows. */
            items: {
                /** @description Whether it also answers for what others lead on its territory 乡镇(街道). */
                is_township: boolean;
                /** @description Its name. */
                name: string;
                /** @description The group that it is ranked in 考评分组. */
                peer_group: string;
                /** @description The unit. */
                unit_id: components["schemas"]["UnitId"];
            }[];
        };
        /** @description All rows of a short list. */
        Items_UnitPersonView: {
            /** @description Its rows. */
            items: {
                /** @description Whether it is this person today. */
                current: boolean;
                /** @description As what. */
                duty: components["schemas"]["UnitDuty"];
                /**
                 * Format: date
                 * @description From which day on, until the next one of the same duty.
                 */
                from: string;
                /** @description The name; empty while nobody is named. */
                person: string;
                /** @description A telephone number; may be empty. */
                phone: string;
            }[];
        };
        /** @description All rows of a short list. */
        Items_UnitView: {
            /** @description Its rows. */
            items: {
                active: boolean;
                area_code: string;
                code: string;
                id: components["schemas"]["UnitId"];
                /** @description First letters of its name in pinyin, to search by: one word a character, a letter for each of its readings. */
                initials?: string;
                kind: string;
                name: string;
            }[];
        };
        /** @description All rows of a short list. */
        Items_UnlistedPlaceView: {
            /** @description Its rows. */
            items: {
                /** @description Its address as it was reported; may be empty. */
                address: string;
                /** @description The id of the point that stands for it. */
                id: components["schemas"]["PointId"];
                /** @description The issues there. */
                issue_ids: components["schemas"]["IssueId"][];
                /** @description The most likely unit: that of the nearest point. */
                lead_unit_id: components["schemas"]["UnitId"];
                location: components["schemas"]["Location"] | null;
                merged_into: components["schemas"]["PointId"] | null;
                /** @description Its name as it was reported. */
                name: string;
                /** @description Points within 200 m, nearest first, with their distance. */
                near: components["schemas"]["PlaceView"][];
                /** @description When the report arrived. */
                reported_at: components["schemas"]["Timestamp"];
                settled_at: components["schemas"]["Timestamp"] | null;
                /** @description The most likely type of the point: that of the nearest one. */
                type: string;
            }[];
        };
        /** @description All rows of a short list. */
        Items_UserView: {
            /** @description Its rows. */
            items: {
                campaign: components["schemas"]["CampaignCode"] | null;
                /** @description When it was made. */
                created_at: components["schemas"]["Timestamp"];
                disabled_at: components["schemas"]["Timestamp"] | null;
                /** @description What others see. */
                display_name: string;
                /** @description Identity. */
                id: components["schemas"]["UserId"];
                /** @description Whether the user must still set a password of their own. */
                must_change_password: boolean;
                /** @description What it is for. */
                role: components["schemas"]["Role"];
                unit_id: components["schemas"]["UnitId"] | null;
                /** @description Name to log in with. */
                username: string;
                /** @description Whether it is the unit's vice head 分管领导, who confirms severe fixes. */
                vice_head: boolean;
            }[];
        };
        /** @description All rows of a short list. */
        Items_YearScoreView: {
            /** @description Its rows. */
            items: {
                /** @description The adjustments at the end of the year, together. */
                adjusted: string;
                /** @description Their mean; `null` with too few. */
                mean: string | null;
                /** @description Its locked months. */
                months: components["schemas"]["YearMonthView"][];
                /** @description Its name in its latest month. */
                name: string;
                /** @description The score; `null` with too few months. */
                score: string | null;
                /** @description The unit. */
                unit_id: components["schemas"]["UnitId"];
                /** @description How many of them count. */
                valid_months: number;
            }[];
        };
        /** @description All rows of a short list. */
        Items_ZoneView: {
            /** @description Its rows. */
            items: {
                /** @description Identity. */
                id: components["schemas"]["ZoneId"];
                /**
                 * Format: int64
                 * @description What `If-Match` must name.
                 */
                version: number;
                /** @description The zone. */
                zone: components["schemas"]["PermittedZone"];
            }[];
        };
        /** Format: uuid */
        JobId: string;
        /** @enum {string} */
        JobKind: "render" | "work-long" | "sweep-orphans" | "sweep-files" | "scrub" | "lapse-sign-ins" | "index-fingerprints" | "index-issues" | "end-plans" | "archive" | "tell-due-soon" | "look-for-cards" | "draw-staged" | "give-look-backs" | "draw-repeats" | "freeze-months" | "end-sessions";
        /** @description The score in the last month that leaders may read. */
        LastScoreView: {
            /** @description The month. */
            month: components["schemas"]["Month"];
            /**
             * Format: int64
             * @description The unit's rank in its group.
             */
            rank: number | null;
            /** @description The score, rounded to two decimals; `null` where there was too little to score. */
            score: string | null;
            standing: components["schemas"]["PointStanding"] | null;
        };
        /** @description What a leader writes. */
        LeaderNoteBody: {
            issue_id?: components["schemas"]["IssueId"] | null;
            /** @description What the unit and the office are to read. */
            note: string;
            /** @description On which of the own pairings; it must hold today. */
            pairing_id: components["schemas"]["PairingId"];
        };
        /** Format: uuid */
        LeaderNoteId: string;
        /** @description A note 督战 of a county leader. It asks for nothing and counts for nothing. */
        LeaderNoteView: {
            /** @description Identity. */
            id: components["schemas"]["LeaderNoteId"];
            issue_id: components["schemas"]["IssueId"] | null;
            /** @description Number and place of the issue. */
            issue_title: string | null;
            /** @description What the leader is called. */
            leader: string;
            /** @description What it says. */
            note: string;
            /**
             * Format: date
             * @description The day on which it was written.
             */
            on: string;
            /** @description The pairing. */
            pairing_id: components["schemas"]["PairingId"];
            /** @description The unit that reads it. */
            unit_id: components["schemas"]["UnitId"];
            /** @description Its name. */
            unit_name: string;
        };
        /** @description A county leader. */
        LeaderView: {
            /** @description Whether the account is in use. */
            active: boolean;
            /** @description The name. */
            display_name: string;
            /** @description The account. */
            id: components["schemas"]["UserId"];
        };
        /** Format: uuid */
        LedgerEntryId: string;
        /** @description An entry of the ledger. */
        LedgerEntryView: {
            /** @description What the caller may do with it now. */
            allowed_actions: components["schemas"]["EntryAction"][];
            /**
             * Format: int64
             * @description How much, in fen, where the county has set an amount.
             */
            amount_fen: number | null;
            /** @description How many of two people approved it. */
            approvals: number;
            cashing: components["schemas"]["Cashing"] | null;
            /** @description The document by which it was executed. */
            document_no: string | null;
            /** @description Why it was dropped. */
            dropped_because: string | null;
            /**
             * Format: date
             * @description The day on which it was executed.
             */
            executed_on: string | null;
            /** @description Identity. */
            id: components["schemas"]["LedgerEntryId"];
            /** @description What it is. */
            kind: components["schemas"]["EntryKind"];
            /** @description The list that led to it. */
            listed: components["schemas"]["Listed"];
            /** @description The month. */
            month: components["schemas"]["Month"];
            /** @description Why, in a sentence; `null` for units. */
            reason: string | null;
            /** @description Its state. */
            state: components["schemas"]["EntryState"];
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
            /**
             * Format: int64
             * @description What `If-Match` must name.
             */
            version: number;
        };
        /** @description The ledger of a month. */
        LedgerView: {
            /** @description 兑现率, such as `100.00%`; `null` when it does not apply, and for units. */
            cash_in_rate: string | null;
            /** @description The same by what the entries are worth; `null` when none has an amount, and for units. */
            cash_in_rate_by_amount: string | null;
            /** @description Its entries: for a unit its own, once they and the month are published. */
            items: components["schemas"]["LedgerEntryView"][];
        };
        /** @enum {string} */
        Light: "green" | "yellow" | "red" | "done";
        /** @enum {string} */
        ListCrs: "wgs84" | "cgcs2000" | "gcj02" | "bd09";
        /** @enum {string} */
        Listed: "neither" | "red" | "black";
        /** @description What a place needs to become a point. */
        ListingBody: {
            /** @description Where it is, for people, at most 200 characters. */
            address?: string;
            /** @description Codes of the campaigns that inspect it. */
            campaigns: string[];
            /** @description Code, such as `990001-MKT-0042`; no other point has it. */
            code: string;
            /** @description Lead unit 主责单位. */
            lead_unit_id: components["schemas"]["UnitId"];
            /** @description Name, 1–100 characters. */
            name: string;
            /** @description Code of its type. */
            type: string;
        };
        Location: {
            /** @description Radius of the 68 % circle in metres. */
            accuracy_m?: number;
            /** @description Degrees of WGS-84, north. */
            lat: number;
            /** @description Degrees of WGS-84, east. */
            lon: number;
        };
        /** @description `lock`. */
        LockMonth: {
            /** @description The results that this person has seen. */
            results_sha256: components["schemas"]["Digest"];
        };
        /** @description One of two people's votes to lock. */
        LockVoteView: {
            /** @description When. */
            at: components["schemas"]["Timestamp"];
            /** @description Who. */
            by: components["schemas"]["UserId"];
        };
        /** @description What is asked for. */
        LongJobBody: {
            /** @description How the sheet is written; `csv` when nothing is said. */
            format?: components["schemas"]["SheetFormat"];
            /** @description What is made. */
            kind: components["schemas"]["LongJobKind"];
            /** @description Whether each row has a picture of the fault; only an `xlsx` has them. */
            pictures?: boolean;
            /**
             * @description Of an `issue-list`: the query of `GET /issues` that shows the same issues, such as `state=rectifying&overdue=true`.
             *     Order, limit and cursor do not matter.
             */
            query: string;
        };
        /** Format: uuid */
        LongJobId: string;
        /** @enum {string} */
        LongJobKind: "issue-list";
        /** @enum {string} */
        LongJobState: "queued" | "running" | "done" | "failed" | "cancelled";
        /** @description A long job of one's own. */
        LongJobView: {
            /** @description When it was asked for. */
            created_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Rows that are done.
             */
            done: number;
            ended_at: components["schemas"]["Timestamp"] | null;
            /** @description Why it could not be done. */
            error: string | null;
            /** @description When it is forgotten, with its result. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description How its sheet is written. */
            format: components["schemas"]["SheetFormat"];
            /** @description Identity. */
            id: components["schemas"]["LongJobId"];
            /** @description What is made. */
            kind: components["schemas"]["LongJobKind"];
            /**
             * Format: int64
             * @description Bytes of the result so far.
             */
            size_bytes: number;
            /** @description Its state. */
            state: components["schemas"]["LongJobState"];
            /**
             * Format: int64
             * @description Rows there were to do when it began; `null` before.
             */
            total: number | null;
        };
        /** @description `look-back`. */
        LookBack: {
            /** @description Whether the fix has held. */
            held: boolean;
            /** @description In words. */
            note?: string | null;
            /** @description What was seen, sent before. */
            photos: components["schemas"]["ActionPhoto"][];
        };
        /** @enum {string} */
        LookBackResult: "held" | "rebound" | "cannot-judge";
        /** @description How closed issues are sampled for look-backs. Source of all defaults: our judgement. */
        LookBackRules: {
            /**
             * Format: int32
             * @description Days after the closing from which an issue is sampled. Default 7.
             */
            from_days: number;
            /**
             * Format: int32
             * @description Share of severe issues, in percent, rounded up. Default 50.
             */
            high_percent: number;
            /**
             * Format: int32
             * @description Share of the population, in percent, rounded up. Default 15.
             */
            share_percent: number;
            /**
             * Format: int32
             * @description Least size of the sample. Default 10.
             */
            size_min: number;
            /**
             * Format: int32
             * @description Hours after such a closing within which somebody looks. Default 72.
             */
            staged_hours: number;
            /**
             * Format: int32
             * @description Share of closings on the day of release that are looked at again soon, in percent; what is not a whole issue is
             *     carried over to the next draw. Default 10.
             */
            staged_percent: number;
            /**
             * Format: int32
             * @description Days after the closing up to which an issue is sampled. Default 90, as rebounds are counted.
             */
            to_days: number;
            /**
             * Format: int32
             * @description Closings from which a unit has at least one in the sample. Default 5.
             */
            unit_closings_min: number;
        };
        /** @description A visit that lost points in a cell of the matrix. */
        LossView: {
            /** @description When it began. */
            began_at: components["schemas"]["Timestamp"];
            issue_id: components["schemas"]["IssueId"] | null;
            /** @description Lost points, with two decimals. */
            lost: string;
            /** @description Where. */
            point: components["schemas"]["PointView"];
            /** @description The visit. */
            visit_id: components["schemas"]["VisitId"];
        };
        /** @description The county's own picture and its position. */
        MapImageView: {
            /** @description When it was put there, or moved. */
            changed_at: components["schemas"]["Timestamp"];
            /** @description Longitude and latitude of its corners: upper left, upper right, lower right, lower left. */
            corners: number[][];
            /** @description What these degrees are. */
            crs: components["schemas"]["Crs"];
            /**
             * Format: int32
             * @description Pixels down.
             */
            height: number;
            /** @description Digest of its file, which `GET /map/image` answers. */
            sha256: components["schemas"]["Digest"];
            /**
             * Format: int32
             * @description Pixels across.
             */
            width: number;
        };
        /** @description What the map can be drawn on; without either it is drawn on plain ground. */
        MapView: {
            image: components["schemas"]["MapImageView"] | null;
            tiles: components["schemas"]["TilesView"] | null;
        };
        Mark: {
            /**
             * @description An arrow goes from the first point to the second; a circle fills the box between them, a blur hides it.
             * @enum {string}
             */
            kind: "arrow" | "circle" | "blur";
            /** @description Part of the upright picture's width. */
            x1: number;
            /** @description Part of the upright picture's width. */
            x2: number;
            /** @description Part of the upright picture's height. */
            y1: number;
            /** @description Part of the upright picture's height. */
            y2: number;
        };
        /** @description What is said of a step. */
        MarkBody: {
            mark?: components["schemas"]["StepMark"] | null;
        };
        /** @description Points that are taken away or added. */
        Marks: {
            /** @description For a commendation by a higher level. Default 1. Source: our judgement. */
            commendation: components["schemas"]["Exact"];
            /** @description Most that is added for those. Default 2. Source: our judgement. */
            commendations_max: components["schemas"]["Exact"];
            /** @description Most that is taken away. Default 15. Source: our judgement. */
            deductions_max: components["schemas"]["Exact"];
            /**
             * @description For an exposure by a higher level or the media. Default 2, twice that of an unfounded return. Source: 金华 (浙江)
             *     doubles such cases.
             */
            exposure: components["schemas"]["Exact"];
            /** @description For false evidence. Default 5. Source: our judgement; 金华 (浙江) takes 1. */
            false_evidence: components["schemas"]["Exact"];
            /** @description For a red card. Default 2. Source: 广元 (四川). */
            red_card: components["schemas"]["Exact"];
            /** @description For a fault found and fixed by the unit itself. Default 0.1. Source: our judgement. */
            self_found: components["schemas"]["Exact"];
            /** @description Most that is added for those. Default 2. Source: our judgement. */
            self_found_max: components["schemas"]["Exact"];
            /** @description For an unfounded return. Default 1. Source: 金华 (浙江). */
            unfounded_return: components["schemas"]["Exact"];
            /**
             * @description For a yellow card. Default 0.5. Source: 广元 (四川) takes 1 for two on one
             *     task.
             */
            yellow_card: components["schemas"]["Exact"];
        };
        /** @description Who asks, and what they may do. */
        MeView: {
            /** @description Actions on issues that the role may take at all. */
            actions: components["schemas"]["Action"][];
            /** @description Whether a password of one's own must be set before anything else. */
            must_change_password: boolean;
            /** @description What the role may do at all, as far as its reach goes. */
            permissions: string[];
            unit: components["schemas"]["UnitView"] | null;
            /** @description The account. */
            user: components["schemas"]["OwnAccount"];
        };
        /** @enum {string} */
        Measure: "yellow" | "red" | "talk" | "referral";
        /** @description The point that a place belongs to. */
        MergeBody: {
            /** @description A point of the list. */
            point_id: components["schemas"]["PointId"];
        };
        /** @enum {string} */
        Metric: "register" | "valid-report" | "correct-dispatch" | "handling" | "on-time-handling" | "closing" | "on-time-closing" | "rework" | "overdue-open" | "extension" | "buck-passing" | "miss" | "rebound" | "pass" | "demo-pass";
        /** @description A milestone of an issue on the books. */
        MilestoneView: {
            /**
             * Format: date
             * @description The day by whose end it is due.
             */
            due: string;
            /**
             * Format: date
             * @description The day the issue came off the books; its plan is over.
             */
            ended_on: string | null;
            /** @description The issue. */
            issue_id: components["schemas"]["IssueId"];
            /** @description What is done. */
            milestone: string;
            /** @description Whether it was not done by its day. */
            missed: boolean;
            /** @description Its number. */
            number: string | null;
            /**
             * Format: date
             * @description The day the unit said it was done.
             */
            reached_on: string | null;
            unit_id: components["schemas"]["UnitId"] | null;
        };
        Month: string;
        /** @enum {string} */
        MonthAction: "freeze" | "preview" | "object" | "answer" | "decide" | "lock" | "publish";
        /** @description The body of a step. */
        MonthActionBody: components["schemas"]["PlainMonthStep"] | components["schemas"]["AnswerObjection"] | components["schemas"]["LockMonth"] | components["schemas"]["PublishMonth"];
        /** @description A figure with its part and its whole. */
        MonthFigure: {
            /** @description Which. */
            metric: components["schemas"]["Metric"];
            /** @description The part: a count, with fractions where a township answers only as the territory. */
            part: string;
            /** @description Such as `93.72%`; `null` if it does not apply 不适用, or is concealed. */
            percent: string | null;
            /** @description The whole; `null` where it is concealed. */
            whole: string | null;
        };
        /** @description The ranking of a month. */
        MonthRanking: {
            demo_pass: components["schemas"]["MonthFigure"] | null;
            /** @description Units with too few points and issues 样本不足. */
            insufficient: components["schemas"]["UnrankedUnit"][];
            /** @description The month. */
            month: components["schemas"]["Month"];
            pass: components["schemas"]["MonthFigure"] | null;
            /** @description Ranked units, by group and rank. */
            ranked: components["schemas"]["RankedUnit"][];
        };
        /** @description A row that a figure was computed from. */
        MonthRow: {
            /**
             * Format: uuid
             * @description Its id: of an issue or a point, that of their pages.
             */
            id: string;
            /** @description What it is. */
            kind: components["schemas"]["RowKind"];
            /** @description What it is called; empty if it is gone. */
            name: string;
        };
        /** @description A version of the rules. A stored month names its version, and keeps a copy. */
        MonthRules: {
            /** @description Rewards and penalties of the ledger. */
            amounts?: components["schemas"]["AmountRules"];
            /** @description Score below which a unit may be on the black list. Default 80. Source: our judgement. */
            black_below: components["schemas"]["Exact"];
            /**
             * Format: int32
             * @description Share of a peer group that the black list may take, in percent, rounded down, but at least one unit. Default 10.
             *     Source: our judgement.
             */
            black_percent: number;
            /**
             * @description What the service does by itself on the first working day of the next month, once people froze a month for the
             *     first time. Default `freeze`: nobody sees more by it. Source: our judgement.
             */
            by_itself?: components["schemas"]["ByItself"];
            /**
             * Format: int32
             * @description Working days for deciding on them. Default 2. Source: our judgement.
             */
            decision_days: number;
            /** @description Weight of a demonstration point; other points have 1. Default 1.5. Source: our judgement. */
            demo_weight: components["schemas"]["Exact"];
            /**
             * Format: int32
             * @description Months of look-backs that count for C, the scored one included. Default 3. Source: our judgement.
             */
            durability_months: number;
            /** @description Escalation. */
            escalation: components["schemas"]["EscalationRules"];
            /** @description Weights within B. */
            handling: components["schemas"]["HandlingWeights"];
            /**
             * Format: int32
             * @description The working day of the next month by whose end the month is locked. Default 8. Source: our judgement.
             */
            lock_day: number;
            /** @description Look-backs. */
            look_back: components["schemas"]["LookBackRules"];
            /** @description Points taken away and added. */
            marks: components["schemas"]["Marks"];
            /**
             * Format: int32
             * @description Working days for objections, after the day of the preview. Default 3. Source: our judgement.
             */
            objection_days: number;
            /** @description What 按期结案率 is a share of. Default 应结案数. Source: 天门 (湖北). */
            on_time_closing: components["schemas"]["OnTimeClosing"];
            /** @description Least score with which a point passes, 1 to 100. Default 90. Source: our judgement; counties set 80 to 95. */
            pass_line: components["schemas"]["Exact"];
            /** @description Least score for the red list. Default 90. Source: our judgement. */
            red_min: components["schemas"]["Exact"];
            /**
             * Format: int32
             * @description Share of a peer group on the red list, in percent, rounded down, but at least one unit. Default 10. Source: our
             *     judgement.
             */
            red_percent: number;
            /** @description What 返工率 is a share of. Default 应结案数. Source: 成都金牛区. */
            rework_base: components["schemas"]["ReworkBase"];
            /**
             * Format: int32
             * @description See the field before. Default 5. Source: our judgement.
             */
            sample_issues_min: number;
            /**
             * Format: int32
             * @description With fewer scored points than this, and fewer due issues than the next, a unit is not ranked 样本不足. Default 3.
             *     Source: our judgement.
             */
            sample_points_min: number;
            /**
             * Format: int32
             * @description Days after which a point's score is stale, counted from the visit. Default 92, a quarter. Source: our judgement.
             */
            stale_days: number;
            /** @description Weights of A, B and C. */
            terms: components["schemas"]["TermWeights"];
            /** @description How much a township answers for what others lead on its territory, 0 to 1. Default 0.5. Source: our judgement. */
            territorial_share: components["schemas"]["Exact"];
            /**
             * Format: int64
             * @description Which version; increases with each change.
             */
            version: number;
            /**
             * Format: int32
             * @description Valid months that a year's score needs. Default 6. Source: our judgement.
             */
            year_months_min: number;
        };
        /** @description A version to be made. */
        MonthRulesBody: {
            /** @description The rules; their version is that of the path. */
            rules: components["schemas"]["MonthRules"];
            /** @description The document that they follow, 1–200 characters. */
            source: string;
        };
        /** @description A version of the rules. */
        MonthRulesView: {
            made_at: components["schemas"]["Timestamp"] | null;
            made_by: components["schemas"]["UserId"] | null;
            /** @description The rules, with their version. Numbers are exact, such as `9/20`. */
            rules: components["schemas"]["MonthRules"];
            /** @description The document that they follow; `null` for the program's own, version 1. */
            source: string | null;
        };
        /** @enum {string} */
        MonthState: "open" | "frozen" | "preview" | "decided" | "locked" | "published";
        /** @description A month as its readers see it. */
        MonthView: {
            /** @description What the caller may do with it now; `object` is `PUT …/objections/{id}`. */
            allowed_actions: components["schemas"]["MonthAction"][];
            /** @description The number of the circular 通报文号. */
            circular_no: string | null;
            /** @description Until when the office decides on objections, as planned. */
            decide_until: components["schemas"]["Timestamp"];
            /**
             * Format: date
             * @description The day from which it is frozen and its preview opened.
             */
            freeze_on: string;
            /**
             * Format: date
             * @description Its last day; it is cut off at 24:00.
             */
            last_day: string;
            /** @description Until when it is locked, as planned. */
            lock_until: components["schemas"]["Timestamp"];
            /** @description Which, such as `2026-09`. */
            month: components["schemas"]["Month"];
            /** @description Objections: for a unit its own. */
            objections: components["schemas"]["ObjectionView"][];
            /** @description Until when units may object: as planned, and once the preview is open as it holds. */
            objections_until: components["schemas"]["Timestamp"];
            office: components["schemas"]["OfficeMonth"] | null;
            /** @description Its state. */
            state: components["schemas"]["MonthState"];
            /**
             * Format: int64
             * @description What `If-Match` must name.
             */
            version: number;
        };
        /** @description The second person's answer. */
        NameAnswerBody: {
            /** @description Whether the name may be read. */
            consents: boolean;
        };
        /** @enum {string} */
        NameRequestAction: "consent" | "refuse" | "read";
        /** @description Whose name is asked for, and why. */
        NameRequestBody: {
            /** @description The code name in the batch, such as `暗访07`. */
            code_name: string;
            /** @description Why it must be known, 1–500 characters. */
            reason: string;
        };
        /** Format: uuid */
        NameRequestId: string;
        /** @enum {string} */
        NameRequestState: "asked" | "consented" | "refused" | "read" | "expired";
        /** @description A request for the name behind a code name. */
        NameRequestView: {
            /** @description What the caller may do with it now; to read it one has to be a keeper still. */
            allowed_actions: components["schemas"]["NameRequestAction"][];
            answered_at: components["schemas"]["Timestamp"] | null;
            answered_by: components["schemas"]["UserId"] | null;
            /** @description When. */
            asked_at: components["schemas"]["Timestamp"];
            /** @description The keeper who asks. */
            asked_by: components["schemas"]["UserId"];
            /** @description Whose name, such as `暗访07`. */
            code_name: string;
            expires_at: components["schemas"]["Timestamp"] | null;
            /** @description Identity. */
            id: components["schemas"]["NameRequestId"];
            read_at: components["schemas"]["Timestamp"] | null;
            /** @description Why. */
            reason: string;
            /** @description Its state. */
            state: components["schemas"]["NameRequestState"];
        };
        /** @description The inspector behind a code name. */
        NameView: {
            /** @description What it is called. */
            display_name: string;
            /** @description The account. */
            id: components["schemas"]["UserId"];
            /** @description Its login name. */
            username: string;
        };
        /** @enum {string} */
        Need: "funds" | "staff" | "law" | "other";
        /** @description A need with the issue that has it. */
        NeedRowView: {
            /** @description The issue. */
            issue_id: components["schemas"]["IssueId"];
            /** @description What it needs. */
            need: components["schemas"]["Need"];
            /** @description In words; may be empty. */
            note: string;
            /** @description When it was noted. */
            noted_at: components["schemas"]["Timestamp"];
            /** @description Its number. */
            number: string | null;
            /** @description The unit that was responsible when it was noted. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description How many issues of a unit need the same. */
        NeedSumView: {
            /**
             * Format: int64
             * @description Issues.
             */
            issues: number;
            /** @description What. */
            need: components["schemas"]["Need"];
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description What an issue needs, as it is written down; nothing when it needs nothing any more. */
        Needs: {
            /** @description What, each once. */
            needs: components["schemas"]["Need"][];
            /** @description In words, at most 200 characters; may be empty. */
            note?: string;
        };
        /** @description The needs of a month. */
        NeedsView: {
            /** @description The needs, the earliest first. */
            items: components["schemas"]["NeedRowView"][];
            /** @description The month. */
            month: string;
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
            /** @description By need and unit, of the whole month. */
            sums: components["schemas"]["NeedSumView"][];
        };
        /** @description What is entered. */
        NewCase: {
            /** @description Number of the document, 1–40 characters. */
            document_no: string;
            issue_id?: components["schemas"]["IssueId"] | null;
            /** @description How. */
            kind: components["schemas"]["CaseKind"];
            /**
             * Format: date
             * @description The day of the document.
             */
            on: string;
            /** @description Name and post of the person, 1–40 characters. */
            person: string;
            /** @description For what, 1–500 characters. */
            reason: string;
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description What a unit reports. */
        NewSelfReport: {
            /** @description In words, at most 500 characters; may be empty. */
            description?: string;
            /** @description The item that is violated. */
            item_code: string;
            /** @description 1 to 9 photos of it, sent before. */
            photo_ids: components["schemas"]["PhotoId"][];
            /** @description Where. */
            point_id: components["schemas"]["PointId"];
            relapse_of?: components["schemas"]["IssueId"] | null;
        };
        /** @description A new account. */
        NewUserBody: {
            campaign?: components["schemas"]["CampaignCode"] | null;
            /** @description What others see; for inspectors a pseudonym. */
            display_name: string;
            /**
             * Format: password
             * @description First password; drawn when absent. Its owner must change it.
             */
            password?: string | null;
            /** @description What it is for. */
            role: components["schemas"]["Role"];
            unit_id?: components["schemas"]["UnitId"] | null;
            /** @description Name to log in with: 2–32 of `a-z0-9._-`. */
            username: string;
            /** @description Whether it is the unit's vice head. */
            vice_head?: boolean;
        };
        /** @description An account that has just been made, with its first password where one was drawn. */
        NewUserView: {
            /** @description The generated password; it is shown once. */
            password?: string | null;
            /** @description The account. */
            user: components["schemas"]["UserView"];
        };
        /** Format: uuid */
        NonceSupplyId: string;
        /** @description How many notices are unread. */
        NoticeCount: {
            /**
             * Format: int64
             * @description Counted up to 100: then there may be more.
             */
            unread: number;
        };
        /** Format: uuid */
        NoticeId: string;
        /** @enum {string} */
        NoticeKind: "handed-over" | "due-soon" | "half-way" | "failed-check" | "request-decided" | "reminded" | "clock-resumed" | "card-issued" | "card-withdrawn" | "leader-note" | "to-confirm" | "sent-back" | "to-check" | "to-look-back" | "to-review" | "to-release" | "fix-reported" | "to-decide";
        /** @description A page of notices. */
        NoticePage: {
            /** @description Latest first; those about issues that the reader may not see any more are left out. */
            items: components["schemas"]["NoticeView"][];
            /** @description What to ask for the next page with; `null` at the end. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description What to mark as read, once this page has been seen.
             */
            through: number;
            /**
             * Format: int64
             * @description How many are unread, counted up to 100.
             */
            unread: number;
        };
        /** @description For each kind of notices whether it is switched on. */
        NoticeSwitches: {
            [key: string]: boolean;
        };
        /** @description When something was, as exactly as its reader may know it. */
        NoticeTime: components["schemas"]["Timestamp"] | components["schemas"]["ShownTime"];
        /** @description A notice. */
        NoticeView: {
            at: components["schemas"]["NoticeTime"] | null;
            /** @description How exact that time is. */
            fineness: components["schemas"]["Fineness"];
            /** @description Identity. */
            id: components["schemas"]["NoticeId"];
            /** @description The issue, as its page shows it now. */
            issue: components["schemas"]["IssueView"];
            /** @description What it tells. */
            kind: components["schemas"]["NoticeKind"];
            /** @description Whether it came since the reader last marked what is read. */
            unread: boolean;
        };
        /** @description Up to where notices have been read. */
        NoticesRead: {
            /**
             * Format: int64
             * @description `through` of the page that was seen.
             */
            through: number;
        };
        /** @description What an objection is about. */
        ObjectedRow: {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What it is. */
            kind: components["schemas"]["RowKind"];
        };
        /** @description An objection. */
        ObjectionBody: {
            /** @description 1–500 characters. */
            reason: string;
            row?: components["schemas"]["ObjectedRow"] | null;
        };
        /** Format: uuid */
        ObjectionId: string;
        /** @description An objection of a unit. */
        ObjectionView: {
            /** @description The office's reason. */
            answer: string | null;
            /** @description Identity. */
            id: components["schemas"]["ObjectionId"];
            /** @description Whether it was upheld; `null` while it waits for its answer. */
            is_upheld: boolean | null;
            /** @description Why. */
            reason: string;
            row: components["schemas"]["MonthRow"] | null;
            /** @description Which unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description How one item was found 观测结果. */
        Observation: {
            issue?: components["schemas"]["OpenedIssue"] | null;
            /**
             * @description The item.
             * @example WM-07
             */
            item_code: string;
            /** @description In words, at most 500 characters. Required for `not-applicable`, and for `mostly` without a photo. */
            note?: string;
            /**
             * @description Photos, at most 9; a photo may serve several items. At least one for an item with `photo_required` that conforms
             *     or mostly conforms; not if the visit began before the county asked for it.
             */
            photo_ids?: components["schemas"]["PhotoId"][];
            /** @description How it was found. */
            result: components["schemas"]["ItemResult"];
        };
        /** @description A card as the office reads it. */
        OfficeCard: components["schemas"]["PublicCard"] & {
            /** @description Who is informed of it, besides the unit. */
            addressee: components["schemas"]["Addressee"];
            /** @description What the caller may do with it now. */
            allowed_actions: components["schemas"]["CardAction"][];
            concluded: components["schemas"]["DecisionView"] | null;
            dropped: components["schemas"]["DecisionView"] | null;
            issued: components["schemas"]["DecisionView"] | null;
            /** @description What the rules say. */
            proposal: string;
            /** @description When the rules proposed it. */
            proposed_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description What `If-Match` must name.
             */
            version: number;
            /** @description Why its withdrawal is proposed. */
            withdrawal: string | null;
            withdrawn: components["schemas"]["DecisionView"] | null;
        };
        /** @description A doubt, with what it refers to. */
        OfficeFlag: {
            /** @description What. */
            code: components["schemas"]["FlagCode"];
            /** @description The figures. */
            detail: string;
            photo_id?: components["schemas"]["PhotoId"] | null;
            refers_to?: components["schemas"]["EarlierUse"] | null;
        };
        /** @description An issue as the supervision office reads it. Field meanings: the domain's `Issue`. */
        OfficeIssue: {
            allowed_actions: components["schemas"]["Action"][];
            approved_at: components["schemas"]["Timestamp"] | null;
            approved_by: components["schemas"]["Person"] | null;
            buck_passing_count: number;
            /** Format: int64 */
            calendar_version: number | null;
            campaign: string;
            captured_at: components["schemas"]["Timestamp"];
            /** Format: int32 */
            chain_no: number;
            checker: components["schemas"]["Person"] | null;
            /** @description Issues that relapsed from it. */
            children: components["schemas"]["IssueId"][];
            closed_at: components["schemas"]["Timestamp"] | null;
            closed_by: components["schemas"]["Person"] | null;
            closed_on_site: boolean | null;
            confirmation: components["schemas"]["ConfirmationView"] | null;
            description: string;
            /** @description Why it was closed at the desk though a visit was expected. */
            desk_reason: string | null;
            due_at: components["schemas"]["Timestamp"] | null;
            /** @description The deadline runs into a year whose days off were not known when it was counted. */
            due_unsure: boolean;
            duplicate_of: components["schemas"]["IssueId"] | null;
            final_assignment: boolean;
            finder: components["schemas"]["CodedPerson"];
            fix_counted_at: components["schemas"]["Timestamp"] | null;
            fixed_by: components["schemas"]["Person"] | null;
            /** @description The kinds of doubts there are. */
            flag_codes: components["schemas"]["FlagCode"][];
            /** @description Doubts for people to weigh, a few of each kind about each photo; absent in lists. */
            flags?: components["schemas"]["OfficeFlag"][] | null;
            /**
             * Format: int64
             * @description How many doubts were noted.
             */
            flags_count: number;
            handler: string | null;
            id: components["schemas"]["IssueId"];
            item_code: string;
            /** @description The first round's limit, such as `4wh`; `null` where an instant was fixed. */
            limit: string | null;
            location: components["schemas"]["Location"] | null;
            look_back_inspector: components["schemas"]["Person"] | null;
            look_back_of: components["schemas"]["IssueId"] | null;
            measure: string | null;
            /** @description Milestones missed so far, with those of earlier plans. */
            missed_milestones: number;
            missing_photos: components["schemas"]["PhotoId"][];
            number: string | null;
            on_time: boolean | null;
            overdue: boolean;
            parent_id: components["schemas"]["IssueId"] | null;
            pauses: components["schemas"]["PauseView"][];
            photos: components["schemas"]["OfficePhoto"][];
            plan: components["schemas"]["PlanStep"][];
            point: components["schemas"]["PointView"];
            received_at: components["schemas"]["Timestamp"];
            rejection: components["schemas"]["VoteView"] | null;
            released_at: components["schemas"]["Timestamp"] | null;
            released_by: components["schemas"]["Person"] | null;
            remedy: components["schemas"]["Remedy"] | null;
            /**
             * Format: int32
             * @description How often the office has reminded the unit of it.
             */
            reminders: number;
            reported_at: components["schemas"]["Timestamp"] | null;
            reported_severity: components["schemas"]["Severity"] | null;
            requests: components["schemas"]["OfficeRequest"][];
            returns: components["schemas"]["PublicReturn"][];
            /** Format: int32 */
            round: number;
            severity: components["schemas"]["Severity"];
            signed_in_at: components["schemas"]["Timestamp"] | null;
            source: components["schemas"]["Source"];
            state: components["schemas"]["State"];
            submitted_at: components["schemas"]["Timestamp"] | null;
            unclaimed: boolean;
            unit_id: components["schemas"]["UnitId"] | null;
            urgent: boolean;
            /** Format: int64 */
            version: number;
            visit_id: components["schemas"]["VisitId"] | null;
        };
        /** @description What only the office sees of a month. */
        OfficeMonth: {
            decided_at: components["schemas"]["Timestamp"] | null;
            decided_by: components["schemas"]["UserId"] | null;
            first_vote: components["schemas"]["LockVoteView"] | null;
            frozen_at: components["schemas"]["Timestamp"] | null;
            /** @description Whether it was locked later than planned. */
            is_lock_late: boolean;
            preview_at: components["schemas"]["Timestamp"] | null;
            published_at: components["schemas"]["Timestamp"] | null;
            results_sha256: components["schemas"]["Digest"] | null;
            /**
             * Format: int64
             * @description The version of the rules that hold for it; `null` while it is open.
             */
            rules_version: number | null;
            second_vote: components["schemas"]["LockVoteView"] | null;
            snapshot_sha256: components["schemas"]["Digest"] | null;
        };
        /** @description A photo with all that is known of it. */
        OfficePhoto: {
            captured_at: components["schemas"]["Timestamp"] | null;
            /** @description What its metadata says: a second witness, never proof. */
            exif: Record<string, never> | null;
            /** @description Whether it can be looked at. */
            has_preview: boolean;
            /**
             * Format: int32
             * @description Pixels down, upright.
             */
            height: number | null;
            /** @description The upload. */
            id: components["schemas"]["PhotoId"];
            /** @description What was drawn on it; `thumb` and `view` have it in them, the original has not. */
            marks: components["schemas"]["Mark"][];
            /** @description What the original is. */
            media_type: string | null;
            received_at: components["schemas"]["Timestamp"] | null;
            /**
             * Format: int32
             * @description In which round.
             */
            round: number;
            sha256: components["schemas"]["Digest"] | null;
            /**
             * Format: int64
             * @description Length of the original.
             */
            size_bytes: number | null;
            /** @description At which step. */
            stage: components["schemas"]["PhotoStage"];
            /** @description What it shows. */
            view: components["schemas"]["PhotoView"];
            /**
             * Format: int32
             * @description Pixels across, upright; `null` while it is on its way.
             */
            width: number | null;
        };
        /** @description A request of a unit, with who filed and decided it. */
        OfficeRequest: {
            decided_at: components["schemas"]["Timestamp"] | null;
            /** @description What was answered. */
            decision_reason: string | null;
            /** @description When. */
            filed_at: components["schemas"]["Timestamp"];
            /** @description Who filed it. */
            filed_by: components["schemas"]["Person"];
            first_vote: components["schemas"]["VoteView"] | null;
            /** @description Identity. */
            id: components["schemas"]["RequestId"];
            /** @description Extension or dispute. */
            kind: components["schemas"]["RequestKind"];
            /** @description The plan that is offered. */
            plan: components["schemas"]["PlanStep"][];
            /** @description Why. */
            reason: string;
            /** @description What became of it. */
            state: components["schemas"]["RequestState"];
            /** @description Who asks. */
            unit_id: components["schemas"]["UnitId"];
            until: components["schemas"]["Timestamp"] | null;
        };
        /** @description A visit as the office reads it. */
        OfficeVisit: {
            /**
             * @description Right answers in percent, with two decimals; `null` without interviews.
             * @example 92.00
             */
            awareness: string | null;
            /** @description Device time at which it began. */
            began_at: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description By how many seconds, at least, the phone's clock was set back during it, which is a doubt: beginning and end are
             *     both the time of its end, by the clock that somebody corrected. `null` where it was not.
             */
            clock_set_back_seconds: number | null;
            /** @description The name of its inspector in the batch, such as `暗访07`. */
            code_name: string | null;
            /** @description Whether it counts in rankings. */
            counts: boolean;
            /** @description Doubts about it, for a person to weigh. */
            doubts: components["schemas"]["VisitDoubt"][];
            /** @description Device time at which it ended. */
            ended_at: components["schemas"]["Timestamp"];
            /** @description Identity. */
            id: components["schemas"]["VisitId"];
            /** @description Whose: by the code name of its batch, or for a sudden visit by pseudonym. */
            inspector: components["schemas"]["CodedPerson"];
            /** @description Street interviews. */
            interviews: components["schemas"]["Interview"][];
            location: components["schemas"]["Location"] | null;
            /** @description Photos of results that have not arrived. */
            missing_photos: components["schemas"]["PhotoId"][];
            /** @description Where. */
            point: components["schemas"]["PointView"];
            /** @description Server time at which it arrived. */
            received_at: components["schemas"]["Timestamp"];
            /** @description What was seen. */
            results: components["schemas"]["SeenView"][];
            /** @description How the point is judged by it. */
            score: components["schemas"]["ScoreView"];
            task: components["schemas"]["TaskRef"] | null;
        };
        /** @enum {string} */
        OnTimeClosing: "all" | "less-deferred";
        /** @description Open cases of colleagues at a point. */
        OpenCasesView: {
            /** @description How many. */
            count: number;
            /** @description Whether a unit has them; the others wait for the office. */
            is_released: boolean;
            /** @description The item that is violated. */
            item_code: string;
            /** @description How bad. */
            severity: components["schemas"]["Severity"];
        };
        /** @description An issue that a visit opens. */
        OpenedIssue: {
            /** @description Chosen by the client. */
            id: components["schemas"]["IssueId"];
            /** @description The report, of the same point and item, with the visit's id or none. */
            report: components["schemas"]["ReportBody"];
        };
        /** @description Another unit that answers. */
        OtherUnit: {
            /** @description As what. */
            role: components["schemas"]["DutyRole"];
            /** @description Who. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @enum {string} */
        Outcome: "done" | "denied" | "failed";
        /** @description An account as its owner sees it. */
        OwnAccount: {
            campaign: components["schemas"]["CampaignCode"] | null;
            /** @description What others see. */
            display_name: string;
            /** @description Identity. */
            id: components["schemas"]["UserId"];
            /** @description What it is for. */
            role: components["schemas"]["Role"];
            unit_id: components["schemas"]["UnitId"] | null;
            /** @description Name to log in with. */
            username: string;
        };
        /** @description One's own complaint. */
        OwnComplaintView: {
            /** @description The answer. */
            answer: string | null;
            answered_at: components["schemas"]["Timestamp"] | null;
            /** @description What was said. */
            body: string;
            /** @description When it arrived. */
            filed_at: components["schemas"]["Timestamp"];
            /** @description Identity. */
            id: components["schemas"]["ComplaintId"];
            /** @description About what. */
            kind: components["schemas"]["ComplaintKind"];
            /** @description Whether those who read it may know who it was. */
            named: boolean;
        };
        /** @description A closed issue that its unit may look back at. */
        OwnFixView: {
            /**
             * Format: date
             * @description The day of its closing.
             */
            closed_on: string;
            /** @description The issue. */
            issue_id: components["schemas"]["IssueId"];
            /** @description The item. */
            item_code: string;
            /**
             * Format: date
             * @description The day on which the unit last found that the fix held.
             */
            looked_on: string | null;
            /** @description Its number. */
            number: string | null;
            /** @description Where. */
            point_id: components["schemas"]["PointId"];
            /** @description Name of the point. */
            point_name: string;
            self_report_id: components["schemas"]["SelfReportId"] | null;
        };
        /** @description A pairing 结对联创 as its leader sees it. Only what was released counts. */
        OwnPairingView: {
            /**
             * Format: date
             * @description First day.
             */
            from: string;
            /** @description Identity. */
            id: components["schemas"]["PairingId"];
            /** @description Whether it holds today, so that a note can be written. */
            is_on: boolean;
            last: components["schemas"]["LastScoreView"] | null;
            /** @description Name of the point or the unit. */
            name: string;
            /**
             * Format: int64
             * @description Released and not settled.
             */
            open: number;
            /**
             * Format: int64
             * @description Of these, late now.
             */
            overdue: number;
            point_id: components["schemas"]["PointId"] | null;
            /**
             * Format: int64
             * @description Relapses of earlier issues that were released since `since`.
             */
            rebounds: number;
            /**
             * Format: date
             * @description A Monday, about 90 days ago.
             */
            since: string;
            /**
             * Format: date
             * @description Last day; `null` while no end is known.
             */
            to: string | null;
            /** @description The unit that answers for it. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description The owner of a packet. */
        OwnerView: {
            id: components["schemas"]["UserId"] | null;
            /** @description What it is called; the code name, where `id` is `null`. */
            name: string;
            /** @description Name it logs in with; `null` with `id`. */
            username: string | null;
        };
        /** @description What became of a packet. */
        PacketView: {
            /** @description Whose records it holds. */
            account: components["schemas"]["OwnerView"];
            /** @description Records that are not finished, which only the phone's app can open. */
            drafts: number;
            /** @description When it was exported, by the phone's clock and in its words. */
            exported_at: string;
            /** @description Whether it came whole; what came before it was cut is kept all the same. */
            is_complete: boolean;
            /** @description Each record, in the order of the file. */
            records: components["schemas"]["RecordView"][];
        };
        /** @description One page of a list. */
        Page_AuditView: {
            /** @description Its rows. */
            items: {
                /** @description What. */
                action: components["schemas"]["AuditAction"];
                actor: components["schemas"]["Person"] | null;
                actor_role: components["schemas"]["Role"] | null;
                /** @description Server time. */
                at: components["schemas"]["Timestamp"];
                /** @description More, in words. */
                detail: string;
                /** @description How it ended. */
                outcome: components["schemas"]["Outcome"];
                /** @description The request it came with. */
                request_id: string;
                /**
                 * Format: int64
                 * @description Counts up; below zero for refusals, which are counted together and by themselves.
                 */
                seq: number;
                /** @description To what. */
                target: string;
                /**
                 * Format: int64
                 * @description How often in that hour, of refusals; the first is shown. 1 for all else.
                 */
                times: number;
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_BatchView: {
            /** @description Its rows. */
            items: {
                abandon_vote: components["schemas"]["SignedView"] | null;
                abandoned: components["schemas"]["SignedView"] | null;
                /** @description What the caller may do with it now. */
                allowed_actions: components["schemas"]["BatchAction"][];
                /** @description Number of the document that approves the plan. */
                approval_no: string | null;
                approved: components["schemas"]["SignedView"] | null;
                /**
                 * Format: int32
                 * @description How often its draw was committed to; above 1 somebody started again.
                 */
                attempt: number;
                began_at: components["schemas"]["Timestamp"] | null;
                commitment_sha256: components["schemas"]["Digest"] | null;
                drawn_at: components["schemas"]["Timestamp"] | null;
                /** @description Identity. */
                id: components["schemas"]["BatchId"];
                /**
                 * Format: int32
                 * @description Of these, neither carried out nor over.
                 */
                open_tasks: number;
                /** @description Its plan. */
                plan: components["schemas"]["BatchPlan"];
                proposed: components["schemas"]["SignedView"] | null;
                /**
                 * Format: int32
                 * @description Redraws after declared conflicts.
                 */
                redraws: number;
                released: components["schemas"]["SignedView"] | null;
                reviewed: components["schemas"]["SignedView"] | null;
                /** @description Its state. */
                state: components["schemas"]["BatchState"];
                /**
                 * Format: int32
                 * @description Tasks that were drawn and not dropped.
                 */
                tasks: number;
                /**
                 * Format: int32
                 * @description Reports found on its visits that wait for their review.
                 */
                unreviewed_reports: number;
                /**
                 * Format: int64
                 * @description What `If-Match` must name.
                 */
                version: number;
                /**
                 * Format: int32
                 * @description Of these, carried out.
                 */
                visited: number;
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_CardView: {
            /** @description Its rows. */
            items: (components["schemas"]["OfficeCard"] | components["schemas"]["PublicCard"])[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_CaseView: {
            /** @description Its rows. */
            items: {
                approved_by: components["schemas"]["UserId"] | null;
                /** @description Number of the document. */
                document_no: string;
                /** @description Identity. */
                id: components["schemas"]["CaseId"];
                issue_id: components["schemas"]["IssueId"] | null;
                /** @description How. */
                kind: components["schemas"]["CaseKind"];
                /**
                 * Format: date
                 * @description The day of the document.
                 */
                on: string;
                /** @description Name and post of the person. */
                person: string;
                /** @description Who entered it. */
                proposed_by: components["schemas"]["UserId"];
                /** @description For what. */
                reason: string;
                /** @description The unit. */
                unit_id: components["schemas"]["UnitId"];
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_ComplaintView: {
            /** @description Its rows. */
            items: {
                /** @description The answer. */
                answer: string | null;
                answered_at: components["schemas"]["Timestamp"] | null;
                /** @description By whom. */
                answered_by: string | null;
                author: components["schemas"]["ComplaintAuthor"] | null;
                /** @description What was said. */
                body: string;
                /** @description When it arrived. */
                filed_at: components["schemas"]["Timestamp"];
                /** @description Identity. */
                id: components["schemas"]["ComplaintId"];
                /** @description About what. */
                kind: components["schemas"]["ComplaintKind"];
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_DrawRow: {
            /** @description Its rows. */
            items: {
                /** @description Number of the document that approves the plan. */
                approval_no: string | null;
                approved_at: components["schemas"]["Timestamp"] | null;
                /** @description The batch. */
                batch_id: components["schemas"]["BatchId"];
                /** @description Every commitment, the first first; more than one says that somebody started again. */
                commitments: components["schemas"]["CommitmentView"][];
                drawn_at: components["schemas"]["Timestamp"] | null;
                released_at: components["schemas"]["Timestamp"] | null;
                /** @description Where the batch stands. */
                state: components["schemas"]["BatchState"];
                /** @description What its plan is called; `null` for others than the office until it is released. */
                title: string | null;
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_HeadedPointView: {
            /** @description Its rows. */
            items: {
                /** @description The point. */
                point: components["schemas"]["PointView"];
                /** @description The time. */
                term: components["schemas"]["HeadTermView"];
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_IssueView: {
            /** @description Its rows. */
            items: (components["schemas"]["OfficeIssue"] | components["schemas"]["FinderIssue"] | components["schemas"]["TaskIssue"] | components["schemas"]["UnitIssue"] | components["schemas"]["ReleasedIssue"])[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_LeaderNoteView: {
            /** @description Its rows. */
            items: {
                /** @description Identity. */
                id: components["schemas"]["LeaderNoteId"];
                issue_id: components["schemas"]["IssueId"] | null;
                /** @description Number and place of the issue. */
                issue_title: string | null;
                /** @description What the leader is called. */
                leader: string;
                /** @description What it says. */
                note: string;
                /**
                 * Format: date
                 * @description The day on which it was written.
                 */
                on: string;
                /** @description The pairing. */
                pairing_id: components["schemas"]["PairingId"];
                /** @description The unit that reads it. */
                unit_id: components["schemas"]["UnitId"];
                /** @description Its name. */
                unit_name: string;
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_LossView: {
            /** @description Its rows. */
            items: {
                /** @description When it began. */
                began_at: components["schemas"]["Timestamp"];
                issue_id: components["schemas"]["IssueId"] | null;
                /** @description Lost points, with two decimals. */
                lost: string;
                /** @description Where. */
                point: components["schemas"]["PointView"];
                /** @description The visit. */
                visit_id: components["schemas"]["VisitId"];
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_MilestoneView: {
            /** @description Its rows. */
            items: {
                /**
                 * Format: date
                 * @description The day by whose end it is due.
                 */
                due: string;
                /**
                 * Format: date
                 * @description The day the issue came off the books; its plan is over.
                 */
                ended_on: string | null;
                /** @description The issue. */
                issue_id: components["schemas"]["IssueId"];
                /** @description What is done. */
                milestone: string;
                /** @description Whether it was not done by its day. */
                missed: boolean;
                /** @description Its number. */
                number: string | null;
                /**
                 * Format: date
                 * @description The day the unit said it was done.
                 */
                reached_on: string | null;
                unit_id: components["schemas"]["UnitId"] | null;
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_OwnFixView: {
            /** @description Its rows. */
            items: {
                /**
                 * Format: date
                 * @description The day of its closing.
                 */
                closed_on: string;
                /** @description The issue. */
                issue_id: components["schemas"]["IssueId"];
                /** @description The item. */
                item_code: string;
                /**
                 * Format: date
                 * @description The day on which the unit last found that the fix held.
                 */
                looked_on: string | null;
                /** @description Its number. */
                number: string | null;
                /** @description Where. */
                point_id: components["schemas"]["PointId"];
                /** @description Name of the point. */
                point_name: string;
                self_report_id: components["schemas"]["SelfReportId"] | null;
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_SampleView: {
            /** @description Its rows. */
            items: {
                /**
                 * Format: int64
                 * @description How many were.
                 */
                drawn: number;
                /** @description When. */
                drawn_at: components["schemas"]["Timestamp"];
                /** @description Who had it drawn; `null` for the service. */
                drawn_by: string | null;
                /**
                 * Format: int64
                 * @description How many were given to an inspector.
                 */
                given: number;
                /** @description Identity. */
                id: components["schemas"]["SampleId"];
                /** @description What was drawn from. */
                kind: components["schemas"]["SampleKind"];
                /**
                 * Format: int64
                 * @description How many could not be given.
                 */
                not_given: number;
                /** @description The month, or the day, that it is for. */
                period: string;
                /**
                 * Format: int32
                 * @description How many issues could be drawn.
                 */
                population: number;
                /** @description Digest of the proof. */
                proof_sha256: components["schemas"]["Digest"];
                /**
                 * Format: int64
                 * @description Of these, how many wait for their day.
                 */
                waiting: number;
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_ScheduleView: {
            /** @description Its rows. */
            items: {
                assessment_id: components["schemas"]["AssessmentId"] | null;
                /**
                 * Format: int32
                 * @description Working days between the last task and the end.
                 */
                buffer_days: number;
                /** @description When it was written last. */
                changed_at: components["schemas"]["Timestamp"];
                /**
                 * Format: int32
                 * @description How many working days too late it is, if nothing has begun; 0 when it can be kept.
                 */
                days_short: number;
                /**
                 * Format: date
                 * @description The day by which everything is done.
                 */
                end: string;
                /** @description Identity. */
                id: components["schemas"]["ScheduleId"];
                /** @description What it is called. */
                name: string;
                /** @description Its tasks, in the order they were written. */
                tasks: components["schemas"]["TaskLightView"][];
                /**
                 * Format: date
                 * @description The day of the lights.
                 */
                today: string;
                /**
                 * Format: int64
                 * @description What `If-Match` must name.
                 */
                version: number;
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_SelfReportView: {
            /** @description Its rows. */
            items: {
                /**
                 * Format: date
                 * @description The day of the office's decision.
                 */
                decided_on: string | null;
                /** @description In words; may be empty. */
                description: string;
                /** @description By when it has to be put right. */
                due_at: components["schemas"]["Deadline"];
                /** @description Photos of the fix. */
                fix_photo_ids: components["schemas"]["PhotoId"][];
                fixed_at: components["schemas"]["ShownTime"] | null;
                /** @description Identity. */
                id: components["schemas"]["SelfReportId"];
                /** @description Whether that was in time; `null` before. */
                in_time: boolean | null;
                /** @description The item that is violated. */
                item_code: string;
                /** @description What was done. */
                measure: string | null;
                /** @description Photos of the fault. */
                photo_ids: components["schemas"]["PhotoId"][];
                /** @description Where. */
                point_id: components["schemas"]["PointId"];
                /** @description Name of the point. */
                point_name: string;
                /** @description What the office said. */
                reason: string | null;
                relapse_of: components["schemas"]["IssueId"] | null;
                reported_at: components["schemas"]["ShownTime"] | null;
                /** @description How far it is. */
                state: components["schemas"]["SelfReportState"];
                /** @description The unit. */
                unit_id: components["schemas"]["UnitId"];
                /** @description Its name. */
                unit_name: string;
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description One page of a list. */
        Page_VisitRow: {
            /** @description Its rows. */
            items: {
                /** @description Device time at which it began. */
                began_at: components["schemas"]["Timestamp"];
                /** @description The name of its inspector in the batch, such as `暗访07`. */
                code_name: string | null;
                /** @description Items that conform. */
                conforms: number;
                /** @description Whether it counts in rankings. */
                counts: boolean;
                /** @description Kinds of doubt about it. */
                doubt_codes: components["schemas"]["FlagCode"][];
                /** @description Device time at which it ended. */
                ended_at: components["schemas"]["Timestamp"];
                /** @description Items that fail, each with an issue. */
                fails: number;
                /** @description Identity. */
                id: components["schemas"]["VisitId"];
                /** @description Whose: by the code name of its batch, or for a sudden visit by pseudonym. */
                inspector: components["schemas"]["CodedPerson"];
                /** @description Items that mostly conform. */
                mostly: number;
                /** @description Items that do not apply. */
                not_applicable: number;
                /** @description Where. */
                point: components["schemas"]["PointView"];
                /** @description How the point is judged by it. */
                score: components["schemas"]["ScoreView"];
                task: components["schemas"]["TaskRef"] | null;
            }[];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
        };
        /** @description Who is paired with what. */
        PairingBody: {
            /**
             * Format: date
             * @description First day.
             */
            from: string;
            /** @description The leader's account. */
            leader_id: components["schemas"]["UserId"];
            point_id?: components["schemas"]["PointId"] | null;
            /**
             * Format: date
             * @description Last day; absent while no end is known.
             */
            to?: string | null;
            unit_id?: components["schemas"]["UnitId"] | null;
        };
        /** Format: uuid */
        PairingId: string;
        /** @description A pairing 结对联创 of a county leader. */
        PairingView: {
            /**
             * Format: date
             * @description First day.
             */
            from: string;
            /** @description Identity. */
            id: components["schemas"]["PairingId"];
            /** @description The leader's account. */
            leader_id: components["schemas"]["UserId"];
            point_id: components["schemas"]["PointId"] | null;
            /**
             * Format: date
             * @description Last day; `null` while no end is known.
             */
            to: string | null;
            unit_id: components["schemas"]["UnitId"] | null;
        };
        /** @description `pass`. */
        Pass: {
            /**
             * @description In words; required from whoever closes at the desk (`on_site: false`) what is severe, a
             *     rebound or in doubt: it stays on the issue. On site it says why there is no photo.
             */
            note?: string | null;
            /** @description Whether somebody went there. */
            on_site: boolean;
            /**
             * @description What was seen, sent before. Where the setting `on_site_evidence` is `required`, a check on site needs at least
             *     one, or a note.
             */
            photos?: components["schemas"]["ActionPhoto"][];
        };
        /** @description An old password and the one to take its place. */
        PasswordChange: {
            /**
             * Format: password
             * @description The one to take its place.
             */
            new_password: string;
            /**
             * Format: password
             * @description The present one.
             */
            old_password: string;
        };
        /** @description A time the clock stood still. */
        PauseView: {
            /** @description Since. */
            from: components["schemas"]["Timestamp"];
            /** @description Why. */
            reason: string;
            to: components["schemas"]["Timestamp"] | null;
        };
        /** @description A zone. */
        PermittedZone: {
            /** @description Its corners in order, 3–500; the last is joined to the first. It does not cross the 180th meridian. */
            corners: components["schemas"]["Corner"][];
            /**
             * @description Local time at which they begin, in whole minutes.
             * @example 06:00:00
             */
            from: string;
            /** @description What may be sold, at most 100 characters. */
            goods: string;
            /** @description Number of the policy document 政策文号. */
            policy_no: string;
            /**
             * @description Local time at which they end, which is no longer permitted. At or before `from` it is that of the next day.
             * @example 09:30:00
             */
            to: string;
            /** @description The unit that keeps order there. */
            unit_id: components["schemas"]["UnitId"];
            /**
             * Format: date
             * @description First day on which its hours begin; `None` for no beginning.
             */
            valid_from?: string | null;
            /**
             * Format: date
             * @description Last day on which its hours begin; `None` for no end.
             */
            valid_to?: string | null;
            /**
             * Format: int32
             * @description Days on which its hours begin: bit 0 is Monday, bit 6 Sunday.
             */
            weekdays: number;
        };
        /** @description Somebody, as the office knows them; inspectors by their pseudonym. */
        Person: {
            /** @description What they are called. */
            display_name: string;
            /** @description The account. */
            id: components["schemas"]["UserId"];
        };
        /** Format: uuid */
        PhotoId: string;
        /** @description What is known of an upload. */
        PhotoReceipt: {
            /**
             * Format: int32
             * @description Pixels down, upright.
             */
            height: number | null;
            /** @description The id the client chose. */
            id: components["schemas"]["PhotoId"];
            /** @description What it is. */
            media_type: string;
            /** @description Server time it was on stable storage. */
            received_at: components["schemas"]["Timestamp"];
            /** @description SHA-256 of the bytes. */
            sha256: components["schemas"]["Digest"];
            /**
             * Format: int64
             * @description Length in bytes.
             */
            size_bytes: number;
            /**
             * Format: int32
             * @description Pixels across, upright.
             */
            width: number | null;
        };
        /** @enum {string} */
        PhotoStage: "found" | "fix" | "check" | "look-back" | "request";
        /** @enum {string} */
        PhotoView: "far" | "near" | "detail" | "same-angle" | "wide";
        /** @enum {string} */
        PlaceDoubt: "shifted" | "elsewhere";
        /** @description A point 点位. */
        PlaceView: {
            /** @description Whether it is inspected at present. */
            active: boolean;
            address: string;
            area_code: string;
            campaigns: string[];
            code: string;
            /**
             * Format: double
             * @description Metres from the position that was given.
             */
            distance_m?: number | null;
            id: components["schemas"]["PointId"];
            /** @description First letters of its name in pinyin, to search by: one word a character, a letter for each of its readings. */
            initials?: string;
            is_demo: boolean;
            lead_unit_id: components["schemas"]["UnitId"];
            location: components["schemas"]["Location"] | null;
            name: string;
            /** Format: int32 */
            radius_m: number;
            territorial_unit_id: components["schemas"]["UnitId"] | null;
            type: string;
        };
        /** @description The position of the picture. */
        PlacementBody: {
            /** @description Longitude and latitude of its corners: upper left, upper right, lower right, lower left. */
            corners: number[][];
            /** @description What these degrees are. */
            crs: components["schemas"]["Crs"];
        };
        /** @description A step that says nothing more: `approve`, `publish`. */
        PlainEntryStep: Record<string, never>;
        /** @description A step that says nothing more: `freeze`, `preview`, `decide`. */
        PlainMonthStep: Record<string, never>;
        /** @description A step that says nothing more: `propose`, `withdraw`, `review`, `release`. */
        PlainStep: Record<string, never>;
        /** @description One step of a plan. */
        PlanBody: {
            /**
             * Format: date
             * @description By the end of which day.
             */
            due: string;
            /** @description What will be done, at most 100 characters. */
            milestone: string;
        };
        /** @description One step of a hung issue's plan. */
        PlanStep: {
            /**
             * Format: date
             * @description By the end of which day.
             */
            due: string;
            /** @description Whether it was not done by its day. */
            is_missed: boolean;
            /** @description What will be done. */
            milestone: string;
            /**
             * Format: date
             * @description The day the unit said it was done.
             */
            reached_on: string | null;
        };
        /** @description A point as a form gives it. */
        PointBody: {
            /** @description Whether it is inspected. */
            active: boolean;
            /** @description Where it is, for people; needed while there is no position. */
            address: string;
            /** @description 6 to 12 digits; from the code, else from the lead unit when absent. */
            area_code?: string | null;
            /** @description Codes of the campaigns that inspect it. */
            campaigns: string[];
            /** @description Such as `990001-MKT-0001`; it stays. */
            code: string;
            /** @description Demonstration point 示范点位. */
            is_demo?: boolean;
            /** @description Lead unit 主责单位. */
            lead_unit_id: components["schemas"]["UnitId"];
            location?: components["schemas"]["DegreesBody"] | null;
            /** @description Chinese name. */
            name: string;
            /**
             * Format: int32
             * @description Geofence in metres; the type's when absent.
             */
            radius_m?: number | null;
            territorial_unit_id?: components["schemas"]["UnitId"] | null;
            /** @description Code of its type. */
            type: string;
        };
        /** Format: uuid */
        PointId: string;
        /** @enum {string} */
        PointStanding: "pass" | "fail" | "stale" | "never";
        /** @description A point type 点位类型. */
        PointTypeView: {
            code: string;
            look_first: string;
            name: string;
            name_en: string;
            observation_unit: string;
            /** Format: int32 */
            radius_m: number;
        };
        /** @description A place on an issue. */
        PointView: {
            /** @description Where it is, for people. */
            address: string;
            /** @description `area6-TYPE-serial4`. */
            code: string;
            /** @description Identity. */
            id: components["schemas"]["PointId"];
            location: components["schemas"]["Location"] | null;
            /** @description Chinese name. */
            name: string;
            /** @description Code of its type. */
            type: string;
        };
        /** @description A problem as it is sent: RFC 9457 with our extension members. */
        Problem: {
            /** @description What clients switch on. */
            code: components["schemas"]["ProblemCode"];
            /** @description What exactly, where there is more to say. */
            detail?: string;
            /** @description Every wrong field, for `invalid-fields`. */
            errors?: components["schemas"]["FieldProblem"][];
            /** @description The path that was asked for. */
            instance: string;
            /** @description Names the request in the service's log. */
            request_id: string;
            /**
             * Format: int32
             * @description The HTTP status once more.
             */
            status: number;
            /** @description The kind in words, in the caller's language. */
            title: string;
            /**
             * @description Names the kind of problem.
             * @example /problems/not-found
             */
            type: string;
        };
        /** @enum {string} */
        ProblemCode: "malformed-request" | "body-incomplete" | "not-signed-in" | "credentials-rejected" | "password-change-required" | "setup-code-rejected" | "forbidden" | "separation-of-duties" | "cross-origin" | "not-found" | "no-preview" | "method-not-allowed" | "request-timeout" | "id-reused" | "other-account" | "upload-offset" | "already-exists" | "already-set-up" | "already-answered" | "place-settled" | "issue-illegal-transition" | "already-returned" | "final-assignment" | "window-passed" | "request-pending" | "nothing-pending" | "extensions-exhausted" | "not-overdue" | "vice-head-only" | "look-back-pending" | "batch-illegal-transition" | "batch-tasks-open" | "batch-reports-unreviewed" | "card-illegal-transition" | "batch-releases-it" | "month-illegal-transition" | "month-too-early" | "month-earlier-open" | "objection-pending" | "too-many-objections" | "month-differs" | "ledger-illegal-transition" | "name-request-illegal-transition" | "stale-version" | "tus-version" | "length-required" | "body-too-large" | "photo-too-large" | "unsupported-media-type" | "unsupported-coding" | "media-type-mismatch" | "range-not-satisfiable" | "invalid-fields" | "idempotency-key-reused" | "packet-unreadable" | "packet-account" | "digest-mismatch" | "photo-empty" | "photo-truncated" | "photo-corrupt" | "photo-dimensions" | "photo-animated" | "version-required" | "too-many-requests" | "too-many-uploads" | "sign-in-throttled" | "checksum-mismatch" | "internal" | "unavailable" | "storage-full";
        /** @description A card that was issued, as units, leaders and discipline inspection read it. */
        PublicCard: {
            /**
             * Format: date
             * @description The day of the talk, or on which the referral was taken over.
             */
            concluded_on: string | null;
            /** @description Number of the document. */
            document_no: string | null;
            /** @description What led to it. */
            grounds: string;
            /** @description Identity. */
            id: components["schemas"]["CardId"];
            issue_id: components["schemas"]["IssueId"] | null;
            /** @description Its number. */
            issue_number: string | null;
            /**
             * Format: date
             * @description The day it was issued.
             */
            issued_on: string | null;
            /** @description The measure. */
            measure: components["schemas"]["Measure"];
            /** @description The minutes of the talk, or who took the referral over. */
            minutes: string | null;
            /** @description Why, in the office's words. */
            reason: string | null;
            /** @description `issued`, `concluded` or `withdrawn`. */
            state: components["schemas"]["CardState"];
            /** @description The rule that proposed it. */
            trigger: components["schemas"]["Trigger"];
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
            /** @description Its name. */
            unit_name: string;
            /** @description Why, in the office's words. */
            withdrawal_reason: string | null;
            /**
             * Format: date
             * @description The day it was withdrawn.
             */
            withdrawn_on: string | null;
        };
        /** @description A photo that others than the office and its finder may look at. */
        PublicPhoto: {
            /** @description Whether it can be looked at; `false` only of what units sent. */
            has_preview: boolean;
            /**
             * Format: int32
             * @description Pixels down of its `view`, upright.
             */
            height: number | null;
            /** @description The upload. */
            id: components["schemas"]["PhotoId"];
            /**
             * Format: int32
             * @description In which round.
             */
            round: number;
            /** @description At which step. */
            stage: components["schemas"]["PhotoStage"];
            /** @description What it shows. */
            view: components["schemas"]["PhotoView"];
            /**
             * Format: int32
             * @description Pixels across of its `view`, upright; the original's size would tell one phone from another.
             */
            width: number | null;
        };
        /** @description A request of a unit, as the unit and leaders read it. */
        PublicRequest: {
            decided_at: components["schemas"]["ShownTime"] | null;
            /** @description What was answered. */
            decision_reason: string | null;
            /** @description When it was filed. */
            filed_at: components["schemas"]["ShownTime"];
            /** @description Identity. */
            id: components["schemas"]["RequestId"];
            /** @description Extension or dispute. */
            kind: components["schemas"]["RequestKind"];
            /** @description Why. */
            reason: string;
            /** @description What became of it. */
            state: components["schemas"]["RequestState"];
            until: components["schemas"]["Deadline"] | null;
        };
        /** @description A return of a unit. */
        PublicReturn: {
            /** @description The office's judgement. */
            founded: boolean | null;
            proposed_unit_id: components["schemas"]["UnitId"] | null;
            /** @description Why. */
            reason: string;
            /** @description When. */
            returned_at: components["schemas"]["ShownTime"];
            /** @description Who returned it. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description `publish`. */
        PublishMonth: {
            /** @description The number of the circular 通报文号, 1–100 characters. */
            circular_no: string;
        };
        /** @description A unit in the ranking. */
        RankedUnit: {
            /** @description The list that it is on. */
            listed: components["schemas"]["Listed"];
            /**
             * Format: int64
             * @description Ranks gained (positive) or lost against last month; `null` without a rank then.
             */
            moved: number | null;
            /** @description Its name then. */
            name: string;
            /** @description Its peer group 考评分组. */
            peer_group: string;
            /** @description Its rank in the group; equal units share it. */
            rank: number;
            /** @description Its score: two decimals; for units whole points. */
            score: string;
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description `reach-milestone`: the next one of the plan. */
        ReachMilestone: {
            /** @description In words. */
            note?: string | null;
            /** @description What was done, sent before. */
            photos?: components["schemas"]["ActionPhoto"][];
        };
        /** @enum {string} */
        Reason: "point-cap" | "unit-cap" | "no-slot" | "recusals" | "no-free-inspector";
        /** @description A step with a reason: `send-back`, `revoke`, `abandon`. */
        ReasonedStep: {
            /** @description 1–500 characters. */
            reason: string;
        };
        /** @description `reassign`. */
        Reassign: {
            /** @description Designated: it cannot be returned again. */
            final?: boolean;
            /** @description Whether the return was founded. */
            founded: boolean;
            /** @description The unit it goes to. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description What became of one record. */
        RecordView: {
            /** @description The step, of an answer. */
            action: string | null;
            /**
             * Format: uuid
             * @description The record's own id; `null` where it names none.
             */
            id: string | null;
            issue_id: components["schemas"]["IssueId"] | null;
            /** @description `report`, `answer` or `visit`, as the record says. */
            kind: string | null;
            /** @description Photos that it names and that are not here. */
            missing_photos: components["schemas"]["PhotoId"][];
            /** @description The issue's number, where it has one. */
            number: string | null;
            outcome: ("taken" | "known" | "refused") & Record<string, never>;
            problem: components["schemas"]["Problem"] | null;
        };
        /** @description What one inspector is recused from. */
        Recusals: {
            /** @description Points, at most 200: lives there. */
            points: components["schemas"]["PointId"][];
            /** @description Units, at most 200: works there or did within three years, or has kin there. */
            units: components["schemas"]["UnitId"][];
        };
        /** @description `redraw`. */
        RedrawTask: {
            /** @description Who declared the conflict, such as `暗访07`. */
            code_name: string;
            /** @description 1–500 characters. */
            reason: string;
            /**
             * Format: int32
             * @description Number of the task.
             */
            task: number;
        };
        /** @description All that a phone needs offline. */
        ReferenceView: {
            campaigns: components["schemas"]["CampaignView"][];
            /** @description Whether each finding is expected to name a capture number; only inspectors are told, and absent where it is not. */
            capture_nonces?: boolean;
            /** @description What the county is called; empty until somebody says so. */
            county_name: string;
            items: components["schemas"]["ItemView"][];
            /** @description What the supervision office is called; empty until somebody says so. */
            office_name: string;
            point_types: components["schemas"]["PointTypeView"][];
            points: components["schemas"]["PlaceView"][];
            units: components["schemas"]["UnitView"][];
            /** @description Zones where stalls are permitted 允许摆摊区; absent where the county has none. */
            zones?: components["schemas"]["PermittedZone"][];
        };
        /** @description `reject`. What is severe is dropped when a second person says so too; until then it waits. */
        Reject: {
            duplicate_of?: components["schemas"]["IssueId"] | null;
            /** @description Why it is no case. */
            reason: string;
        };
        /** @description `release`. */
        Release: Record<string, never>;
        /** @description `release-urgent`. */
        ReleaseUrgent: {
            /** @description `high`. */
            severity: components["schemas"]["Severity"];
            /** @description Responsible unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description A released issue as leaders and discipline inspection read it. */
        ReleasedIssue: {
            /** @description What the reader may do now. */
            allowed_actions: components["schemas"]["Action"][];
            /** @description How often units were judged to have passed the buck here. */
            buck_passing_count: number;
            /**
             * Format: int32
             * @description Place in the chain of relapses, from 0.
             */
            chain_no: number;
            /**
             * Format: date
             * @description The day it was closed; the hour could be a visit's.
             */
            closed_on: string | null;
            /** @description What is wrong. */
            description: string;
            due_at: components["schemas"]["Deadline"] | null;
            /** @description The deadline runs into a year whose days off were not known when it was counted. */
            due_unsure: boolean;
            /** @description When it was found. */
            found_on: components["schemas"]["FoundOn"];
            /** @description Person the unit named. */
            handler: string | null;
            /** @description Identity. */
            id: components["schemas"]["IssueId"];
            /** @description Item that is violated. */
            item_code: string;
            /** @description What was done. */
            measure: string | null;
            /** @description Milestones missed so far, with those of earlier plans. */
            missed_milestones: number;
            /** @description Its number; random within the year. */
            number: string | null;
            /** @description Whether the fix that passed came in time. */
            on_time: boolean | null;
            /** @description Whether the fix is late. */
            overdue: boolean;
            /** @description Photos. */
            photos: components["schemas"]["PublicPhoto"][];
            /** @description Plan of a hung issue. */
            plan: components["schemas"]["PlanStep"][];
            /** @description Where. */
            point: components["schemas"]["PointView"];
            released_at: components["schemas"]["ShownTime"] | null;
            remedy: components["schemas"]["Remedy"] | null;
            /**
             * Format: int32
             * @description How often the office has reminded of it.
             */
            reminders: number;
            reported_at: components["schemas"]["ShownTime"] | null;
            /** @description Extensions and disputes. */
            requests: components["schemas"]["PublicRequest"][];
            /** @description Returns. */
            returns: components["schemas"]["PublicReturn"][];
            /**
             * Format: int32
             * @description 1, and one more with each failed check.
             */
            round: number;
            /** @description How bad. */
            severity: components["schemas"]["Severity"];
            signed_in_at: components["schemas"]["ShownTime"] | null;
            /** @description Its state. */
            state: components["schemas"]["State"];
            /** @description Nobody took the step `sign-in` 签收 in time. */
            unclaimed: boolean;
            unit_id: components["schemas"]["UnitId"] | null;
            /** @description Released at once because of danger. */
            urgent: boolean;
            /**
             * Format: int64
             * @description What `If-Match` must name: counts from the release.
             */
            version: number;
        };
        /** @enum {string} */
        Remedy: "quick" | "timed" | "project";
        /** @description `remind`: the unit reads the note. */
        Remind: {
            /** @description What the unit is to do. */
            reason: string;
        };
        /** @description What pairs of visits saw. `null` where there was nothing to count, which is not zero. */
        RepeatFigures: {
            /**
             * Format: int64
             * @description Items that both judged.
             */
            judged: number;
            left_out: components["schemas"]["RepeatShare"] | null;
            milder: components["schemas"]["RepeatShare"] | null;
            missed: components["schemas"]["RepeatShare"] | null;
            only_first: components["schemas"]["RepeatShare"] | null;
            stricter: components["schemas"]["RepeatShare"] | null;
        };
        /** @description A share with the bounds between which the true one lies in 95 of 100 cases (Wilson). */
        RepeatShare: {
            /**
             * Format: int64
             * @description So many.
             */
            count: number;
            /**
             * Format: int32
             * @description The upper bound, rounded up.
             */
            high: number;
            /**
             * Format: int32
             * @description The lower bound in hundredths of a percent, rounded down.
             */
            low: number;
            /**
             * Format: int64
             * @description Of so many.
             */
            of: number;
        };
        /** @description Visits that were made again 双盲复查, all together. It is about no inspector, unit or point, and judges nobody. */
        RepeatsView: {
            /**
             * Format: int64
             * @description Drawn ones.
             */
            drawn: number;
            figures: components["schemas"]["RepeatFigures"] | null;
            /**
             * Format: date
             * @description The day from which draws count.
             */
            from: string;
            /**
             * Format: int64
             * @description Of the drawn ones, given to somebody else.
             */
            given: number;
            /**
             * Format: int64
             * @description Of the drawn ones, without a slot left.
             */
            no_slot: number;
            /**
             * Format: int64
             * @description Of the drawn ones, without anybody who could go.
             */
            nobody: number;
            /**
             * Format: int64
             * @description Of the given ones, neither carried out nor over.
             */
            open: number;
            /**
             * Format: int64
             * @description Of the given ones, carried out: pairs that can be compared.
             */
            pairs: number;
            /**
             * Format: int64
             * @description Fewest pairs from which figures are shown.
             */
            pairs_min: number;
            /**
             * Format: int64
             * @description Fewest people who made the first visits from which figures are shown.
             */
            people_min: number;
            /**
             * Format: int64
             * @description Completed visits that could be drawn.
             */
            visits: number;
        };
        /** @description A report. */
        ReportBody: {
            capture_nonce?: components["schemas"]["CaptureNonce"] | null;
            /** @description Device time of the finding. */
            captured_at: components["schemas"]["Timestamp"];
            /** @description In words, at most 500 characters; may be empty. */
            description?: string;
            /**
             * @description Item that is violated.
             * @example WM-07
             */
            item_code: string;
            location?: components["schemas"]["Location"] | null;
            /** @description 1 to 9 photos, sent or to be sent. */
            photos: components["schemas"]["ReportPhotoBody"][];
            place?: components["schemas"]["UnlistedPlaceBody"] | null;
            point_id?: components["schemas"]["PointId"] | null;
            sent_at?: components["schemas"]["Timestamp"] | null;
            /** @description How bad. */
            severity: components["schemas"]["Severity"];
            visit_id?: components["schemas"]["VisitId"] | null;
        };
        /** @description `report-fix`. */
        ReportFix: {
            composed_at?: components["schemas"]["Timestamp"] | null;
            /** @description What was done, at most 200 characters. */
            measure: string;
            /** @description At least one `same-angle` and one `wide`, sent before. */
            photos: components["schemas"]["ActionPhoto"][];
            /** @description How it was put right. */
            remedy: components["schemas"]["Remedy"];
            sent_at?: components["schemas"]["Timestamp"] | null;
        };
        /** @description The parts of a report in one call. */
        ReportForm: {
            /** @description 1 to 9 pictures, in the order of the report's `photos` where it names them. What they are is told by their bytes. */
            photo: string[];
            /** @description The report. */
            report: components["schemas"]["FormReport"];
        };
        /** @description A photo that a report names. */
        ReportPhotoBody: {
            captured_at?: components["schemas"]["Timestamp"] | null;
            /** @description Whether it was chosen from the album instead of taken for the report. */
            from_album?: boolean;
            /** @description The upload's id. */
            id: components["schemas"]["PhotoId"];
            /** @description What was drawn on it: burnt into `thumb` and `view`, while the original stays as it is. */
            marks?: components["schemas"]["Mark"][];
            sha256?: components["schemas"]["Digest"] | null;
            /** @description `far`, `near` or `detail`. */
            view: components["schemas"]["PhotoView"];
        };
        /** @description `request-extension`. */
        RequestExtension: {
            /** @description Evidence, sent before. */
            photos?: components["schemas"]["ActionPhoto"][];
            /** @description Why. */
            reason: string;
            until?: components["schemas"]["Timestamp"] | null;
        };
        /** @description `request-hang`. */
        RequestHang: {
            /** @description At least one photo of the interim safety measure, sent before. */
            photos: components["schemas"]["ActionPhoto"][];
            /** @description What will be done by when. */
            plan: components["schemas"]["PlanBody"][];
            /** @description Why it cannot be fixed now. */
            reason: string;
        };
        /** Format: uuid */
        RequestId: string;
        /** @enum {string} */
        RequestKind: "extension" | "dispute" | "hang";
        /** @enum {string} */
        RequestState: "pending" | "granted" | "refused" | "lapsed";
        /** @description Who answers for an item at a point. */
        ResponsibleView: {
            /** @description What named it. */
            basis: components["schemas"]["Basis"];
            /** @description Exactly one unit leads 主责. */
            lead_unit_id: components["schemas"]["UnitId"];
            /** @description The others. */
            others: components["schemas"]["OtherUnit"][];
        };
        /** @description `resubmit`. */
        Resubmit: {
            /** @description The corrected description. */
            description?: string | null;
            /** @description The corrected item. */
            item_code?: string | null;
            /** @description Further photos, sent before. */
            photos?: components["schemas"]["ActionPhoto"][];
            severity?: components["schemas"]["Severity"] | null;
        };
        /** @description `return`. */
        Return: {
            proposed_unit_id?: components["schemas"]["UnitId"] | null;
            /** @description Why it is not this unit's. */
            reason: string;
        };
        /** @enum {string} */
        ReworkBase: "due-to-close" | "checks";
        /** @enum {string} */
        Role: "inspector" | "unit" | "office" | "leader" | "task_force" | "discipline" | "admin";
        /** @enum {string} */
        RowKind: "issue" | "point" | "card" | "commendation" | "adjustment" | "self-report";
        /** @enum {string} */
        Ruling: "counts" | "partly" | "earlier" | "heavier" | "self-found";
        /** @description A sample with its drawn issues. */
        SampleDetail: components["schemas"]["SampleView"] & {
            /**
             * Format: int32
             * @description What to send as `after` for the next ones; `null` on the last part.
             */
            next: number | null;
            /** @description At most 200 of its rows. */
            rows: components["schemas"]["SampleRowView"][];
        };
        /** Format: uuid */
        SampleId: string;
        /** @enum {string} */
        SampleKind: "monthly" | "staged";
        /** @description The proof of a sample. */
        SampleProofView: {
            /** @description Whether the discipline inspection alone reads it: somebody is barred in it whom the office knows by a code name. */
            is_for_discipline: boolean;
            /**
             * @description The proof file, for `anfang draw verify`; `null` while a drawn issue waits for its day, and if
             *     `is_for_discipline`.
             */
            proof: Record<string, never> | null;
            /** @description Digest of the proof, as the audit record of the draw has it. */
            proof_sha256: components["schemas"]["Digest"];
        };
        /** @enum {string} */
        SampleReason: "severe" | "share" | "same-day";
        /** @enum {string} */
        SampleRowState: "waiting" | "given" | "nobody" | "pending" | "reopened";
        /** @description A drawn issue. */
        SampleRowView: {
            /** @description Who is to look; `null` when everybody had found or checked it. */
            inspector: string | null;
            /** @description The issue. */
            issue_id: components["schemas"]["IssueId"];
            /** @description Its number. */
            issue_number: string | null;
            /**
             * Format: int32
             * @description Its number in the sample, from 1.
             */
            number: number;
            /**
             * Format: date
             * @description On which day.
             */
            on: string;
            /** @description When on that day. */
            part: components["schemas"]["DayPart"];
            /** @description Why it was drawn. */
            reason: components["schemas"]["SampleReason"];
            result: components["schemas"]["LookBackResult"] | null;
            settled_at: components["schemas"]["Timestamp"] | null;
            /** @description What became of it. */
            state: components["schemas"]["SampleRowState"];
            /** @description Name of the unit that fixed it. */
            unit_name: string;
            until: components["schemas"]["Timestamp"] | null;
        };
        /** @description A look-back sample. */
        SampleView: {
            /**
             * Format: int64
             * @description How many were.
             */
            drawn: number;
            /** @description When. */
            drawn_at: components["schemas"]["Timestamp"];
            /** @description Who had it drawn; `null` for the service. */
            drawn_by: string | null;
            /**
             * Format: int64
             * @description How many were given to an inspector.
             */
            given: number;
            /** @description Identity. */
            id: components["schemas"]["SampleId"];
            /** @description What was drawn from. */
            kind: components["schemas"]["SampleKind"];
            /**
             * Format: int64
             * @description How many could not be given.
             */
            not_given: number;
            /** @description The month, or the day, that it is for. */
            period: string;
            /**
             * Format: int32
             * @description How many issues could be drawn.
             */
            population: number;
            /** @description Digest of the proof. */
            proof_sha256: components["schemas"]["Digest"];
            /**
             * Format: int64
             * @description Of these, how many wait for their day.
             */
            waiting: number;
        };
        /** @description A list to be named. */
        SavedViewBody: {
            /** @description What it is called, 1–20 characters; no two have the same name. */
            name: string;
            /**
             * @description The query of `GET /issues` that shows it, such as `state=rectifying&overdue=true`. A `from` of `today`, `7d` or
             *     `30d` is a day that moves on. A list has no end and no page of its own: `limit` and `cursor` are not kept.
             */
            query: string;
        };
        /** Format: uuid */
        SavedViewId: string;
        /** @description A named list. */
        SavedViewView: {
            /** @description Identity. */
            id: components["schemas"]["SavedViewId"];
            /** @description What it is called. */
            name: string;
            /** @description The query of `GET /issues` that shows it. */
            query: string;
            /** @description When it was saved last. */
            saved_at: components["schemas"]["Timestamp"];
        };
        /** @description A schedule, as the office writes it down. */
        Schedule: {
            assessment_id?: components["schemas"]["AssessmentId"] | null;
            /**
             * Format: date
             * @description The day by which everything is done, the buffer included.
             */
            end: string;
            /** @description What it is called, 1–40 characters. */
            name: string;
            /** @description Its tasks, 1–500. */
            tasks: components["schemas"]["ScheduleTask"][];
        };
        /** Format: uuid */
        ScheduleId: string;
        /** @description A task of a schedule. */
        ScheduleTask: {
            /** @description Places of the tasks, from 0 and all later in the list, that can begin only when it is done. */
            before?: number[];
            /**
             * Format: int32
             * @description How long it takes, in working days, 1–500.
             */
            days: number;
            /** @description Identifies it in its schedule, 1–40 characters; it stays when the task moves. */
            key: string;
            /** @description What is done, 1–60 characters. */
            name: string;
            /**
             * Format: int32
             * @description How much of it is done, in percent, 0–100.
             */
            progress?: number;
            unit_id?: components["schemas"]["UnitId"] | null;
        };
        /** @description A backward schedule with the lights of today. */
        ScheduleView: {
            assessment_id: components["schemas"]["AssessmentId"] | null;
            /**
             * Format: int32
             * @description Working days between the last task and the end.
             */
            buffer_days: number;
            /** @description When it was written last. */
            changed_at: components["schemas"]["Timestamp"];
            /**
             * Format: int32
             * @description How many working days too late it is, if nothing has begun; 0 when it can be kept.
             */
            days_short: number;
            /**
             * Format: date
             * @description The day by which everything is done.
             */
            end: string;
            /** @description Identity. */
            id: components["schemas"]["ScheduleId"];
            /** @description What it is called. */
            name: string;
            /** @description Its tasks, in the order they were written. */
            tasks: components["schemas"]["TaskLightView"][];
            /**
             * Format: date
             * @description The day of the lights.
             */
            today: string;
            /**
             * Format: int64
             * @description What `If-Match` must name.
             */
            version: number;
        };
        /** @enum {string} */
        ScoreTerm: "points" | "handling" | "durability";
        /** @description How the point is judged by a visit. */
        ScoreView: {
            /**
             * Format: int64
             * @description Weight of the items that were judged.
             */
            observed_weight: number;
            /**
             * Format: int64
             * @description Weight of all items of such points; 60 % of it must be judged.
             */
            total_weight: number;
            /**
             * @description From 0 to 100, with two decimals, rounded half up; `null` where too little was observed, and the visit is
             *     invalid.
             * @example 87.50
             */
            value: string | null;
            /** @description Veto items that failed. */
            vetoed_by: string[];
        };
        /** @description A unit's scorecard: U = A + B + C by their weights, − E + F + corrections, from 0 to 100. */
        Scorecard: {
            /** @description F. */
            added: string;
            /** @description Corrections of earlier months. */
            adjusted: string;
            /** @description Their rows. */
            adjustments: components["schemas"]["MonthRow"][];
            /** @description Its lines. */
            bonuses: components["schemas"]["BonusView"][];
            /** @description E, at most its cap. */
            deducted: string;
            /** @description Its lines. */
            deductions: components["schemas"]["DeductionView"][];
            /** @description Issues due to be handled. */
            due_issues: number;
            /** @description The figures of B and C, then those that are shown only. Their rows are at `figures/{metric}`. */
            figures: components["schemas"]["MonthFigure"][];
            /** @description Whether there was enough to rank it by; otherwise 样本不足. */
            is_sufficient: boolean;
            /** @description The month. */
            month: components["schemas"]["Month"];
            /** @description Its name at the cut-off. */
            name: string;
            /** @description Its peer group. */
            peer_group: string;
            /** @description The points of A. */
            points: components["schemas"]["WeighedPointView"][];
            ranked: components["schemas"]["RankedUnit"] | null;
            /** @description The score; `null` when nothing of it has data. For units whole points. */
            score: string | null;
            /** @description Points validly scored. */
            scored_points: number;
            /** @description A, B and C. */
            terms: components["schemas"]["TermView"][];
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description Working hours of a part of every year, both days included. */
        SeasonView: {
            /** @description Month and day it begins, `07-01`. */
            from: string;
            /** @description Month and day it ends. */
            to: string;
            /** @description Its working hours. */
            windows: components["schemas"]["WindowView"][];
        };
        /** @description How one item was found. */
        SeenView: {
            issue_id: components["schemas"]["IssueId"] | null;
            /** @description The item. */
            item_code: string;
            /** @description In words. */
            note: string;
            /**
             * @description The policy 一摊一策 that permits stalls there and then: the item is not applicable then, whatever was seen. `null`
             *     where none does, and for items that are not about stalls.
             * @example 青摊规〔2026〕3号 蔬菜 06:00–09:30
             */
            permitted_by: string | null;
            /** @description Photos, in order. */
            photo_ids: components["schemas"]["PhotoId"][];
            /** @description How it was found. */
            result: components["schemas"]["ItemResult"];
        };
        /** @description What the office says of it. */
        SelfDecisionBody: {
            /** @description Whether the photos show a fault and its fix. */
            confirmed: boolean;
            /** @description Why not, 1–500 characters; may be empty for one that is confirmed. */
            reason?: string;
        };
        /** @description What the unit did about it. */
        SelfFixBody: {
            /** @description What was done, 1–200 characters. */
            measure: string;
            /** @description 1 to 9 photos of it, sent before. */
            photo_ids: components["schemas"]["PhotoId"][];
        };
        /** Format: uuid */
        SelfReportId: string;
        /** @enum {string} */
        SelfReportState: "open" | "fixed" | "confirmed" | "refused";
        /** @description A fault that a unit found itself. Its unit reads it, too: nothing in it depends on what an inspector has seen. */
        SelfReportView: {
            /**
             * Format: date
             * @description The day of the office's decision.
             */
            decided_on: string | null;
            /** @description In words; may be empty. */
            description: string;
            /** @description By when it has to be put right. */
            due_at: components["schemas"]["Deadline"];
            /** @description Photos of the fix. */
            fix_photo_ids: components["schemas"]["PhotoId"][];
            fixed_at: components["schemas"]["ShownTime"] | null;
            /** @description Identity. */
            id: components["schemas"]["SelfReportId"];
            /** @description Whether that was in time; `null` before. */
            in_time: boolean | null;
            /** @description The item that is violated. */
            item_code: string;
            /** @description What was done. */
            measure: string | null;
            /** @description Photos of the fault. */
            photo_ids: components["schemas"]["PhotoId"][];
            /** @description Where. */
            point_id: components["schemas"]["PointId"];
            /** @description Name of the point. */
            point_name: string;
            /** @description What the office said. */
            reason: string | null;
            relapse_of: components["schemas"]["IssueId"] | null;
            reported_at: components["schemas"]["ShownTime"] | null;
            /** @description How far it is. */
            state: components["schemas"]["SelfReportState"];
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
            /** @description Its name. */
            unit_name: string;
        };
        /** @description `send-back`. */
        SendBack: {
            /** @description What to correct. */
            reason: string;
        };
        /** Format: uuid */
        SessionId: string;
        /** @description A session of the caller's account. */
        SessionView: {
            /** @description What the client called itself. */
            agent: string;
            /** @description When it began, by a login. */
            created_at: components["schemas"]["Timestamp"];
            /** @description When it ends. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description Identity. */
            id: components["schemas"]["SessionId"];
            /** @description Whether it is the one that asks. */
            is_current: boolean;
            /** @description Last use, to the minute. */
            last_seen_at: components["schemas"]["Timestamp"];
        };
        /** @description A setting: what is in force, and what it can be. */
        SettingView: {
            /**
             * Format: int32
             * @description Most characters of a name; `null` where it is none.
             */
            chars_max: number | null;
            /** @description What holds when nothing was ever set. */
            default: unknown;
            /**
             * Format: int32
             * @description The largest.
             */
            max: number | null;
            /**
             * Format: int32
             * @description The least number it can be; `null` where it is none.
             */
            min: number | null;
            /** @description Its name. */
            name: string;
            /** @description What is in force. */
            value: unknown;
            /** @description The words it can be; empty where it is a number or a name. */
            words: string[];
        };
        /** @description Settings that are in force. */
        SettingsView: {
            /**
             * Format: int32
             * @description Fixes by one person, more than a kilometre apart, from which one is doubted.
             */
            burst_fixes_min: number;
            /**
             * Format: int32
             * @description Minutes within which so many are doubted.
             */
            burst_minutes_max: number;
            /**
             * Format: int32
             * @description Minutes that a device's clock may be ahead of the server's when it finds something; beyond, the report is doubted.
             */
            capture_ahead_minutes_max: number;
            /** @description What the county is called; empty until somebody says so. */
            county_name: string;
            /** @description `midnight` or `close-of-business`: when a limit in days ends on its last day. */
            day_end: unknown;
            /**
             * Format: int32
             * @description Bits of 64 in which a photo of a fix may differ from one of the fault and is doubted as the same.
             */
            fix_alike_bits_max: number;
            /**
             * Format: int32
             * @description Bits of 64 from which a photo of a fix from the same angle is doubted as one of another place.
             */
            fix_unlike_bits_min: number;
            /**
             * Format: int32
             * @description Minutes without use after which a session at a desk ends.
             */
            idle_minutes_desk: number;
            /**
             * Format: int32
             * @description The same for inspectors and units.
             */
            idle_minutes_phone: number;
            /** @description What units see of the ranking of a published month. */
            month_ranking: components["schemas"]["UnitsSeeRanking"];
            /** @description What the supervision office is called; empty until somebody says so. */
            office_name: string;
            /**
             * Format: int32
             * @description Hours from giving an answer offline to its arrival so that it counts from then.
             */
            offline_hours_max: number;
            /**
             * Format: int32
             * @description Minutes that a device's clock may be off so that what it says of when an answer was given counts.
             */
            offline_skew_minutes_max: number;
            /** @description `optional` or `required`: whether a check passed on site needs a photo, or a note that says why there is none. */
            on_site_evidence: unknown;
            /**
             * Format: int32
             * @description Least characters of a password.
             */
            password_chars_min: number;
            /**
             * Format: int32
             * @description Least kinds of characters in a password.
             */
            password_classes_min: number;
            /**
             * Format: int32
             * @description Days until a password must be changed; 0 for never.
             */
            password_days_max: number;
            /**
             * Format: int32
             * @description Former passwords that may not be used again.
             */
            password_history: number;
            /**
             * Format: int32
             * @description Minutes between the time inside a photo and the report's beyond which it is doubted.
             */
            photo_time_minutes_max: number;
            /**
             * Format: int32
             * @description Findings of one inspector with exactly the same position, hours apart, from which one is doubted.
             */
            same_positions_min: number;
            /**
             * Format: int32
             * @description Hours after which a session ends, however much it is used.
             */
            session_hours_max: number;
            /**
             * Format: int32
             * @description Failed logins before an account must wait.
             */
            sign_in_failures_max: number;
            /**
             * Format: int32
             * @description Minutes the wait grows to.
             */
            sign_in_lock_minutes: number;
            /** @description Whether visits that nobody drew count in rankings. */
            sudden_visits: components["schemas"]["SuddenVisits"];
            /**
             * Format: int32
             * @description Minutes before its slot from which a task is shown to its inspector.
             */
            task_lead_minutes: number;
            /**
             * Format: int32
             * @description Speed in km/h between two findings of one inspector above which the later one is doubted.
             */
            travel_kmh_max: number;
        };
        /** @enum {string} */
        SetupStep: "county" | "campaigns" | "units" | "people" | "points" | "calendar";
        /** @description Whether the county is still to be set up. */
        SetupView: {
            /** @description Whether there is no account yet: then `POST /setup` creates the first one. */
            needed: boolean;
        };
        /** @enum {string} */
        Severity: "low" | "medium" | "high";
        /** @enum {string} */
        SheetFormat: "csv" | "csv-gb18030" | "xlsx";
        /** @description A kind of sheet. */
        SheetView: {
            /** @description Its columns, in any order. */
            columns: components["schemas"]["ColumnView"][];
            /** @description What it holds. */
            kind: components["schemas"]["ImportKind"];
        };
        /** Format: date-time */
        ShownTime: string;
        /** @description `sign-in`. */
        SignIn: {
            /** @description The person who will handle it; if absent, the person who takes the step. */
            handler?: string | null;
        };
        /** @description A session that has just begun. The token is shown only once. */
        SignedInView: {
            /** @description When it ends, however much it is used. */
            expires_at: components["schemas"]["Timestamp"];
            /** @description Whether a password of one's own must be set before anything else. */
            must_change_password: boolean;
            /** @description What programs send as `Authorization: Bearer …`. */
            token: string;
            /** @description Whose it is. */
            user: components["schemas"]["OwnAccount"];
        };
        /** @description Who took a step, and when. */
        SignedView: {
            /** @description When. */
            at: components["schemas"]["Timestamp"];
            /** @description The account. */
            by: components["schemas"]["UserId"];
        };
        /** @description How a unit, or all of them, stands at present, and what happened in the weeks. */
        SituationView: components["schemas"]["SpanView"] & {
            /**
             * Format: double
             * @description Half of those closed in the weeks were closed within so many days after their release, 99 for 99 or more;
             *     `null` if none was.
             */
            median_days: number | null;
            /**
             * Format: int64
             * @description Released and not settled.
             */
            open: number;
            /**
             * Format: int64
             * @description Of these, late now: `overdue=true`.
             */
            overdue: number;
            /**
             * Format: int64
             * @description Of those that entered in the weeks, relapses of earlier issues: `rebound=true`.
             */
            rebounds: number;
            /**
             * Format: int64
             * @description Of the open ones, reminded of twice or more often: `reminded_min=2`.
             */
            reminded: number;
            /**
             * Format: int64
             * @description Of those closed in the weeks, fixed more than once: `round_min=2`.
             */
            rework: number;
        };
        /** @enum {string} */
        SlotKind: "day" | "evening" | "weekend";
        /** @enum {string} */
        Source: "inspection" | "look-back";
        /** @description What happened in a span of days. The lists that show the same issues are those of `GET /issues` with these filters. */
        SpanView: {
            /**
             * Format: int64
             * @description Closed: `closed_from`, `closed_to`.
             */
            closed: number;
            /**
             * Format: int64
             * @description Due, without what is void: `due_from`, `due_to`.
             */
            due: number;
            /**
             * Format: int64
             * @description Received, or released where the caller may not know when it was received.
             */
            entered: number;
            /**
             * Format: int64
             * @description Of those that were due, closed with a late fix, or late now: `on_time=false`.
             */
            late: number;
            /**
             * Format: int64
             * @description Of those that were due, closed with a fix in time: `on_time=true`.
             */
            on_time: number;
        };
        /** @description The number of points with this standing. */
        StandingCount: {
            /** @description Points. */
            points: number;
            /** @description How. */
            standing: components["schemas"]["PointStanding"];
        };
        /** @description A point on the board. */
        StandingPoint: {
            /** @description Whether it is a demonstration point. */
            is_demo: boolean;
            /** @description Whether that failed an item with a veto. */
            is_vetoed: boolean;
            /** @description The unit that leads it. */
            lead_unit_id: components["schemas"]["UnitId"];
            /** @description Its name. */
            name: string;
            /** @description Issues that were overdue there. */
            overdue: components["schemas"]["IssueId"][];
            /** @description The point. */
            point_id: components["schemas"]["PointId"];
            /** @description The score that decides its standing. */
            score: string | null;
            /** @description Its standing. */
            standing: components["schemas"]["PointStanding"];
        };
        /** @description A campaign with items that come with the program. */
        StarterSetView: {
            /** @description Code of the campaign. */
            campaign: string;
            /** @description Whether the county has this campaign already. */
            is_there: boolean;
            /** @description How many items it has. */
            items: number;
            /** @description Its name. */
            name: string;
            /** @description Its name in English. */
            name_en: string;
        };
        /** @description Sets to be loaded. */
        StartersBody: {
            /** @description Codes of their campaigns. */
            campaigns: string[];
        };
        /** @enum {string} */
        State: "receiving" | "submitted" | "returned" | "sealed" | "assigned" | "rectifying" | "redispatch" | "reported" | "rework" | "hung" | "closed" | "archived" | "void";
        /** @enum {string} */
        StepMark: "skipped" | "confirmed";
        /** @enum {string} */
        StepState: "open" | "done" | "skipped";
        /** @description A step. */
        StepView: {
            /** @description Its state. */
            state: components["schemas"]["StepState"];
            /** @description Which. */
            step: components["schemas"]["SetupStep"];
        };
        /** @description Work that was set aside after its last try. */
        StuckJobView: {
            /** @description Identity. */
            id: components["schemas"]["JobId"];
            kind: components["schemas"]["JobKind"] | null;
            /** @description Why the last try failed. */
            last_error: string | null;
            stuck_at: components["schemas"]["Timestamp"] | null;
        };
        /** @enum {string} */
        SuddenVisits: "left-out" | "counted";
        /** @description A supply of capture numbers 取证随机码. */
        SupplyView: {
            /** @description Those that are not used, at most 32; none for who has many unused ones. */
            nonces: components["schemas"]["CaptureNonce"][];
            /** @description Until when they are good. */
            valid_until: components["schemas"]["Timestamp"];
        };
        /**
         * @description An issue as an inspector reads it who was given its check or a look-back: the fault, the fix
         *     and the place, as its unit knows them.
         */
        TaskIssue: {
            /** @description What the reader may do now. */
            allowed_actions: components["schemas"]["Action"][];
            /**
             * Format: date
             * @description The day it was closed; the hour could be another's visit.
             */
            closed_on: string | null;
            /** @description What is wrong. */
            description: string;
            due_at: components["schemas"]["Deadline"] | null;
            /** @description When it was found. */
            found_on: components["schemas"]["FoundOn"];
            /** @description Identity. */
            id: components["schemas"]["IssueId"];
            /** @description That another found it: `false`. */
            is_mine: boolean;
            /** @description Item that is violated. */
            item_code: string;
            /** @description What the unit says it did. */
            measure: string | null;
            /** @description Its number; random within the year. */
            number: string | null;
            /**
             * @description Photos of the fault and of the fix; of earlier checks for whoever checks, of this look-back for whoever
             *     looks back.
             */
            photos: components["schemas"]["PublicPhoto"][];
            /** @description Where. */
            point: components["schemas"]["PointView"];
            released_at: components["schemas"]["ShownTime"] | null;
            remedy: components["schemas"]["Remedy"] | null;
            reported_at: components["schemas"]["ShownTime"] | null;
            /**
             * Format: int32
             * @description 1, and one more with each failed check.
             */
            round: number;
            /** @description How bad. */
            severity: components["schemas"]["Severity"];
            /** @description Its state. */
            state: components["schemas"]["State"];
            unit_id: components["schemas"]["UnitId"] | null;
            /**
             * Format: int64
             * @description What `If-Match` must name: counts from the release.
             */
            version: number;
        };
        /** @description A task with its days and its light. */
        TaskLightView: {
            /** @description Places of the tasks that can begin only when it is done. */
            before: number[];
            /**
             * Format: int32
             * @description How long it takes, in working days.
             */
            days: number;
            /** @description Identifies it in its schedule. */
            key: string;
            /**
             * Format: date
             * @description The day by whose end it must be done.
             */
            latest_finish: string;
            /**
             * Format: date
             * @description The day after whose end its working days are counted.
             */
            latest_start: string;
            /** @description How it stands today. */
            light: components["schemas"]["Light"];
            /** @description What is done. */
            name: string;
            /**
             * Format: int32
             * @description How much of it is done, in percent.
             */
            progress: number;
            unit_id: components["schemas"]["UnitId"] | null;
        };
        /** @description A task of a batch. */
        TaskRef: {
            /** @description The batch. */
            batch_id: components["schemas"]["BatchId"];
            /**
             * Format: int32
             * @description Number of the task in it.
             */
            number: number;
        };
        /** @description An own task. */
        TaskView: {
            /** @description The batch. */
            batch_id: components["schemas"]["BatchId"];
            /** @description What the caller is called in the batch. */
            code_name: string;
            /** @description From when. */
            from: components["schemas"]["Timestamp"];
            /**
             * Format: int32
             * @description Its number in it; the visit names both.
             */
            number: number;
            /** @description Where. */
            point_id: components["schemas"]["PointId"];
            /** @description Until when. */
            to: components["schemas"]["Timestamp"];
            /** @description What the other person of a pair is called. */
            with: string | null;
        };
        /** @description A term of a score. */
        TermView: {
            /** @description What it adds to the score: for units, and of C for anybody but the office, in whole points; `null` without data. */
            points: string | null;
            /** @description Which. */
            term: components["schemas"]["ScoreTerm"];
            /** @description 0 to 100; `null` without data, and of C for anybody but the office. */
            value: string | null;
            /** @description Its share of the score, such as `0.45`; weights of terms without data went to the others. */
            weight: string;
        };
        /** @description The weights of the unit's score; together 1. A term without data is left out, and the others share its weight. */
        TermWeights: {
            /** @description C, how long its fixes last. Default 0.20. Source: our judgement. */
            durability: components["schemas"]["Exact"];
            /** @description B, how it handles issues. Default 0.35. Source: our judgement. */
            handling: components["schemas"]["Exact"];
            /** @description A, the points that the unit leads. Default 0.45. Source: our judgement. */
            points: components["schemas"]["Exact"];
        };
        /** @description Tiles of the web Mercator scheme. */
        TilesView: {
            /** @description Whose map it is; to be shown beneath, where not empty. */
            credit: string;
            /** @description What its degrees are. */
            crs: components["schemas"]["Crs"];
            /** @description Address of a tile, with `{z}`, `{x}` and `{y}` in it. */
            template: string;
            /**
             * Format: int32
             * @description Greatest.
             */
            zoom_max: number;
            /**
             * Format: int32
             * @description Least zoom there is.
             */
            zoom_min: number;
        };
        /** Format: date-time */
        Timestamp: string;
        /** @enum {string} */
        Trigger: "sign-in" | "overdue" | "rework" | "milestone" | "overdue-long" | "rework-often" | "false-evidence" | "rebound" | "two-yellow" | "red-cards" | "black-list" | "fraud" | "leak" | "retaliation";
        /** @description `unhang`. */
        Unhang: {
            /** @description Why. */
            reason?: string | null;
        };
        /** @description A unit as a form gives it. */
        UnitBody: {
            /** @description Whether it may be given issues. */
            active: boolean;
            /** @description 6 to 12 digits. */
            area_code: string;
            /** @description Short code, such as `U01`; it stays. */
            code: string;
            /** @description What it is. */
            kind: components["schemas"]["UnitKind"];
            /** @description Chinese name; no two units have the same. */
            name: string;
        };
        /** @description What was asked of a unit in a month. */
        UnitBurdenView: {
            /**
             * Format: int64
             * @description Issues handed over to it.
             */
            handed: number;
            /** @description Whether that is more than twice the median. */
            heavy: boolean;
            /** @description Requests per point: (handed + rework + reminded) ÷ points, with two decimals. */
            index: string;
            /**
             * Format: int64
             * @description Points that it leads.
             */
            points: number;
            /**
             * Format: int64
             * @description Open issues that it was reminded of twice or more often.
             */
            reminded: number;
            /**
             * Format: int64
             * @description Of those that were closed, fixed more than once.
             */
            rework: number;
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
            /**
             * Format: int64
             * @description Visits to them.
             */
            visits: number;
        };
        /** @enum {string} */
        UnitDuty: "principal" | "vice-head" | "liaison";
        /** @description The present state of a unit. */
        UnitFigures: components["schemas"]["SituationView"] & {
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description A group to be set. */
        UnitGroupBody: {
            /** @description Whether it is scored as a township. */
            is_township: boolean;
            /** @description 1–20 characters. */
            peer_group: string;
        };
        /** @description A unit with its peer group. */
        UnitGroupView: {
            /** @description Whether it also answers for what others lead on its territory 乡镇(街道). */
            is_township: boolean;
            /** @description Its name. */
            name: string;
            /** @description The group that it is ranked in 考评分组. */
            peer_group: string;
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** Format: uuid */
        UnitId: string;
        /** @description An issue as its unit reads it. */
        UnitIssue: {
            /** @description What the reader may do now. */
            allowed_actions: components["schemas"]["Action"][];
            /** @description Whether a fix waits for the unit's vice head. */
            awaits_confirmation: boolean;
            /**
             * Format: date
             * @description The day it was closed; the hour could be a visit's.
             */
            closed_on: string | null;
            /** @description What is wrong. */
            description: string;
            due_at: components["schemas"]["Deadline"] | null;
            /** @description The deadline runs into a year whose days off were not known when it was counted. */
            due_unsure: boolean;
            extension_until_max: components["schemas"]["Deadline"] | null;
            /** @description Whether the assignment was designated and cannot be returned. */
            final_assignment: boolean;
            /** @description When it was found. */
            found_on: components["schemas"]["FoundOn"];
            /** @description Person the unit named. */
            handler: string | null;
            /** @description Identity. */
            id: components["schemas"]["IssueId"];
            /** @description Item that is violated. */
            item_code: string;
            /** @description What was done. */
            measure: string | null;
            /** @description Milestones missed so far, with those of earlier plans. */
            missed_milestones: number;
            /** @description Its number; random within the year. */
            number: string | null;
            /** @description Whether the fix that passed came in time. */
            on_time: boolean | null;
            /** @description Whether the fix is late. */
            overdue: boolean;
            /** @description Photos. */
            photos: components["schemas"]["PublicPhoto"][];
            /** @description Plan of a hung issue. */
            plan: components["schemas"]["PlanStep"][];
            /** @description Where. */
            point: components["schemas"]["PointView"];
            released_at: components["schemas"]["ShownTime"] | null;
            remedy: components["schemas"]["Remedy"] | null;
            /**
             * Format: int32
             * @description How often the office has reminded of it.
             */
            reminders: number;
            reported_at: components["schemas"]["ShownTime"] | null;
            /** @description Extensions and disputes. */
            requests: components["schemas"]["PublicRequest"][];
            /** @description Returns. */
            returns: components["schemas"]["PublicReturn"][];
            /**
             * Format: int32
             * @description 1, and one more with each failed check.
             */
            round: number;
            /** @description How bad. */
            severity: components["schemas"]["Severity"];
            signed_in_at: components["schemas"]["ShownTime"] | null;
            /** @description Its state. */
            state: components["schemas"]["State"];
            /** @description Nobody took the step `sign-in` 签收 in time. */
            unclaimed: boolean;
            unit_id: components["schemas"]["UnitId"] | null;
            /** @description Released at once because of danger. */
            urgent: boolean;
            /**
             * Format: int64
             * @description What `If-Match` must name: counts from the release.
             */
            version: number;
        };
        /** @enum {string} */
        UnitKind: "bureau" | "township" | "community" | "company" | "institution";
        /** @description Who it is. */
        UnitPersonBody: {
            /** @description The name, at most 40 characters; empty if nobody is named. */
            person: string;
            /** @description A telephone number, at most 30 characters; may be empty. */
            phone?: string;
        };
        /** @description Somebody who answers for a unit. */
        UnitPersonView: {
            /** @description Whether it is this person today. */
            current: boolean;
            /** @description As what. */
            duty: components["schemas"]["UnitDuty"];
            /**
             * Format: date
             * @description From which day on, until the next one of the same duty.
             */
            from: string;
            /** @description The name; empty while nobody is named. */
            person: string;
            /** @description A telephone number; may be empty. */
            phone: string;
        };
        /** @description A responsible unit 责任单位. */
        UnitView: {
            active: boolean;
            area_code: string;
            code: string;
            id: components["schemas"]["UnitId"];
            /** @description First letters of its name in pinyin, to search by: one word a character, a letter for each of its readings. */
            initials?: string;
            kind: string;
            name: string;
        };
        /** @enum {string} */
        UnitsSeeRanking: "nothing" | "own-group";
        /** @description A place that a report names instead of a point. */
        UnlistedPlaceBody: {
            /** @description How to find it, at most 200 characters. */
            address?: string | null;
            /** @description Where it is. */
            location: components["schemas"]["Location"];
            /**
             * @description What people call it, 1–100 characters.
             * @example 滨河路旧码头
             */
            name: string;
        };
        /** @description A place that a report named and that was not on the list of points. */
        UnlistedPlaceView: {
            /** @description Its address as it was reported; may be empty. */
            address: string;
            /** @description The id of the point that stands for it. */
            id: components["schemas"]["PointId"];
            /** @description The issues there. */
            issue_ids: components["schemas"]["IssueId"][];
            /** @description The most likely unit: that of the nearest point. */
            lead_unit_id: components["schemas"]["UnitId"];
            location: components["schemas"]["Location"] | null;
            merged_into: components["schemas"]["PointId"] | null;
            /** @description Its name as it was reported. */
            name: string;
            /** @description Points within 200 m, nearest first, with their distance. */
            near: components["schemas"]["PlaceView"][];
            /** @description When the report arrived. */
            reported_at: components["schemas"]["Timestamp"];
            settled_at: components["schemas"]["Timestamp"] | null;
            /** @description The most likely type of the point: that of the nearest one. */
            type: string;
        };
        /** @description A unit without a rank. */
        UnrankedUnit: {
            /** @description Its name then. */
            name: string;
            /** @description Its peer group. */
            peer_group: string;
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
        };
        /** @description What to change of an account; absent fields stay. */
        UserChangeBody: {
            campaign?: components["schemas"]["CampaignCode"] | null;
            /** @description Whether it may not log in. */
            disabled?: boolean | null;
            /** @description What others see. */
            display_name?: string | null;
            role?: components["schemas"]["Role"] | null;
            unit_id?: components["schemas"]["UnitId"] | null;
            /** @description Whether it is the unit's vice head. */
            vice_head?: boolean | null;
        };
        /** Format: uuid */
        UserId: string;
        /** @description An account. */
        UserView: {
            campaign: components["schemas"]["CampaignCode"] | null;
            /** @description When it was made. */
            created_at: components["schemas"]["Timestamp"];
            disabled_at: components["schemas"]["Timestamp"] | null;
            /** @description What others see. */
            display_name: string;
            /** @description Identity. */
            id: components["schemas"]["UserId"];
            /** @description Whether the user must still set a password of their own. */
            must_change_password: boolean;
            /** @description What it is for. */
            role: components["schemas"]["Role"];
            unit_id: components["schemas"]["UnitId"] | null;
            /** @description Name to log in with. */
            username: string;
            /** @description Whether it is the unit's vice head 分管领导, who confirms severe fixes. */
            vice_head: boolean;
        };
        /** @description The points in use that have no head today. */
        VacanciesView: {
            /** @description The points, by code. */
            items: components["schemas"]["VacancyView"][];
            /** @description What to send as `cursor` for the next page; `null` on the last one. */
            next_cursor: string | null;
            /**
             * Format: int64
             * @description How many of them have had none for more than three working days.
             */
            overdue: number;
            /**
             * Format: date
             * @description The first day on which points need a head: the first on which one had one. `null` before anybody was named; no
             *     point is vacant then.
             */
            since: string | null;
            /**
             * Format: int64
             * @description How many points have no head.
             */
            total: number;
        };
        /** @description A point without a head. */
        VacancyView: {
            /**
             * Format: date
             * @description The first day without a head.
             */
            from: string;
            /** @description Whether it has lasted for more than three working days. */
            overdue: boolean;
            /** @description The point. */
            point: components["schemas"]["PointView"];
        };
        /** @description A visit. */
        VisitBody: {
            /** @description Device time at which it began. */
            began_at: components["schemas"]["Timestamp"];
            capture_nonce?: components["schemas"]["CaptureNonce"] | null;
            /** @description Device time at which it ended, at most 12 hours later. Before `began_at`, the phone's clock was set back meanwhile. */
            ended_at: components["schemas"]["Timestamp"];
            /** @description Street interviews 应知应会. */
            interviews?: components["schemas"]["Interview"][];
            location?: components["schemas"]["Location"] | null;
            /** @description Where. */
            point_id: components["schemas"]["PointId"];
            /** @description What was seen, 1–200 items, each once. */
            results: components["schemas"]["Observation"][];
            task?: components["schemas"]["TaskRef"] | null;
        };
        /** @description A doubt about a visit 证据存疑. */
        VisitDoubt: {
            /** @description Kind. */
            code: components["schemas"]["FlagCode"];
            /** @description The figures, in plain words. */
            detail: string;
        };
        /** Format: uuid */
        VisitId: string;
        /** @description A visit in a list. */
        VisitRow: {
            /** @description Device time at which it began. */
            began_at: components["schemas"]["Timestamp"];
            /** @description The name of its inspector in the batch, such as `暗访07`. */
            code_name: string | null;
            /** @description Items that conform. */
            conforms: number;
            /** @description Whether it counts in rankings. */
            counts: boolean;
            /** @description Kinds of doubt about it. */
            doubt_codes: components["schemas"]["FlagCode"][];
            /** @description Device time at which it ended. */
            ended_at: components["schemas"]["Timestamp"];
            /** @description Items that fail, each with an issue. */
            fails: number;
            /** @description Identity. */
            id: components["schemas"]["VisitId"];
            /** @description Whose: by the code name of its batch, or for a sudden visit by pseudonym. */
            inspector: components["schemas"]["CodedPerson"];
            /** @description Items that mostly conform. */
            mostly: number;
            /** @description Items that do not apply. */
            not_applicable: number;
            /** @description Where. */
            point: components["schemas"]["PointView"];
            /** @description How the point is judged by it. */
            score: components["schemas"]["ScoreView"];
            task: components["schemas"]["TaskRef"] | null;
        };
        /** @description A visit, in the view of whoever reads it. */
        VisitView: components["schemas"]["OfficeVisit"] | components["schemas"]["InspectorVisit"];
        /** @description A point that was visited more than once. */
        VisitedView: {
            /** @description The point. */
            point: components["schemas"]["PointView"];
            /**
             * Format: int64
             * @description Visits of the month.
             */
            visits: number;
        };
        /** @description One person's word where it takes two. */
        VoteView: {
            /** @description When. */
            at: components["schemas"]["Timestamp"];
            /** @description Whose. */
            by: components["schemas"]["Person"];
            /** @description Why. */
            reason: string;
        };
        /** @description What happened in seven days. */
        WeekView: components["schemas"]["SpanView"] & {
            /**
             * Format: date
             * @description A Monday.
             */
            from: string;
            /**
             * Format: date
             * @description The next one.
             */
            to: string;
        };
        /** @description A point as it weighs in A. */
        WeighedPointView: {
            /** @description The point. */
            row: components["schemas"]["MonthRow"];
            /** @description Its score in the month. */
            score: string;
            /** @description Its weight. */
            weight: string;
        };
        /** @description Working hours. */
        WindowView: {
            /** @description Begins, `09:00`. */
            from: string;
            /** @description Ends. */
            to: string;
        };
        /** @description `withdraw`: of a report whose photos have not all come, as when one of them was refused. */
        Withdraw: Record<string, never>;
        /** @description An adjustment at the end of a year. */
        YearAdjustmentBody: {
            /** @description 1–100 characters. */
            document_no: string;
            /** @description Points, from -100 to 100, exact. */
            points: components["schemas"]["Exact"];
            /** @description 1–500 characters. */
            reason: string;
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
            /**
             * Format: int32
             * @description The year.
             */
            year: number;
        };
        /** @description An adjustment at the end of a year. */
        YearAdjustmentView: {
            /** @description The document that decided it. */
            document_no: string;
            /** @description Identity. */
            id: components["schemas"]["AdjustmentId"];
            /** @description Points, added or taken away. */
            points: string;
            /** @description Why. */
            reason: string;
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
            /**
             * Format: int32
             * @description The year.
             */
            year: number;
        };
        /** @description A month of a year's score. */
        YearMonthView: {
            /** @description Which. */
            month: components["schemas"]["Month"];
            /** @description The digest of the month's results. */
            results_sha256: components["schemas"]["Digest"];
            /** @description The score; `null` when the month does not count for the unit. */
            score: string | null;
        };
        /** @description A unit's score of a year 年度得分. */
        YearScoreView: {
            /** @description The adjustments at the end of the year, together. */
            adjusted: string;
            /** @description Their mean; `null` with too few. */
            mean: string | null;
            /** @description Its locked months. */
            months: components["schemas"]["YearMonthView"][];
            /** @description Its name in its latest month. */
            name: string;
            /** @description The score; `null` with too few months. */
            score: string | null;
            /** @description The unit. */
            unit_id: components["schemas"]["UnitId"];
            /** @description How many of them count. */
            valid_months: number;
        };
        /** Format: uuid */
        ZoneId: string;
        /** @description A zone where stalls are permitted 允许摆摊区. Units and leaders read it too, so it tells no moment of the office's work. */
        ZoneView: {
            /** @description Identity. */
            id: components["schemas"]["ZoneId"];
            /**
             * Format: int64
             * @description What `If-Match` must name.
             */
            version: number;
            /** @description The zone. */
            zone: components["schemas"]["PermittedZone"];
        };
        /** @description Query parameters of each GET that has any. */
        Queries: {
            "/accountability-cases"?: {
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/audit"?: {
                /** @description Only this. */
                action?: components["schemas"]["AuditAction"];
                /** @description Only what this person did, or was refused. */
                who?: components["schemas"]["UserId"];
                /**
                 * Format: date
                 * @description On this day of the county or later.
                 */
                from?: string;
                /**
                 * Format: date
                 * @description Before this day, which is after `from`.
                 */
                to?: string;
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/batches"?: {
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/burden"?: {
                /** @description A month, such as `2026-11`; the present one when nothing is said. */
                month?: string;
            };
            "/cards"?: {
                /** @description Only those in this state; the office alone may ask. */
                state?: components["schemas"]["CardState"];
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/changes"?: {
                /**
                 * Format: int64
                 * @description The number of the answer before; nothing is waited for without it.
                 */
                seen?: number;
                /**
                 * Format: int64
                 * @description Seconds to wait for another number, 0–25, 0 when nothing is said.
                 */
                wait?: number;
            };
            "/commendations"?: {
                /** @description Such as `2026-09`. */
                month?: components["schemas"]["Month"];
            };
            "/complaints"?: {
                /** @description Only those that are answered, or only those that are not. */
                answered?: boolean;
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/dispatch-list"?: {
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/dispatch-list/export"?: {
                /** @description How it is written; `csv` when absent. */
                format?: components["schemas"]["SheetFormat"];
            };
            "/draws"?: {
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/figures"?: {
                /** @description Of this unit. */
                unit_id?: components["schemas"]["UnitId"];
                /** @description Of this campaign. */
                campaign?: string;
                /** @description In the area of this code of a county, a township or a community: 6, 9 or 12 digits. */
                area?: string;
                /**
                 * Format: int32
                 * @description Weeks up to the present one, 1–53, 8 when nothing is said.
                 */
                weeks?: number;
            };
            "/figures/areas"?: {
                /** @description Of this unit. */
                unit_id?: components["schemas"]["UnitId"];
                /** @description Of this campaign. */
                campaign?: string;
                /** @description In the area of this code of a county, a township or a community: 6, 9 or 12 digits. */
                area?: string;
                /**
                 * Format: int32
                 * @description Weeks up to the present one, 1–53, 8 when nothing is said.
                 */
                weeks?: number;
            };
            "/gap-matrix"?: {
                /**
                 * Format: int32
                 * @description Months up to the present one, 1–24, 3 when nothing is said.
                 */
                months?: number;
                /** @description Only items of this campaign. */
                campaign?: string;
            };
            "/gap-matrix/losses"?: {
                /** @description The item. */
                item_code?: string;
                /** @description The type of the points. */
                point_type?: string;
                /**
                 * Format: int32
                 * @description Months up to the present one, 1–24, 3 when nothing is said.
                 */
                months?: number;
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/imports/{kind}/export"?: {
                /** @description How it is written; `csv` when absent. */
                format?: components["schemas"]["SheetFormat"];
            };
            "/issues"?: {
                /** @description Any of these states, separated by commas. */
                state?: string;
                /** @description Of this unit. */
                unit_id?: components["schemas"]["UnitId"];
                /** @description At this point. */
                point_id?: components["schemas"]["PointId"];
                /** @description Of this campaign. */
                campaign?: string;
                /** @description Of this item. */
                item_code?: string;
                /** @description This bad. */
                severity?: components["schemas"]["Severity"];
                /** @description Whether the fix is late. */
                overdue?: boolean;
                /**
                 * @description Received (released, where the caller may not know when it came: units, leaders, and inspectors of what another
                 *     found) at or after.
                 */
                from?: components["schemas"]["Timestamp"];
                /** @description Received (released) before. */
                to?: components["schemas"]["Timestamp"];
                /** @description Words in description, number or the point's name, or the initials of its name in pinyin. */
                q?: string;
                /**
                 * Format: int32
                 * @description In this round or a later one.
                 */
                round_min?: number;
                /** @description With evidence doubts or without; for the office alone. */
                flagged?: boolean;
                /** @description Handled by this person of the unit; not for inspectors. */
                handler?: string;
                /** @description In the area of this code of a county, a township or a community: 6, 9 or 12 digits. */
                area?: string;
                /**
                 * Format: date
                 * @description Due on this day of the county or later.
                 */
                due_from?: string;
                /**
                 * Format: date
                 * @description Due before this day.
                 */
                due_to?: string;
                /**
                 * Format: date
                 * @description Closed on this day of the county or later; not for inspectors.
                 */
                closed_from?: string;
                /**
                 * Format: date
                 * @description Closed before this day; not for inspectors.
                 */
                closed_to?: string;
                /** @description Closed with a fix that was in time (`true`), or late, closed or not (`false`); not for inspectors. */
                on_time?: boolean;
                /** @description A relapse of an earlier issue, or not. */
                rebound?: boolean;
                /**
                 * Format: int32
                 * @description Reminded this many times or more, 1–9; not for inspectors.
                 */
                reminded_min?: number;
                /**
                 * @description With a request that waits for its answer, of any of these kinds, separated by commas: `extension`, `dispute`;
                 *     not for inspectors.
                 */
                pending?: string;
                /**
                 * @description `due_at`, earliest deadline first; `-created_at`, latest first, which is the default; or `oldest`, the earliest
                 *     by the same instant first: receipt, or release where the caller may not know when it came.
                 * @enum {string}
                 */
                sort?: "due_at" | "-created_at" | "oldest";
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/issues/counts"?: {
                /** @description Any of these states, separated by commas. */
                state?: string;
                /** @description Of this unit. */
                unit_id?: components["schemas"]["UnitId"];
                /** @description At this point. */
                point_id?: components["schemas"]["PointId"];
                /** @description Of this campaign. */
                campaign?: string;
                /** @description Of this item. */
                item_code?: string;
                /** @description This bad. */
                severity?: components["schemas"]["Severity"];
                /** @description Whether the fix is late. */
                overdue?: boolean;
                /**
                 * @description Received (released, where the caller may not know when it came: units, leaders, and inspectors of what another
                 *     found) at or after.
                 */
                from?: components["schemas"]["Timestamp"];
                /** @description Received (released) before. */
                to?: components["schemas"]["Timestamp"];
                /** @description Words in description, number or the point's name, or the initials of its name in pinyin. */
                q?: string;
                /**
                 * Format: int32
                 * @description In this round or a later one.
                 */
                round_min?: number;
                /** @description With evidence doubts or without; for the office alone. */
                flagged?: boolean;
                /** @description Handled by this person of the unit; not for inspectors. */
                handler?: string;
                /** @description In the area of this code of a county, a township or a community: 6, 9 or 12 digits. */
                area?: string;
                /**
                 * Format: date
                 * @description Due on this day of the county or later.
                 */
                due_from?: string;
                /**
                 * Format: date
                 * @description Due before this day.
                 */
                due_to?: string;
                /**
                 * Format: date
                 * @description Closed on this day of the county or later; not for inspectors.
                 */
                closed_from?: string;
                /**
                 * Format: date
                 * @description Closed before this day; not for inspectors.
                 */
                closed_to?: string;
                /** @description Closed with a fix that was in time (`true`), or late, closed or not (`false`); not for inspectors. */
                on_time?: boolean;
                /** @description A relapse of an earlier issue, or not. */
                rebound?: boolean;
                /**
                 * Format: int32
                 * @description Reminded this many times or more, 1–9; not for inspectors.
                 */
                reminded_min?: number;
                /**
                 * @description With a request that waits for its answer, of any of these kinds, separated by commas: `extension`, `dispute`;
                 *     not for inspectors.
                 */
                pending?: string;
                /**
                 * @description `due_at`, earliest deadline first; `-created_at`, latest first, which is the default; or `oldest`, the earliest
                 *     by the same instant first: receipt, or release where the caller may not know when it came.
                 * @enum {string}
                 */
                sort?: "due_at" | "-created_at" | "oldest";
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/items"?: {
                /** @description Of this campaign. */
                campaign?: string;
                /** @description Looked for at points of this type. */
                point_type?: string;
                /** @description Words in title, fault or code, or the initials of the title in pinyin. */
                q?: string;
            };
            "/leader-notes"?: {
                /** @description That this unit reads; a unit reads its own in any case. */
                unit_id?: components["schemas"]["UnitId"];
                /** @description About this issue. */
                issue_id?: components["schemas"]["IssueId"];
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/ledger"?: {
                /** @description Such as `2026-09`. */
                month?: components["schemas"]["Month"];
            };
            "/ledger/export"?: {
                /** @description Such as `2026-09`. */
                month?: components["schemas"]["Month"];
                /** @description How it is written; `csv` when absent. */
                format?: components["schemas"]["SheetFormat"];
            };
            "/look-back-samples"?: {
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/look-back-samples/{id}"?: {
                /**
                 * Format: int32
                 * @description The number of the last row of the part before.
                 */
                after?: number;
            };
            "/milestones"?: {
                /**
                 * Format: date
                 * @description Due on this day or later; without it all earlier ones are listed too.
                 */
                from?: string;
                /**
                 * Format: date
                 * @description Due on this day or earlier.
                 */
                to?: string;
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/month-adjustments"?: {
                /** @description Such as `2026-09`. */
                month?: components["schemas"]["Month"];
            };
            "/months/{month}/ranking/export"?: {
                /** @description How it is written; `csv` when absent. */
                format?: components["schemas"]["SheetFormat"];
            };
            "/months/{month}/units/{unit_id}/export"?: {
                /** @description How it is written; `csv` when absent. */
                format?: components["schemas"]["SheetFormat"];
            };
            "/months/{month}/units/{unit_id}/figures/{metric}"?: {
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: number;
            };
            "/needs"?: {
                /** @description The month in which they were noted, such as `2026-11`; the present one when nothing is said. */
                month?: string;
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/notices"?: {
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/own-look-backs"?: {
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/point-board"?: {
                /** @description Only points with this standing. */
                standing?: components["schemas"]["PointStanding"];
                /** @description Only demonstration points, or only the others. */
                demo?: boolean;
                /** @description Led by this unit. */
                unit_id?: components["schemas"]["UnitId"];
                /** @description Of this type. */
                point_type?: string;
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/point-heads"?: {
                /** @description The person's whole name. */
                person?: string;
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/point-vacancies"?: {
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/points"?: {
                /** @description `lat,lon`: nearest first, with `distance_m`. */
                near?: string;
                /** @description Words in name, code or address, or the initials of the name in pinyin. */
                q?: string;
                /** @description Of this type. */
                type?: string;
                /** @description Inspected by this campaign. */
                campaign?: string;
                /** @description `false` for points out of use, which only those who maintain points can see. */
                active?: boolean;
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
            };
            "/points/{id}/responsible"?: {
                /** @description Code of the item. */
                item?: string;
            };
            "/repeat-visits"?: {
                /**
                 * Format: int32
                 * @description Of draws in so many months up to today, 1–36, 12 when nothing is said.
                 */
                months?: number;
            };
            "/schedules"?: {
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/self-reports"?: {
                /** @description Of this unit; a unit reads its own in any case. */
                unit_id?: components["schemas"]["UnitId"];
                /** @description In this state. */
                state?: components["schemas"]["SelfReportState"];
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
            "/units"?: {
                /** @description Words in name or code, or the initials of the name in pinyin. */
                q?: string;
            };
            "/users"?: {
                /** @description Of this role. */
                role?: components["schemas"]["Role"];
            };
            "/visits"?: {
                /** @description At this point. */
                point_id?: components["schemas"]["PointId"];
                /**
                 * Format: date
                 * @description Begun on this day of the county or later.
                 */
                from?: string;
                /**
                 * Format: date
                 * @description Begun before this day.
                 */
                to?: string;
                /** @description Of this batch. */
                batch_id?: components["schemas"]["BatchId"];
                /** @description Only sudden ones 突击暗访, which nobody drew, or only those that carry out a task. */
                sudden?: boolean;
                /** @description Most rows, 1–200, 50 when nothing is said. */
                limit?: number;
                /** @description Where the page before ended. */
                cursor?: string;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
