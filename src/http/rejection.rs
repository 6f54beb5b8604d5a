//! How a door says no: a status, a short word, and nothing an outsider could learn from.

use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::clock::random_name;
use crate::reception::Refused;
use crate::store;

/// Why a request was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// Not what this door reads.
    Malformed,
    /// Not signed, wrongly signed, or too old.
    Unsigned,
    /// This door has no secret configured.
    Shut,
    /// No such page, instance or ticket.
    NotFound,
    /// Not with this method.
    Method,
    /// Over the limit.
    TooLarge,
    /// Cannot be stored durably now.
    Busy,
}

impl Rejection {
    fn parts(self) -> (StatusCode, &'static str) {
        match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed"),
            Self::Unsigned => (StatusCode::UNAUTHORIZED, "unsigned"),
            Self::Shut => (StatusCode::FORBIDDEN, "no secret is configured here"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not found"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "not with this method"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too large"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
        }
    }

    /// The word by which figures count it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Unsigned => "unsigned",
            Self::Shut => "shut",
            Self::NotFound => "not-found",
            Self::Method => "method",
            Self::TooLarge => "too-large",
            Self::Busy => "busy",
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let (status, word) = self.parts();
        let reference = random_name(4);
        tracing::info!(%reference, status = status.as_u16(), "refused: {word}");
        let mut response = (status, format!("{word} ({reference})\n")).into_response();
        if self == Self::Busy {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }
}

impl From<BytesRejection> for Rejection {
    fn from(rejection: BytesRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { Self::TooLarge } else { Self::Malformed }
    }
}

/// What is no text names nothing here.
impl From<PathRejection> for Rejection {
    fn from(_: PathRejection) -> Self {
        Self::NotFound
    }
}

impl From<store::Error> for Rejection {
    fn from(error: store::Error) -> Self {
        tracing::warn!(%error, "an arrival could not be stored");
        Self::Busy
    }
}

impl From<Refused> for Rejection {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Malformed => Self::Malformed,
            Refused::Busy => Self::Busy,
        }
    }
}

/// What is answered when our own code broke.
pub fn broken() -> Response {
    let reference = random_name(4);
    tracing::error!(%reference, "a request broke the code that handled it");
    (StatusCode::INTERNAL_SERVER_ERROR, format!("something went wrong ({reference})\n")).into_response()
}
