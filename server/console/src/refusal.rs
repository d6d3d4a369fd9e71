use crate::frame::bare;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use qiaomen_proto::error::Code;
use qiaomen_server::duplicates::DuplicateError;
use qiaomen_server::http::problem::Problem;
use qiaomen_server::matters::MatterError;
use qiaomen_server::office::OfficeError;
use qiaomen_server::people::trainings::TrainingError;
use qiaomen_server::people::{AccountError, EnrolCodeError, SignInError};
use qiaomen_server::review::ReviewError;
use qiaomen_server::shapes::{FileFault, ShapesError};
use qiaomen_server::store::StoreError;

/// Why a page is not shown, or something not done.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    problem: Problem,
    /// Where to go on.
    back: Option<String>,
    /// Nobody is signed in: the sign-in page is shown instead.
    sign_in: bool,
}

impl Refusal {
    /// With a link to where one can go on.
    pub(crate) fn back(self, to: impl Into<String>) -> Self {
        Self { back: Some(to.into()), ..self }
    }
    /// With a sentence that says more than its code's.
    pub(crate) fn saying(code: Code, sentence: impl Into<String>) -> Self {
        Problem::from(code).saying(sentence.into()).into()
    }
    /// Nobody is signed in.
    pub(crate) fn sign_in(next: &str) -> Self {
        let back = format!("/sign-in?{}", serde_urlencoded::to_string([("next", next)]).unwrap_or_default());
        Self { problem: Code::SignIn.into(), back: Some(back), sign_in: true }
    }
    /// What a person reads.
    pub(crate) fn sentence(&self) -> &str {
        self.problem.sentence()
    }
    /// The sentence above the form that was sent, where whoever sent it can mend it there; else this is a page of its own.
    pub(crate) fn above_form(self) -> Result<AboveForm, Self> {
        // What the form held, or a file of it, was not as it should be; or somebody was there first.
        match self.code() {
            Code::ValueForm | Code::TooLarge | Code::Busy | Code::Malformed => {
                Ok(AboveForm { status: self.problem.status(), sentence: self.problem.sentence().to_owned() })
            }
            _ => Err(self),
        }
    }
    /// Its permanent code.
    pub(crate) fn code(&self) -> Code {
        self.problem.code()
    }
}

/// What is said above a form that was not done, on the page on which it stands.
#[derive(Debug, Clone)]
pub(crate) struct AboveForm {
    status: StatusCode,
    sentence: String,
}

impl AboveForm {
    /// The sentence. `here` is the address of the page: the answer to a form could not be loaded again, nor gone back
    /// to, so the script names it by the page's own address.
    pub(crate) fn says(&self, here: &str) -> Markup {
        html! { p.refusal role="alert" data-here=(here) { (self.sentence) } }
    }
    /// The answer with the page that says it.
    pub(crate) fn answer(&self, page: Markup) -> Response {
        (self.status, page).into_response()
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { problem, back: None, sign_in: false }
    }
}
impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Problem::from(code).into()
    }
}
impl From<OfficeError> for Refusal {
    fn from(error: OfficeError) -> Self {
        let problem = Problem::from(error);
        // The table's sentences speak to who holds a device.
        let problem = match problem.code() {
            Code::OfficeDamaged => problem.saying(
                "社区的数据库坏了，这一步没有写进去。请让管理员停下服务，留好整个文件夹，再用最近的备份恢复；备份之后终端送到过的，会自动补回。",
            ),
            Code::OfficeFull => {
                problem.saying("社区的磁盘满了，这一步没有写进去；以前写下的都还在。请让管理员腾出空间，再做一遍。")
            }
            _ => problem,
        };
        problem.into()
    }
}
impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}
impl From<DuplicateError> for Refusal {
    fn from(error: DuplicateError) -> Self {
        Problem::from(error).into()
    }
}
impl From<MatterError> for Refusal {
    fn from(error: MatterError) -> Self {
        Problem::from(error).into()
    }
}
impl From<ReviewError> for Refusal {
    fn from(error: ReviewError) -> Self {
        Problem::from(error).into()
    }
}
impl From<ShapesError> for Refusal {
    fn from(error: ShapesError) -> Self {
        match error {
            ShapesError::Office(error) => error.into(),
            ShapesError::File(FileFault::TooLarge) => Self::saying(Code::TooLarge, error.to_string()),
            ShapesError::NoDraft => Self::saying(Code::NotFound, error.to_string()),
            ShapesError::File(_) | ShapesError::NothingMatches => Self::saying(Code::ValueForm, error.to_string()),
        }
    }
}
impl From<TrainingError> for Refusal {
    fn from(error: TrainingError) -> Self {
        match error {
            TrainingError::Office(error) => error.into(),
            error => Self::saying(error.code(), error.to_string()),
        }
    }
}
impl From<AccountError> for Refusal {
    fn from(error: AccountError) -> Self {
        Problem::from(error).into()
    }
}
impl From<EnrolCodeError> for Refusal {
    fn from(error: EnrolCodeError) -> Self {
        Problem::from(error).into()
    }
}
impl From<SignInError> for Refusal {
    fn from(error: SignInError) -> Self {
        Problem::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if let (true, Some(to)) = (self.sign_in, &self.back) {
            return Redirect::to(to).into_response();
        }
        let code = self.problem.code();
        let title = match code {
            Code::NotFound => "没有找到",
            Code::NotYours => "没有权限",
            Code::Busy | Code::Internal => "没有办成",
            _ => "没有办成",
        };
        let back = self.back.as_deref().unwrap_or("/");
        let page = bare(
            title,
            html! {
                main.alone {
                    h1 { (title) }
                    p.refusal role="alert" { (self.problem.sentence()) }
                    p { a.button href=(back) { "返回" } }
                    p.code { "代码：" (code.name()) }
                }
            },
        );
        (self.problem.status(), page).into_response()
    }
}

/// Nothing is here.
pub(crate) fn not_found() -> Response {
    let mut response = Refusal::from(Code::NotFound).into_response();
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
