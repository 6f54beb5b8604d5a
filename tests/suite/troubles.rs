//! What goes wrong for whoever types something, and what they read then: every command is a row of a table, and
//! meets every trouble on both editions.

use dipper::sandbox::bitbucket::{Content, Edition, Opening, Permission};

use crate::world::{Person, World};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trouble {
    /// Nobody knows who they are on Bitbucket.
    NotConnected,
    /// They may not see what it is about.
    NoPermission,
    /// They may see it, and no more.
    ReadOnly,
    /// It is not there.
    NotFound,
    /// Bitbucket says why not.
    Refused,
    /// Bitbucket does not answer.
    Down,
}

/// A command: what it is called here, what is typed (`PR` and `REPO` stand for what it is about), and what is asked
/// of Bitbucket, on either edition, that it may refuse.
type Way = (&'static str, &'static str, [&'static str; 2]);

/// Where one is shown, and changed.
const SHOW: [&str; 2] = [
    "GET /2.0/repositories/web/api/pullrequests/1",
    "GET /rest/api/latest/projects/web/repos/api/pull-requests/1",
];
const UPDATE: [&str; 2] = [
    "PUT /2.0/repositories/web/api/pullrequests/1",
    "PUT /rest/api/latest/projects/web/repos/api/pull-requests/1",
];
const OPEN: [&str; 2] = [
    "POST /2.0/repositories/web/api/pullrequests",
    "POST /rest/api/latest/projects/web/repos/api/pull-requests",
];
const COMMENT: [&str; 2] = [
    "POST /2.0/repositories/web/api/pullrequests/1/comments",
    "POST /rest/api/latest/projects/web/repos/api/pull-requests/1/comments",
];
const TASK: [&str; 2] = ["POST /2.0/repositories/web/api/pullrequests/1/tasks", COMMENT[1]];
const PARTICIPANTS: &str = "/pull-requests/1/participants";
const APPROVE: [&str; 2] = ["/1/approve", PARTICIPANTS];
const NEEDS_WORK: [&str; 2] = ["/1/request-changes", PARTICIPANTS];
const REVIEWERS: [&str; 2] = [UPDATE[0], PARTICIPANTS];
const MERGE: [&str; 2] = ["POST /2.0/repositories/web/api/pullrequests/1/merge", "/pull-requests/1/merge"];
const DECLINE: [&str; 2] = ["/1/decline", "/1/decline"];
const LIST: [&str; 2] = ["GET /2.0/repositories/web/api/pullrequests", "/repos/api/pull-requests"];
const MINE: [&str; 2] = ["/pullrequests", "/dashboard/pull-requests"];
const COMMITS: [&str; 2] = ["/commits", "/commits"];
const FILE: [&str; 2] = ["/src/", "/browse/"];

/// A pull request of grace's with a task and a comment, what fills more than a page, and branches for more.
fn furnish(world: &World) {
    let repo = world.repository("web/api");
    let review = |from: &str| {
        let opening =
            Opening { title: "Limit the rate", from, to: "main", reviewers: &["ada"], ..Opening::default() };
        world.bitbucket.open(&repo, "grace", &opening).unwrap()
    };
    let pr = repo.pull_request(review("limit-rate"));
    pr.task("grace", "Write a test").unwrap();
    pr.comment("grace", "Why ten?").unwrap();
    for number in 2..=12 {
        let from = format!("branch-{number}");
        let _ = repo.branch(&from).with_commit("Step", "grace");
        review(&from);
    }
    let lines = (1..=100).flat_map(|line| [format!("line {line}"), "\n".to_owned()]).collect();
    let mut main = repo.branch("main").with_file("long.txt", Content::Text(lines), "grace");
    for number in 1..=12 {
        main = main.with_commit(&format!("Step {number}"), "grace");
    }
    let _ = repo.branch("faster").with_commit("Answer faster", "grace");
}

const READS: &[Way] = &[
    ("show", "/bb pr show PR", SHOW),
    ("checks", "/bb pr checks PR", SHOW),
    ("tasks", "/bb pr tasks PR", SHOW),
    ("reviewers", "/bb pr reviewers PR", SHOW),
    ("list", "/bb pr list REPO", LIST),
    ("commits", "/bb commits REPO", COMMITS),
    ("compare", "/bb compare REPO main..limit-rate", COMMITS),
    ("branches", "/bb branch list REPO", ["/refs/branches", "/branches"]),
    ("tags", "/bb tag list REPO", ["/refs/tags", "/tags"]),
    ("file", "/bb file REPO long.txt", FILE),
];

/// What asks several things, and makes do with what it is told.
const MORE: &[Way] = &[("diff", "/bb pr diff PR", SHOW), ("commit", "/bb commit REPO main", COMMITS)];

/// What is about no one repository.
const OWN: &[Way] = &[("mine", "/bb pr mine", MINE), ("queue", "/bb pr queue", MINE)];

const CHANGES: &[Way] = &[
    ("open", "/bb pr open REPO --from faster --title \"Answer faster\"", OPEN),
    ("approve", "/bb pr approve PR", APPROVE),
    ("needs work", "/bb pr needs-work PR --comment Why?", NEEDS_WORK),
    ("merge", "/bb pr merge PR", MERGE),
    ("decline", "/bb pr decline PR --reason \"Done elsewhere\"", DECLINE),
    ("comment", "/bb pr comment PR Looks good to me", COMMENT),
    ("update", "/bb pr update PR --title Otherwise", UPDATE),
    ("reviewers", "/bb pr reviewers PR --add edsger", REVIEWERS),
    ("tasks", "/bb pr tasks PR --add \"Write a test\"", TASK),
    ("branch", "/bb branch create REPO more", ["POST /2.0/repositories/web/api/refs/branches", "/branches"]),
    ("tag", "/bb tag create REPO v1", ["POST /2.0/repositories/web/api/refs/tags", "/tags"]),
];

/// What somebody reads in each way who meets this.
async fn meeting(world: &World, trouble: Trouble, ways: &[Way]) -> Vec<String> {
    furnish(world);
    let ada = world.person("ada");
    let ada = if trouble == Trouble::NotConnected { ada } else { ada.connected().await };
    let repo = world.repository("web/api");
    match trouble {
        Trouble::NoPermission => drop(repo.forbid("ada")),
        Trouble::ReadOnly => drop(repo.allow("ada", Permission::Read)),
        _ => {}
    }
    let mut heard = Vec::new();
    for way in ways {
        heard.push(without_number(&asking(&ada, trouble, way).await));
    }
    heard
}

async fn asking(ada: &Person<'_>, trouble: Trouble, (_, typed, asks): &Way) -> String {
    let faults = ada.world.bitbucket.faults(ada.world.edition);
    if trouble == Trouble::Refused {
        let cloud = ada.world.edition == Edition::Cloud;
        faults.next(asks[usize::from(!cloud)], &ada.world.refusing(), 1);
    }
    if trouble == Trouble::Down {
        faults.next("/", &World::failing(), 99);
    }
    let nothing = trouble == Trouble::NotFound;
    let (pr, repo) = if nothing { ("web/api#99", "web/nothing") } else { ("web/api#1", "web/api") };
    let heard = ada.types(&typed.replace("PR", pr).replace("REPO", repo)).await;
    faults.call_off();
    heard
}

/// Tasks and comments have other numbers in every world.
fn without_number(text: &str) -> String {
    let parts = text.split('`').map(|part| {
        let number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if number { "12" } else { part }
    });
    parts.collect::<Vec<_>>().join("`")
}

/// What is read in each way, on both editions; ways in which the same is read stand together.
async fn told(trouble: Trouble, ways: &[Way]) -> String {
    let mut heard = Vec::new();
    for edition in [Edition::Cloud, Edition::DataCenter] {
        let world = World::on(edition).await;
        heard.push(meeting(&world, trouble, ways).await);
        world.finish().await;
    }
    let mut groups: Vec<(Vec<String>, String)> = Vec::new();
    let mut reads = |name: String, text: &String| match groups.iter_mut().find(|(_, known)| known == text) {
        Some((names, _)) => names.push(name),
        None => groups.push((vec![name], text.clone())),
    };
    for (way, (cloud, dc)) in ways.iter().zip(heard[0].iter().zip(&heard[1])) {
        if cloud == dc {
            reads(way.0.to_owned(), cloud);
        } else {
            reads(format!("{} (Cloud)", way.0), cloud);
            reads(format!("{} (Data Center)", way.0), dc);
        }
    }
    let group = |(names, text): &(Vec<String>, String)| format!("({})\n{text}", names.join(", "));
    groups.iter().map(group).collect::<Vec<_>>().join("\n\n")
}

#[tokio::test]
async fn who_is_not_connected_is_asked_to() {
    let every = [READS, MORE, OWN, CHANGES].concat();
    snapshot!(told(Trouble::NotConnected, &every).await, @"
    (show, checks, tasks, reviewers, list, commits, compare, branches, tags, file, diff, commit, mine, queue, open, approve, needs work, merge, decline, comment, update, reviewers, tasks, branch, tag)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]
    ");
}

#[tokio::test]
async fn what_one_may_not_see_is_not_spoken_of() {
    let every = [READS, MORE, CHANGES, OWN].concat();
    snapshot!(told(Trouble::NoPermission, &every).await, @"
    (show, checks, tasks, reviewers, list, commits, compare, branches, tags, file, diff, commit, open, approve, needs work, merge, decline, comment, update, reviewers, tasks, branch, tag)
    Bitbucket has nothing of that name that you may see.

    (mine)
    You have no open pull requests.

    (queue)
    Nothing waits for your review.
    ");
}

#[tokio::test]
async fn what_one_may_only_read_is_not_changed() {
    snapshot!(told(Trouble::ReadOnly, CHANGES).await, @"
    (open)
    You opened web/api#13 Answer faster.
    `faster` → `main`

    (approve)
    You approved web/api#1 Limit the rate.
    [Undo]

    (needs work)
    You asked for changes on web/api#1 Limit the rate and said why.
    [Undo]

    (merge (Cloud), decline (Cloud), update (Cloud), reviewers (Cloud))
    Bitbucket does not allow it: You do not have the permission to do this in this repository.

    (merge (Data Center))
    This pull request has 1 unresolved tasks.

    (decline (Data Center), update (Data Center), reviewers (Data Center))
    Bitbucket does not allow it: You are not permitted to access this resource

    (comment)
    Your comment is on web/api#1 Limit the rate.

    (tasks)
    Added: Write a test
    0 of 2 tasks done on web/api#1 Limit the rate:
    ☐ Write a test · grace · `12` [Done]
    ☐ Write a test · ada · `12` [Done]
    [Add a task] [Remove one…]

    (branch (Cloud), tag (Cloud))
    Bitbucket does not allow it: You do not have the permission to do this in this repository.
    It takes write access to web/api, and branch permissions that allow it; whoever administers the repository can give you that.

    (branch (Data Center), tag (Data Center))
    Bitbucket does not allow it: You are not permitted to access this resource
    It takes write access to web/api, and branch permissions that allow it; whoever administers the repository can give you that.
    ");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let every = [READS, MORE, CHANGES].concat();
    snapshot!(told(Trouble::NotFound, &every).await, @"
    (show, checks, tasks, reviewers, list, commits, compare, branches, tags, file, diff, commit, open, approve, needs work, merge, decline, comment, update, reviewers, tasks, branch, tag)
    Bitbucket has nothing of that name that you may see.
    ");
}

#[tokio::test]
async fn what_bitbucket_refuses_is_said_in_its_words() {
    let every = [READS, OWN, CHANGES].concat();
    snapshot!(told(Trouble::Refused, &every).await, @"
    (show, checks, tasks, reviewers, list, commits, compare, branches, tags, file, mine, queue, open, approve, needs work, merge, decline, comment, update, reviewers, tasks, branch, tag)
    Not while the moon is full.
    ");
}

#[tokio::test]
async fn it_is_said_that_bitbucket_does_not_answer() {
    let named = |way: &&Way| {
        let adds = way.1.contains("--add");
        adds || ["show", "commits", "file", "queue"].contains(&way.0)
    };
    let some: Vec<Way> = [READS, OWN, CHANGES].concat().iter().filter(named).copied().collect();
    snapshot!(told(Trouble::Down, &some).await, @"
    (show)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
    I tried a few times. Ask again in a moment.

    (commits (Cloud), file (Cloud))
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the repository.
    I tried a few times. Ask again in a moment.

    (commits (Data Center))
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to list the commits.
    I tried a few times. Ask again in a moment.

    (file (Data Center))
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the default branch.
    I tried a few times. Ask again in a moment.

    (queue (Cloud))
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to list your workspaces.
    I tried a few times. Ask again in a moment.

    (queue (Data Center))
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to look for repositories.
    I tried a few times. Ask again in a moment.

    (reviewers, tasks)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
    I tried a few times; it may not have been done. Look before you ask again.
    ");
}
