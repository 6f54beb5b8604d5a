//! The demo's people, repositories and pull requests: different ones on each edition, the same for a seed.

use super::bitbucket::{Bitbucket, BuildState, Edition, Opening, Permission, Refusal, RepoHandle, Strategy};

/// Who is in the demo: nickname, name, address.
const PEOPLE: [(&str, &str, &str); 5] = [
    ("ada", "Ada Brandt", "ada@example.test"),
    ("grace", "Grace Okafor", "grace@example.test"),
    ("edsger", "Edsger Lindqvist", "edsger@example.test"),
    ("barbara", "Barbara Moreau", "barbara@example.test"),
    ("tony", "Tony Castellanos", "tony@example.test"),
];

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
        by: "tony",
        commits: &["Add a failing test for invoices at midnight", "Take the zone from the account"],
    },
    Story {
        branch: "search-index-rewrite",
        title: "Rewrite the search index",
        description: "Not finished: deletions are still missing.",
        by: "edsger",
        commits: &["Split the tokenizer from the index", "Store postings in blocks"],
    },
];

const CLOUD_WEB: [Story; 1] = [Story {
    branch: "keyboard-navigation",
    title: "Reach every menu with the keyboard",
    description: "",
    by: "barbara",
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
    by: "tony",
    commits: &["Delete the old runner", "Drop its configuration"],
}];

/// Fills a Bitbucket for the demo; nothing of it is delivered, it was all there before.
pub fn seed(bitbucket: &Bitbucket, seed: u64) -> Result<(), Refusal> {
    bitbucket.silent(true);
    let outcome = fill(bitbucket, Dice(seed));
    bitbucket.silent(false);
    outcome
}

fn fill(bitbucket: &Bitbucket, mut dice: Dice) -> Result<(), Refusal> {
    for (nickname, name, email) in PEOPLE {
        bitbucket.add_person(nickname, name, email);
    }
    let api = repository(bitbucket, (Edition::Cloud, "harbor/api"), "The public API").requires_approvals(2);
    let web = repository(bitbucket, (Edition::Cloud, "harbor/web"), "The customers' pages");
    let ledger = repository(bitbucket, (Edition::DataCenter, "bank/ledger"), "Double-entry bookkeeping");
    let deploy = repository(bitbucket, (Edition::DataCenter, "ops/deploy"), "How things get to production");
    let ledger = ledger.requires_approvals(1);
    let opened = [
        (&api, open(&api, &CLOUD_API, &mut dice)?),
        (&web, open(&web, &CLOUD_WEB, &mut dice)?),
        (&ledger, open(&ledger, &DC_LEDGER, &mut dice)?),
        (&deploy, open(&deploy, &DC_DEPLOY, &mut dice)?),
    ];
    for (repo, numbers) in &opened {
        for &number in numbers {
            live(repo, number, &mut dice)?;
        }
    }
    told(bitbucket, &api, &ledger)
}

/// What makes the demo worth a look, whatever the dice say.
fn told(bitbucket: &Bitbucket, api: &RepoHandle, ledger: &RepoHandle) -> Result<(), Refusal> {
    bitbucket.approve(api, 1, "grace")?;
    bitbucket.comment(api, 1, "grace", "Could the limit come from the settings?")?;
    bitbucket.comment(api, 1, "ada", "It could; I would rather do that next.")?;
    bitbucket.request_changes(api, 2, "barbara")?;
    bitbucket.comment(api, 2, "barbara", "What about accounts without a time zone?")?;
    bitbucket.approve(ledger, 1, "edsger")?;
    ledger.conflicted(2, true)
}

fn repository(bitbucket: &Bitbucket, (edition, name): (Edition, &str), description: &str) -> RepoHandle {
    bitbucket
        .add_repository(edition, name)
        .described(description)
        .allow("ada", Permission::Write)
        .allow("grace", Permission::Admin)
        .allow("edsger", Permission::Write)
        .allow("barbara", Permission::Write)
        .allow("tony", Permission::Read)
        .default_reviewer("grace")
        .default_reviewer("edsger")
        .strategies(&[Strategy::Merge, Strategy::Squash])
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
        let reviewers: Vec<&str> = ["grace", "edsger"].into_iter().filter(|one| *one != story.by).collect();
        let opening = Opening {
            title: story.title,
            description: story.description,
            from: story.branch,
            to: "main",
            reviewers: &reviewers,
            draft: story.description.starts_with("Not finished"),
            close_source: true,
        };
        numbers.push(repo.bitbucket().open(repo, story.by, &opening)?);
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
