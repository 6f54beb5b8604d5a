//! Everything sealed is on the list of what is sealed anew when the keys are exchanged.

use std::collections::BTreeSet;
use std::path::Path;

use dipper::seal::{Seal, new_key};
use dipper::store::{Resealed, Tokens, vaults};

use crate::house::{cloud, on_both, person, user};

/// Columns that hold something sealed, as the migrations name them: `table.column`.
fn sealed_columns() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let mut table = "";
        for line in text.lines() {
            let words: Vec<&str> = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
            if let Some(at) = words.iter().position(|word| *word == "TABLE") {
                table =
                    words[at + 1..].iter().find(|word| !matches!(**word, "IF" | "NOT" | "EXISTS")).unwrap();
            }
            let names = words.iter().filter(|word| word.ends_with("_sealed") && !line.starts_with("--"));
            found.extend(names.map(|name| format!("{table}.{name}")));
        }
    }
    found
}

#[test]
fn no_sealed_column_is_forgotten() {
    let listed: BTreeSet<String> =
        vaults().iter().map(|vault| format!("{}.{}", vault.table, vault.column)).collect();
    let columns = sealed_columns();
    assert!(columns.contains("links.access_sealed") && columns.contains("audit_chains.key_sealed"));
    let forgotten: Vec<_> = columns.difference(&listed).collect();
    assert!(forgotten.is_empty(), "not in src/store/sealed.rs: {forgotten:?}");
}

#[tokio::test]
async fn a_vault_is_sealed_anew_page_by_page_and_what_does_not_open_stays() {
    on_both(async |house| {
        let (old, new) = (new_key(), new_key());
        let seal = |keys: String| Seal::from_keys(&keys.into_boxed_str().as_ref().into()).unwrap();
        let (before, both, after) = (seal(old.clone()), seal(format!("{new},{old}")), seal(new.clone()));
        let mut tx = house.store.begin().await.unwrap();
        for at in 0..450 {
            let place = format!("links:T1:U{at}:cloud:access");
            let sealer = if at == 7 { &after } else { &before };
            let access_sealed = sealer.seal(if at == 9 { "elsewhere" } else { &place }, &"hush".into());
            let tokens =
                Tokens { access_sealed, refresh_sealed: None, scopes: String::new(), expires_at: None };
            tx.save_link(&user(&format!("U{at}")), &cloud(), &person("ada"), &tokens).await.unwrap();
        }
        tx.commit().await.unwrap();
        let vault = &vaults()[0];
        let first = house.store.reseal(vault, &both).await.unwrap();
        assert_eq!(first, Resealed { anew: 448, fresh: 1, shut: 1 });
        assert_eq!(
            house.store.reseal(vault, &both).await.unwrap(),
            Resealed { anew: 0, fresh: 449, shut: 1 }
        );
        let link = house.store.link(&user("U449"), &cloud()).await.unwrap().unwrap();
        let open = after.open("links:T1:U449:cloud:access", &link.tokens.access_sealed).unwrap();
        assert_eq!(open.reveal(), "hush");
    })
    .await;
}
