//! Problems (RFC 9457): one table of all codes, and one exhaustive match from the errors of use cases. Texts for
//! clients and internal causes are never the same string.

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use crate::app::AppError;
use crate::domain::batch::{BatchRefusal, BatchWhy};
use crate::domain::card::CardRefusal;
use crate::domain::invalid::{FieldCode, FieldError};
use crate::domain::issue::{Refusal, Why, with_guards};
use crate::domain::month::cycle::MonthWhy;
use crate::domain::month::ledger::EntryWhy;
use crate::domain::name_request::NameRefusal;
use crate::media::Rejection;

/// Puts the guards of an issue's steps between the codes before and after them.
macro_rules! problems {
    (
        [$($guard:ident $code:literal, $zh:literal, $en:literal, $advice:literal;)*]
        { { $($before:tt)* } { $($after:tt)* } }
    ) => {
        problem_codes! { $($before)* $($guard 409 $code $zh, $en, $advice;)* $($after)* }

        impl From<&Why> for ProblemCode {
            fn from(why: &Why) -> Self {
                match why { $(Why::$guard { .. } => ProblemCode::$guard,)* }
            }
        }
    };
}

macro_rules! problem_codes {
    ($($name:ident $status:literal $code:literal $zh:literal, $en:literal, $advice:literal;)+) => {
        /// Every way a request can fail, as clients switch on it. Codes are only ever added.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ProblemCode { $(#[doc = $en] $name,)+ }

        crate::domain::text::closed_set!(ProblemCode);

        impl ProblemCode {
            /// Every code, by status.
            pub const ALL: &'static [ProblemCode] = &[$(ProblemCode::$name,)+];

            /// The stable code.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $code,)+ } }

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $(Self::$name => $status,)+ } }

            /// The title in Chinese.
            #[must_use]
            pub const fn zh(self) -> &'static str { match self { $(Self::$name => $zh,)+ } }

            /// The title in English.
            #[must_use]
            pub const fn en(self) -> &'static str { match self { $(Self::$name => $en,)+ } }

            /// What a client does about it.
            #[must_use]
            pub const fn advice(self) -> &'static str { match self { $(Self::$name => $advice,)+ } }
        }
    };
}

with_guards! { problems {
    {
    MalformedRequest      400 "malformed-request"      "请求格式不对",             "Malformed request",                  "mend the request";
    BodyIncomplete        400 "body-incomplete"        "内容没有传完整",           "The body broke off",                 "send it again";
    NotSignedIn           401 "not-signed-in"          "请先登录",                 "Not logged in",                      "log in; keep what is unsent";
    CredentialsRejected   401 "credentials-rejected"   "用户名或密码不对",         "Wrong user name or password",        "ask again";
    PasswordChangeNeeded  403 "password-change-required" "请先修改密码",           "Change your password first",         "show the password form";
    SetupCodeRejected     403 "setup-code-rejected"    "开通码不对",               "Wrong setup code",                   "ask again; the service prints the code when it starts";
    Forbidden             403 "forbidden"              "没有权限",                 "Not permitted",                      "hide what led here";
    SeparationOfDuties    403 "separation-of-duties"   "须由其他人办理",           "Somebody else must do this",         "show the detail";
    CrossOrigin           403 "cross-origin"           "请求来自其他网站",         "Request from another site",          "use a bearer token";
    NotFound              404 "not-found"              "没有找到",                 "Not found",                          "drop the local copy";
    NoPreview             404 "no-preview"             "照片无法预览",             "No preview of this photo",           "show a placeholder";
    MethodNotAllowed      405 "method-not-allowed"     "不支持的方法",             "Method not allowed",                 "mend the client";
    RequestTimeout        408 "request-timeout"        "传输太慢，已中断",         "Too slow",                           "send it again";
    IdReused              409 "id-reused"              "编号已被其他内容使用",     "The id names something else",        "draw a new id";
    OtherAccount          409 "other-account"          "登录账号与此请求所属账号不一致", "Logged in as somebody else",   "keep it until its owner has logged in";
    UploadOffset          409 "upload-offset"          "续传位置不对",             "The upload stands elsewhere",        "ask where by HEAD, go on from there";
    AlreadyExists         409 "already-exists"         "已经存在",                 "Already exists",                     "choose another name";
    AlreadySetUp          409 "already-set-up"         "系统已经开通，请直接登录", "Set up already: log in",             "show the login page";
    AlreadyAnswered       409 "already-answered"       "已经答复过了",             "It has an answer already",           "reload, show the answer, keep the input";
    PlaceSettled          409 "place-settled"          "这个地点已归入点位",       "The place has been settled",         "reload, show where it went";
    IllegalTransition     409 "issue-illegal-transition" "当前状态不能这样办理",   "Not possible in this state",         "reload, show allowed_actions";
    }
    // Here are those of `domain/issue/refusal.rs`.
    {
    BatchIllegal          409 "batch-illegal-transition" "批次当前状态不能这样办理",   "Not possible in this state of the batch", "reload, show allowed_actions";
    BatchTasksOpen        409 "batch-tasks-open"       "还有任务未完成",           "Tasks of the batch are open",        "show the detail, wait for the visits";
    BatchReportsUnreviewed 409 "batch-reports-unreviewed" "还有上报待审核",        "Reports of the batch wait for their review", "show the detail, review them";
    CardIllegal           409 "card-illegal-transition" "当前状态不能这样办理",    "Not possible in this state of the card", "reload, show allowed_actions";
    BatchReleasesIt       409 "batch-releases-it"      "该问题随所属批次统一交办", "It is released with its batch",      "show it, release the batch";
    MonthIllegal          409 "month-illegal-transition" "月评当前状态不能这样办理",  "Not possible in this state of the month", "reload, show allowed_actions";
    MonthTooEarly         409 "month-too-early"        "还没到办理时间",           "It is too early for this",           "show the detail, wait";
    MonthEarlierOpen      409 "month-earlier-open"     "上一个月评尚未锁定",       "An earlier month is not locked",     "show the detail, lock that one first";
    ObjectionPending      409 "objection-pending"      "还有异议待答复",           "An objection waits for its answer",  "reload, show the objections";
    TooManyObjections     409 "too-many-objections"    "异议次数已用完",           "No objection is left",               "show it";
    MonthDiffers          409 "month-differs"          "数据与冻结时不一致",       "It is not what was frozen",          "reload, show it";
    LedgerIllegal         409 "ledger-illegal-transition" "台账当前状态不能这样办理", "Not possible in this state of the entry", "reload, show allowed_actions";
    NameIllegal           409 "name-request-illegal-transition" "该申请当前不能这样办理", "Not possible with the request for a name now", "reload, show allowed_actions";
    StaleVersion          412 "stale-version"          "内容已被他人更新",         "Changed by somebody else",           "reload, show what changed, keep the input";
    TusVersion            412 "tus-version"            "不支持的续传协议版本",     "Unsupported version of tus",         "send Tus-Resumable: 1.0.0";
    LengthRequired        411 "length-required"        "请求没有说明长度",         "No length was told",                 "send Content-Length, or speak HTTP/1.1";
    BodyTooLarge          413 "body-too-large"         "请求内容过大",             "Request body too large",             "send less";
    PhotoTooLarge         413 "photo-too-large"        "照片文件过大",             "Photo file too large",               "take a smaller one";
    UnsupportedMedia      415 "unsupported-media-type" "不支持的文件类型",         "Unsupported media type",             "send what the detail names";
    UnsupportedCoding     415 "unsupported-coding"     "不接受压缩的请求内容",     "Coded bodies are not taken",         "send it without Content-Encoding";
    MediaTypeMismatch     415 "media-type-mismatch"    "文件内容与声明类型不符",   "Bytes are not of the declared type", "declare what it is";
    RangeNotSatisfiable   416 "range-not-satisfiable"  "请求范围无效",             "Range not satisfiable",              "ask without a range";
    InvalidFields         422 "invalid-fields"         "填写有误",                 "Some fields are wrong",              "show errors at their fields";
    KeyReused             422 "idempotency-key-reused" "操作编号已用于其他操作",   "The key names another step",         "draw a new key";
    PacketUnreadable      422 "packet-unreadable"      "不是可以补录的离线记录文件", "Not a packet of unsent records", "export it anew from the phone";
    PacketAccount         422 "packet-account"         "离线记录所属账号不存在或不可补录", "Nobody here whose records these can be", "enable the account, or hand it in where it is known";
    DigestMismatch        422 "digest-mismatch"        "照片校验值不符",           "Bytes differ from the stated digest", "send the photo again";
    PhotoEmpty            422 "photo-empty"            "照片文件为空",             "The photo is empty",                 "take it again";
    PhotoTruncated        422 "photo-truncated"        "照片文件不完整",           "The photo is cut off",               "send the photo again";
    PhotoCorrupt          422 "photo-corrupt"          "照片文件已损坏",           "The photo is damaged",               "take it again";
    PhotoDimensions       422 "photo-dimensions"       "照片像素过大",             "The photo has too many pixels",      "take a smaller one";
    PhotoAnimated         422 "photo-animated"         "不接受动图",               "Moving pictures are not taken",      "take a still one";
    VersionRequired       428 "version-required"       "缺少版本号",               "If-Match is required",               "send If-Match";
    TooManyRequests       429 "too-many-requests"      "操作太频繁，请稍后再试",   "Too many requests",                  "retry after Retry-After";
    TooManyUploads        429 "too-many-uploads"       "未传完的照片太多",         "Too many unfinished uploads",        "finish or end some, or send the photo in one piece";
    SignInThrottled       429 "sign-in-throttled"      "登录失败次数过多，请稍后再试", "Too many failed logins",         "wait for Retry-After";
    ChecksumMismatch      460 "checksum-mismatch"      "这一段照片在途中有损",     "The piece was damaged on the way",   "send the piece again";
    Internal              500 "internal"               "服务出错",                 "Internal error",                     "report the request id";
    Unavailable           503 "unavailable"            "服务暂时不可用，请稍后再试", "Temporarily unavailable",          "retry after Retry-After";
    StorageFull           507 "storage-full"           "存储空间已满",             "No space left",                      "keep it and retry later";
    }
} }

/// A failed request on its way out. The edge renders it in the caller's language.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The code.
    pub code: ProblemCode,
    /// Details for a person; safe to show.
    pub detail: String,
    /// Every wrong field.
    pub errors: Vec<FieldError>,
    /// Seconds until a retry makes sense.
    pub retry_after: Option<u64>,
    /// A header with more for programs; few problems have one.
    pub header: Option<Box<(HeaderName, String)>>,
    /// The caller tried what they may not do, or may not know of: this is recorded in the audit.
    pub denied: bool,
}

impl Problem {
    /// A problem with only its title.
    #[must_use]
    pub fn new(code: ProblemCode) -> Self {
        Problem { code, detail: String::new(), errors: Vec::new(), retry_after: None, header: None, denied: false }
    }

    /// The same, with details.
    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Problem { detail: detail.into(), ..self }
    }

    /// The same, with the time to wait.
    #[must_use]
    pub fn retry_after(self, span: std::time::Duration) -> Self {
        Problem { retry_after: Some(span.as_secs().max(1)), ..self }
    }

    /// The same, with a header for programs.
    #[must_use]
    pub fn header(self, name: HeaderName, value: impl Into<String>) -> Self {
        Problem { header: Some(Box::new((name, value.into()))), ..self }
    }

    fn denied(self) -> Self {
        Problem { denied: true, ..self }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        use ProblemCode as P;
        match error {
            AppError::NotSignedIn => Problem::new(P::NotSignedIn),
            AppError::CredentialsRejected => Problem::new(P::CredentialsRejected),
            AppError::SignInThrottled(span) => Problem::new(P::SignInThrottled).retry_after(span),
            AppError::SetupCodeRejected => Problem::new(P::SetupCodeRejected).denied(),
            AppError::AlreadySetUp => Problem::new(P::AlreadySetUp),
            AppError::Forbidden => Problem::new(P::Forbidden).denied(),
            AppError::NotFound => Problem::new(P::NotFound),
            AppError::Hidden => Problem::new(P::NotFound).denied(),
            AppError::IdReused => Problem::new(P::IdReused),
            AppError::KeyReused => Problem::new(P::KeyReused),
            AppError::AlreadyExists => Problem::new(P::AlreadyExists),
            AppError::AlreadyAnswered => Problem::new(P::AlreadyAnswered),
            AppError::PlaceSettled => Problem::new(P::PlaceSettled),
            AppError::TooOften(span) => Problem::new(P::TooManyRequests).retry_after(span),
            AppError::VersionRequired => Problem::new(P::VersionRequired),
            AppError::Stale => Problem::new(P::StaleVersion),
            AppError::Invalid(invalid) => Problem { errors: invalid.0, ..Problem::new(P::InvalidFields) },
            AppError::Refused(refusal) => refused(refusal),
            AppError::BatchRefused(refusal) => batch_refused(refusal),
            AppError::MonthRefused(why) => month_refused(why),
            AppError::EntryRefused(why) => entry_refused(why),
            AppError::CardRefused(refusal) => card_refused(refusal),
            AppError::NameRefused(refusal) => name_refused(refusal),
            AppError::HeldByBatch => Problem::new(P::BatchReleasesIt),
            AppError::PhotoRejected(rejection) => rejected(&rejection),
            AppError::MediaTypeMismatch => Problem::new(P::MediaTypeMismatch),
            AppError::PhotoTooLarge => {
                let max = crate::media::picture_limits::FILE_BYTES_MAX / 1024 / 1024;
                Problem::new(P::PhotoTooLarge).detail(format!("≤ {max} MiB"))
            }
            AppError::DigestMismatch => Problem::new(P::DigestMismatch),
            AppError::BodyIncomplete => Problem::new(P::BodyIncomplete),
            AppError::BodyTooSlow => Problem::new(P::RequestTimeout),
            AppError::UploadOffset(offset) => Problem::new(P::UploadOffset).detail(offset.to_string()),
            AppError::UploadOverrun => Problem::new(P::BodyTooLarge).detail("≤ Upload-Length"),
            AppError::ChecksumMismatch => Problem::new(P::ChecksumMismatch),
            AppError::TooManyUploads => Problem::new(P::TooManyUploads).retry_after(std::time::Duration::from_secs(60)),
            AppError::PacketAccount => Problem::new(P::PacketAccount),
            AppError::NoPreview => Problem::new(P::NoPreview),
            AppError::Busy(span) => Problem::new(P::Unavailable).retry_after(span),
            AppError::Unavailable(cause) => {
                tracing::warn!(%cause, "unavailable");
                Problem::new(P::Unavailable).retry_after(std::time::Duration::from_secs(2))
            }
            AppError::StorageFull => {
                tracing::error!("no space left");
                Problem::new(P::StorageFull).retry_after(std::time::Duration::from_secs(60))
            }
            AppError::Internal(cause) => {
                tracing::error!(%cause, "internal error");
                Problem::new(P::Internal)
            }
        }
    }
}

fn batch_refused(refusal: BatchRefusal) -> Problem {
    use ProblemCode as P;
    match refusal {
        BatchRefusal::Forbidden => Problem::new(P::Forbidden).denied(),
        BatchRefusal::Invalid(invalid) => Problem { errors: invalid.0, ..Problem::new(P::InvalidFields) },
        BatchRefusal::Separation(duty) => Problem::new(P::SeparationOfDuties).detail(duty.zh()).denied(),
        BatchRefusal::Illegal { state, action } => {
            Problem::new(P::BatchIllegal).detail(format!("{} × {}", state.zh(), action.zh()))
        }
        BatchRefusal::Guard(BatchWhy::WindowPassed) => Problem::new(P::WindowPassed),
        BatchRefusal::Guard(BatchWhy::TasksOpen(count)) => Problem::new(P::BatchTasksOpen).detail(count.to_string()),
        BatchRefusal::Guard(BatchWhy::ReportsUnreviewed(count)) => {
            Problem::new(P::BatchReportsUnreviewed).detail(count.to_string())
        }
    }
}

/// Why a second person is needed, as [`Duty`](crate::domain::issue::Duty) says it of issues.
const SECOND_PERSON: &str = "须由另一人办理";

fn name_refused(refusal: NameRefusal) -> Problem {
    use ProblemCode as P;
    match refusal {
        NameRefusal::Illegal { state, action } => {
            Problem::new(P::NameIllegal).detail(format!("{} × {}", state.zh(), action.zh()))
        }
        NameRefusal::SecondPerson => Problem::new(P::SeparationOfDuties).detail(SECOND_PERSON).denied(),
        NameRefusal::OtherKeeper => Problem::new(P::Forbidden).denied(),
    }
}

fn month_refused(why: MonthWhy) -> Problem {
    use ProblemCode as P;
    match why {
        MonthWhy::Forbidden => Problem::new(P::Forbidden).denied(),
        MonthWhy::Invalid(invalid) => Problem { errors: invalid.0, ..Problem::new(P::InvalidFields) },
        MonthWhy::Illegal { state, action } => {
            Problem::new(P::MonthIllegal).detail(format!("{} × {}", state.zh(), action.zh()))
        }
        MonthWhy::TooEarly(at) => Problem::new(P::MonthTooEarly).detail(at.to_string()),
        MonthWhy::WindowPassed(at) => Problem::new(P::WindowPassed).detail(at.to_string()),
        MonthWhy::ObjectionPending(_) => Problem::new(P::ObjectionPending),
        MonthWhy::NoSuchObjection => Problem::new(P::NothingPending),
        MonthWhy::EarlierOpen(month) => Problem::new(P::MonthEarlierOpen).detail(month.to_string()),
        MonthWhy::AlreadyObjected => Problem::new(P::RequestPending),
        MonthWhy::TooManyObjections => Problem::new(P::TooManyObjections),
        MonthWhy::ResultsDiffer => Problem::new(P::MonthDiffers),
        MonthWhy::SecondPerson => Problem::new(P::SeparationOfDuties).detail(SECOND_PERSON).denied(),
    }
}

fn entry_refused(why: EntryWhy) -> Problem {
    use ProblemCode as P;
    match why {
        EntryWhy::Forbidden => Problem::new(P::Forbidden).denied(),
        EntryWhy::Invalid(invalid) => Problem { errors: invalid.0, ..Problem::new(P::InvalidFields) },
        EntryWhy::Illegal { state, action } => {
            Problem::new(P::LedgerIllegal).detail(format!("{} × {}", state.zh(), action.zh()))
        }
        EntryWhy::SecondPerson => Problem::new(P::SeparationOfDuties).detail(SECOND_PERSON).denied(),
    }
}

fn card_refused(refusal: CardRefusal) -> Problem {
    use ProblemCode as P;
    match refusal {
        CardRefusal::Forbidden => Problem::new(P::Forbidden).denied(),
        CardRefusal::Invalid(invalid) => Problem { errors: invalid.0, ..Problem::new(P::InvalidFields) },
        CardRefusal::Illegal { state, action } => {
            Problem::new(P::CardIllegal).detail(format!("{} × {}", state.zh(), action.zh()))
        }
    }
}

fn refused(refusal: Refusal) -> Problem {
    use ProblemCode as P;
    match refusal {
        Refusal::NotVisible => Problem::new(P::NotFound).denied(),
        Refusal::Forbidden => Problem::new(P::Forbidden).denied(),
        Refusal::Separation(duty) => Problem::new(P::SeparationOfDuties).detail(duty.zh()).denied(),
        Refusal::Illegal { state, action } => {
            Problem::new(P::IllegalTransition).detail(format!("{} × {}", state.zh(), action.zh()))
        }
        Refusal::Guard(why) => {
            let problem = Problem::new(P::from(&why));
            if let Why::WindowPassed(at) = why { problem.detail(at.to_string()) } else { problem }
        }
        Refusal::Invalid(invalid) => Problem { errors: invalid.0, ..Problem::new(P::InvalidFields) },
    }
}

fn rejected(rejection: &Rejection) -> Problem {
    use ProblemCode as P;
    match rejection {
        Rejection::Empty => Problem::new(P::PhotoEmpty),
        Rejection::Unsupported => Problem::new(P::UnsupportedMedia),
        Rejection::Truncated => Problem::new(P::PhotoTruncated),
        Rejection::Corrupt(what) => Problem::new(P::PhotoCorrupt).detail(*what),
        Rejection::TooLarge { width, height } => Problem::new(P::PhotoDimensions).detail(format!("{width} × {height}")),
        Rejection::Animated => Problem::new(P::PhotoAnimated),
        Rejection::Io(cause) => {
            tracing::warn!(%cause, "reading an upload back failed");
            Problem::new(P::Unavailable).retry_after(std::time::Duration::from_secs(2))
        }
    }
}

/// A problem as it is sent: RFC 9457 with our extension members.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Names the kind of problem.
    #[schema(example = "/problems/not-found")]
    pub r#type: String,
    /// The kind in words, in the caller's language.
    pub title: &'static str,
    /// The HTTP status once more.
    pub status: u16,
    /// What exactly, where there is more to say.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The path that was asked for.
    pub instance: String,
    /// What clients switch on.
    #[schema(value_type = ProblemCode)]
    pub code: &'static str,
    /// Names the request in the service's log.
    pub request_id: String,
    /// Every wrong field, for `invalid-fields`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// One wrong field.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// JSON Pointer (RFC 6901) into the body.
    pub pointer: String,
    /// What kind of fault.
    pub code: FieldCode,
    /// What would be right.
    pub detail: String,
}

impl ProblemBody {
    /// The body of `problem` as an answer to `request_id` about `path`.
    #[must_use]
    pub fn new(problem: &Problem, english: bool, path: &str, request_id: &str) -> Self {
        let code = problem.code;
        let word = |code: FieldCode| if english { code.en() } else { code.zh() };
        ProblemBody {
            r#type: format!("/problems/{}", code.as_str()),
            title: if english { code.en() } else { code.zh() },
            status: code.status(),
            detail: problem.detail.clone(),
            instance: path.to_owned(),
            code: code.as_str(),
            request_id: request_id.to_owned(),
            errors: problem
                .errors
                .iter()
                .map(|error| FieldProblem {
                    pointer: error.pointer.clone(),
                    code: error.code,
                    detail: if error.detail.is_empty() { word(error.code).to_owned() } else { error.detail.clone() },
                })
                .collect(),
        }
    }
}
