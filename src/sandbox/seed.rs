//! The demo's people, repositories and pull requests: different ones on each edition, the same for a seed.

use super::bitbucket::{Bitbucket, BuildState, Edition, Opening, Permission, Refusal, RepoHandle, Strategy};

/// Who is in the demo: nickname, name, address.
const PEOPLE: [(&str, &str, &str); 5] = [
    ("ada", "Ada", "ada@example.test"),
    ("grace", "Grace", "grace@example.test"),
    ("mira", "Mira", "mira@example.test"),
    ("jonas", "Jonas", "jonas@example.test"),
    ("lena", "Lena", "lena@example.test"),
];

/// Whom the one at the keyboard can be: nickname, and what they do.
pub const CAST: [(&str, &str); 3] = [("ada", "Developer"), ("grace", "Lead"), ("mira", "Repository admin")];

/// What #web is told of.
pub const API: &str = "web/api";
const SITE: &str = "web/site";
/// What #payments is told of.
pub const LEDGER: &str = "BANK/ledger";
const DEPLOY: &str = "OPS/deploy";

/// A pull request of the demo.
struct Story {
    branch: &'static str,
    title: &'static str,
    description: &'static str,
    by: &'static str,
    commits: &'static [&'static str],
}

const CLOUD_API: [Story; 3] = [
    Story {
        branch: "limit-login-rate",
        title: "Limit how often a login may be tried",
        description: "Ten attempts a minute for each address, then 429 with Retry-After.",
        by: "ada",
        commits: &["Count failed logins by address", "Answer 429 with Retry-After", "Describe the limit"],
    },
    Story {
        branch: "fix/timezone-of-invoices",
        title: "Date invoices in the customer's time zone",
        description: "Invoices written after midnight UTC carried the wrong day.",
        by: "jonas",
        commits: &["Add a failing test for invoices at midnight", "Take the zone from the account"],
    },
    Story {
        branch: "search-index-rewrite",
        title: "Rewrite the search index",
        description: "Not finished: deletions are still missing.",
        by: "mira",
        commits: &["Split the tokenizer from the index", "Store postings in blocks"],
    },
];

const CLOUD_WEB: [Story; 1] = [Story {
    branch: "keyboard-navigation",
    title: "Reach every menu with the keyboard",
    description: "",
    by: "lena",
    commits: &["Give menus a visible focus", "Close a menu on Escape"],
}];

const DC_LEDGER: [Story; 2] = [
    Story {
        branch: "feature/batch-postings",
        title: "Post ledger entries in batches",
        description: "One transaction for up to 500 entries; twelve times faster on the nightly import.",
        by: "grace",
        commits: &["Measure the nightly import", "Collect postings before writing", "Keep batches in order"],
    },
    Story {
        branch: "bugfix/rounding-of-interest",
        title: "Round interest to the nearest even cent",
        description: "",
        by: "ada",
        commits: &["Round half to even", "Explain the rounding in the handbook"],
    },
];

const DC_DEPLOY: [Story; 1] = [Story {
    branch: "drop-old-runner",
    title: "Remove the old deployment runner",
    description: "Nothing has used it since March.",
    by: "lena",
    commits: &["Delete the old runner", "Drop its configuration"],
}];

/// What is opened before one's eyes, so that channels have heard of it.
const FRESH: [(Edition, &str, Story); 2] = [
    (
        Edition::Cloud,
        API,
        Story {
            branch: "health-checks",
            title: "Answer health checks without the database",
            description: "A slow query made the load balancer take healthy machines out.",
            by: "grace",
            commits: &["Keep the last known health", "Answer from memory"],
        },
    ),
    (
        Edition::DataCenter,
        LEDGER,
        Story {
            branch: "feature/month-end",
            title: "Close the books on the last working day",
            description: "",
            by: "jonas",
            commits: &["Know the bank holidays", "Close on the last working day"],
        },
    ),
];

/// Branches without a pull request, to open one from.
const READY: [(Edition, &str, &str, &str, &str); 3] = [
    (Edition::Cloud, API, "retry-webhooks", "Send a webhook again when nobody answers", "ada"),
    (Edition::Cloud, SITE, "dark-mode", "Follow the reader's light or dark", "grace"),
    (Edition::DataCenter, LEDGER, "feature/nightly-report", "Mail the nightly report", "ada"),
];

/// Fills a Bitbucket for the demo; nothing of it is delivered, it was all there before.
pub fn seed(bitbucket: &Bitbucket, seed: u64) -> Result<(), Refusal> {
    bitbucket.silent(true);
    let outcome = fill(bitbucket, Dice(seed));
    bitbucket.silent(false);
    outcome
}

/// Opens the pull request of this repository that is told of.
pub fn open_fresh(bitbucket: &Bitbucket, repo: &str) -> Result<(), Refusal> {
    for (edition, name, story) in FRESH.iter().filter(|(_, name, _)| *name == repo) {
        let missing = || Refusal::NoSuchRepository((*name).to_owned());
        let repo = bitbucket.repository(*edition, name).ok_or_else(missing)?;
        // One of them, so that each hears of one.
        let reviewers: Vec<&str> = reviewers_for(story).into_iter().rev().take(1).collect();
        bitbucket.open(&repo, story.by, &opening(story, &reviewers))?;
    }
    Ok(())
}

fn fill(bitbucket: &Bitbucket, mut dice: Dice) -> Result<(), Refusal> {
    for (nickname, name, email) in PEOPLE {
        bitbucket.add_person(nickname, name, email);
    }
    let api = repository(bitbucket, (Edition::Cloud, API), "The public API").requires_approvals(1);
    let site = repository(bitbucket, (Edition::Cloud, SITE), "The customers' pages");
    let ledger = repository(bitbucket, (Edition::DataCenter, LEDGER), "Double-entry bookkeeping");
    let deploy = repository(bitbucket, (Edition::DataCenter, DEPLOY), "How things get to production");
    let ledger = ledger.requires_approvals(1);
    let opened = [
        (&api, open(&api, &CLOUD_API, &mut dice)?),
        (&site, open(&site, &CLOUD_WEB, &mut dice)?),
        (&ledger, open(&ledger, &DC_LEDGER, &mut dice)?),
        (&deploy, open(&deploy, &DC_DEPLOY, &mut dice)?),
    ];
    for (repo, numbers) in &opened {
        for &number in numbers {
            live(repo, number, &mut dice)?;
        }
    }
    ready(bitbucket)?;
    told(bitbucket, &api, &ledger)
}

/// Branches that wait for a pull request.
fn ready(bitbucket: &Bitbucket) -> Result<(), Refusal> {
    let fresh = FRESH.iter().flat_map(|(edition, name, story)| {
        story.commits.iter().map(move |commit| (*edition, *name, story.branch, *commit, story.by))
    });
    for (edition, name, branch, message, by) in fresh.chain(READY) {
        let missing = || Refusal::NoSuchRepository(name.to_owned());
        let repo = bitbucket.repository(edition, name).ok_or_else(missing)?;
        let _branch = repo.branch(branch).with_commit(message, by);
    }
    for (edition, name, story) in &FRESH {
        if let Some(repo) = bitbucket.repository(*edition, name) {
            bitbucket.add_build(&repo, story.branch, "test", BuildState::Successful)?;
        }
    }
    Ok(())
}

/// What makes the demo worth a look, whatever the dice say.
fn told(bitbucket: &Bitbucket, api: &RepoHandle, ledger: &RepoHandle) -> Result<(), Refusal> {
    bitbucket.approve(api, 1, "grace")?;
    bitbucket.comment(api, 1, "grace", "Could the limit come from the settings?")?;
    bitbucket.comment(api, 1, "ada", "It could; I would rather do that next.")?;
    bitbucket.request_changes(api, 2, "lena")?;
    bitbucket.comment(api, 2, "lena", "What about accounts without a time zone?")?;
    bitbucket.approve(ledger, 1, "mira")?;
    ledger.conflicted(2, true)
}

fn repository(bitbucket: &Bitbucket, (edition, name): (Edition, &str), description: &str) -> RepoHandle {
    bitbucket
        .add_repository(edition, name)
        .described(description)
        .allow("ada", Permission::Write)
        .allow("grace", Permission::Write)
        .allow("mira", Permission::Admin)
        .allow("jonas", Permission::Write)
        .allow("lena", Permission::Write)
        .default_reviewer("ada")
        .default_reviewer("grace")
        .strategies(&[Strategy::Merge, Strategy::Squash])
}

fn reviewers_for(story: &Story) -> Vec<&'static str> {
    ["ada", "grace"].into_iter().filter(|one| *one != story.by).collect()
}

fn opening<'a>(story: &'a Story, reviewers: &'a [&'a str]) -> Opening<'a> {
    Opening {
        title: story.title,
        description: story.description,
        from: story.branch,
        to: "main",
        reviewers,
        draft: story.description.starts_with("Not finished"),
        close_source: true,
    }
}

fn open(repo: &RepoHandle, stories: &[Story], dice: &mut Dice) -> Result<Vec<u64>, Refusal> {
    let mut numbers = Vec::new();
    for story in stories {
        let mut branch = repo.branch(story.branch);
        // The last commit of some stories is yet to come.
        let so_far = story.commits.len() - usize::from(story.commits.len() > 2 && dice.roll(2) == 0);
        for message in &story.commits[..so_far] {
            branch = branch.with_commit(message, story.by);
        }
        numbers.push(repo.bitbucket().open(repo, story.by, &opening(story, &reviewers_for(story)))?);
    }
    Ok(numbers)
}

/// A build or two, as the dice fall.
fn live(repo: &RepoHandle, number: u64, dice: &mut Dice) -> Result<(), Refusal> {
    let bitbucket = repo.bitbucket();
    let branch = bitbucket.pull_request(repo, number)?.source;
    let state = match dice.roll(4) {
        0 => BuildState::Failed,
        1 => BuildState::InProgress,
        _ => BuildState::Successful,
    };
    bitbucket.add_build(repo, &branch, "test", state)?;
    if dice.roll(2) == 0 {
        bitbucket.add_build(repo, &branch, "lint", BuildState::Successful)?;
    }
    Ok(())
}

/// Chance that falls the same way for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
}
