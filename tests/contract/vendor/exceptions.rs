//! Where the vendors' specifications are known to be wrong or silent, each with its reason.

use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::bitbucket::Edition::{Cloud, DataCenter};

/// Required by the schema of every object of Cloud's, and in none of its own examples of requests.
pub const UNSENT: [&str; 1] = ["type"];

/// Where recordings have another type than the schema.
const MISTYPED: &[(Edition, &str, &str)] = &[
    (Cloud, "attributes", "a list in every recording of a file's description"),
    (Cloud, "detail", "an object where scopes are lacking, as every recording has it"),
    (DataCenter, "path", "an anchor's path is one text in the examples, parts in the schema"),
    (DataCenter, "requiredSuccessfulBuilds", "an object in recordings, a number in the schema"),
    (DataCenter, "requiredApprovers", "an object in recordings, a number in the schema"),
];

/// Answers that are not JSON although JSON is described.
pub const PLAIN: &[(u16, &str, &str)] = &[
    (404, "Not Found", "recorded so for a pull request that is not there"),
    (411, "Length Required", "comes from Cloud's front door, before its API"),
    (415, "Unsupported Media Type", "comes from Data Center's servlet, before its API"),
];

/// Parameters that are described in text alone: edition, method, the template's end, names, reason.
const QUERIES: &[(Edition, &str, &str, &[&str], &str)] = &[
    (Cloud, "GET", "", &["page", "pagelen", "fields"], "described once for all lists"),
    (Cloud, "POST", "/commits", &["pagelen"], "described once for all lists"),
    (Cloud, "GET", "/pullrequests", &["q", "sort"], "filtering is described once for all lists"),
    (Cloud, "GET", "/members", &["q"], "described in the text of the operation"),
    (Cloud, "GET", "/comments", &["q", "sort"], "filtering is described once for all lists"),
    (Cloud, "GET", "/commits", &["include", "exclude", "path"], "described in the text of the operation"),
    (
        Cloud,
        "GET",
        "/commits/{revision}",
        &["include", "exclude", "path"],
        "described in the text of the operation",
    ),
    (Cloud, "GET", "/diff/{spec}", &["from_pullrequest_id"], "Cloud's own redirects carry it"),
    (Cloud, "GET", "/diffstat/{spec}", &["from_pullrequest_id"], "Cloud's own redirects carry it"),
    (
        DataCenter,
        "GET",
        "/users",
        &["start", "limit", "permission.N", "permission.N.projectKey"],
        "permission.N in text",
    ),
    (DataCenter, "GET", "/browse/{path}", &["start", "limit"], "lines are paged, as recordings show"),
    (DataCenter, "GET", "/webhooks", &["start", "limit"], "paged, as recordings show"),
    (DataCenter, "GET", "/pull-requests", &["username.N", "role.N", "approved.N"], "described in the text"),
];

/// Operations that answer, and have no place in the specification.
const PATHS: &[(Edition, &str, &str, &str)] =
    &[(Cloud, "GET", "/file-conflicts/", "in the specification of June, where conflicts still redirect to")];

/// Bodies that are described in text alone: edition, method, the template's end, schema.
const BODIES: &[(Edition, &str, &str, &str)] =
    &[(Cloud, "POST", "/refs/branches", "branch"), (Cloud, "PUT", "/hooks/{uid}", "webhook_subscription")];

/// Bodies that are forms, as the text says.
const FORMS: &[(Edition, &str, &str)] =
    &[(Cloud, "POST", "/commits"), (Cloud, "POST", "/commits/{revision}")];

/// Statuses that are described in text alone: edition, the template's end, status, reason.
const STATUSES: &[(Edition, &str, u16, &str)] =
    &[(Cloud, "/src/{commit}/{path}", 301, "large files are elsewhere, as the text says")];

/// Answers that are described as something else: edition, the template's end, status, reason.
const OTHERWISE: &[(Edition, &str, u16, &str)] = &[
    (
        Cloud,
        "/src/{commit}/{path}",
        200,
        "a folder is described; a file is its bytes, or is described in text",
    ),
    (DataCenter, "/blocker-comments", 200, "a page is described; counts are not one"),
];

/// Fields that the schema lacks: edition, whether of requests, name, reason.
const FIELDS: &[(Edition, bool, &str, &str)] = &[
    (Cloud, false, "fields", "which of a body's fields was wrong, as the text about errors says"),
    (Cloud, true, "workspace", "where a fork is to be, as the text about forking says"),
    (Cloud, false, "type", "in every recording, also where the schema is closed"),
];

/// Whether the field at that place has another type than the schema says.
pub fn mistyped(edition: Edition, at: &str) -> bool {
    let name = at.rsplit('.').next().unwrap_or_default();
    MISTYPED.iter().any(|(where_, field, _)| *where_ == edition && *field == name)
}

pub fn known(edition: Edition, request: bool, name: &str) -> bool {
    FIELDS.iter().any(|(where_, of, field, _)| (*where_, *of, *field) == (edition, request, name))
}

pub fn has_query(edition: Edition, method: &str, template: &str, name: &str) -> bool {
    // Of `username.1`, `username.2` and so on the texts say `username.N`.
    let parts = name.split('.').map(|part| if part.parse::<u8>().is_ok() { "N" } else { part });
    let name = parts.collect::<Vec<_>>().join(".");
    QUERIES.iter().any(|(where_, how, end, names, _)| {
        *where_ == edition && *how == method && template.ends_with(end) && names.contains(&name.as_str())
    })
}

pub fn has_path(edition: Edition, method: &str, path: &str) -> bool {
    PATHS.iter().any(|(where_, how, part, _)| *where_ == edition && *how == method && path.contains(part))
}

pub fn body_of(edition: Edition, method: &str, template: &str) -> Option<&'static str> {
    let found = BODIES
        .iter()
        .find(|(where_, how, end, _)| *where_ == edition && *how == method && template.ends_with(end));
    found.map(|(.., schema)| *schema)
}

pub fn takes_form(edition: Edition, method: &str, template: &str) -> bool {
    FORMS.iter().any(|(where_, how, end)| *where_ == edition && *how == method && template.ends_with(end))
}

pub fn has_status(edition: Edition, template: &str, status: u16) -> bool {
    let same = |(where_, end, code, _): &&(Edition, &str, u16, &str)| {
        *where_ == edition && *code == status && template.ends_with(end)
    };
    STATUSES.iter().any(|one| same(&one))
}

pub fn answers_otherwise(edition: Edition, template: &str, status: u16) -> bool {
    OTHERWISE
        .iter()
        .any(|(where_, end, code, _)| *where_ == edition && *code == status && template.ends_with(end))
}
