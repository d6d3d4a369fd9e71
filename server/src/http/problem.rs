//! What went wrong, as JSON with a fitting status: the permanent code, its number, a sentence for a
//! person, whether trying again helps. Never a value, never a name.

use crate::duplicates::DuplicateError;
use crate::matters::MatterError;
use crate::office::OfficeError;
use crate::people::{AccountError, EnrolCodeError, EnrolRefusal, SignInError};
use crate::photos::PhotoError;
use crate::review::ReviewError;
use crate::store::StoreError;
use crate::sync::SyncRefusal;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use qiaomen_proto::error::Code;
use std::borrow::Cow;

/// What went wrong.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    status: StatusCode,
    sentence: Cow<'static, str>,
    counter: Option<u64>,
    seen: Option<String>,
    retry_after_s: Option<u64>,
}

impl Problem {
    /// With another status than its code's.
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
    /// With a sentence that says more than its code's.
    pub fn saying(self, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self { sentence: sentence.into(), ..self }
    }
    /// To be tried again after this.
    pub fn retry_after(self, seconds: u64) -> Self {
        Self { retry_after_s: Some(seconds), ..self }
    }
    /// The status that goes with it.
    pub fn status(&self) -> StatusCode {
        self.status
    }
    /// What a person reads.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }
    /// The permanent code.
    pub fn code(&self) -> Code {
        self.code
    }
}

fn status_of(code: Code) -> StatusCode {
    match code {
        Code::Malformed | Code::WireVersion => StatusCode::BAD_REQUEST,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::NotSigned | Code::SignIn => StatusCode::UNAUTHORIZED,
        Code::Revoked | Code::EnrolCode | Code::NotYours => StatusCode::FORBIDDEN,
        Code::Replayed | Code::CandidatesChanged => StatusCode::CONFLICT,
        Code::TooMany | Code::TooOften => StatusCode::TOO_MANY_REQUESTS,
        Code::NotFound | Code::PhotoUnknown => StatusCode::NOT_FOUND,
        Code::Busy | Code::OfficeDamaged => StatusCode::SERVICE_UNAVAILABLE,
        Code::OfficeFull => StatusCode::INSUFFICIENT_STORAGE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Code::CheckFailed
        | Code::Predecessor
        | Code::Structure
        | Code::Fork
        | Code::NotTheAuthor
        | Code::NotTheActor
        | Code::OutOfScope
        | Code::RoleMayNot
        | Code::ValueForm
        | Code::ValueBounds
        | Code::KeyMissing
        | Code::PutAway
        | Code::PutAwayDoneAgain
        | Code::PutAwayNotTheirs
        | Code::PutAwayMistake
        | Code::PutAwayTrial
        | Code::TakenBefore
        | Code::GivenBack
        | Code::HeldFull
        | Code::UnknownBuilding
        | Code::UnknownDoor
        | Code::IdParts
        | Code::PhotoDamaged
        | Code::ChoiceNotPossible => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        let retry_after_s = if code == Code::Busy { Some(5) } else { None };
        Self {
            code,
            status: status_of(code),
            sentence: Cow::Borrowed(code.sentence()),
            counter: None,
            seen: None,
            retry_after_s,
        }
    }
}
impl From<SyncRefusal> for Problem {
    fn from(r: SyncRefusal) -> Self {
        let plain = Self::from(r.code);
        Self { counter: r.counter, retry_after_s: r.retry_after_s.or(plain.retry_after_s), ..plain }
    }
}
impl From<EnrolRefusal> for Problem {
    fn from(r: EnrolRefusal) -> Self {
        let plain = Self::from(r.code);
        Self { retry_after_s: r.retry_after_s.or(plain.retry_after_s), ..plain }
    }
}
impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => Self::from(Code::SignIn).saying(error.to_string()),
            SignInError::Locked { retry_after_s } => {
                Self::from(Code::TooMany).saying(error.to_string()).retry_after(retry_after_s)
            }
            SignInError::Login | SignInError::Password | SignInError::NotOnRoster { .. } => {
                Self::from(Code::ValueForm).saying(error.to_string())
            }
            SignInError::Office(error) => error.into(),
            SignInError::Hash { source } => {
                tracing::error!(error = %source, "could not hash a password");
                Self::from(Code::Internal)
            }
        }
    }
}
impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        let code = match error {
            AccountError::SignIn(error) => return error.into(),
            AccountError::Office(error) => return error.into(),
            AccountError::NoSuch => Code::NotFound,
            AccountError::WrongPassword
            | AccountError::LoginTaken
            | AccountError::HasOne
            | AccountError::OnlyByRoster { .. }
            | AccountError::LastAdmin => Code::ValueForm,
        };
        Self::from(code).saying(error.to_string())
    }
}
impl From<EnrolCodeError> for Problem {
    fn from(error: EnrolCodeError) -> Self {
        let code = match error {
            EnrolCodeError::Office(error) => return error.into(),
            EnrolCodeError::Nobody { .. } => Code::NotFound,
            EnrolCodeError::Several { .. } | EnrolCodeError::NoGrid { .. } | EnrolCodeError::OfficeRole => {
                Code::ValueForm
            }
        };
        Self::from(code).saying(error.to_string())
    }
}
impl From<ReviewError> for Problem {
    fn from(error: ReviewError) -> Self {
        let now = if let ReviewError::CandidatesChanged { now } = &error { Some(now.clone()) } else { None };
        match error {
            ReviewError::Office(error) => error.into(),
            // What was asked for was possible a moment ago: somebody else was faster.
            ReviewError::AlreadyDecided { .. }
            | ReviewError::Gone { .. }
            | ReviewError::MovedOn { .. }
            | ReviewError::PreviewUsed { .. }
            | ReviewError::NotHeld { .. } => {
                Self::from(error.code()).with_status(StatusCode::CONFLICT).saying(error.to_string())
            }
            _ => Self { seen: now, ..Self::from(error.code()).saying(error.to_string()) },
        }
    }
}
impl From<DuplicateError> for Problem {
    fn from(error: DuplicateError) -> Self {
        match error {
            DuplicateError::Office(error) => error.into(),
            _ => Self::from(error.code()).saying(error.to_string()),
        }
    }
}
impl From<MatterError> for Problem {
    fn from(error: MatterError) -> Self {
        match error {
            MatterError::Office(error) => error.into(),
            // What was asked for was possible a moment ago: somebody else was faster.
            MatterError::NotNow { .. } => {
                Self::from(error.code()).with_status(StatusCode::CONFLICT).saying(error.to_string())
            }
            _ => Self::from(error.code()).saying(error.to_string()),
        }
    }
}
impl From<OfficeError> for Problem {
    fn from(error: OfficeError) -> Self {
        tracing::error!(error = %error, source = ?std::error::Error::source(&error), "a request failed inside");
        Self::from(error.code())
    }
}
impl From<PhotoError> for Problem {
    fn from(error: PhotoError) -> Self {
        match error {
            PhotoError::Office(error) => error.into(),
            PhotoError::Photo(error) => {
                tracing::error!(%error, source = ?std::error::Error::source(&error), "a photo could not be read");
                Self::from(error.code())
            }
        }
    }
}
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        OfficeError::from(error).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let retry = self.code.retry_helps() || self.retry_after_s.is_some();
        let mut body = serde_json::json!({
            "code": self.code.name(),
            "number": self.code.number(),
            "sentence": self.sentence,
            "retry": retry,
        });
        if let Some(object) = body.as_object_mut() {
            object.extend(self.counter.map(|counter| ("counter".to_owned(), counter.into())));
            object.extend(self.seen.map(|seen| ("seen".to_owned(), seen.into())));
        }
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
