//! Links, tickets and parked commands.

use dipper::store::{NewTicket, ParkedCommand, Returned, Sent, TicketState, Tokens};
use dipper::words::names::{Instance, PersonId, Team};

use crate::house::{NOON, channel, cloud, on_both, person, user};

fn tokens(access: &str) -> Tokens {
    Tokens {
        access_sealed: access.to_owned(),
        refresh_sealed: Some("refresh".to_owned()),
        scopes: "account pullrequest".to_owned(),
        expires_at: Some(NOON + 7_200_000),
    }
}

#[tokio::test]
async fn a_person_is_linked_found_and_forgotten() {
    on_both(async |house| {
        let (ada, store) = (user("U1"), &house.store);
        assert_eq!(store.link(&ada, &cloud()).await.unwrap(), None);
        let mut tx = store.begin().await.unwrap();
        tx.save_link(&ada, &cloud(), &person("ada"), &tokens("a")).await.unwrap();
        tx.save_link(&ada, &Instance::new("dc"), &person("al"), &tokens("b")).await.unwrap();
        tx.commit().await.unwrap();
        let link = store.link(&ada, &cloud()).await.unwrap().unwrap();
        assert_eq!((&link.user, &link.person), (&ada, &person("ada")));
        assert_eq!((&link.tokens, link.linked_at), (&tokens("a"), NOON));
        assert_eq!(store.links_of(&ada).await.unwrap().len(), 2);
        let find = async |team: &str, id: &str| {
            let (team, id) = (Team::new(team), PersonId::new(id));
            store.linked_person(&team, &cloud(), &id).await.unwrap()
        };
        assert_eq!(find("T1", "{ada}").await, Some(ada.clone()));
        assert_eq!((find("T2", "{ada}").await, find("T1", "{al}").await), (None, None));
        let mut tx = store.begin().await.unwrap();
        assert!(tx.forget_link(&ada, &cloud()).await.unwrap());
        assert!(!tx.forget_link(&ada, &cloud()).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(store.links_of(&ada).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn one_refreshes_at_a_time_and_never_over_newer_tokens() {
    on_both(async |house| {
        let (ada, store) = (user("U1"), &house.store);
        let save = async |access: &str| {
            let mut tx = store.begin().await.unwrap();
            tx.save_link(&ada, &cloud(), &person("ada"), &tokens(access)).await.unwrap();
            tx.commit().await.unwrap();
            store.link(&ada, &cloud()).await.unwrap().unwrap().version
        };
        let take = async |owner: &str| store.take_refresh(&ada, &cloud(), owner, house.now() + 30_000).await;
        let renew = async |version, access| {
            let tokens = tokens(access);
            store.renew_tokens(&ada, &cloud(), version, &tokens).await.unwrap()
        };
        let version = save("old").await;
        assert_eq!((take("one").await, take("two").await), (Ok(true), Ok(false)));
        house.pass(30);
        assert_eq!((take("two").await, take("two").await), (Ok(true), Ok(true)));
        let next = renew(version, "new").await.unwrap();
        assert_eq!((renew(version, "late").await, take("one").await), (None, Ok(true)));
        let mut tx = store.begin().await.unwrap();
        tx.forget_link(&ada, &cloud()).await.unwrap();
        tx.commit().await.unwrap();
        let again = save("again").await;
        assert!(again != next && again != version);
        assert_eq!(renew(next, "late").await, None);
    })
    .await;
}

fn ticket(hash: &str) -> NewTicket {
    NewTicket {
        hash: hash.to_owned(),
        user: user("U1"),
        instance: cloud(),
        channel: channel("C1"),
        command: Some("{}".to_owned()),
        wider: Vec::new(),
    }
}

fn sent(state: &str) -> Sent {
    Sent {
        state_hash: state.to_owned(),
        cookie_hash: "cookie".to_owned(),
        verifier_sealed: "verifier".to_owned(),
    }
}

fn returned() -> Returned {
    Returned { person: person("ada"), tokens: tokens("a") }
}

#[tokio::test]
async fn a_ticket_goes_step_by_step_and_no_step_twice() {
    on_both(async |house| {
        let store = &house.store;
        let mut tx = store.begin().await.unwrap();
        tx.open_ticket(&ticket("t")).await.unwrap();
        assert!(!tx.return_ticket("t", &returned()).await.unwrap());
        assert!(!tx.use_up_ticket("t").await.unwrap());
        assert!(tx.send_ticket("t", &sent("first")).await.unwrap());
        assert!(tx.send_ticket("t", &sent("second")).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(store.ticket_by_state("first").await.unwrap(), None);
        let there = store.ticket_by_state("second").await.unwrap().unwrap();
        assert_eq!((there.state, there.verifier_sealed.as_deref()), (TicketState::Sent, Some("verifier")));
        let mut tx = store.begin().await.unwrap();
        assert!(tx.return_ticket("t", &returned()).await.unwrap());
        assert!(!tx.return_ticket("t", &returned()).await.unwrap());
        assert!(!tx.send_ticket("t", &sent("third")).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(store.ticket("t").await.unwrap().unwrap().returned, Some(returned()));
        let mut tx = store.begin().await.unwrap();
        assert!(tx.use_up_ticket("t").await.unwrap());
        assert!(!tx.use_up_ticket("t").await.unwrap());
        tx.commit().await.unwrap();
        let used = store.ticket("t").await.unwrap().unwrap();
        assert_eq!((used.state, used.returned, used.user), (TicketState::Used, None, user("U1")));
    })
    .await;
}

#[tokio::test]
async fn a_ticket_ends_after_ten_minutes() {
    on_both(async |house| {
        let mut tx = house.store.begin().await.unwrap();
        tx.open_ticket(&ticket("t")).await.unwrap();
        tx.commit().await.unwrap();
        house.pass(599);
        assert_eq!(house.store.ticket("t").await.unwrap().unwrap().state, TicketState::Fresh);
        house.pass(1);
        assert_eq!(house.store.ticket("t").await.unwrap(), None);
        let mut tx = house.store.begin().await.unwrap();
        assert!(!tx.send_ticket("t", &sent("late")).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn parked_commands_are_taken_once_in_order_and_not_too_late() {
    on_both(async |house| {
        let parked = |command: &str, until| ParkedCommand {
            user: user("U1"),
            instance: cloud(),
            command: command.to_owned(),
            until: NOON + until,
        };
        let (first, late, second) = (parked("1", 9_000), parked("late", 1_000), parked("2", 9_000));
        let mut tx = house.store.begin().await.unwrap();
        for command in [&first, &late, &second] {
            tx.park(command).await.unwrap();
        }
        tx.commit().await.unwrap();
        house.pass(1);
        let mut tx = house.store.begin().await.unwrap();
        assert_eq!(tx.take_parked(&user("U2"), &cloud()).await.unwrap(), []);
        assert_eq!(tx.take_parked(&user("U1"), &cloud()).await.unwrap(), [first, second]);
        assert_eq!(tx.take_parked(&user("U1"), &cloud()).await.unwrap(), []);
        tx.commit().await.unwrap();
    })
    .await;
}
