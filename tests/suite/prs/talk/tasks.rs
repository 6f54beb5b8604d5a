//! Tasks are listed with what can be done about each, set, ticked off, opened again and removed.

use super::{TASKS, dies_after, opened, sees, sends, stage, to_do};
use crate::world::on_both;

#[tokio::test]
async fn tasks_are_ticked_off_and_opened_again_in_the_list() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        let (one, two) = (pr.task("ada", "Write a test").unwrap(), pr.task("ada", "Say why").unwrap());
        let plain =
            |text: String| text.replace(&format!("`{one}`"), "`1`").replace(&format!("`{two}`"), "`2`");
        ada.slack.types("#web", "/bb pr tasks web/api#1").await;
        world.settle().await;
        let told = ada.slack.told();
        snapshot!(plain(world.read(&told)), @"
        0 of 2 tasks done on web/api#1 Limit the rate:
        ☐ Write a test · ada · `1` [Done]
        ☐ Say why · ada · `2` [Done]
        [Add a task] [Remove one…]
        ");
        snapshot!(plain(ada.clicks(&told[0], "Done").await), @"
        Done: Write a test
        1 of 2 tasks done on web/api#1 Limit the rate:
        ☐ Say why · ada · `2` [Done]
        ☑ Write a test · ada · `1` [Reopen]
        [Add a task] [Remove one…]
        ");
        assert_eq!(to_do(&pr), ["[x] Write a test", "[ ] Say why"]);
        let told = ada.types(&format!("/bb pr tasks web/api#1 --reopen {one}")).await;
        assert!(told.starts_with("To be done again: Write a test\n0 of 2 tasks done"), "{told}");
        snapshot!(ada.types("/bb pr tasks web/api#1 --done 999999").await, @"There is no task `999999` on web/api#1.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_task_is_added_and_removed() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        ada.slack.types("#web", "/bb pr tasks web/api#1").await;
        world.settle().await;
        let told = ada.slack.told();
        snapshot!(world.read(&told), @"
        There are no tasks on web/api#1 Limit the rate.
        [Add a task]
        ");
        ada.clicks(&told[0], "Add a task").await;
        snapshot!(ada.sees_form(), @"
        Add a task
        web/api#1
        What is to be done: ____
        [Add]
        ");
        let seen = sends(&ada, &[("What is to be done", "Write a test")]).await;
        let id = pr.state().unwrap().comments[0].id.to_string();
        snapshot!(seen.replace(&id, "1"), @"
        (edited) Added: Write a test
        0 of 1 tasks done on web/api#1 Limit the rate:
        ☐ Write a test · ada · `1` [Done]
        [Add a task] [Remove one…]

        Add a task
        Added: Write a test
        0 of 1 tasks done on web/api#1 Limit the rate:
        ☐ Write a test · ada · `1` [Done]
        [Add a task] [Remove one…]
        ");
        ada.slack.presses("Remove one…").await;
        world.settle().await;
        snapshot!(ada.sees_form(), @"
        Remove a task
        web/api#1
        Task: ____
        [Remove]
        ");
        snapshot!(sends(&ada, &[("Task", "Write a test")]).await, @"
        Remove a task
        Removed: Write a test
        There are no tasks on web/api#1 Limit the rate.
        [Add a task]
        ");
        assert_eq!(to_do(&pr), [""; 0]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn tasks_are_asked_for_on_a_form() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        pr.task("grace", "Write a test").unwrap();
        ada.types("/bb pr tasks").await;
        let seen = sends(&ada, &[("Pull request", "web/api#1")]).await;
        assert!(seen.starts_with("Tasks\n0 of 1 tasks done on web/api#1 Limit the rate:"), "{seen}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_long_list_is_turned_page_by_page_and_shown_to_all_on_demand() {
    on_both(async |mut world| {
        let (ada, pr) = stage(&world).await;
        for number in 1..=20 {
            pr.task("grace", &format!("Task no {number}")).unwrap();
        }
        ada.slack.types("#web", "/bb pr tasks web/api#1 --share").await;
        world.settle().await;
        let shared = world.messages("#web");
        let read = world.read(&shared);
        assert!(
            read.contains("Task no 15 ")
                && !read.contains("Task no 16 ")
                && read.contains("@ada asked for this."),
            "{read}"
        );
        world.restart().await;
        let ada = world.person("ada");
        let next = ada.clicks(&shared[0], "Next").await;
        assert!(
            next.contains("Task no 16 ") && next.contains("[Previous]") && !next.contains("[Next]"),
            "{next}"
        );
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_task_is_set_once_though_the_bot_dies() {
    on_both(async |mut world| {
        let (ada, pr) = stage(&world).await;
        assert_eq!(ada.slack.types("#web", "/bb pr tasks web/api#1 --add Once").await.status, 200);
        let before = pr.clone();
        dies_after(&mut world, TASKS, |_| to_do(&before).len() == 1).await;
        assert!(sees(&world.person("ada")).starts_with("Added: Once\n0 of 1 tasks done"));
        assert_eq!(to_do(&pr), ["[ ] Once"]);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_button_of_a_list_is_for_those_who_may() {
    on_both(async |world| {
        let (ada, pr) = stage(&world).await;
        let id = pr.task("grace", "Write a test").unwrap();
        ada.slack.types("#web", "/bb pr tasks web/api#1 --share").await;
        world.settle().await;
        let shared = world.messages("#web");
        let grace = world.person("grace");
        snapshot!(grace.clicks(&shared[0], "Done").await, @"
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        let _hidden = world.repository("web/api").forbid("ada");
        snapshot!(ada.clicks(&shared[0], "Done").await, @"Bitbucket has nothing of that name that you may see.");
        let _shown = world.repository("web/api").allow("ada", dipper::sandbox::bitbucket::Permission::Write);
        pr.delete_comment("grace", id).unwrap();
        let told = ada.clicks(&shared[0], "Done").await;
        assert_eq!(told, format!("There is no task `{id}` on web/api#1."));
        assert_eq!(opened(&world).number(), 2);
        world.finish().await;
    })
    .await;
}
