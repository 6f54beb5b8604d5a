//! A pipeline's run, as it stands: its steps, and what there is to do about it.

use crate::views::short::clipped;
use crate::words::message::{Action, Button, Line, Message, Tone};
use crate::words::names::RepoName;
use crate::words::pipeline::{Run, RunState, Step};

/// How many steps are shown.
const STEPS: usize = 20;
/// How many lines of a log's end are shown, and how long one is at most.
const LINES: usize = 15;
const LONGEST: usize = 300;
/// What a line holds that says what went wrong.
const WRONG: [&str; 6] = ["error", "fail", "fatal", "panic", "exception", "not found"];

/// `#12 of main in web/api`, which leads there.
pub fn named(line: Line, repo: &RepoName, run: &Run) -> Line {
    let line = line.link(format!("#{}", run.number), &run.url);
    let line = match (&run.custom, &run.branch) {
        (Some(custom), Some(branch)) => line.text(", ").code(custom).text(" on ").code(branch),
        (Some(custom), None) => line.text(", ").code(custom),
        (None, Some(branch)) => line.text(" of ").code(branch),
        (None, None) => line,
    };
    line.text(" in ").bold(repo.short())
}

/// A run with its steps. `wrong` is the end of the failed step's log, where there is one.
pub fn run(repo: &RepoName, run: &Run, steps: &[Step], wrong: Option<&str>) -> Message {
    let head = named(Line::new(), repo, run).text(format!(" {}", run.state.says()));
    let head = run.seconds.filter(|_| run.state.is_over()).map(lasted).into_iter().fold(head, Line::text);
    let message = Message::line(head).tone(tone(&run.state));
    let shown = steps.iter().take(STEPS);
    let message = shown.fold(message, |message, step| message.and(line_of(step)));
    let message = match steps.len().checked_sub(STEPS) {
        Some(more) if more > 0 => message.and(format!("… and {more} more steps")),
        _ => message,
    };
    let message = wrong.and_then(error_in).into_iter().fold(message, |message, found| {
        message.and(Line::new().span(crate::words::message::Span::Block(found)))
    });
    let by = run.by.as_ref().map(|by| Line::new().text(format!("started by {by}")));
    let message = by.into_iter().fold(message, Message::fact);
    buttons(repo, run).into_iter().fold(message, Message::button)
}

/// ` · 1 min 20 s`
pub fn lasted(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!(" · {seconds} s"),
        (minutes, 0) => format!(" · {minutes} min"),
        (minutes, seconds) => format!(" · {minutes} min {seconds} s"),
    }
}

fn line_of(step: &Step) -> Line {
    let line = Line::new().text("• ").bold(clipped(&step.name, 80)).text(format!(" {}", step.state.says()));
    step.seconds.filter(|_| step.state.is_over()).map(lasted).into_iter().fold(line, Line::text)
}

fn tone(state: &RunState) -> Tone {
    match state {
        RunState::Waiting | RunState::Running => Tone::Open,
        RunState::Paused => Tone::Warning,
        RunState::Passed => Tone::Good,
        RunState::Failed => Tone::Bad,
        RunState::Stopped | RunState::Other(_) => Tone::Plain,
    }
}

/// What there is to do about it.
pub fn buttons(repo: &RepoName, run: &Run) -> Vec<Button> {
    let about = |name: &str| Action::named(name).with("repo", repo.to_string()).with("id", run.id.as_str());
    let again = || Button::new("Run again", about("pipeline.rerun"));
    match run.state {
        RunState::Waiting | RunState::Running | RunState::Paused => {
            let question = format!("#{} stops where it is.", run.number);
            vec![Button::new("Stop", about("pipeline.stop")).confirm(question, "Stop it")]
        }
        RunState::Failed => vec![again().main(), Button::new("Log", about("pipeline.log"))],
        RunState::Passed | RunState::Stopped | RunState::Other(_) => vec![again()],
    }
}

/// The end of a log: its last lines.
pub fn end_of(log: &str) -> String {
    let lines: Vec<String> = lines_of(log).collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

/// The first line of a log's end that says what went wrong, with what stands around it.
pub fn error_in(log: &str) -> Option<String> {
    let lines: Vec<String> = lines_of(log).collect();
    let says = |line: &String| {
        let line = line.to_lowercase();
        WRONG.iter().any(|word| line.contains(word))
    };
    let at = lines.iter().position(says)?;
    Some(lines[at.saturating_sub(1)..(at + 4).min(lines.len())].join("\n"))
}

fn lines_of(log: &str) -> impl Iterator<Item = String> {
    // What colours a terminal is not for reading.
    let plain = |line: &str| {
        let mut out = String::new();
        let mut escaped = false;
        for c in line.chars() {
            match c {
                '\u{1b}' => escaped = true,
                'a'..='z' | 'A'..='Z' if escaped => escaped = false,
                _ if escaped || (c.is_control() && c != '\t') => {}
                c => out.push(c),
            }
        }
        clipped(out.trim_end(), LONGEST)
    };
    log.lines().map(plain).filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_found_and_colours_are_left_out() {
        let log = "+ cargo test\n\u{1b}[31merror[E0308]\u{1b}[0m: mismatched types\n --> src/x.rs:1\n\nmore\nand more\nend\n";
        assert_eq!(
            error_in(log).unwrap(),
            "+ cargo test\nerror[E0308]: mismatched types\n --> src/x.rs:1\nmore\nand more"
        );
        assert_eq!(error_in("all is well\n"), None);
        let many = vec!["a line"; 40].join("\n");
        assert_eq!(end_of(&many).lines().count(), 15);
    }
}
