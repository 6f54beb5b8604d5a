//! Rights, repositories and pipelines by every door: typed, on a form, by a button in the channel; for whoever may,
//! may not, is not connected, or meets bad weather; on both editions.

use dipper::sandbox::bitbucket::{Edition, Permission, RepoHandle, RunState};

use crate::connecting::tokens::by_own_token;
use crate::world::{Person, World};

/// An act by one door. Everything in it is about grace, and about web/api.
struct Act {
    /// What is shared in the channel for its button, where it begins with one.
    shared: &'static str,
    /// The button, or what is typed.
    begins: &'static str,
    /// What is filled in, where a form opens.
    fills: &'static [(&'static str, &'static str)],
}

const fn typed(begins: &'static str, fills: &'static [(&'static str, &'static str)]) -> Act {
    Act { shared: "", begins, fills }
}

const fn pressed(
    shared: &'static str,
    begins: &'static str,
    fills: &'static [(&'static str, &'static str)],
) -> Act {
    Act { shared, begins, fills }
}

const ACTS: [(&str, Act); 13] = [
    ("grant, typed", typed("access grant web/api grace write", &[])),
    ("grant, form", typed("access grant web/api grace", &[("What they may do", "write")])),
    ("revoke, typed", typed("access revoke web/api grace", &[])),
    ("revoke, button", pressed("access list web/api", "Revoke", &[])),
    ("request, typed", typed("access request web/api admin", &[])),
    ("request, form", typed("access request web/api", &[("What you want to do", "admin")])),
    ("create, typed", typed("repo create web/made-1", &[])),
    ("create, form", typed("repo create", &[("Where, and what it is called", "web/made-2")])),
    (
        "create, button",
        pressed("repo list", "Make a repository", &[("Where, and what it is called", "web/made-3")]),
    ),
    ("run, typed", typed("pipeline run web/api --branch main", &[])),
    ("run, form", typed("pipeline run web/api", &[("Variables", "TARGET=eu-1")])),
    ("run, button", pressed("pipeline list web/api", "Run a pipeline", &[("Variables", "TARGET=eu-1")])),
    ("delete, form", typed("repo delete web/api", &[("Its name once more", "web/api")])),
];

/// Who acts, and in which weather.
#[derive(Clone, Copy, PartialEq)]
enum Weather {
    Good,
    NotConnected,
    NotAllowed,
    Down,
}

/// Ada, who administers the project and shares what has the buttons.
struct Stage<'a> {
    world: &'a World,
    repo: RepoHandle,
    ada: Person<'a>,
}

impl<'a> Stage<'a> {
    async fn set(world: &'a World) -> Self {
        let _site = world.repository("web/site").forbid("edsger");
        let repo = world.repository("web/api").forbid("ada").allow("edsger", Permission::Read);
        let repo = repo.allow_by_project("ada", Permission::Admin);
        Self { world, repo, ada: by_own_token(world, "ada").await }
    }

    /// What somebody reads who does it. A form is filled in before the weather turns.
    async fn does(&self, who: &Person<'_>, (name, act): &(&str, Act), down: bool) -> String {
        // Grace has a right where there is one to take, and none where one is to be given.
        let repo = self.repo.clone();
        let _so = if name.starts_with("grant") {
            repo.forbid("grace")
        } else {
            repo.allow("grace", Permission::Admin)
        };
        let faults = self.world.bitbucket.faults(self.world.edition);
        let turns = || {
            if down {
                faults.next("/", &World::failing(), 999);
            }
        };
        let mut shown = None;
        if !act.shared.is_empty() {
            let told = self.ada.types(&format!("/bb {} --share", act.shared)).await;
            shown = self.world.messages("#web").pop();
            if shown.is_none() {
                return told;
            }
        }
        if act.fills.is_empty() {
            turns();
        }
        let ack = match &shown {
            Some(message) => who.slack.clicks(message, act.begins).await,
            None => who.slack.types("#web", &format!("/bb {}", act.begins)).await,
        };
        assert_eq!(ack.status, 200, "{name}: {}", ack.body);
        self.world.settle().await;
        for (label, value) in act.fills {
            assert_eq!(who.slack.fills(label, value).await.status, 200, "{name}: {label}");
        }
        if !act.fills.is_empty() {
            turns();
            assert_eq!(who.slack.submits().await.status, 200, "{name}");
            self.world.settle().await;
        }
        faults.call_off();
        let read = [who.is_told(), who.sees_form()].join("\n\n");
        while who.slack.form().is_some() {
            who.slack.closes().await;
        }
        let read = read.trim().split("\n———").next().unwrap_or_default().split("\n\n").next();
        read.unwrap_or_default().to_owned()
    }

    /// The runs that were started come to their end.
    async fn runs_out(&self) {
        for number in 1..=self.repo.runs().len() as u64 {
            for step in ["Build", "Test"] {
                self.repo.steps(number, step, RunState::Successful, (30, "fine\n"));
            }
        }
        self.world.advance(std::time::Duration::from_secs(11)).await;
        let _told = self.ada.is_told();
    }
}

/// What is read at every act on one edition.
async fn on(edition: Edition, weather: Weather) -> Vec<(String, String)> {
    let world = World::on(edition).await;
    let stage = Stage::set(&world).await;
    let mut all = Vec::new();
    let edsger = match weather {
        Weather::NotConnected => world.person("edsger"),
        Weather::Good | Weather::NotAllowed | Weather::Down => by_own_token(&world, "edsger").await,
    };
    for act in &ACTS {
        // Nobody asks for what they may already.
        let by_ada = matches!(weather, Weather::Good | Weather::Down) && !act.0.starts_with("request");
        let who = if by_ada { &stage.ada } else { &edsger };
        let read = stage.does(who, act, weather == Weather::Down).await;
        all.push((act.0.to_owned(), read));
        let _asked = stage.ada.is_told();
    }
    stage.runs_out().await;
    let gone = weather == Weather::Good;
    assert_eq!(stage.repo.is_deleted(), gone);
    drop(stage);
    let _rest = (edsger.is_told(), world.hears("#web"));
    drop(edsger);
    world.finish().await;
    all
}

/// The same on both editions; acts at which the same is read stand together.
async fn in_weather(weather: Weather) -> String {
    let (cloud, dc) = (on(Edition::Cloud, weather).await, on(Edition::DataCenter, weather).await);
    let mut groups: Vec<(Vec<String>, String)> = Vec::new();
    let mut reads = |name: String, text: String| match groups.iter_mut().find(|(_, known)| *known == text) {
        Some((names, _)) => names.push(name),
        None => groups.push((vec![name], text)),
    };
    for ((name, on_cloud), (_, on_dc)) in cloud.into_iter().zip(dc) {
        if on_cloud == on_dc {
            reads(name, on_cloud);
        } else {
            reads(format!("{name}, Cloud"), on_cloud);
            reads(format!("{name}, Data Center"), on_dc);
        }
    }
    let group = |(names, text): &(Vec<String>, String)| format!("({})\n{text}", names.join("; "));
    groups.iter().map(group).collect::<Vec<_>>().join("\n\n")
}

#[tokio::test]
async fn it_works_by_every_door() {
    snapshot!(in_weather(Weather::Good).await, @"
    (grant, typed)
    grace may write to web/api now.
    [Take it back]

    (grant, form)
    Give a right
    grace may write to web/api now.
    [Take it back]

    (revoke, typed; revoke, button)
    grace no longer has `admin` on web/api.
    What a group or the project gives them stays.
    [Give it again]

    (request, typed)
    I asked @ada; you hear of it as soon as it is decided.
    [Withdraw]

    (request, form)
    Ask for a right
    You asked for that already: @ada did not decide yet.
    [Withdraw]

    (create, typed)
    Made web/made-1. It is private.
    [Protect main] [Give a right] [Tell this channel of it]

    (create, form)
    Make a repository
    Made web/made-2. It is private.
    [Protect main] [Give a right] [Tell this channel of it]

    (create, button)
    Make a repository
    Made web/made-3. It is private.
    [Protect main] [Give a right] [Tell this channel of it]

    (run, typed, Cloud)
    Started #1 of `main` in web/api; I tell you how it goes.
    [Stop]

    (run, typed, Data Center; run, form, Data Center; run, button, Data Center)
    Data Center has no pipelines of its own: it builds elsewhere, and `pr checks` and `commit` show what was built.

    (run, form, Cloud)
    Started #2 of `main` in web/api; I tell you how it goes.
    [Stop]

    (run, button, Cloud)
    Started #3 of `main` in web/api; I tell you how it goes.
    [Stop]

    (delete, form)
    Delete a repository
    web/api is deleted, with all that was in it.
    ");
}

#[tokio::test]
async fn whoever_is_not_connected_is_asked_to() {
    snapshot!(in_weather(Weather::NotConnected).await, @"
    (grant, typed; revoke, typed; revoke, button; request, typed; create, typed; run, typed; run, form; run, button, Cloud)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (grant, form)
    Give a right
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (request, form)
    Ask for a right
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (create, form; create, button)
    Make a repository
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (run, button, Data Center)
    Data Center has no pipelines of its own: it builds elsewhere, and `pr checks` and `commit` show what was built.

    (delete, form)
    Delete a repository
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]
    ");
}

#[tokio::test]
async fn whoever_may_not_reads_why() {
    snapshot!(in_weather(Weather::NotAllowed).await, @"
    (grant, typed, Cloud; revoke, typed, Cloud; revoke, button, Cloud; run, typed, Cloud; run, form, Cloud; run, button, Cloud)
    Bitbucket does not allow it: You do not have the permission to do this in this repository.

    (grant, typed, Data Center; revoke, typed, Data Center; revoke, button, Data Center)
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `REPO_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (grant, form, Cloud)
    Give a right
    Bitbucket does not allow it: You do not have the permission to do this in this repository.

    (grant, form, Data Center)
    Give a right
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `REPO_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (request, typed)
    I asked @ada; you hear of it as soon as it is decided.
    [Withdraw]

    (request, form)
    Ask for a right
    You asked for that already: @ada did not decide yet.
    [Withdraw]

    (create, typed, Cloud)
    Bitbucket does not allow it: You cannot create repositories in this workspace.

    (create, typed, Data Center)
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `PROJECT_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (create, form, Cloud; create, button, Cloud)
    Make a repository
    Bitbucket does not allow it: You cannot create repositories in this workspace.

    (create, form, Data Center; create, button, Data Center)
    Make a repository
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `PROJECT_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]

    (run, typed, Data Center; run, form, Data Center; run, button, Data Center)
    Data Center has no pipelines of its own: it builds elsewhere, and `pr checks` and `commit` show what was built.

    (delete, form, Cloud)
    Delete a repository
    Bitbucket does not allow it: You do not have the permission to do this in this repository.

    (delete, form, Data Center)
    Delete a repository
    Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `REPO_ADMIN`.
    Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
    [Use a token for dc]
    ");
}

#[tokio::test]
async fn when_bitbucket_is_down_it_says_so() {
    snapshot!(in_weather(Weather::Down).await, @"
    (grant, typed; revoke, typed)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to look for people.
    I tried a few times; it may not have been done. Look before you ask again.

    (grant, form)
    Give a right
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to look for people.
    I tried a few times; it may not have been done. Look before you ask again.

    (revoke, button)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to say who that is.
    I tried a few times; it may not have been done. Look before you ask again.

    (request, typed)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to list the repositories you administer.
    I tried a few times; it may not have been done. Look before you ask again.

    (request, form)
    Ask for a right
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to list the repositories you administer.
    I tried a few times; it may not have been done. Look before you ask again.

    (create, typed)
    Nobody knows whether Bitbucket did it: it answered 503 when asked to make the repository. Look before trying again.

    (create, form; create, button)
    Make a repository
    Nobody knows whether Bitbucket did it: it answered 503 when asked to make the repository. Look before trying again.

    (run, typed, Cloud)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to say who you are.
    I tried a few times; it may not have been done. Look before you ask again.

    (run, typed, Data Center; run, button, Data Center)
    Data Center has no pipelines of its own: it builds elsewhere, and `pr checks` and `commit` show what was built.

    (run, form; run, button, Cloud)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the repository.
    I tried a few times; it may not have been done. Look before you ask again.

    (delete, form)
    Delete a repository
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the repository.
    I tried a few times; it may not have been done. Look before you ask again.
    ");
}
