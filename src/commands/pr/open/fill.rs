//! What a form to open a pull request is filled with, once it is known which branch is to go where.

use super::{Open, already, standing};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::{Context, Failure};
use crate::commands::lookup;
use crate::commands::sheet::Sheet;
use crate::words::code::{Comparison, Lines, Range};
use crate::words::message::{Form, Line};
use crate::words::names::RepoName;

/// Where a repository keeps what every description is to begin with.
const TEMPLATE: &str = ".bitbucket/PULL_REQUEST_TEMPLATE.md";
/// How long a template may be.
const TEMPLATE_LINES: usize = 200;
/// As many commits tell whether there is one or several.
const ENOUGH: usize = 2;

/// The form with what its repository and branches tell.
pub(super) async fn filled(open: &Open, cx: &Context<'_>, form: Form) -> Result<Form, Failure> {
    let Some(picked) = &open.repo else { return Ok(form) };
    let repo = lookup::repository(cx, picked).await?;
    let bitbucket = cx.bitbucket(&repo.instance).await?;
    let bitbucket = bitbucket.as_ref();
    let mut sheet = Sheet::of(form, open.marks.clone());
    if sheet.turned_to(&repo.to_string()) {
        // These are branches of another repository.
        sheet.clear("from");
        sheet.clear("to");
    }
    let main = bitbucket.repository(&repo).await?.main_branch;
    sheet.suggest("to", main.clone());
    let target = sheet.value("to").or(main);
    let (Some(source), Some(target)) = (sheet.value("from"), target) else {
        sheet.suggest("title", None);
        sheet.suggest("description", None);
        return Ok(sheet.done());
    };
    let source = lookup::branch(bitbucket, &repo, &source).await?;
    let target = lookup::branch(bitbucket, &repo, &target).await?;
    from_branches(bitbucket, &repo, (&source, &target), &mut sheet).await?;
    Ok(sheet.done())
}

async fn from_branches(
    bitbucket: &dyn Bitbucket,
    repo: &RepoName,
    (source, target): (&str, &str),
    sheet: &mut Sheet,
) -> Result<(), Failure> {
    let range = Range { base: target.to_owned(), head: source.to_owned() };
    let (compared, already_open, reviewers, template) = tokio::join!(
        bitbucket.compare(repo, &range, ENOUGH),
        standing(bitbucket, repo, (source, Some(target))),
        bitbucket.default_reviewers(repo, source, target),
        bitbucket.file(repo, TEMPLATE, Some(target), Lines { first: 1, last: TEMPLATE_LINES }),
    );
    let compared = match compared {
        Ok(compared) => compared,
        Err(bitbucket::Error::NotFound(_)) => {
            let line = Line::new().text("There is no branch ").code(source).text(" or ").code(target);
            sheet.say(line.text(" in ").bold(repo.short()).text("."));
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(pr) = already_open? {
        sheet.say(already(&pr));
    } else if compared.commits.is_empty() {
        let line = Line::new().code(source).text(" brings nothing that ").code(target);
        sheet.say(line.text(" does not have: there is nothing to merge."));
    }
    let template = template.ok().map(|file| file.lines.join("\n")).filter(|text| !text.trim().is_empty());
    let (title, body) = told_by(&compared, source);
    let description = [body, template].into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    sheet.suggest("title", title);
    sheet.suggest("description", Some(description));
    let usual: Vec<String> = reviewers.unwrap_or_default().into_iter().map(|person| person.name).collect();
    if let Some(field) = sheet.field("reviewers") {
        field.hint = (!usual.is_empty()).then(|| format!("Asked in any case: {}", usual.join(", ")));
    }
    Ok(())
}

/// A title and a description: what the only commit says, or else the branch's name in words.
fn told_by(compared: &Comparison, source: &str) -> (Option<String>, Option<String>) {
    match compared.commits.as_slice() {
        [] => (None, None),
        [only] if !compared.more => {
            let body = only.message.split_once('\n').map(|(_, body)| body.trim().to_owned());
            (Some(only.subject().trim().to_owned()), body.filter(|body| !body.is_empty()))
        }
        _ => (Some(in_words(source)), None),
    }
}

/// `feature/WEB-12-limit-the-rate` → `WEB-12 limit the rate`, `fix/limit_rate` → `Limit rate`.
fn in_words(branch: &str) -> String {
    let last = branch.rsplit('/').find(|part| !part.is_empty()).unwrap_or(branch);
    let (key, rest) = issue(last).unwrap_or(("", last));
    let words = rest.split(['-', '_']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if !key.is_empty() {
        return format!("{key} {words}").trim_end().to_owned();
    }
    let mut letters = words.chars();
    letters.next().map_or_else(|| branch.to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

/// The key of an issue that a name begins with, and the rest.
fn issue(name: &str) -> Option<(&str, &str)> {
    let (project, rest) = name.split_once('-')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let upper =
        !project.is_empty() && project.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let ends = rest[digits..].is_empty() || rest[digits..].starts_with(['-', '_']);
    (upper && digits > 0 && ends).then(|| name.split_at(project.len() + 1 + digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_is_told_in_words() {
        for (branch, words) in [
            ("limit-rate", "Limit rate"),
            ("feature/WEB-12-limit-the-rate", "WEB-12 limit the rate"),
            ("fix/limit_rate", "Limit rate"),
            ("WEB-12", "WEB-12"),
            ("web-12", "Web 12"),
            ("UTF-8x", "UTF 8x"),
            ("---", "---"),
            ("ünder-way", "Ünder way"),
        ] {
            assert_eq!(in_words(branch), words, "{branch}");
        }
    }
}
