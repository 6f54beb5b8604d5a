//! A pull request is opened: the form is filled from the branch, and what a person wrote stays theirs.

use std::time::Duration;

use dipper::sandbox::bitbucket::{Content, Permission};

use super::{PULLS, dies_after, opened, sees, sends};
use crate::world::on_both;

#[tokio::test]
async fn everything_can_be_typed() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let _grace = world.person("grace").connected().await;
        let grace = world.person("grace").slack.id;
        let typed = format!(
            "/bb pr open web/api --from limit-rate --to main --title \"Limit the rate\" --description \"Ten a minute.\" \
             --reviewer <@{grace}|grace> --reviewer edsger --draft --close-source"
        );
        // Bitbucket lists them in the order of their ids.
        snapshot!(ada.types(&typed).await.replace("grace, edsger", "edsger, grace"), @"
        You opened the draft web/api#1 Limit the rate.
        `limit-rate` → `main`
        to review: edsger, grace
        ");
        let pr = world.bitbucket.pull_request(&world.repository("web/api"), 1).unwrap();
        assert_eq!((pr.description.as_str(), pr.draft), ("Ten a minute.", true));
        let mut asked = pr.reviewers;
        asked.sort();
        assert_eq!(asked, ["edsger", "grace"]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn one_commit_gives_title_and_description() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api").default_reviewer("grace");
        let _branch = repo.branch("faster").with_commit("Answer faster\n\nFrom memory.", "ada");
        ada.types("/bb pr open").await;
        ada.slack.picks("Repository", "ap", &world.called("web/api")).await;
        world.settle().await;
        ada.slack.picks("Source branch", "fas", "faster").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Open a pull request
        Repository: web/api
        Source branch: faster
        (The branch that holds your change)
        Target branch (optional): main
        (The main branch when left empty)
        Title: Answer faster
        Description (optional): From memory.
        Reviewers (optional): ____
        (Asked in any case: grace)
        Draft (optional): [ ] Yes
        Delete the branch once merged (optional): [ ] Yes
        [Open]
        ");
        snapshot!(sends(&ada, &[]).await, @"
        Open a pull request
        You opened web/api#1 Answer faster.
        `faster` → `main`
        to review: grace
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn several_commits_give_the_branchs_name_and_the_template_the_rest() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        let template = Content::Text("## Why\n\n## How".to_owned());
        let _main = repo.branch("main").with_file(".bitbucket/PULL_REQUEST_TEMPLATE.md", template, "grace");
        let branch = repo.branch("feature/WEB-12-answer-faster");
        let _branch = branch.with_commit("Measure", "ada").with_commit("Answer from memory", "ada");
        ada.types("/bb pr open web/api --from feature/WEB-12-answer-faster").await;
        snapshot!(ada.sees_form(), @"
        Open a pull request
        Repository: web/api
        Source branch: feature/WEB-12-answer-faster
        (The branch that holds your change)
        Target branch (optional): main
        (The main branch when left empty)
        Title: WEB-12 answer faster
        Description (optional): ## Why

        ## How
        Reviewers (optional): ____
        Draft (optional): [ ] Yes
        Delete the branch once merged (optional): [ ] Yes
        [Open]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_written_stays_when_the_form_is_filled_anew() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        let _branch = repo.branch("faster").with_commit("Answer faster", "ada");
        let other = world.repository("web/site");
        let _branch = other.branch("dark-mode").with_commit("Follow the reader", "ada");
        ada.types("/bb pr open web/api --from limit-rate").await;
        ada.slack.fills("Description", "My own words").await;
        ada.slack.picks("Source branch", "fas", "faster").await;
        world.settle().await;
        let read = ada.sees_form();
        assert!(
            read.contains("Title: Answer faster") && read.contains("Description (optional): My own words"),
            "{read}"
        );
        ada.slack.picks("Repository", "si", &world.called("web/site")).await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Open a pull request
        Repository: web/site
        Source branch: ____
        (The branch that holds your change)
        Target branch (optional): main
        (The main branch when left empty)
        Title: ____
        Description (optional): My own words
        Reviewers (optional): ____
        Draft (optional): [ ] Yes
        Delete the branch once merged (optional): [ ] Yes
        [Open]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_branch_without_anything_new_or_with_a_pull_request_says_so() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let repo = world.repository("web/api");
        let _branch = repo.branch("same");
        opened(&world);
        for (branch, said) in [
            ("same", "`same` brings nothing that `main` does not have: there is nothing to merge."),
            ("limit-rate", "There is one already for `limit-rate`: web/api#1 Limit the rate."),
            ("nowhere", "There is no branch `nowhere` or `main` in web/api."),
        ] {
            ada.types(&format!("/bb pr open web/api --from {branch}")).await;
            let form = ada.sees_form();
            assert_eq!(form.lines().nth(1), Some(said), "{form}");
            ada.slack.closes().await;
        }
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_long_branch_and_a_long_repository_are_known_again() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let name = format!("web/{}", "long-name-".repeat(7).trim_end_matches('-'));
        let repo = world.repository(&name);
        let long = format!("feature/{}", "very-".repeat(20));
        let (one, two) = (format!("{long}one"), format!("{long}two"));
        for branch in [&one, &two] {
            let _branch = repo.branch(branch).with_commit("A long story", "ada");
        }
        ada.types("/bb pr open").await;
        for (label, typed, wanted) in
            [("Repository", "long", repo.name()), ("Source branch", "very", two.as_str())]
        {
            let offered = ada.slack.looks_up(label, typed).await;
            let shown = offered.into_iter().find(|text| {
                let shown = text.trim_end_matches('…');
                wanted.to_lowercase().starts_with(&shown.to_lowercase())
            });
            assert!(shown.is_some(), "{label}");
            ada.slack.picks(label, typed, &shown.unwrap()).await;
            world.settle().await;
        }
        ada.slack.fills("Title", "A long story").await;
        let told = sends(&ada, &[]).await;
        assert!(told.contains("You opened") && told.contains("A long story"), "{told}");
        assert_eq!(world.bitbucket.pull_request(&repo, 1).unwrap().title, "A long story");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_name_that_two_people_have_is_asked_about() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        world.bitbucket.add_person("sam1", "Sam", "sam1@example.test");
        world.bitbucket.add_person("sam2", "Sam", "sam2@example.test");
        let _repo = ["sam1", "sam2"].iter().fold(world.repository("web/api"), |repo, who| {
            repo.allow(who, Permission::Write)
        });
        let ack = ada.slack.types("#web", "/bb pr open web/api --from limit-rate --title Once --reviewer Sam").await;
        assert_eq!(ack.status, 200);
        world.settle().await;
        let told = ada.slack.told();
        snapshot!(world.read(&told), @"
        Several people are called `Sam`: Sam (sam1) or Sam (sam2)?
        [Sam (sam1)] [Sam (sam2)]
        ");
        snapshot!(ada.clicks(&told[0], "Sam (sam2)").await, @"
        You opened web/api#1 Once.
        `limit-rate` → `main`
        to review: Sam
        ");
        assert_eq!(world.bitbucket.pull_request(&world.repository("web/api"), 1).unwrap().reviewers, ["sam2"]);
        snapshot!(ada.types("/bb pr open web/api --from limit-rate --title Once --reviewer nobody").await, @"Nobody around web is called `nobody`. Mention them, or write their Bitbucket name.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_is_not_connected_goes_on_with_the_form_after() {
    on_both(async |world| {
        let ada = world.person("ada");
        ada.types("/bb pr open web/api --from limit-rate").await;
        snapshot!(ada.sees_form(), @"
        Open a pull request
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        ada.slack.closes().await;
        let ada = ada.connecting().await;
        let told = ada.slack.told();
        snapshot!(world.read(&told), @"
        Your Slack account now acts as ada on bitbucket.
        If that was not you, undo it.
        [Undo]

        You are connected; it goes on here.
        [Open a pull request]
        ");
        let last = told.last().unwrap();
        ada.clicks(last, "Open a pull request").await;
        assert!(ada.sees_form().contains("Title: Limit the rate"), "{}", ada.sees_form());
        assert!(sends(&ada, &[]).await.contains("You opened web/api#1 Limit the rate"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_job_that_ran_twice_opens_once() {
    on_both(async |mut world| {
        world.person("ada").connected().await;
        let ada = world.person("ada");
        let ack =
            ada.slack.types("#web", "/bb pr open web/api --from limit-rate --title \"Limit the rate\"").await;
        assert_eq!(ack.status, 200);
        dies_after(&mut world, PULLS, |world| {
            world.bitbucket.pull_request(&world.repository("web/api"), 1).is_ok()
        })
        .await;
        let ada = world.person("ada");
        assert_eq!(sees(&ada), "You opened web/api#1 Limit the rate.\n`limit-rate` → `main`");
        assert!(
            world.bitbucket.pull_request(&world.repository("web/api"), 2).is_err(),
            "it was opened twice"
        );
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_field_chosen_while_the_form_is_still_being_filled_is_not_forgotten() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        assert_eq!(ada.slack.types("#web", "/bb pr open web/api").await.status, 200);
        let chooses = async {
            while ada.slack.form().is_none() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            ada.slack.picks("Source branch", "lim", "limit-rate").await;
        };
        tokio::join!(world.step(), chooses);
        world.settle().await;
        assert!(ada.sees_form().contains("Title: Limit the rate"), "{}", ada.sees_form());
        world.finish().await;
    })
    .await;
}
