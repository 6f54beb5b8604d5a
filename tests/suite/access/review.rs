//! Going through the rights people have: each is kept or revoked.

use std::time::Duration;

use dipper::sandbox::bitbucket::Permission;

use super::vault;
use crate::connecting::tokens::by_own_token;
use crate::world::on_both;

#[tokio::test]
async fn each_right_is_kept_or_revoked() {
    on_both(async |world| {
        let repo = vault(&world).allow("edsger", Permission::Write).allow("grace", Permission::Read);
        let ada = by_own_token(&world, "ada").await;
        assert_eq!(ada.slack.types("#web", "/bb access review web/api").await.status, 200);
        world.settle().await;
        let told = ada.told();
        snapshot!(world.read(&told), @"
        3 rights on web/api are to be looked at:
        ada `admin`
        [Keep] [Revoke]
        edsger `write`
        [Keep] [Revoke]
        grace `read`
        [Keep] [Revoke]
        ");
        snapshot!(ada.clicks(&told[0], "Keep").await, @"
        (edited) 2 rights on web/api are to be looked at:
        edsger `write`
        [Keep] [Revoke]
        grace `read`
        [Keep] [Revoke]
        ada `admin` · kept by @ada on 2026-11-21 08:00 UTC [Revoke]
        ");
        let now = ada.slack.told();
        assert_eq!(world.read(&now), "");
        assert_eq!(ada.slack.types("#web", "/bb access review web/api").await.status, 200);
        world.settle().await;
        let told = ada.told();
        snapshot!(world.read(&told), @"
        2 rights on web/api are to be looked at:
        edsger `write`
        [Keep] [Revoke]
        grace `read`
        [Keep] [Revoke]
        ada `admin` · kept by @ada on 2026-11-21 08:00 UTC [Revoke]
        ");
        snapshot!(ada.clicks(&told[0], "Revoke").await, @"
        edsger no longer has `write` on web/api.
        What a group or the project gives them stays.
        [Give it again]
        ");
        assert_eq!(repo.given("edsger"), None);
        let audit = ada.types("/bb audit").await;
        assert!(audit.contains("access review"), "{audit}");
        world.advance(Duration::from_hours(24 * 91)).await;
        snapshot!(ada.types("/bb access review web/api").await, @"
        2 rights on web/api are to be looked at:
        ada `admin`
        [Keep] [Revoke]
        grace `read`
        [Keep] [Revoke]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn only_who_administers_reviews() {
    on_both(async |world| {
        let _repo = vault(&world).allow("edsger", Permission::Write);
        let edsger = world.person("edsger").connected().await;
        let told = edsger.types("/bb access review web/api").await;
        assert!(told.contains("does not allow it") || told.contains("is not enough for this"), "{told}");
        world.finish().await;
    })
    .await;
}
