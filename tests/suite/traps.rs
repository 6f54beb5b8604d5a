//! What people run into in their first week: a channel the bot is not in, one that is shared, one that is gone.

use crate::world::on_both;

#[tokio::test]
async fn a_public_channel_is_joined_and_a_private_one_asks_for_an_invitation() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let _id = world.slack.add_channel("quiet", true, &[&ada.slack]);
        snapshot!(ada.types_in("#quiet", "/bb subscribe web/api").await, @"I'm not in this channel. Type `/invite @Dipper`, then ask again.");
        assert!(world.slack.invite_bot("quiet"));
        snapshot!(ada.types_in("#quiet", "/bb subscribe web/api").await, @"
        This channel is now told of web/api: opened, ready, approved, changes-requested, merged, declined, push (main branch only), build-failed, build-fixed.
        Bitbucket does not tell Dipper of web/api yet; a webhook there would.
        [Stop] [Make the webhook]
        ");
        assert!(ada.types_in("#web", "/bb subscribe web/api").await.starts_with("This channel is now told"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_channel_shared_with_others_is_warned_of() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let id = world.slack.add_channel("partners", false, &[&ada.slack]);
        world.slack.with_world(|slack| slack.channel_mut(&id).unwrap().shared = true);
        snapshot!(ada.types_in("#partners", "/bb subscribe web/api").await, @"
        This channel is now told of web/api: opened, ready, approved, changes-requested, merged, declined, push (main branch only), build-failed, build-fixed.
        This channel is shared with another organisation: its people see what is told here.
        Bitbucket does not tell Dipper of web/api yet; a webhook there would.
        [Stop] [Make the webhook]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn in_an_archived_channel_nothing_is_told() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let id = world.slack.add_channel("old", false, &[&ada.slack]);
        world.slack.with_world(|slack| slack.channel_mut(&id).unwrap().archived = true);
        snapshot!(ada.types_in("#old", "/bb subscribe web/api").await, @"This channel is archived: nothing can be told here any more.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn help_says_that_threads_take_no_commands() {
    on_both(async |world| {
        let told = world.person("ada").types("/bb help").await;
        assert!(told.contains("Slack takes no commands in threads"), "{told}");
        world.finish().await;
    })
    .await;
}
